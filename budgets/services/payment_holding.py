"""Holding one payment of a run, and including it again."""

from django.db import transaction

from budgets.enums import Method
from budgets.models import Payment
from budgets.payment_enums import PaymentState, RunStatus
from budgets.rules.payability import Payable
from budgets.selectors.payability import hindrances
from phb_register import audit, scope
from phb_register.models import User
from phb_register.roles import Permission

from .payment_run_steps import locked, refused

TO_BE_CHECKED = "Payments are held and included while the run is to be checked. Send it back first"


@transaction.atomic
def hold_payment(*, payment: Payment, by: User, reason: str) -> Payment:
    """Leave a payment out of its run for a reason. Held already, it stays so. Raises as the others do."""
    held = _held(payment, by)
    if not reason.strip():
        raise refused("Enter why the payment is held", "reason")
    if held.state == PaymentState.HELD:
        return held
    return _put(held, PaymentState.HELD, by=by, reason=reason.strip())


@transaction.atomic
def include_payment(*, payment: Payment, by: User) -> Payment:
    """Put a held payment back into its run, unless something stands against it on its day.

    Raises `PermissionDenied` without PREPARE_PAYMENTS there, or `BudgetRefused` with what stands against it.
    """
    held = _held(payment, by)
    if held.state == PaymentState.INCLUDED:
        return held
    item = Payable(held.phb_id, Method(held.method), held.run.pays_on, held.period_last)
    against = hindrances([item])[item]
    if against:
        raise refused(". ".join(problem.message for problem in against))
    if not held.payee_name:
        raise refused("Nobody was recorded to be paid when the run was prepared. Abandon the run and prepare another")
    return _put(held, PaymentState.INCLUDED, by=by, reason="")


def _held(payment: Payment, by: User) -> Payment:
    run = locked(payment.run)
    scope.check(by, Permission.PREPARE_PAYMENTS, run.commissioner)
    if run.status != RunStatus.PREPARED:
        raise refused(TO_BE_CHECKED)
    return Payment.objects.select_related("run__commissioner", "phb").get(pk=payment.pk)


def _put(payment: Payment, state: PaymentState, *, by: User, reason: str) -> Payment:
    payment.state, payment.held_reason = state, reason
    payment.held_by = by if state == PaymentState.HELD else None
    payment.save(update_fields=["state", "held_reason", "held_by"])
    action = "hold-payment" if state == PaymentState.HELD else "include-payment"
    audit.record(actor=by, action=action, subject=payment.phb, detail={"payment": payment.label, "reason": reason})
    return payment
