"""Payment runs through their services: what is paid, when, by whom, and what is held."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.enums import Method
from budgets.exceptions import BudgetRefused
from budgets.models import LedgerEntry, MethodPart, Payment, PaymentRun, PersonalHealthBudget
from budgets.payment_enums import Frequency, PaidWhen, PaymentState, RunStatus
from budgets.selectors.ledger import balance, first_payment_on, paid_in
from budgets.selectors.payment_schedules import due_between
from budgets.selectors.payments import control_totals, exceptions_of
from budgets.services.payment_holding import hold_payment, include_payment
from budgets.services.payment_preparing import prepare
from budgets.services.payment_runs import abandon_run, ask_for_run, check_run, release_run, send_back
from budgets.services.payments import make_schedule, stop_schedules
from offers.models import Cohort
from phb_register import jobs
from phb_register.models import Commissioner, JobState, Succession, User
from tests.factories.budgets import bare_budget
from tests.factories.payments import (
    APRIL,
    change_amount,
    check,
    make_finance,
    make_provider,
    payable_budget,
    prepared,
    released,
    scheduled,
)
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def finance(icb: Commissioner) -> User:
    return make_finance(icb)


@pytest.fixture
def second(icb: Commissioner) -> User:
    return make_finance(icb)


def amounts(run: PaymentRun) -> list[Decimal]:
    return list(run.payments.filter(state="included").values_list("amount", flat=True))


def messages(refusal: pytest.ExceptionInfo[BudgetRefused]) -> str:
    return str(refusal.value)


def test_run_pays_what_is_due_and_puts_it_in_the_ledger(icb, finance, second) -> None:
    phb, other = payable_budget(icb), payable_budget(icb, annual_amount=Decimal("1000.00"))
    scheduled(phb, finance), scheduled(other, finance)
    run = released(icb, finance, second)
    assert amounts(run) == [Decimal("1000.00"), Decimal("83.33")]
    assert balance(phb, APRIL) == Decimal("1000.00")
    assert balance(phb, APRIL - dt.timedelta(days=1)) == 0
    assert first_payment_on(phb) == APRIL
    assert paid_in(other, APRIL, MAY) == Decimal("83.33")
    entry = LedgerEntry.objects.get(phb=phb)
    assert (entry.financial_year, entry.commissioner, entry.entered_by) == (2026, icb, second)
    assert (run.checked_count, run.checked_amount) == (2, Decimal("1083.33"))
    assert [step.action for step in run.transitions.all()] == ["ask", "prepare", "check", "release"]


def test_twelve_runs_pay_the_annual_amount_to_the_penny(icb, finance, second) -> None:
    phb = payable_budget(icb, annual_amount=Decimal("1000.00"))
    scheduled(phb, finance)
    for month in range(12):
        released(icb, finance, second, pays_on=dt.date(2026 + (month + 3) // 12, (month + 3) % 12 + 1, 1))
    assert balance(phb, dt.date(2027, 3, 31)) == Decimal("1000.00")


def test_nothing_is_paid_twice_and_what_was_missed_is_paid_later(icb, finance, second) -> None:
    phb = payable_budget(icb)
    scheduled(phb, finance)
    released(icb, finance, second)
    assert amounts(prepared(icb, finance)) == []
    abandon_run(run=PaymentRun.objects.latest("pk"), by=finance, on=APRIL, reason="Nothing due")
    assert amounts(prepared(icb, finance, pays_on=JULY)) == [Decimal("1000.00")] * 3


def test_change_of_amount_after_payment_is_balanced_by_the_next_instalment(icb, finance, second) -> None:
    phb = payable_budget(icb)
    scheduled(phb, finance)
    released(icb, finance, second)
    change_amount(phb, finance, dt.date(2026, 4, 16), Decimal("24000.00"))
    run = prepared(icb, finance, pays_on=MAY)
    payment = run.payments.get()
    assert (payment.instalment_amount, payment.adjustment_amount) == (Decimal("2000.00"), Decimal("500.00"))
    assert payment.is_changed
    assert exceptions_of(run) == {"held": 0, "new_payee": 0, "changed": 1}


def test_overpayment_is_taken_off_but_no_payment_is_below_nought(icb, finance, second) -> None:
    phb = payable_budget(icb, annual_amount=Decimal("24000.00"))
    scheduled(phb, finance)
    released(icb, finance, second, pays_on=MAY)
    change_amount(phb, finance, APRIL, Decimal("6000.00"))
    # 4,000 was paid for two months that come to 1,000: six further months of 500 are set against it.
    paid = [released(icb, finance, second, pays_on=dt.date(2026, month, 1)).payments.get() for month in range(6, 13)]
    assert [each.amount for each in paid] == [Decimal("0.00")] * 6 + [Decimal("500.00")]
    assert paid[0].adjustment_amount == Decimal("-500.00")
    assert LedgerEntry.objects.filter(payment__in=paid).count() == 1


def test_last_period_is_cut_where_the_payments_stop(icb, finance, second) -> None:
    phb = payable_budget(icb)
    scheduled(phb, finance)
    assert stop_schedules(phb=phb, from_day=dt.date(2026, 4, 16), by=finance, reason="Moved away") == 1
    assert amounts(prepared(icb, finance, pays_on=MAY)) == [Decimal("500.00")]
    assert stop_schedules(phb=phb, from_day=dt.date(2026, 5, 16), by=finance, reason="Later") == 0


def test_change_of_frequency_keeps_the_year_at_its_amount(icb, finance, second) -> None:
    phb = payable_budget(icb, annual_amount=Decimal("1000.00"))
    scheduled(phb, finance)
    released(icb, finance, second, pays_on=dt.date(2026, 9, 1))
    october = dt.date(2026, 10, 1)
    stop_schedules(phb=phb, from_day=october, by=finance, reason="Paid every four weeks from now on")
    scheduled(phb, finance, frequency=Frequency.FOUR_WEEKLY, starts_on=october)
    run = prepared(icb, finance, pays_on=dt.date(2027, 4, 30))
    # The year, and 42 days of the next one, which is a leap year.
    next_year = (Decimal("1000.00") * 42 / 366).quantize(Decimal("0.01"))
    assert run.payments.latest("period_last").period_last == dt.date(2027, 5, 12)
    assert balance(phb, APRIL.replace(year=2028)) + sum(amounts(run)) == Decimal("1000.00") + next_year


def test_weekly_in_arrears_is_due_after_its_last_day(icb, finance) -> None:
    phb = payable_budget(icb, annual_amount=Decimal("36500.00"))
    scheduled(phb, finance, frequency=Frequency.WEEKLY, paid_when=PaidWhen.ARREARS, wait_days=3)
    run = prepared(icb, finance, pays_on=dt.date(2026, 4, 17))
    assert amounts(run) == [Decimal("700.00")] * 2
    found = list(due_between([phb.pk], APRIL, dt.date(2026, 4, 30)))
    assert [each.due_on.day for each in found] == [10, 17, 24]
    assert {each.amount for each in found} == {Decimal("700.00")}


def test_run_of_one_frequency_leaves_the_others(icb, finance) -> None:
    weekly, monthly = payable_budget(icb), payable_budget(icb)
    scheduled(weekly, finance, frequency=Frequency.WEEKLY), scheduled(monthly, finance)
    run = prepared(icb, finance, frequency=Frequency.MONTHLY)
    assert [each.phb for each in run.payments.all()] == [monthly]


def test_one_off_is_paid_once_as_agreed(icb, finance, second) -> None:
    phb = payable_budget(icb, one_off_amount=Decimal("750.00"))
    provider = make_provider(icb)
    with pytest.raises(BudgetRefused, match=r"Enter £750\.00 or less"):
        scheduled(phb, finance, frequency=Frequency.ONE_OFF, one_off_amount=Decimal("750.01"))
    scheduled(phb, finance, frequency=Frequency.ONE_OFF, one_off_amount=Decimal("750.00"), provider=provider)
    with pytest.raises(BudgetRefused, match=r"Enter £0\.00 or less"):
        scheduled(phb, finance, frequency=Frequency.ONE_OFF, one_off_amount=Decimal("0.01"))
    assert amounts(released(icb, finance, second)) == [Decimal("750.00")]
    assert amounts(prepared(icb, finance, pays_on=MAY)) == []


def test_budget_that_no_proposal_confirmed_is_held_and_not_dropped(icb, finance, second) -> None:

    unconfirmed = bare_budget(icb, cohort=Cohort.objects.get(code="chc"), agreed_on=APRIL, started_on=APRIL)
    scheduled(unconfirmed, finance), scheduled(payable_budget(icb), finance)
    run = released(icb, finance, second)
    held = run.payments.get(phb=unconfirmed)
    assert held.state == PaymentState.LEFT_OUT
    assert "confirmed by a proposal" in held.held_reason
    assert not LedgerEntry.objects.filter(phb=unconfirmed).exists()
    # It is asked again by the next run.
    assert prepared(icb, finance).payments.get().phb == unconfirmed


def test_direct_payment_without_an_arrangement_is_held_with_the_regulation(icb, finance) -> None:
    phb = payable_budget(icb, method=Method.DIRECT_PAYMENT)
    make_schedule(phb=phb, method=Method.DIRECT_PAYMENT, frequency=Frequency.MONTHLY, starts_on=APRIL, by=finance)
    payment = prepared(icb, finance).payments.get()
    assert payment.state == PaymentState.HELD
    assert "regulations 3 to 6 of the NHS (Direct Payments) Regulations 2013" in payment.held_reason


def test_held_payment_is_left_out_and_paid_by_the_next_run(icb, finance, second) -> None:
    phb, other = payable_budget(icb), payable_budget(icb)
    scheduled(phb, finance), scheduled(other, finance)
    run = prepared(icb, finance)
    payment = run.payments.get(phb=phb)
    hold_payment(payment=payment, by=finance, reason="The bank account is being changed")
    assert control_totals(run).held_count == 1
    include_payment(payment=payment, by=finance)
    hold_payment(payment=payment, by=finance, reason="After all")
    check(run, second)
    with pytest.raises(BudgetRefused, match="Send it back first"):
        include_payment(payment=payment, by=finance)
    release_run(run=run, by=second, on=APRIL)
    assert balance(phb, MAY) == 0
    assert [each.phb for each in prepared(icb, finance).payments.all()] == [phb]


def test_who_prepared_neither_checks_nor_releases(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    run = prepared(icb, finance)
    with pytest.raises(BudgetRefused, match="somebody else must check"):
        check(run, finance)
    check(run, second)
    with pytest.raises(BudgetRefused, match="somebody else must check"):
        release_run(run=run, by=finance, on=APRIL)
    with pytest.raises(PermissionDenied):
        release_run(run=run, by=make_finance(CommissionerFactory()), on=APRIL)


def test_checker_confirms_the_totals_they_saw(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    run = prepared(icb, finance)
    with pytest.raises(BudgetRefused, match="changed since you opened it"):
        check_run(run=run, by=second, on=APRIL, count=1, amount=Decimal("999.99"))


@pytest.mark.parametrize("moment", ["check", "release"])
def test_what_changes_before_the_money_goes_is_held_and_checked_again(icb, finance, second, moment) -> None:
    phb, other = payable_budget(icb), payable_budget(icb)
    scheduled(phb, finance), scheduled(other, finance)
    run = prepared(icb, finance)
    if moment == "release":
        check(run, second)
    stop_schedules(phb=phb, from_day=dt.date(2026, 4, 10), by=finance, reason="Went to hospital")
    held = check(run, second) if moment == "check" else release_run(run=run, by=second, on=APRIL)
    assert held == 1
    run.refresh_from_db()
    assert run.status == RunStatus.PREPARED
    assert "has changed" in run.payments.get(phb=phb).held_reason
    assert not LedgerEntry.objects.exists()
    assert check(run, second) == 0
    assert release_run(run=run, by=second, on=APRIL) == 0
    assert balance(other, APRIL) == Decimal("1000.00")


def test_death_before_release_stops_the_payment(icb, finance, second) -> None:
    phb = payable_budget(icb)
    scheduled(phb, finance), scheduled(payable_budget(icb), finance)
    run = prepared(icb, finance)
    check(run, second)
    type(phb.person).objects.filter(pk=phb.person_id).update(died_on=APRIL)
    assert release_run(run=run, by=second, on=APRIL) == 1
    assert "regulation 15" in run.payments.get(phb=phb).held_reason


def test_release_pressed_twice_pays_once(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    run = released(icb, finance, second)
    assert release_run(run=run, by=second, on=APRIL) == 0
    assert LedgerEntry.objects.count() == 1
    with pytest.raises(BudgetRefused, match="done already"):
        abandon_run(run=run, by=finance, on=APRIL, reason="Too late")


def test_abandoned_run_pays_nothing_and_the_next_pays_it(icb, finance, second) -> None:
    phb = payable_budget(icb)
    scheduled(phb, finance)
    run = prepared(icb, finance)
    check(run, second)
    send_back(run=run, by=second, on=APRIL, reason="Look at the amounts")
    abandon_run(run=run, by=finance, on=APRIL, reason="Wrong day")
    assert set(run.payments.values_list("state", flat=True)) == {PaymentState.LEFT_OUT}
    assert amounts(prepared(icb, finance)) == [Decimal("1000.00")]


def test_one_run_is_open_at_a_time_and_its_day_is_soon(icb, finance) -> None:
    prepared(icb, finance)
    with pytest.raises(BudgetRefused, match="One run is open at a time"):
        prepared(icb, finance)
    other = CommissionerFactory(closed_on=dt.date(2026, 3, 31))
    with pytest.raises(BudgetRefused, match="exists on the day"):
        ask_for_run(commissioner=other, pays_on=APRIL, by=make_finance(other), today=APRIL)
    for day in (APRIL - dt.timedelta(days=1), dt.date(2026, 7, 1)):
        elsewhere = CommissionerFactory()
        with pytest.raises(BudgetRefused, match="at most 62 days ahead"):
            ask_for_run(commissioner=elsewhere, pays_on=day, by=make_finance(elsewhere), today=APRIL)


def test_run_is_prepared_by_a_job_that_may_be_run_again(icb, finance) -> None:
    scheduled(payable_budget(icb), finance)
    run = ask_for_run(commissioner=icb, pays_on=APRIL, by=finance, today=APRIL)
    assert run.job is not None
    jobs.run(run.job.pk)
    run.refresh_from_db()
    assert (run.status, run.payments.count()) == (RunStatus.PREPARED, 1)
    run.job.refresh_from_db()
    assert (run.job.state, run.job.done, run.job.total) == (JobState.DONE, 1, 1)
    assert prepare(run=run).payments.count() == 1


def test_reads_of_a_run_do_not_grow_with_its_payments(icb, finance) -> None:
    def queries() -> int:
        run = ask_for_run(commissioner=icb, pays_on=APRIL, by=finance, today=APRIL)
        with CaptureQueriesContext(connection) as captured:
            prepare(run=run)
        abandon_run(run=run, by=finance, on=APRIL, reason="Counted")
        return len(captured)

    provider = make_provider(icb)
    scheduled(payable_budget(icb), finance, provider=provider)
    few = queries()
    for _ in range(5):
        scheduled(payable_budget(icb), finance, provider=provider)
    assert queries() == few


def test_schedule_is_refused_with_its_reason(icb, finance) -> None:
    phb = payable_budget(icb)
    scheduled(phb, finance)
    with pytest.raises(BudgetRefused, match="Stop the payment schedule from 1 April 2026 first"):
        scheduled(phb, finance, starts_on=MAY)
    with pytest.raises(BudgetRefused, match="is managed as a direct payment"):
        make_schedule(phb=phb, method=Method.DIRECT_PAYMENT, frequency=Frequency.WEEKLY, starts_on=MAY, by=finance)
    with pytest.raises(BudgetRefused, match="Select the provider"):
        make_schedule(phb=phb, method=Method.NOTIONAL, frequency=Frequency.WEEKLY, starts_on=MAY, by=finance)
    whole = payable_budget(icb, is_one_off=True)
    with pytest.raises(BudgetRefused, match="A one-off budget is paid once"):
        scheduled(whole, finance)
    scheduled(whole, finance, frequency=Frequency.ONE_OFF, one_off_amount=Decimal("12000.00"))
    with pytest.raises(PermissionDenied):
        scheduled(payable_budget(icb), make_finance(CommissionerFactory()))


def test_predecessors_budgets_are_paid_by_who_took_over(icb, finance, second) -> None:
    ccg = CommissionerFactory(kind="ccg", closed_on=dt.date(2026, 4, 30))
    Succession.objects.create(predecessor=ccg, successor=icb, took_effect_on=MAY)
    phb: PersonalHealthBudget = payable_budget(ccg)
    scheduled(phb, make_finance(ccg))
    run = released(icb, finance, second, pays_on=MAY)
    assert amounts(run) == [Decimal("1000.00")] * 2
    assert set(LedgerEntry.objects.values_list("commissioner", flat=True)) == {ccg.pk}
    assert MethodPart.objects.count() == 1
    assert Payment.objects.filter(phb=phb).count() == 2
