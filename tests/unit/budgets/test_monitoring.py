"""The rules of monitoring and recovery: periods, receipts, matching, surplus, offsets, states and the notice."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules import monitoring_states, offsets, recovery_states
from budgets.rules.matching import LineMatch, Rule, suggestion, sums_of
from budgets.rules.monitoring_states import ReturnStatus
from budgets.rules.notice_text import NoticeFacts, notice_body
from budgets.rules.offsets import PaymentDue, set_off, spread
from budgets.rules.receipts import receipts_asked
from budgets.rules.recovery_states import PayerKind, RecoveryStatus, outstanding, status_by_sums
from budgets.rules.return_periods import first_period, months_after, next_period
from budgets.rules.surplus import SurplusFacts, weeks_in_words

DOCS = Path(__file__).parents[3] / "docs"
pounds = st.decimals(min_value=0, max_value=99999, places=2)


@pytest.mark.parametrize(
    ("document", "table"),
    [
        ("monitoring-states.md", monitoring_states),
        ("recovery-states.md", recovery_states),
        ("offset-states.md", offsets),
    ],
)
def test_diagram_in_the_documents_is_the_table(document, table):
    assert f"```mermaid\n{table.mermaid()}```" in (DOCS / "states" / document).read_text()


@pytest.mark.parametrize("table", [monitoring_states, recovery_states])
def test_every_status_but_the_last_leads_on_and_is_reached(table):
    statuses = ReturnStatus if table is monitoring_states else RecoveryStatus
    reached = {end for _, end in table.allowed_jumps()}
    assert reached | {statuses(next(iter(statuses)))} == set(statuses)


def test_repayment_while_reconsidered_leaves_the_status_alone():
    assert ("reconsidering", "repaid") in recovery_states.allowed_jumps()
    assert ("withdrawn", "notified") not in recovery_states.allowed_jumps()


def test_periods_follow_each_other_and_come_back_to_their_day_after_february():
    first = first_period(dt.date(2026, 5, 9), 12)
    assert (first.first_on, first.last_on) == (dt.date(2026, 5, 9), dt.date(2026, 7, 31))
    found, last = [], dt.date(2025, 11, 29)
    for _ in range(3):
        period = next_period(last, 3, anchor_day=30)
        found.append((period.first_on, period.last_on))
        last = period.last_on
    assert found == [
        (dt.date(2025, 11, 30), dt.date(2026, 2, 27)),
        (dt.date(2026, 2, 28), dt.date(2026, 5, 29)),
        (dt.date(2026, 5, 30), dt.date(2026, 8, 29)),
    ]


@given(st.dates(dt.date(2013, 8, 1), dt.date(2040, 1, 1)), st.integers(1, 12))
def test_months_later_is_that_many_months_on_whatever_the_day(day, months):
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


LINES = [("a", Decimal("-100.00")), ("b", Decimal("-100.01")), ("c", Decimal("500")), ("d", Decimal("-1"))]


def test_receipts_are_asked_for_above_the_amount_at_high_risk_and_of_nobody_at_low():
    assert receipts_asked("high", LINES, over=Decimal(100), one_in=10, salt="x") == {"b"}
    assert receipts_asked("low", LINES, over=Decimal(0), one_in=1, salt="x") == set()


@given(st.integers(0, 40), st.integers(1, 12), st.text(max_size=5))
def test_receipts_at_medium_risk_are_one_in_so_many_lines_and_the_same_each_time(lines, one_in, salt):
    spent = [(str(number), Decimal(-1)) for number in range(lines)]
    found = receipts_asked("medium", spent, over=Decimal(0), one_in=one_in, salt=salt)
    assert len(found) == -(-lines // one_in)
    assert found == receipts_asked("medium", spent[::-1], over=Decimal(0), one_in=one_in, salt=salt)


def test_rule_with_the_longest_words_is_suggested():
    rules = [Rule("wages", False, "plan", "personal_assistant"), Rule("wages agency", False, "plan", "care_agency")]
    assert suggestion("Wages  AGENCY Ltd", Decimal(-5), rules) == rules[1]
    assert suggestion("Wages agency", Decimal(5), rules) is None


@given(st.lists(st.tuples(st.decimals(-999, 999, places=2), st.sampled_from(["", *LineMatch])), max_size=20))
def test_sums_of_lines_add_to_what_moved(lines):
    found = sums_of(lines)
    moved = sum((amount for amount, _ in lines), Decimal(0))
    assert found.money_in - found.money_out == moved
    assert sum(found.by_match.values(), found.unmatched) == moved


@pytest.mark.parametrize(
    ("balance", "weeks", "is_over"), [("3200.00", Fraction(8), False), ("3200.01", Fraction(320001, 40000), True)]
)
def test_surplus_is_more_than_the_threshold_and_not_as_much(balance, weeks, is_over):
    facts = SurplusFacts(Decimal(balance), Decimal(0), Decimal(400), Decimal(8))
    assert (facts.weeks, facts.is_over) == (weeks, is_over)


@given(pounds, pounds, st.decimals(min_value=Decimal("0.01"), max_value=2000, places=2), st.integers(0, 52))
def test_surplus_is_over_exactly_where_its_weeks_are_more_than_the_threshold(balance, fenced, weekly, threshold):
    facts = SurplusFacts(balance, fenced, weekly, Decimal(threshold))
    assert facts.is_over == (facts.weeks > threshold)


def test_weeks_never_read_as_more_than_they_are():
    assert weeks_in_words(Fraction(8)) == "8 weeks"
    assert weeks_in_words(Fraction(804, 100)) == "more than 8 weeks"
    assert weeks_in_words(Fraction(899, 100)) == "more than 8.9 weeks"


@given(pounds, pounds)
def test_offset_is_never_above_the_payment(due, offset):
    assert 0 <= set_off(due, offset) <= min(due, offset)


@given(pounds, st.lists(pounds, max_size=6))
def test_offset_spread_takes_each_payment_at_most_whole_and_the_earliest_first(amount, dues):
    payments = [PaymentDue(dt.date(2027, 1, 1) + dt.timedelta(days=28 * n), due) for n, due in enumerate(dues)]
    parts = spread(amount, payments[::-1])
    assert sum((part for _, part in parts), Decimal(0)) == min(amount, sum(dues, Decimal(0)))
    assert all(0 < part <= payment.amount for payment, part in parts)
    assert all(part == payment.amount for payment, part in parts[:-1])


@given(pounds.filter(bool), pounds, pounds)
def test_status_of_a_recovery_follows_from_what_is_owed(amount, repaid, written_off):
    status = status_by_sums(amount, repaid, written_off)
    owed = outstanding(amount, repaid, written_off)
    assert (owed > 0) == (status in (RecoveryStatus.NOTIFIED, RecoveryStatus.PART_REPAID))


@pytest.mark.parametrize("is_easy_read", [False, True])
def test_notice_says_its_four_things_in_every_wording(is_easy_read):
    facts = NoticeFacts(
        payer_name="The executors of Testa Kestrel",
        payer_kind=PayerKind.PERSONAL_REPRESENTATIVES,
        person_name="Testa Kestrel",
        commissioner="Testshire ICB",
        contact="01632 960001",
        reasons="The person died.",
        amount=Decimal("1200"),
        repay_by=dt.date(2026, 9, 1),
        is_easy_read=is_easy_read,
    )
    body = notice_body(facts)
    assert all(words in body for words in facts.must_say().values())
    assert facts.must_say()["the amount"] == "£1,200.00"
