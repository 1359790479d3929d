"""What this room tells of a person: when a PHB was agreed, started, was managed in another way, and ended."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from budgets.models import MethodPart, PersonalHealthBudget
from budgets.presenters.personal_health_budgets import budget_url, pounds
from budgets.selectors.personal_health_budgets import budgets_of
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.selectors.timeline import Recorded, history_of_rows
from phb_register.slots import TimelineEvent, TimelineSource


def budget_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Everything that happened to the PHBs of a person that the user may see."""
    phbs = budgets_of(user, person)
    recorded = history_of_rows(PersonalHealthBudget, phbs)
    for phb in phbs:
        history = [entry for entry in recorded if entry.record == phb]
        about = f"{phb.cohort.name}, {pounds(phb.annual_amount)} a year"
        agreed_at = history[0].at if history else None
        yield _event(phb, phb.agreed_on, "agreed", about, by=str(phb.agreed_by), at=agreed_at)
        yield from _changes_of_method(phb)
        if phb.started_on:
            by, at = _set(history, "started_on")
            yield _event(phb, phb.started_on, "started", _methods(phb, phb.started_on), by=by, at=at)
        if phb.ended_on:
            by, at = _set(history, "ended_on")
            yield _event(phb, phb.ended_on, "ended", phb.get_end_reason_display(), by=by, at=at)


def _changes_of_method(phb: PersonalHealthBudget) -> Iterator[TimelineEvent]:
    """Each day after the start on which the money began to be managed in another way."""
    # A part that was replaced on its first day was never in force.
    ran = [part for part in phb.method_parts.all() if part.ends_on is None or part.starts_on < part.ends_on]
    parts = sorted(ran, key=lambda part: part.starts_on)
    first = phb.started_on or phb.agreed_on
    for day, begun in groupby(parts, key=lambda part: part.starts_on):
        if day > first:
            yield _event(phb, day, "managed in another way", _said(begun))


def _methods(phb: PersonalHealthBudget, day: dt.date) -> str:
    return _said(part for part in phb.method_parts.all() if part.starts_on == day and part.ends_on != day)


def _said(parts: Iterable[MethodPart]) -> str:
    return ", ".join(f"{part.get_method_display()} {pounds(part.annual_amount)} a year" for part in parts)


def _set(history: list[Recorded], field: str) -> tuple[str, dt.datetime | None]:
    """By whom, and when, a date that was empty was last entered."""
    entered = [entry for entry in history if getattr(entry.now, field) and not getattr(entry.before, field, None)]
    return (str(entered[-1].by or ""), entered[-1].at) if entered else ("", None)


def _event(
    phb: PersonalHealthBudget, on: dt.date, what: str, text: str, *, by: str = "", at: dt.datetime | None = None
) -> TimelineEvent:
    return TimelineEvent(
        on=on, title=f"Personal health budget {what}", text=text, by=by, url=budget_url(phb), recorded_at=at, about=phb
    )


TIMELINE = TimelineSource("Personal health budgets", Permission.VIEW_BUDGETS, budget_events, order=50)
