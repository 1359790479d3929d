"""Money that came back: asked for by one, confirmed by another, and what the next run makes of it."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from budgets.exceptions import BudgetRefused
from budgets.models import LedgerEntry, Payment, PaymentCorrection
from budgets.payment_enums import CorrectionKind, LedgerKind, PaymentState
from budgets.selectors.ledger import balance, first_payment_on
from budgets.services.ledger import record_entry, reverse_entry
from budgets.services.payment_corrections import ask_for_correction, confirm_correction, refuse_correction
from phb_register.models import User
from tests.factories.payments import APRIL, change_amount, make_finance, payable_budget, prepared, released, scheduled
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

MAY = dt.date(2026, 5, 1)


class Paid:
    """One PHB of £12,000.00 a year, paid £1,000.00 for April."""

    def __init__(self) -> None:
        self.icb = CommissionerFactory()
        self.finance, self.second = make_finance(self.icb), make_finance(self.icb)
        self.phb = payable_budget(self.icb)
        scheduled(self.phb, self.finance)
        self.payment: Payment = released(self.icb, self.finance, self.second).payments.get()

    def ask(self, kind: CorrectionKind, amount: Decimal | None = None, by: User | None = None) -> PaymentCorrection:
        return ask_for_correction(
            payment=self.payment, kind=kind, reason="It came back", came_back_on=APRIL, by=by or self.finance,
            on=MAY, amount=amount,
        )  # fmt: skip

    def corrected(self, kind: CorrectionKind, amount: Decimal | None = None) -> Payment:
        confirm_correction(correction=self.ask(kind, amount), by=self.second, on=MAY)
        return Payment.objects.get(pk=self.payment.pk)

    def next_run(self) -> list[tuple[int, Decimal]]:
        rows = prepared(self.icb, self.finance, pays_on=MAY).payments.order_by("period_first")
        return [(each.period_first.month, each.amount) for each in rows]


@pytest.fixture
def paid() -> Paid:
    return Paid()


def test_returned_payment_is_reversed_and_made_again(paid: Paid) -> None:
    assert paid.corrected(CorrectionKind.RETURNED).state == PaymentState.RETURNED
    assert balance(paid.phb, MAY) == 0
    assert first_payment_on(paid.phb) is None
    assert paid.next_run() == [(4, Decimal("1000.00")), (5, Decimal("1000.00"))]


def test_payment_made_in_error_is_reversed_and_not_made_again(paid: Paid) -> None:
    assert paid.corrected(CorrectionKind.IN_ERROR).state == PaymentState.REVERSED
    assert balance(paid.phb, MAY) == 0
    assert paid.next_run() == [(5, Decimal("1000.00"))]


def test_part_of_an_overpayment_paid_back_is_not_taken_off_again(paid: Paid) -> None:
    # April came to 500 after all. 300 was paid back, so 200 is left to take off.
    change_amount(paid.phb, paid.finance, APRIL, Decimal("6000.00"))
    assert paid.corrected(CorrectionKind.REPAID, Decimal("300.00")).state == PaymentState.INCLUDED
    assert balance(paid.phb, MAY) == Decimal("700.00")
    assert paid.next_run() == [(5, Decimal("300.00"))]


def test_correction_needs_a_second_person_and_happens_once(paid: Paid) -> None:
    asked = paid.ask(CorrectionKind.RETURNED)
    with pytest.raises(BudgetRefused, match="waits to be confirmed already"):
        paid.ask(CorrectionKind.IN_ERROR)
    with pytest.raises(BudgetRefused, match="somebody else must decide"):
        confirm_correction(correction=asked, by=paid.finance, on=MAY)
    confirm_correction(correction=asked, by=paid.second, on=MAY)
    with pytest.raises(BudgetRefused, match="done already"):
        confirm_correction(correction=asked, by=paid.second, on=MAY)
    with pytest.raises(BudgetRefused, match="made and stands"):
        paid.ask(CorrectionKind.RETURNED)
    assert LedgerEntry.objects.filter(kind=LedgerKind.REVERSAL).count() == 1


def test_refused_correction_leaves_the_payment(paid: Paid) -> None:
    refuse_correction(correction=paid.ask(CorrectionKind.IN_ERROR), by=paid.second, on=MAY, reason="It was due")
    assert balance(paid.phb, MAY) == Decimal("1000.00")
    assert paid.ask(CorrectionKind.RETURNED).pk


def test_no_more_comes_back_than_was_paid(paid: Paid) -> None:
    with pytest.raises(BudgetRefused, match=r"Enter £1,000\.00 or less"):
        paid.ask(CorrectionKind.REPAID, Decimal("1000.01"))
    paid.corrected(CorrectionKind.REPAID, Decimal("400.00"))
    with pytest.raises(BudgetRefused, match=r"Enter £600\.00 or less"):
        paid.ask(CorrectionKind.REPAID, Decimal("600.01"))
    with pytest.raises(BudgetRefused, match="the rest was paid back too"):
        paid.ask(CorrectionKind.RETURNED)


def test_money_entered_by_hand_is_entered_once_by_its_key(paid: Paid) -> None:
    key = uuid.uuid4()
    given = {"phb": paid.phb, "kind": LedgerKind.RECOVERY, "entered_on": MAY, "by": paid.finance, "key": key}
    entry = record_entry(amount=Decimal("-20.00"), **given)
    assert record_entry(amount=Decimal("-20.00"), **given) == entry
    assert balance(paid.phb, MAY) == Decimal("980.00")
    reverse_entry(entry=entry, by=paid.second, entered_on=MAY, reason="Another budget’s")
    assert balance(paid.phb, MAY) == Decimal("1000.00")
    with pytest.raises(BudgetRefused, match="releasing a payment run"):
        record_entry(amount=Decimal("5.00"), **{**given, "kind": LedgerKind.PAYMENT, "key": None})
    payment_entry = LedgerEntry.objects.get(kind=LedgerKind.PAYMENT)
    with pytest.raises(BudgetRefused, match="Ask for a correction"):
        reverse_entry(entry=payment_entry, by=paid.finance, entered_on=MAY, reason="x")
