"""An offset on its way through a payment run: taken off the payment, entered in the ledger, known on the statement."""

import datetime as dt
from decimal import Decimal

import pytest

from budgets.enums import Method
from budgets.models import LedgerEntry, Offset, Payment
from budgets.payment_enums import Frequency, PaidWhen, PaymentState
from budgets.rules.offsets import OffsetStatus
from budgets.selectors.monitoring import paid_to_account
from budgets.selectors.offsets import coming_payments
from budgets.services.offsets import approve_offset, propose_offsets, withdraw_offset
from budgets.services.payment_runs import release_run
from budgets.services.payments import make_schedule
from tests.factories.arrangements import make_arrangement
from tests.factories.monitoring import two_who_monitor
from tests.factories.payments import APRIL, check, make_finance, payable_budget, prepared, released
from tests.factories.phb_register import CommissionerFactory
from tests.factories.support_plans import make_signed_plan

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 20)


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
