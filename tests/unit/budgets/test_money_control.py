"""Money for everybody: each figure is hidden for itself, and with it what would tell it."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.rules import money as m
from budgets.rules.money_control import MADE_OF, hidden_by_figure, hidden_savings
from phb_register.disclosure import ONE_TO_FOUR

ROWS, COLUMNS = ("chc", "wheelchair"), ("direct_payment", "notional")
MANY = dict.fromkeys(m.CONTRIBUTING, 20)


def counts(**changes):
    return {cell: MANY | (changes if cell == ("chc", "direct_payment") else {}) for cell in product(ROWS, COLUMNS)}


def test_money_of_many_budgets_is_shown():
    assert set(hidden_by_figure(counts(), ROWS, COLUMNS, profile=ONE_TO_FOUR).values()) == {frozenset()}


def test_few_recoveries_hide_what_would_tell_them_and_nothing_else():
    hidden = hidden_by_figure(counts(recovered=2), ROWS, COLUMNS, profile=ONE_TO_FOUR)
    cell = ("chc", "direct_payment")
    assert cell in hidden["recovered"]
    assert len(hidden["recovered"]) > 1, "or it could be worked out from the totals"
    assert hidden["recovered"] == hidden["forecast"] == hidden["variance"]
    assert hidden["budget"] == hidden["committed"] == hidden["paid"] == frozenset()


def test_recoveries_of_few_in_all_are_hidden_everywhere_they_are():
    none_else = {cell: MANY | {"recovered": 0} for cell in product(ROWS, COLUMNS)}
    none_else["chc", "notional"] = MANY | {"recovered": 3}
    hidden = hidden_by_figure(none_else, ROWS, COLUMNS, profile=ONE_TO_FOUR)
    assert ("total", "total") in hidden["forecast"]
    assert ("total", "total") not in hidden["committed"]


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=4, max_size=4))
def test_each_figure_of_few_is_hidden_and_no_cell_that_is_of_many_in_all(numbers):
    behind = {
        cell: dict(zip(m.CONTRIBUTING, each, strict=True))
        for cell, each in zip(product(ROWS, COLUMNS), numbers, strict=True)
    }
    whole = m.hidden_cells(behind, ROWS, COLUMNS, profile=ONE_TO_FOUR)
    hidden = hidden_by_figure(behind, ROWS, COLUMNS, profile=ONE_TO_FOUR)
    for code, cells in hidden.items():
        assert cells <= whole
        for cell in behind:
            if any(1 <= behind[cell][part] <= 4 for part in MADE_OF[code]):
                assert cell in cells


def test_saving_that_would_tell_a_hidden_forecast_is_hidden():
    budgets, unknown = {"chc": 20, "wheelchair": 30}, {"chc": 0, "wheelchair": 0}
    assert hidden_savings(budgets, unknown, frozenset(), ONE_TO_FOUR) == frozenset()
    assert hidden_savings(budgets, unknown, {("chc", "total"), ("chc", "notional")}, ONE_TO_FOUR) == {"chc"}
    assert hidden_savings(budgets, unknown | {"chc": 2}, frozenset(), ONE_TO_FOUR) >= {"chc"}
