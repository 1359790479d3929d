"""Returns by schedule, statements stored once, lines matched, returns reconciled, surpluses flagged."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from budgets.enums import EndReason, Method
from budgets.exceptions import BudgetRefused
from budgets.models import MonitoringReturn, StatementDraft, StatementLine, Surplus
from budgets.rules.monitoring_states import ReturnStatus
from budgets.rules.statements import StatementFileRefused
from budgets.rules.surplus import SurplusDecision
from budgets.selectors.monitoring import reconciliation_of, surplus_of
from budgets.selectors.statements import suggestions_for
from budgets.services import monitoring_returns as returns
from budgets.services.ending import end_budget
from budgets.services.matching import Said, accept_suggestions, keep_rule, match_lines, see_receipts
from budgets.services.monitoring import change_risk_level, extend_returns
from budgets.services.statements import read_statement, remove_statement
from budgets.services.surplus import decide_surplus, end_ring_fence, ring_fence
from phb_register.models import Commissioner, User
from tests.factories.monitoring import (
    LINES,
    make_return,
    make_schedule,
    make_statement,
    statement_file,
    two_who_monitor,
)
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db
JULY = dt.date(2026, 7, 1)


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return two_who_monitor(commissioner)[0]


def test_returns_follow_each_other_without_gap_by_risk_level(commissioner, team):
    schedule = make_schedule(commissioner, by=team, risk_level="high")
    assert extend_returns(until=dt.date(2026, 12, 1)) == 2
    assert extend_returns(until=dt.date(2026, 12, 1)) == 0
    found = [(each.first_on, each.last_on, each.due_on) for each in schedule.returns.order_by("number")]
    assert found == [
        (dt.date(2026, 4, 1), dt.date(2026, 6, 23), dt.date(2026, 7, 21)),
        (dt.date(2026, 6, 24), dt.date(2026, 9, 23), dt.date(2026, 10, 21)),
        (dt.date(2026, 9, 24), dt.date(2026, 12, 23), dt.date(2027, 1, 20)),
    ]


def test_return_that_runs_is_shortened_by_a_higher_risk_level_only(commissioner, team):
    schedule = make_schedule(commissioner, by=team, risk_level="low")
    extend_returns(until=dt.date(2026, 8, 1))
    second = schedule.returns.get(number=2)
    assert second.last_on == dt.date(2027, 6, 23)
    change_risk_level(schedule=schedule, risk_level="high", reason="Off-plan use", by=team, on=dt.date(2026, 8, 1))
    second.refresh_from_db()
    assert (second.last_on, second.risk_level) == (dt.date(2026, 9, 23), "high")
    schedule.refresh_from_db()
    change_risk_level(schedule=schedule, risk_level="low", reason="All well", by=team, on=dt.date(2026, 8, 2))
    second.refresh_from_db()
    assert second.last_on == dt.date(2026, 9, 23)


def test_budget_that_ended_has_a_final_return_until_its_last_day(commissioner, team):
    schedule = make_schedule(commissioner, by=team)
    end_budget(phb=schedule.phb, by=team, ended_on=dt.date(2026, 5, 11), reason=EndReason.CONVENTIONAL_CARE)
    extend_returns(until=dt.date(2026, 5, 20))
    final = MonitoringReturn.objects.get(schedule=schedule)
    assert (final.last_on, final.is_final) == (dt.date(2026, 5, 10), True)


def test_statement_is_stored_once_and_overlapping_lines_are_recognised(commissioner, team):
    found = make_return(commissioner, by=team)
    first = make_statement(found, by=team)
    again = make_statement(found, by=team)
    assert again == first
    assert found.lines.count() == 4
    more = make_statement(
        found, by=team, content=statement_file([*LINES[2:], ("2026-06-20", "SHOP", "-30.00")], opening="1200")
    )
    assert (more.known_lines, more.lines.count(), found.lines.count()) == (2, 1, 5)
    found.refresh_from_db()
    assert (found.status, found.closing_balance) == (ReturnStatus.RECEIVED, Decimal("1100.00"))


def test_statement_with_an_error_stores_nothing(commissioner, team):
    found = make_return(commissioner, by=team)
    with pytest.raises(StatementFileRefused):
        make_statement(found, by=team, content=statement_file(LINES).replace(b"1150.00", b"1100.00"))
    found.refresh_from_db()
    assert (found.status, StatementLine.objects.count()) == (ReturnStatus.DUE, 0)


def test_draft_keeps_no_account_number(commissioner, team):
    content = b"Date,Account number,Description,Amount,Balance\n2026-04-07,12345678,TFR 12345678,1.00,1.00\n"
    draft = read_statement(monitoring_return=make_return(commissioner, by=team), content=content, by=team)
    assert "1234567" not in str(StatementDraft.objects.filter(pk=draft.pk).values())


def test_statement_of_somebody_else_is_removed_with_its_lines(commissioner, team):
    found = make_return(commissioner, by=team)
    remove_statement(statement=make_statement(found, by=team), reason="Of another person", by=team)
    assert not StatementLine.objects.exists()


def reconcilable(commissioner: Commissioner, team: User, **given) -> MonitoringReturn:
    found = make_return(commissioner, by=team, **given)
    make_statement(found, by=team)
    keep_rule(
        commissioner=commissioner, contains="wages", is_money_in=False, match="plan", category="personal_assistant",
        by=team,
    )  # fmt: skip
    keep_rule(
        commissioner=commissioner, contains="HMRC", is_money_in=False, match="plan", category="employing", by=team
    )
    keep_rule(commissioner=commissioner, contains="nhs direct", is_money_in=True, match="payment", by=team)
    return found


def test_return_is_reconciled_once_every_line_is_matched_and_differences_are_explained(commissioner, team):
    found = reconcilable(commissioner, team)
    lines = list(found.lines.all())
    assert suggestions_for(found, lines)[lines[1].pk] == ("plan", "personal_assistant")
    assert accept_suggestions(monitoring_return=found, by=team) == 3
    shop = found.lines.get(match="")
    with pytest.raises(BudgetRefused, match="Match the lines"):
        returns.reconcile_return(monitoring_return=found, by=team)
    with pytest.raises(BudgetRefused, match="what it was spent on"):
        match_lines(monitoring_return=found, said={shop.pk: Said("off_plan")}, by=team)
    match_lines(monitoring_return=found, said={shop.pk: Said("off_plan", note="A present")}, by=team)
    result = reconciliation_of(found)
    assert (result.sums.off_plan, result.differences) == (Decimal(20), {"payments": Decimal("1600.00")})
    with pytest.raises(BudgetRefused, match="explains the differences"):
        returns.reconcile_return(monitoring_return=found, by=team)
    done = returns.reconcile_return(monitoring_return=found, by=team, difference_note="Paid before this register")
    assert done.status == ReturnStatus.RECONCILED


def test_reconciled_return_changes_only_when_reopened(commissioner, team):
    found = reconcilable(commissioner, team)
    accept_suggestions(monitoring_return=found, by=team)
    match_lines(
        monitoring_return=found, said={found.lines.get(match="").pk: Said("off_plan", note="A present")}, by=team
    )
    returns.reconcile_return(monitoring_return=found, by=team, difference_note="Paid before this register")
    line = found.lines.first()
    for change in (
        lambda: MonitoringReturn.objects.filter(pk=found.pk).update(closing_balance=1),
        lambda: StatementLine.objects.filter(pk=line.pk).update(note="x"),
        lambda: StatementLine.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match=r"reconciled|Cannot update"), transaction.atomic():
            change()
    returns.reopen_return(monitoring_return=found, reason="A line was matched wrongly", by=team)
    assert match_lines(monitoring_return=found, said={line.pk: Said("other_in")}, by=team) == 1


def test_receipts_are_asked_for_by_risk_level(commissioner, team):
    high = reconcilable(commissioner, team, risk_level="high")
    asked = high.lines.filter(is_receipt_asked=True)
    assert [line.description for line in asked] == ["WAGES JOHANNA"]
    assert see_receipts(monitoring_return=high, lines=[asked[0].pk], by=team, on=JULY) == 1
    assert reconciliation_of(high).receipts_missing == 0


def test_line_of_money_out_cannot_be_money_in_even_by_sql(commissioner, team):
    found = make_return(commissioner, by=team)
    make_statement(found, by=team)
    with pytest.raises(IntegrityError, match="fits_direction"), transaction.atomic():
        found.lines.filter(amount__lt=0).update(match="refund", matched_by=team, matched_on=JULY)


def received(commissioner: Commissioner, team: User, balance: str) -> MonitoringReturn:
    return returns.receive_return(
        monitoring_return=make_return(commissioner, by=team), closing_balance=Decimal(balance), by=team, on=JULY
    )


@pytest.mark.parametrize(("balance", "is_over"), [("3199.99", False), ("3200.00", False), ("3200.01", True)])
def test_surplus_is_flagged_above_eight_weeks_and_not_at_them(commissioner, team, balance, is_over):
    surplus = Surplus.objects.get(monitoring_return=received(commissioner, team, balance))
    assert (surplus.weekly_amount, surplus.is_over) == (Decimal("400.00"), is_over)
    with pytest.raises(IntegrityError, match="greater_than"), transaction.atomic():
        Surplus.objects.filter(pk=surplus.pk).update(is_over=not is_over)


def test_surplus_leaves_ring_fenced_savings_out_and_is_worked_out_again(commissioner, team):
    found = received(commissioner, team, "4000.00")
    phb = found.schedule.phb
    saving = ring_fence(
        phb=phb,
        purpose="A new hoist",
        amount=Decimal("800.00"),
        agreed_on=dt.date(2026, 6, 1),
        until=dt.date(2027, 3, 31),
        by=team,
        key=uuid.uuid4(),
    )
    assert not Surplus.objects.get().is_over
    assert surplus_of(phb, JULY).weeks == 8
    end_ring_fence(saving=saving, ended_on=dt.date(2026, 6, 20), note="Bought by the family", by=team)
    assert Surplus.objects.get().is_over


def test_surplus_decided_is_asked_again_only_by_new_figures(commissioner, team):
    found = received(commissioner, team, "4000.00")
    decide_surplus(surplus=Surplus.objects.get(), decision=SurplusDecision.LEAVE, reason="Holidays", by=team)
    make_statement(found, by=team, content=statement_file([("2026-06-01", "NHS", "5000.00")]))
    assert Surplus.objects.get().decision == ""


def test_money_left_once_nothing_is_paid_any_more_is_always_looked_at(commissioner, team):
    schedule = make_schedule(commissioner, by=team)
    end_budget(phb=schedule.phb, by=team, ended_on=dt.date(2026, 5, 11), reason=EndReason.CONVENTIONAL_CARE)
    extend_returns(until=dt.date(2026, 5, 20))
    returns.receive_return(
        monitoring_return=schedule.returns.get(), closing_balance=Decimal("0.01"), by=team, on=dt.date(2026, 6, 1)
    )
    assert Surplus.objects.get().is_over


def test_return_takes_the_steps_of_its_table_and_no_others(commissioner, team):
    found = received(commissioner, team, "10.00")
    with pytest.raises(BudgetRefused, match="done already"):
        returns.waive_return(monitoring_return=found, reason="x", by=team)
    returns.query_return(monitoring_return=found, question="What is the transfer of 3 May?", by=team)
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        MonitoringReturn.objects.filter(pk=found.pk).update(status="due", received_on=None, closing_balance=None)
    returns.answer_query(monitoring_return=found, answer="To a savings account", by=team)
    assert [step.action for step in found.transitions.all()] == ["schedule", "receive", "query", "answer"]


def test_balance_alone_is_enough_at_low_risk_only(commissioner, team):
    low = received(commissioner, team, "10.00")
    assert returns.reconcile_return(monitoring_return=low, by=team).reconciled_by == team
    other = CommissionerFactory()
    boss = two_who_monitor(other)[0]
    medium = make_return(other, by=boss, risk_level="medium")
    returns.receive_return(monitoring_return=medium, closing_balance=Decimal(10), by=boss, on=JULY)
    with pytest.raises(BudgetRefused, match="statement first"):
        returns.reconcile_return(monitoring_return=medium, by=boss)
    assert medium.schedule.method == Method.DIRECT_PAYMENT
