"""The figures of money as pure functions: how they hang together, what is hidden, and the states of a closure."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from budgets.enums import ClosureStatus, EndReason, Settlement
from budgets.rules import closure_states, ending, money
from budgets.rules.money import Money, Piece, Saving, accrued, hidden_cells, hidden_of, months_in, total
from phb_register.dates import FinancialYear
from phb_register.disclosure import ONE_TO_FOUR
from phb_register.roles import ROLE_PERMISSIONS, Role

DOCS = Path(__file__).parents[3] / "docs"
YEAR = FinancialYear(2026)
FIRST = dt.date(2026, 4, 1)


def test_figures_hang_together_as_they_are_declared() -> None:
    each = Money(*map(Decimal, ("1000", "600", "500", "450", "30", "20")))
    assert (each.committed, each.forecast, each.variance) == (Decimal(950), Decimal(900), Decimal(-100))
    both = total([each, each])
    assert (both.budget, both.variance) == (2 * each.budget, 2 * each.variance)


def test_every_measure_has_a_sentence_and_a_code_of_its_own() -> None:
    codes = [measure.code for measure in money.MEASURES]
    assert len(codes) == len(set(codes))
    assert all(measure.definition.endswith(".") and measure.label for measure in money.MEASURES)


def test_saving_of_somersets_review_is_over_fifteen_per_cent() -> None:
    # Over £400,000 against a budget of £2.6 million.
    saving = Saving(Decimal("2600000"), Decimal("2199999"), 57, 3)
    assert saving.amount > 400_000
    assert saving.percent == Decimal("15.4")
    assert Saving().percent is None
    assert (saving + Saving(unknown=1)).unknown == 4


@pytest.mark.parametrize(
    ("monthly", "until", "budget"),
    [
        ((), dt.date(2026, 4, 30), Decimal("986.30")),  # 30 of 365 days of £12,000
        (("notional",), dt.date(2026, 4, 30), Decimal("1000.00")),
        ((), dt.date(2027, 3, 31), Decimal("12000.00")),
        (("notional",), dt.date(2027, 3, 31), Decimal("12000.00")),
    ],
)
def test_budget_accrues_by_the_day_or_by_the_month(monthly: tuple[str], until: dt.date, budget: Decimal) -> None:
    pieces = [Piece("notional", Decimal(12000), FIRST, YEAR.end + dt.timedelta(days=1))]
    assert accrued(pieces, YEAR, until, monthly) == budget


def test_what_is_agreed_once_counts_whole_from_its_day() -> None:
    pieces = [Piece("direct_payment", Decimal("499.99"), dt.date(2026, 6, 10), None)]
    assert accrued(pieces, YEAR, dt.date(2026, 6, 9)) == 0
    assert accrued(pieces, YEAR, dt.date(2026, 6, 10)) == Decimal("499.99")


def test_months_of_a_financial_year_meet_and_fill_it() -> None:
    months = months_in(FinancialYear(2023))
    assert (months[0][0], months[-1][1], len(months)) == (dt.date(2023, 4, 1), dt.date(2024, 3, 31), 12)
    assert all(one[1] + dt.timedelta(days=1) == other[0] for one, other in pairwise(months))


COLUMNS = ("notional", "third_party", "direct_payment")


def test_cell_of_few_is_hidden_with_another_so_that_it_cannot_be_worked_out() -> None:
    counts = {
        ("chc", "notional"): {"budget": 60, "paid": 60},
        ("chc", "direct_payment"): {"budget": 3, "paid": 3},
        ("s117", "notional"): {"budget": 20, "paid": 20},
        ("s117", "direct_payment"): {"budget": 9, "paid": 9},
    }
    hidden = hidden_cells(counts, ("chc", "s117"), COLUMNS, profile=ONE_TO_FOUR)
    assert ("chc", "direct_payment") in hidden
    # In its line and in its column something else is hidden too, or a total is.
    for line in (
        {cell for cell in hidden if cell[0] == "chc"},
        {cell for cell in hidden if cell[1] == "direct_payment"},
    ):
        assert len(line) > 1


def test_cell_is_hidden_whole_where_only_one_of_its_figures_is_made_of_few() -> None:
    many = dict.fromkeys(("budget", "paid", "paid_for", "to_come", "recovered"), 40)
    counts = {(row, column): many for row in ("chc", "s117") for column in COLUMNS}
    assert hidden_cells(counts, ("chc", "s117"), COLUMNS, profile=ONE_TO_FOUR) == frozenset()
    counts["chc", "notional"] = {**many, "recovered": 1}
    assert ("chc", "notional") in hidden_cells(counts, ("chc", "s117"), COLUMNS, profile=ONE_TO_FOUR)


def test_list_hides_few_and_one_more_or_its_total() -> None:
    assert hidden_of([{"a": 10, "b": 10}], ONE_TO_FOUR) == frozenset()
    hidden = hidden_of([{"a": 10, "b": 2, "c": 30}], ONE_TO_FOUR)
    assert "b" in hidden
    assert len(hidden) > 1


@pytest.mark.parametrize("status", ClosureStatus.values)
def test_step_of_a_closure_is_open_from_its_own_status_only(status: str) -> None:
    expected = {
        "open": {"reconcile": {Role.PHB_TEAM, Role.FINANCE}, "withdraw": {Role.PHB_TEAM}},
        "not_needed": {"withdraw": {Role.PHB_TEAM}},
    }
    found = {
        step.action: {role for role, held in ROLE_PERMISSIONS.items() if step.permission in held}
        for step in closure_states.steps_from(status)
    }
    assert found == expected.get(status, {})


def test_database_is_told_every_jump_of_a_closure_and_the_document_shows_it() -> None:
    assert closure_states.allowed_jumps() == [
        ("not_needed", "withdrawn"), ("open", "reconciled"), ("open", "withdrawn"),
    ]  # fmt: skip
    assert f"```mermaid\n{closure_states.mermaid()}```" in (DOCS / "states" / "closure-states.md").read_text(
        encoding="utf-8"
    )


def test_budget_does_not_end_before_the_person_died() -> None:
    born, died = dt.date(1950, 1, 1), dt.date(2026, 5, 5)
    check = ending.check_death
    assert check(EndReason.DIED, died, died, born_on=born) == []
    assert check(EndReason.DIED, died + dt.timedelta(days=1), died, born_on=born) == []
    assert [each.field for each in check(EndReason.DIED, died - dt.timedelta(days=1), died, born_on=born)] == [
        "ended_on"
    ]
    assert [each.field for each in check(EndReason.DIED, died, dt.date(1949, 1, 1), born_on=born)] == ["died_on"]
    assert check(EndReason.MOVED, dt.date(2020, 1, 1), died, born_on=born) == []


def test_final_balance_says_how_it_was_settled() -> None:
    balances = {
        Decimal("0.00"): Settlement.NOTHING,
        Decimal("1200.00"): Settlement.RECOVERED,
        Decimal(-5): Settlement.PAID,
    }
    assert {each: ending.settlement_of(each) for each in balances} == balances
    nothing_waits = ending.Unsettled(0, 0, 0)
    problems = ending.check_reconciled(is_own_end=False, final_balance=Decimal(1), note=" ", unsettled=nothing_waits)
    assert [each.field for each in problems] == ["note"]
    waiting = ending.Unsettled(1, 1, 1)
    problems = ending.check_reconciled(is_own_end=True, final_balance=Decimal(0), note="", unsettled=waiting)
    assert len(problems) == 4
