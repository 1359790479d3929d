"""What happens to a PHB once it is agreed: it starts, and its methods change. Its end is in `ending`."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget
from budgets.rules import agreement
from budgets.rules.agreement import MethodAmount
from phb_register import audit, clock, scope
from phb_register.models import User
from phb_register.roles import Permission

from .agreed_budgets import replace_parts
from .checks import check_direct_payment


def _locked(phb: PersonalHealthBudget, by: User) -> PersonalHealthBudget:
    """The PHB, held for this transaction, if the user may manage it; raises `PermissionDenied` otherwise."""
    held = (
        PersonalHealthBudget.objects.select_for_update(of=("self",))
        .select_related("commissioner", "person", "referral", "cohort")
        .get(pk=phb.pk)
    )
    scope.check(by, Permission.MANAGE_BUDGETS, held.commissioner)
    return held


@transaction.atomic
def start_budget(*, phb: PersonalHealthBudget, by: User, started_on: dt.date) -> PersonalHealthBudget:
    """Start an agreed PHB. The parts it was agreed with begin on the day it starts.

    Raises `PermissionDenied`, or `BudgetRefused` where it started or ended already or the date cannot be.
    """
    phb = _locked(phb, by)
    problems = agreement.check_started_on(
        started_on,
        agreed_on=phb.agreed_on,
        already_started_on=phb.started_on,
        ended_on=phb.ended_on,
        today=clock.today(),
    )
    latest = phb.method_parts.filter(ends_on__isnull=True).order_by("-starts_on").first()
    if not problems and latest is not None and latest.starts_on > started_on:
        problems = [
            Problem(
                "started_on",
                f"Enter a start date on or after {agreement.day(latest.starts_on)}, when the methods were changed",
            )
        ]
    if problems:
        raise BudgetRefused(problems)
    # In this order: once the PHB has started, the day a part begins is fixed.
    phb.method_parts.filter(ends_on__isnull=True).update(starts_on=started_on)
    phb.started_on = started_on
    phb.save(update_fields=["started_on"])
    audit.record(actor=by, action="budget-started", subject=phb, detail={"started_on": started_on.isoformat()})
    return phb


@transaction.atomic
def change_methods(
    *,
    phb: PersonalHealthBudget,
    by: User,
    changed_on: dt.date,
    methods: Sequence[MethodAmount],
    is_free_of_orders: bool = False,
) -> PersonalHealthBudget:
    """Manage the same amount in other ways from `changed_on`: parts in force close, those of `methods` open.

    Losing a direct payment is such a change, and never the end of the PHB. A second change on one day replaces the
    first. Another amount needs a proposal (`budgets.services.budget_proposals`).
    Raises `PermissionDenied` or `BudgetRefused`.
    """
    phb = _locked(phb, by)
    problems = [
        *_check_changed_on(phb, changed_on),
        *agreement.check_methods(methods, phb.annual_amount),
        *check_direct_payment(
            phb.referral, phb.person, methods, changed_on, is_free_of_orders=is_free_of_orders, by=by
        ),
    ]
    if problems:
        raise BudgetRefused(problems)
    replace_parts(phb, methods, changed_on)
    audit.record(
        actor=by,
        action="budget-methods-changed",
        subject=phb,
        detail={"changed_on": changed_on.isoformat(), "methods": [part.method.value for part in methods]},
    )
    return phb


def _check_changed_on(phb: PersonalHealthBudget, changed_on: dt.date) -> list[Problem]:
    if phb.ended_on is not None:
        return [Problem("", f"This personal health budget ended on {agreement.day(phb.ended_on)}. It cannot change")]
    latest = phb.method_parts.order_by("-starts_on").values_list("starts_on", flat=True).first()
    earliest = max(day for day in (latest, phb.started_on, phb.agreed_on) if day is not None)
    if changed_on < earliest:
        return [
            Problem(
                "changed_on",
                f"Enter a date on or after {agreement.day(earliest)}, when the present methods began",
            )
        ]
    if changed_on > clock.today():
        return [Problem("changed_on", "Enter a date that is today or in the past")]
    return []
