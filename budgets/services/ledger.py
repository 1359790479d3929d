"""Writing into the ledger what no payment run writes: money that came back, and reversals."""

import datetime as dt
import uuid
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from budgets.enums import Method
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import LedgerEntry, Payment, PersonalHealthBudget
from budgets.payment_enums import LedgerKind
from phb_register import audit
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can

_BY_A_RUN = (LedgerKind.PAYMENT, LedgerKind.OFFSET)


@transaction.atomic
def record_entry(
    *,
    phb: PersonalHealthBudget,
    kind: LedgerKind,
    amount: Decimal,
    entered_on: dt.date,
    by: User,
    method: Method = Method.DIRECT_PAYMENT,
    payment: Payment | None = None,
    key: uuid.UUID | None = None,
    note: str = "",
) -> LedgerEntry:
    """Enter money that came back for a PHB: `amount` in pounds, below nought. Asked twice with one `key`, once.

    Payments, and what is set off against them, are entered by releasing a run; reversals by `reverse_entry`. Raises
    `PermissionDenied` without PREPARE_PAYMENTS or MONITOR_BUDGETS there, or `BudgetRefused`.
    """
    _check_may_enter(by, phb)
    if key is not None:
        # Held, so that two who send one entry at one moment make one.
        PersonalHealthBudget.objects.select_for_update().get(pk=phb.pk)
        existing = LedgerEntry.objects.filter(key=key).first()
        if existing is not None:
            return existing
    if kind in _BY_A_RUN or kind == LedgerKind.REVERSAL:
        raise BudgetRefused([Problem("", "Payments are entered by releasing a payment run, and reversed one by one")])
    if amount >= 0:
        raise BudgetRefused([Problem("amount", "Enter what came back, more than £0.00")])
    entry = LedgerEntry.objects.create(
        phb=phb,
        commissioner=phb.commissioner,
        method=method,
        kind=kind,
        amount=amount,
        entered_on=entered_on,
        payment=payment,
        key=key,
        note=note.strip(),
        entered_by=by,
    )
    _record(entry, by)
    return entry


@transaction.atomic
def reverse_entry(*, entry: LedgerEntry, by: User, entered_on: dt.date, reason: str) -> LedgerEntry:
    """Take an entry back with one of the opposite amount. Done already, it gives the reversal there is.

    A payment is reversed by a correction that a second person confirms (`services.payment_corrections`). Raises
    `PermissionDenied`, or `BudgetRefused` for an entry that is a reversal itself or was made by a run.
    """
    _check_may_enter(by, entry.phb)
    if entry.kind in _BY_A_RUN:
        raise BudgetRefused([Problem("", "Ask for a correction of the payment. Somebody else confirms it")])
    return enter_reversal(entry=entry, by=by, entered_on=entered_on, reason=reason)


def enter_reversal(*, entry: LedgerEntry, by: User, entered_on: dt.date, reason: str) -> LedgerEntry:
    """Write the reversal of an entry, once. Inside the transaction of whoever may do so."""
    held = LedgerEntry.objects.select_for_update().get(pk=entry.pk)
    if held.kind == LedgerKind.REVERSAL:
        raise BudgetRefused([Problem("", "This is a reversal already. Enter what happened anew instead")])
    existing = LedgerEntry.objects.filter(reverses=held).first()
    if existing is not None:
        return existing
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter the reason")])
    reversal = LedgerEntry.objects.create(
        phb_id=held.phb_id,
        commissioner_id=held.commissioner_id,
        method=held.method,
        kind=LedgerKind.REVERSAL,
        amount=-held.amount,
        entered_on=entered_on,
        payment_id=held.payment_id,
        reverses=held,
        note=reason.strip(),
        entered_by=by,
    )
    _record(reversal, by)
    return reversal


def _check_may_enter(by: User, phb: PersonalHealthBudget) -> None:
    if not any(can(by, each, phb.commissioner) for each in (Permission.PREPARE_PAYMENTS, Permission.MONITOR_BUDGETS)):
        raise PermissionDenied(f"Entering money that came back needs finance or the PHB team of {phb.commissioner}")


def _record(entry: LedgerEntry, by: User) -> None:
    audit.record(
        actor=by,
        action="enter-in-ledger",
        subject=entry.phb,
        detail={"entry": entry.pk, "kind": entry.kind, "amount": str(entry.amount)},
    )
