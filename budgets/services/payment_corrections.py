"""Money of a payment that came back: one person asks, another confirms, and then it stands in the ledger."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum

from budgets.models import LedgerEntry, Payment, PaymentCorrection
from budgets.payment_enums import CorrectionKind, CorrectionStatus, LedgerKind, PaymentState, RunStatus
from budgets.rules.agreement import PENCE, day
from phb_register import audit, scope
from phb_register.models import User
from phb_register.roles import Permission

from .ledger import enter_reversal
from .payment_run_steps import DONE_ALREADY, locked, refused

AFTERWARDS = {
    CorrectionKind.RETURNED: PaymentState.RETURNED,
    CorrectionKind.IN_ERROR: PaymentState.REVERSED,
}


@transaction.atomic
def ask_for_correction(
    *,
    payment: Payment,
    kind: CorrectionKind,
    reason: str,
    came_back_on: dt.date,
    by: User,
    on: dt.date,
    amount: Decimal | None = None,
) -> PaymentCorrection:
    """Ask that money of a released payment that came back is entered. `amount` is for a part; else it is all of it.

    Raises `PermissionDenied` without PREPARE_PAYMENTS for the commissioner, or `BudgetRefused`.
    """
    held = _held(payment)
    scope.check(by, Permission.PREPARE_PAYMENTS, held.phb.commissioner)
    if held.run.status != RunStatus.RELEASED or held.state != PaymentState.INCLUDED:
        raise refused("Only a payment that was made and stands can be corrected")
    if not reason.strip():
        raise refused("Enter the reason", "reason")
    if not held.run.pays_on <= came_back_on <= on:
        raise refused(f"Enter a day from {day(held.run.pays_on)}, when it was paid, to today", "came_back_on")
    left = still_out(held)
    if kind == CorrectionKind.REPAID:
        _check_part(amount, left)
    elif left != held.amount:
        raise refused("Some of it was paid back already. Enter that the rest was paid back too", "kind")
    if left <= 0:
        raise refused("Nothing of it went to the bank, so nothing can come back")
    try:
        with transaction.atomic():
            correction = PaymentCorrection.objects.create(
                payment=held,
                kind=kind,
                amount=amount if kind == CorrectionKind.REPAID and amount is not None else held.amount,
                came_back_on=came_back_on,
                reason=reason.strip(),
                asked_by=by,
                asked_on=on,
            )
    except IntegrityError as error:
        if "correction_one_open" not in str(error):
            raise
        raise refused("A correction of this payment waits to be confirmed already") from error
    _record(correction, "ask-payment-correction", by)
    return correction


@transaction.atomic
def confirm_correction(*, correction: PaymentCorrection, by: User, on: dt.date) -> PaymentCorrection:
    """Confirm a correction and enter it in the ledger, once. Never by whoever asked for it.

    A payment the bank returned is paid again by the next run. Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = _waiting(correction, by)
    payment = _held(held.payment)
    _decide(held, CorrectionStatus.CONFIRMED, by=by, on=on)
    if held.kind == CorrectionKind.REPAID:
        LedgerEntry.objects.create(
            phb=payment.phb,
            commissioner=payment.phb.commissioner,
            method=payment.method,
            kind=LedgerKind.REPAYMENT,
            amount=-held.amount,
            entered_on=held.came_back_on,
            payment=payment,
            note=held.reason,
            entered_by=by,
        )
    else:
        entries = payment.ledger_entries.filter(kind__in=[LedgerKind.PAYMENT, LedgerKind.OFFSET]).order_by("pk")
        for entry in entries:
            enter_reversal(entry=entry, by=by, entered_on=held.came_back_on, reason=held.reason)
        payment.state = AFTERWARDS[CorrectionKind(held.kind)]
        payment.save(update_fields=["state"])
    _record(held, "confirm-payment-correction", by)
    return held


@transaction.atomic
def refuse_correction(*, correction: PaymentCorrection, by: User, on: dt.date, reason: str) -> PaymentCorrection:
    """Refuse a correction: the payment stands. Raises `PermissionDenied` or `BudgetRefused`."""
    held = _waiting(correction, by)
    if not reason.strip():
        raise refused("Enter why it is refused", "reason")
    _decide(held, CorrectionStatus.REFUSED, by=by, on=on, note=reason.strip())
    _record(held, "refuse-payment-correction", by)
    return held


def still_out(payment: Payment) -> Decimal:
    """What left the bank for a payment and did not come back, in pounds."""
    total: Decimal | None = payment.ledger_entries.aggregate(total=Sum("amount"))["total"]
    return total or Decimal("0.00")


def _check_part(amount: Decimal | None, left: Decimal) -> None:
    if amount is None or amount <= 0 or amount != amount.quantize(PENCE):
        raise refused("Enter the amount that was paid back, in pounds and pence", "amount")
    if amount > left:
        raise refused(f"Enter £{left:,.2f} or less: no more is out", "amount")


def _held(payment: Payment) -> Payment:
    """The payment and its run, held: a payment is corrected by one at a time."""
    locked(payment.run)
    rows = Payment.objects.select_related("run__commissioner", "phb__commissioner").select_for_update(of=("self",))
    return rows.get(pk=payment.pk)


def _waiting(correction: PaymentCorrection, by: User) -> PaymentCorrection:
    rows = PaymentCorrection.objects.select_related("payment__run", "payment__phb__commissioner")
    held = rows.select_for_update(of=("self",)).get(pk=correction.pk)
    scope.check(by, Permission.RELEASE_PAYMENTS, held.payment.phb.commissioner)
    if held.status != CorrectionStatus.ASKED:
        raise refused(DONE_ALREADY)
    if held.asked_by_id == by.pk:
        raise refused("You asked for this correction, so somebody else must decide on it")
    return held


def _decide(held: PaymentCorrection, status: CorrectionStatus, *, by: User, on: dt.date, note: str = "") -> None:
    held.status, held.decided_by, held.decided_on, held.decision_note = status, by, on, note
    held.save(update_fields=["status", "decided_by", "decided_on", "decision_note"])


def _record(correction: PaymentCorrection, action: str, by: User) -> None:
    detail = {"payment": correction.payment_id, "kind": correction.kind, "amount": str(correction.amount)}
    audit.record(actor=by, action=action, subject=correction.payment.phb, detail=detail)
