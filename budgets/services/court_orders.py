"""Recording court orders and licence conditions: criminal-offence data, written and read with VIEW_ORDERS alone."""

import datetime as dt

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import CourtOrder
from budgets.rules import court_orders as rules
from phb_register import audit, clock, scope
from phb_register.models import Person, User
from phb_register.roles import Permission


def _check_may_write(by: User, person: Person) -> None:
    """Raise `PermissionDenied` unless the user both sees orders and manages budgets for the person's commissioner."""
    for permission in (Permission.VIEW_ORDERS, Permission.MANAGE_BUDGETS):
        scope.check(by, permission, person.commissioner)


@transaction.atomic
def record_order(
    *,
    person: Person,
    by: User,
    kind: str,
    first_day: dt.date,
    evidence_seen_on: dt.date,
    last_day: dt.date | None = None,
) -> CourtOrder:
    """Record an order of the Schedule against a person. It ends no budget: it excludes a direct payment on its days.

    The same order twice is one. Raises `PermissionDenied` or `BudgetRefused`.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=person.pk)
    _check_may_write(by, person)
    problems = rules.check_order(
        kind=kind, first_day=first_day, last_day=last_day, evidence_seen_on=evidence_seen_on, today=clock.today()
    )
    if problems:
        raise BudgetRefused(problems)
    known = CourtOrder.objects.counting().filter(person=person, kind=kind, first_day=first_day).first()
    if known is not None:
        if known.last_day == last_day:
            return known
        raise BudgetRefused([Problem("first_day", "This order is recorded already. Change its last day instead")])
    order = CourtOrder.objects.create(
        person=person,
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        evidence_seen_on=evidence_seen_on,
        recorded_by=by,
    )
    _note(order, "court-order-recorded", by)
    return order


@transaction.atomic
def change_last_day(*, order: CourtOrder, by: User, last_day: dt.date | None) -> CourtOrder:
    """Change the last day of an order: it was revoked, ran out, or was made longer. None: it is not known.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = _held(order, by)
    problems = rules.check_order(
        kind=held.kind,
        first_day=held.first_day,
        last_day=last_day,
        evidence_seen_on=held.evidence_seen_on,
        today=clock.today(),
    )
    if problems:
        raise BudgetRefused(problems)
    held.last_day = last_day
    held.save(update_fields=["last_day"])
    _note(held, "court-order-changed", by)
    return held


@transaction.atomic
def withdraw_order(*, order: CourtOrder, by: User, reason: str) -> CourtOrder:
    """Withdraw an order that was entered in error: it counts no longer, and never did.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = _held(order, by)
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter why it was entered in error")])
    held.withdrawn_on, held.withdrawal_reason = clock.today(), reason.strip()
    held.save(update_fields=["withdrawn_on", "withdrawal_reason"])
    _note(held, "court-order-withdrawn", by)
    return held


def _held(order: CourtOrder, by: User) -> CourtOrder:
    held = CourtOrder.objects.select_for_update(of=("self",)).select_related("person__commissioner").get(pk=order.pk)
    _check_may_write(by, held.person)
    if held.withdrawn_on is not None:
        raise BudgetRefused([Problem("", "This order was withdrawn as entered in error. Record it anew")])
    return held


def _note(order: CourtOrder, action: str, by: User) -> None:
    """The entry of the access log, which says nothing of what the order is."""
    audit.record(
        actor=by,
        action=action,
        subject=order,
        commissioner=order.person.commissioner,
        detail={"person": order.person_id},
    )
