"""Partner invoices: shares to the penny, each entry billed once, credits that give back what they cancel."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.enums import Funder
from budgets.exceptions import BudgetRefused
from budgets.models import FundingShare, LedgerEntry, PartnerInvoiceLine
from budgets.payment_enums import CorrectionKind, InvoiceStatus
from budgets.rules.agreement import Share
from budgets.selectors.partner_invoices import Partner, budgets_on, owed_by, partners_of, shares_of
from budgets.services.partner_invoices import cancel_invoice, issue_invoice
from budgets.services.payment_corrections import ask_for_correction, confirm_correction
from tests.factories.payments import APRIL, agree, make_finance, payable_budget, released, scheduled
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
COUNCIL = Partner(Funder.LOCAL_AUTHORITY, "Testing Council")
SCHOOLS = Partner(Funder.EDUCATION, "Testing Schools")


def shares(nhs: str, council: str, schools: str = "0") -> list[Share]:
    typed = [
        (Funder.NHS, nhs, ""),
        (COUNCIL.funder, council, COUNCIL.body_name),
        (SCHOOLS.funder, schools, "Testing Schools"),
    ]
    return [Share(funder, Decimal(percent), name) for funder, percent, name in typed if Decimal(percent)]


class Joint:
    """Finance of a commissioner with one PHB paid by three."""

    def __init__(self) -> None:
        self.icb = CommissionerFactory()
        self.finance, self.second = make_finance(self.icb), make_finance(self.icb)
        self.phb = payable_budget(self.icb, annual_amount=Decimal("1000.00"), shares=shares("33.34", "33.33", "33.33"))
        scheduled(self.phb, self.finance)

    def run(self, on: dt.date):
        return released(self.icb, self.finance, self.second, pays_on=on)

    def invoice(self, partner: Partner = COUNCIL, first: dt.date = APRIL, last: dt.date = JUNE):
        return issue_invoice(
            commissioner=self.icb, partner=partner, period_first=first, period_last=last, by=self.finance, on=JUNE
        )


@pytest.fixture
def joint() -> Joint:
    return Joint()


def test_invoice_bills_the_share_of_what_was_paid_and_once(joint: Joint) -> None:
    joint.run(APRIL), joint.run(MAY)
    assert partners_of(joint.finance) == [COUNCIL, SCHOOLS]
    # 83.33 and 83.34 at a third each: 27.78 + 27.78 (the first penny left over is the NHS's, then the council's).
    invoice = joint.invoice()
    assert invoice.total_amount == sum(invoice.lines.values_list("amount", flat=True))
    of_schools = joint.invoice(SCHOOLS)
    paid = sum(LedgerEntry.objects.values_list("amount", flat=True))
    of_nhs = sum(each.amount for each in shares_of(LedgerEntry.objects.all()) if each.partner.funder == Funder.NHS)
    assert invoice.total_amount + of_schools.total_amount + of_nhs == paid
    assert [(each.reference, each.entries, each.whole) for each in budgets_on(invoice)] == [
        (joint.phb.reference, 2, paid)
    ]
    with pytest.raises(BudgetRefused, match="Nothing is left to invoice"):
        joint.invoice()
    assert (invoice.number, of_schools.number) == (1, 2)
    assert invoice.label == f"{joint.icb.code}-2627-0001"


def test_credit_gives_back_what_it_cancels_and_it_can_be_billed_again(joint: Joint) -> None:
    joint.run(APRIL)
    invoice = joint.invoice()
    credit = cancel_invoice(invoice=invoice, by=joint.finance, on=JUNE, reason="Wrong address")
    invoice.refresh_from_db()
    assert (invoice.status, credit.total_amount) == (InvoiceStatus.CANCELLED, -invoice.total_amount)
    assert joint.invoice().total_amount == invoice.total_amount
    with pytest.raises(BudgetRefused, match="done already"):
        cancel_invoice(invoice=invoice, by=joint.finance, on=JUNE, reason="Again")
    with pytest.raises(BudgetRefused, match="A credit stays"):
        cancel_invoice(invoice=credit, by=joint.finance, on=JUNE, reason="Again")
    assert PartnerInvoiceLine.objects.filter(is_standing=True).count() == 1


def test_shares_are_those_of_the_day_and_a_reversal_is_shared_as_its_payment_was(joint: Joint) -> None:
    april = joint.run(APRIL).payments.get()
    agree(joint.phb, joint.finance, MAY, Decimal("1000.00"), shares("50", "50"))
    joint.run(MAY)
    owed = owed_by(joint.icb, COUNCIL, APRIL, JUNE)
    assert [each.percent for each in owed] == [Decimal("33.33"), Decimal("50.00")]
    billed = joint.invoice()
    asked = ask_for_correction(
        payment=april, kind=CorrectionKind.IN_ERROR, reason="Paid twice", came_back_on=MAY, by=joint.finance, on=JUNE
    )
    confirm_correction(correction=asked, by=joint.second, on=JUNE)
    # It entered the ledger for a day that was invoiced already, and comes along with the next period.
    late = owed_by(joint.icb, COUNCIL, JUNE, JUNE)
    assert [(each.percent, each.amount) for each in late] == [(Decimal("33.33"), -owed[0].amount)]
    assert joint.invoice(first=JUNE).total_amount == -owed[0].amount
    assert billed.total_amount == owed[0].amount + owed[1].amount


def test_budget_that_the_nhs_pays_alone_is_on_no_invoice(joint: Joint) -> None:
    alone = payable_budget(joint.icb)
    scheduled(alone, joint.finance)
    joint.run(APRIL)
    assert {line.phb for line in joint.invoice().lines.all()} == {joint.phb}


def test_invoice_is_for_days_that_are_over_and_in_order(joint: Joint) -> None:
    with pytest.raises(BudgetRefused, match="today or in the past"):
        joint.invoice(last=JUNE + dt.timedelta(days=1))
    with pytest.raises(BudgetRefused, match="on or after the first"):
        joint.invoice(first=MAY, last=APRIL)


PERCENTS = st.lists(st.integers(1, 9998), min_size=2, max_size=2, unique=True)


class TestShares(TestCase):
    """Whatever the shares and amounts, the parts of each entry add to it."""

    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(PERCENTS, st.decimals("0.12", "90000", places=2))
    def test_nhs_and_partners_together_pay_what_was_paid(self, cuts, amount) -> None:
        low, high = sorted(cuts)
        percents = [Decimal(each) / 100 for each in (low, high - low, 10000 - high)]
        icb = CommissionerFactory()
        finance, second = make_finance(icb), make_finance(icb)
        phb = payable_budget(icb, annual_amount=amount, shares=shares(*map(str, percents)))
        scheduled(phb, finance)
        released(icb, finance, second, pays_on=MAY)
        by_entry: dict[int, Decimal] = defaultdict(Decimal)
        for owed in shares_of(LedgerEntry.objects.filter(phb=phb)):
            by_entry[owed.entry_id] += owed.amount
        assert by_entry == dict(LedgerEntry.objects.filter(phb=phb).values_list("pk", "amount"))
        assert FundingShare.objects.filter(phb=phb).count() == 3
