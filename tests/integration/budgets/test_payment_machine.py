"""Any sequence of schedules, runs, holds, releases, corrections and changes, beside a ledger kept by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from budgets.exceptions import BudgetRefused
from budgets.models import LedgerEntry, Payment, PaymentCorrection, PaymentRun
from budgets.payment_enums import CorrectionKind, LedgerKind, PaymentState, RunStatus
from budgets.rules.instalments import BY_MONTH, Accrual, instalment
from budgets.selectors.ledger import balance
from budgets.services.ledger import record_entry, reverse_entry
from budgets.services.payment_corrections import ask_for_correction, confirm_correction
from budgets.services.payment_holding import hold_payment, include_payment
from budgets.services.payment_preparing import prepare
from budgets.services.payment_runs import abandon_run, ask_for_run, release_run, send_back
from tests.factories.payments import APRIL, change_amount, check, make_finance, payable_budget, scheduled
from tests.factories.phb_register import CommissionerFactory

FOREVER = dt.date(2030, 1, 1)
pytestmark = pytest.mark.django_db


class Payments(RuleBasedStateMachine):
    """Two budgets, two people of finance. `naive` is what the machine itself believes was paid, by budget."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.icb = CommissionerFactory()
        self.one, self.two = make_finance(self.icb), make_finance(self.icb)
        self.budgets = [payable_budget(self.icb), payable_budget(self.icb, annual_amount=Decimal("999.99"))]
        for phb in self.budgets:
            scheduled(phb, self.one)
        self.today = APRIL
        self.naive: dict[int, Decimal] = {phb.pk: Decimal(0) for phb in self.budgets}
        self.reversed: list[int] = []

    def _open(self) -> PaymentRun | None:
        return PaymentRun.objects.filter(status__in=["prepared", "checked"]).first()

    def _try(self, act: Any, **given: Any) -> Any:
        """What the act gives; None where it is refused."""
        try:
            with transaction.atomic():
                return act(**given)
        except BudgetRefused:
            return None

    @rule()
    def time_passes(self) -> None:
        self.today = (self.today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)

    @rule()
    def a_run_is_prepared(self) -> None:
        run = self._try(ask_for_run, commissioner=self.icb, pays_on=self.today, by=self.one, today=self.today)
        if run is not None:
            prepare(run=run)
            prepare(run=run)

    @precondition(lambda self: self._open())
    @rule(place=st.integers(0, 5), holds=st.booleans())
    def a_payment_is_held_or_included(self, place: int, holds: bool) -> None:
        payments = list(Payment.objects.filter(run=self._open()))
        if payments:
            payment = payments[place % len(payments)]
            if holds:
                self._try(hold_payment, payment=payment, by=self.two, reason="For a test")
            else:
                self._try(include_payment, payment=payment, by=self.one)

    @precondition(lambda self: self._open())
    @rule(by_preparer=st.booleans())
    def the_run_is_checked(self, by_preparer: bool) -> None:
        self._try(lambda: check(self._open(), self.one if by_preparer else self.two))

    @precondition(lambda self: self._open())
    @rule(by_preparer=st.booleans(), presses=st.integers(1, 2))
    def release_is_pressed(self, by_preparer: bool, presses: int) -> None:
        run = self._open()
        for _ in range(presses):
            before = PaymentRun.objects.get(pk=run.pk).status
            held = self._try(release_run, run=run, by=self.one if by_preparer else self.two, on=self.today)
            if held == 0 and before != RunStatus.RELEASED:
                assert before == RunStatus.CHECKED
                assert not by_preparer
                for payment in Payment.objects.filter(run=run, state=PaymentState.INCLUDED):
                    self.naive[payment.phb_id] += payment.amount

    @precondition(lambda self: self._open())
    @rule(abandons=st.booleans())
    def the_run_goes_back_or_is_abandoned(self, abandons: bool) -> None:
        act = abandon_run if abandons else send_back
        self._try(act, run=self._open(), by=self.two, on=self.today, reason="For a test")

    @rule(place=st.integers(0, 5), kind=st.sampled_from(list(CorrectionKind)), amount=st.integers(1, 2000))
    def money_comes_back(self, place: int, kind: CorrectionKind, amount: int) -> None:
        paid = list(Payment.objects.filter(run__status=RunStatus.RELEASED, state=PaymentState.INCLUDED))
        if not paid:
            return
        payment = paid[place % len(paid)]
        asked: PaymentCorrection | None = self._try(
            ask_for_correction, payment=payment, kind=kind, amount=Decimal(amount), reason="x",
            came_back_on=self.today, by=self.one, on=self.today,
        )  # fmt: skip
        assert self._try(confirm_correction, correction=asked, by=self.one, on=self.today) is None if asked else True
        if asked is not None and self._try(confirm_correction, correction=asked, by=self.two, on=self.today):
            self.naive[payment.phb_id] -= asked.amount

    @rule(place=st.integers(0, 1), pence=st.integers(1, 5000))
    def unspent_money_is_recovered(self, place: int, pence: int) -> None:
        amount = Decimal(pence) / 100
        entry = record_entry(
            phb=self.budgets[place], kind=LedgerKind.RECOVERY, amount=-amount, entered_on=self.today, by=self.one
        )
        self.naive[entry.phb_id] -= amount
        if pence % 2:
            for _ in range(2):
                reverse_entry(entry=entry, by=self.two, entered_on=self.today, reason="Another budget’s")
            self.naive[entry.phb_id] += amount

    @rule(place=st.integers(0, 1), pounds=st.integers(0, 30000))
    def another_amount_is_agreed(self, place: int, pounds: int) -> None:
        part = self.budgets[place].method_parts.get(ends_on__isnull=True)
        if part.starts_on < self.today:
            change_amount(self.budgets[place], self.one, self.today, Decimal(pounds))

    @invariant()
    def balance_is_the_naive_sum(self) -> None:
        for phb in getattr(self, "budgets", []):
            assert balance(phb, FOREVER) == self.naive[phb.pk]

    @invariant()
    def nothing_is_paid_twice_or_without_a_release(self) -> None:
        standing = Payment.objects.filter(run__status=RunStatus.RELEASED, state=PaymentState.INCLUDED)
        periods = list(standing.values_list("schedule_id", "period_first"))
        assert len(periods) == len(set(periods))
        paid = LedgerEntry.objects.filter(kind=LedgerKind.PAYMENT)
        assert not paid.exclude(payment__run__status=RunStatus.RELEASED).exists()
        assert not PaymentRun.objects.filter(status=RunStatus.RELEASED, released_by=self.one).exists()

    @invariant()
    def no_more_is_paid_than_is_due_and_was_not_made_in_error(self) -> None:
        """Once a run has balanced a budget, its standing payments come to what its paid periods are worth."""
        for phb in getattr(self, "budgets", []):
            paid = Payment.objects.filter(phb=phb, run__status=RunStatus.RELEASED, state=PaymentState.INCLUDED)
            latest = paid.order_by("run__number", "number").last()
            if (
                latest is None
                or latest.amount == 0
                or Payment.objects.filter(phb=phb).exclude(state="included").exists()
            ):
                continue
            if LedgerEntry.objects.filter(phb=phb, kind=LedgerKind.REPAYMENT).exists():
                continue
            parts = [Accrual(each.starts_on, each.ends_on, each.annual_amount) for each in phb.method_parts.all()]
            if any(each.starts_on >= latest.run.pays_on for each in parts):
                continue
            worth = sum(instalment(parts, each.period_first, each.period_last, BY_MONTH) for each in paid)
            assert sum(each.gross_amount for each in paid) == worth


class TestPayments(Payments.TestCase):
    settings = settings(max_examples=8, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck))
