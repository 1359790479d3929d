"""An offset on its way through a payment run: taken off the payment, entered in the ledger, known on the statement."""

import datetime as dt
from decimal import Decimal

import pytest

from budgets.enums import Method
from budgets.exceptions import BudgetRefused
from budgets.models import LedgerEntry, Offset, Payment
from budgets.payment_enums import Frequency, PaidWhen, PaymentState
from budgets.rules.offsets import OffsetStatus, PaymentDue
from budgets.rules.recovery_states import PayerKind, RecoveryReason
from budgets.selectors.monitoring import paid_to_account
from budgets.selectors.offsets import coming_payments
from budgets.services.monitoring_returns import receive_return
from budgets.services.offsets import approve_offset, propose_offsets, withdraw_offset
from budgets.services.payment_runs import release_run
from budgets.services.payments import make_schedule
from budgets.services.recoveries import open_recovery
from tests.factories.arrangements import make_arrangement
from tests.factories.monitoring import make_return, two_who_monitor
from tests.factories.payments import APRIL, check, make_finance, payable_budget, prepared, released
from tests.factories.phb_register import CommissionerFactory
from tests.factories.support_plans import make_signed_plan

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 20)
JULY = dt.date(2026, 7, 1)


@pytest.fixture
def offset() -> Offset:
    """£300 off the payment of April, £1,000; proposed by the PHB team."""
    commissioner = CommissionerFactory()
    team, _ = two_who_monitor(commissioner)
    phb = payable_budget(commissioner, method=Method.DIRECT_PAYMENT, by=team)
    make_arrangement(phb, by=team, starts_on=APRIL)
    make_signed_plan(phb.referral, on=APRIL)
    make_schedule(
        phb=phb, method=Method.DIRECT_PAYMENT, frequency=Frequency.MONTHLY, starts_on=APRIL,
        by=make_finance(commissioner), paid_when=PaidWhen.ADVANCE, wait_days=0,
    )  # fmt: skip
    [payment] = [each for each in coming_payments(phb, Method.DIRECT_PAYMENT, MARCH) if each.pays_on == APRIL]
    assert payment.amount == Decimal(1000)
    return propose_offsets(
        phb=phb, method=Method.DIRECT_PAYMENT, amount=Decimal(300), payments=[payment], reason="Unspent", by=team,
        on=MARCH,
    )[0]  # fmt: skip


def test_offset_approved_is_taken_off_the_payment_and_entered_once(offset):
    commissioner = offset.phb.commissioner
    approve_offset(offset=offset, by=make_finance(commissioner), on=MARCH)
    released(commissioner, make_finance(commissioner), make_finance(commissioner))
    offset.refresh_from_db()
    assert (offset.status, offset.applied_amount) == (OffsetStatus.APPLIED, Decimal(300))
    payment = Payment.objects.get()
    assert (payment.offset_amount, payment.amount) == (Decimal(300), Decimal(700))
    entries = LedgerEntry.objects.order_by("kind").values_list("kind", "amount")
    assert list(entries) == [("offset", Decimal(-300)), ("payment", Decimal(1000))]
    assert paid_to_account(offset.phb, Method.DIRECT_PAYMENT, APRIL, APRIL) == Decimal(700)


def test_offset_that_nobody_approved_is_not_taken_off(offset):
    commissioner = offset.phb.commissioner
    released(commissioner, make_finance(commissioner), make_finance(commissioner))
    assert Payment.objects.get().amount == Decimal(1000)


def test_offset_withdrawn_after_the_run_was_prepared_stops_its_release(offset):
    commissioner = offset.phb.commissioner
    approve_offset(offset=offset, by=make_finance(commissioner), on=MARCH)
    one, other = make_finance(commissioner), make_finance(commissioner)
    run = prepared(commissioner, one)
    check(run, other)
    withdraw_offset(offset=offset, reason="Spent after all", by=one)
    assert release_run(run=run, by=other, on=APRIL) == 1
    assert Payment.objects.get().state == PaymentState.HELD
    assert not LedgerEntry.objects.exists()


def test_money_of_a_surplus_is_not_taken_twice():
    commissioner = CommissionerFactory()
    team, _ = two_who_monitor(commissioner)
    asked_for = make_return(commissioner, by=team)
    received = receive_return(monitoring_return=asked_for, closing_balance=Decimal(5000), by=team, on=JULY)
    surplus, phb = received.surplus, received.schedule.phb
    days = [PaymentDue(dt.date(2026, month, 1), Decimal(3000)) for month in (10, 11, 12)]
    given = {
        "phb": phb,
        "method": Method.DIRECT_PAYMENT,
        "reason": "Unspent",
        "by": team,
        "surplus": surplus,
        "on": JULY,
    }
    propose_offsets(amount=Decimal(3000), payments=days[:1], **given)
    with pytest.raises(BudgetRefused, match=r"£2,000\.00, which is unspent and neither set off"):
        propose_offsets(amount=Decimal(3000), payments=days[1:2], **given)
    asked = {
        "reason": RecoveryReason.ACCUMULATION, "reasons": "Unspent", "repay_by": dt.date(2026, 12, 1), "by": team,
        "payer_kind": PayerKind.PERSON, "payer_name": "Robin", "phb": phb, "surplus": surplus, "on": JULY,
    }  # fmt: skip
    with pytest.raises(BudgetRefused, match=r"£3,000\.00 of this money is set off"):
        open_recovery(amount=Decimal(5000), **asked)
    assert open_recovery(amount=Decimal(2000), **asked).pk
    with pytest.raises(BudgetRefused, match=r"no more than £0\.00"):
        propose_offsets(amount=Decimal(1), payments=days[2:], **given)
