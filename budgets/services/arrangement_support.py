"""What every write to an arrangement does: hold the PHB, check, end the one before, note who did what."""

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Model

from budgets.enums import ArrangementEnd
from budgets.exceptions import Problem
from budgets.models import PersonalHealthBudget
from budgets.models.arrangements import Arrangement
from budgets.rules import arrangements as rules
from budgets.rules.agreement import day
from phb_register import audit
from phb_register.models import User
from phb_register.roles import Permission

from .holding import held_budget

_Row = TypeVar("_Row", bound=Arrangement)


def held_arrangement(arrangement: _Row, by: User) -> _Row:
    """The arrangement as it now stands, with its PHB held, if the user may manage it; raises `PermissionDenied`."""
    phb = held_budget(arrangement.phb, by, Permission.MANAGE_BUDGETS)
    rows: Any = type(arrangement)
    held: _Row = rows.objects.select_for_update(of=("self",)).get(pk=arrangement.pk)
    held.phb = phb
    return held


def open_problems(held: Arrangement) -> list[Problem]:
    """That nothing is added to an arrangement that ended."""
    if held.ends_on is None:
        return []
    return [Problem("", f"This arrangement ends on {day(held.ends_on)}. Make another one from the day it is needed")]


def begin_problems(phb: PersonalHealthBudget, starts_on: dt.date, latest: Arrangement | None) -> list[Problem]:
    """What stands against an arrangement that begins on a day, after the latest one."""
    current = None if latest is None else (latest.starts_on, latest.ends_on)
    return rules.check_begins(starts_on, agreed_on=phb.agreed_on, ended_on=phb.ended_on, current=current)


def is_same(latest: Arrangement, starts_on: dt.date, fields: dict[str, Any]) -> bool:
    """Whether exactly this is arranged already: the form was sent twice."""
    return (
        latest.starts_on == starts_on
        and latest.ends_on is None
        and all(getattr(latest, name) == value for name, value in fields.items())
    )


def replace(latest: Arrangement | None, starts_on: dt.date) -> None:
    """End the arrangement that goes on, so that another may begin; one of that very day was never used."""
    if latest is not None and latest.ends_on is None:
        end_arrangement(latest, starts_on, ArrangementEnd.REPLACED)


def end_arrangement(row: Arrangement, ends_on: dt.date, reason: ArrangementEnd) -> None:
    """End one arrangement; a later end that was recorded comes sooner."""
    row.ends_on, row.end_reason = ends_on, reason
    row.save(update_fields=["ends_on", "end_reason"])


def fill(held: Arrangement, given: dict[str, Any], action: str, by: User) -> None:
    """Enter what was missing, and note who did."""
    for name, value in given.items():
        setattr(held, name, value)
    held.save(update_fields=[name.removesuffix("_id") for name in given])
    record_change(held, held.phb, action, by, {"fields": sorted(given)})


def record_change(subject: Model, phb: PersonalHealthBudget, action: str, by: User, detail: dict[str, Any]) -> None:
    """The entry of the access log about a change."""
    audit.record(actor=by, action=action, subject=subject, commissioner=phb.commissioner, detail=detail)
