"""Unused money set off against coming payments (regulation 13(4)): proposed by one, approved by another, then taken
into account by the payment run.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import Offset, OffsetTransition, PersonalHealthBudget, Surplus
from budgets.rules import offsets as states
from budgets.rules.agreement import REGULATIONS
from budgets.rules.offsets import OffsetStatus, PaymentDue, spread
from budgets.selectors.offsets import taken_of
from phb_register import audit, clock, scope
from phb_register.models import User
from phb_register.roles import Permission

from .holding import held_budget

NO_LONGER = "This was done already, perhaps by somebody else"


@transaction.atomic
def propose_offsets(
    *,
    phb: PersonalHealthBudget,
    method: str,
    amount: Decimal,
    payments: Sequence[PaymentDue],
    reason: str,
    by: User,
    on: dt.date | None = None,
    surplus: Surplus | None = None,
) -> list[Offset]:
    """Propose to set ``amount`` pounds off against coming payments, the earliest first, each at most as a whole.

    Sent twice it is refused, because a payment has one offset. Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    phb = held_budget(phb, by, Permission.MONITOR_BUDGETS)
    day = on or clock.today()
    problems = []
    if amount <= 0:
        problems.append(Problem("amount", "Enter an amount above £0"))
    if not reason.strip():
        problems.append(Problem("reason", "Enter the reason"))
    if any(payment.pays_on < day for payment in payments):
        problems.append(Problem("payments", "Select payments that are still to come"))
    total = sum((payment.amount for payment in payments), start=Decimal(0))
    if amount > total:
        problems.append(
            Problem(
                "amount",
                f"Enter no more than £{total:,.2f}, which is what the payments selected come to "
                f"(regulation 13(4) of the {REGULATIONS}), or select more payments",
            )
        )
    if surplus is not None and amount > (left := surplus.facts.unspent - taken_of(surplus)):
        problems.append(
            Problem(
                "amount",
                f"Enter no more than £{max(left, Decimal(0)):,.2f}, which is unspent and neither set off nor asked for "
                f"back yet (regulation 13(4) of the {REGULATIONS})",
            )
        )
    if problems:
        raise BudgetRefused(problems)
    made = []
    for payment, part in spread(amount, payments):
        try:
            with transaction.atomic():
                offset = Offset.objects.create(
                    phb=phb,
                    method=method,
                    surplus=surplus,
                    pays_on=payment.pays_on,
                    payment_due=payment.amount,
                    amount=part,
                    reason=reason.strip(),
                    proposed_on=day,
                    proposed_by=by,
                )
        except IntegrityError as error:
            if "offset_once_a_payment" not in str(error):
                raise
            said = f"{payment.pays_on.day} {payment.pays_on:%B %Y}"
            raise BudgetRefused(
                [Problem("payments", f"Something is set off against the payment of {said} already. Leave it out")]
            ) from error
        _record(offset, states.PROPOSE, by=by, on=day, note=reason.strip())
        made.append(offset)
    return made


@transaction.atomic
def approve_offset(*, offset: Offset, by: User, on: dt.date | None = None) -> Offset:
    """Approve an offset that somebody else proposed. Raises ``PermissionDenied`` or ``BudgetRefused``."""
    held = _held(offset, by)
    if held.proposed_by_id == by.pk:
        raise BudgetRefused([Problem("", "You proposed this, so somebody else approves it")])
    if held.status != OffsetStatus.PROPOSED:
        raise BudgetRefused([Problem("", NO_LONGER)])
    day = on or clock.today()
    held.status, held.approved_on, held.approved_by = OffsetStatus.APPROVED, day, by
    held.save(update_fields=["status", "approved_on", "approved_by"])
    _record(held, states.APPROVE, by=by, on=day)
    return held


@transaction.atomic
def withdraw_offset(*, offset: Offset, reason: str, by: User, on: dt.date | None = None) -> Offset:
    """Withdraw an offset that is not set off yet. Raises ``PermissionDenied`` or ``BudgetRefused``."""
    held = _held(offset, by)
    if held.status not in (OffsetStatus.PROPOSED, OffsetStatus.APPROVED):
        raise BudgetRefused([Problem("", NO_LONGER)])
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter the reason")])
    step = states.WITHDRAW if held.status == OffsetStatus.PROPOSED else states.WITHDRAW_APPROVED
    held.status = OffsetStatus.WITHDRAWN
    held.save(update_fields=["status"])
    _record(held, step, by=by, on=on or clock.today(), note=reason.strip())
    return held


def apply_offsets(*, applied: Mapping[int, Decimal], on: dt.date, by: User) -> int:
    """Record what a payment run set off, by the offsets' ids, in pounds; part of releasing it, in its transaction.

    Answers how many. Raises ``BudgetRefused`` where one of them is not approved any more: the run must then be
    prepared again.
    """
    held = list(Offset.objects.select_for_update().filter(pk__in=applied))
    if len(held) != len(applied) or any(offset.status != OffsetStatus.APPROVED for offset in held):
        raise BudgetRefused([Problem("", "An amount to be set off was changed since. Prepare the run again")])
    for offset in held:
        offset.status, offset.applied_on = OffsetStatus.APPLIED, on
        offset.applied_amount = states.set_off(offset.amount, applied[offset.pk])
    Offset.objects.bulk_update(held, ["status", "applied_on", "applied_amount"])
    OffsetTransition.objects.bulk_create(_step(offset, states.APPLY, by=by, on=on) for offset in held)
    return len(held)


def _held(offset: Offset, by: User) -> Offset:
    rows = Offset.objects.select_related("phb__commissioner").select_for_update(of=("self",))
    held = rows.get(pk=offset.pk)
    scope.check(by, Permission.MONITOR_BUDGETS, held.phb.commissioner)
    return held


def _step(offset: Offset, step: states.OffsetStep, *, by: User, on: dt.date, note: str = "") -> OffsetTransition:
    return OffsetTransition(
        offset=offset,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )


def _record(offset: Offset, step: states.OffsetStep, *, by: User, on: dt.date, note: str = "") -> None:
    _step(offset, step, by=by, on=on, note=note).save()
    audit.record(
        actor=by,
        action=f"offset-{step.action}",
        subject=offset,
        commissioner=offset.phb.commissioner,
        detail={"amount": str(offset.amount), "pays_on": offset.pays_on.isoformat()},
    )
