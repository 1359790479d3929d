"""The declared measures: complete, and their arithmetic rounds halves up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.measures import (
    MEASURES,
    MEASURES_BY_CODE,
    NOT_RECORDED,
    Ratio,
    rate_per_1000,
    strongest_method,
    target_budgets,
)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda each: each.code)
def test_measure_is_declared_in_full(measure):
    assert all([measure.label, measure.numerator, measure.source])
    assert measure.definition.endswith(".")


def test_measures_have_one_code_each():
    assert len(MEASURES_BY_CODE) == len(MEASURES)


@pytest.mark.parametrize(
    ("budgets", "population", "rate"),
    [(122, 1_011_000, "0.121"), (127, 1_011_000, "0.126"), (1, 2_000_000, "0.001"), (0, 1_011_000, "0.000")],
)
def test_rate_per_1000_to_three_places(budgets, population, rate):
    assert rate_per_1000(budgets, population) == Decimal(rate)


@pytest.mark.parametrize("population", [None, 0])
def test_rate_and_target_are_unknown_without_a_population(population):
    assert rate_per_1000(5, population) is None
    assert target_budgets(population, Decimal(1)) is None


@pytest.mark.parametrize(
    ("population", "rate", "budgets"),
    [
        (1_011_000, "1", 1_011),
        (1_011_000, "2", 2_022),
        (1_010_750, "1", 1_011),
        (1_010_750, "2", 2_022),
        (1_039_000, "2", 2_078),
        (500, "1", 1),
        (499, "1", 0),
    ],
)
def test_target_budgets_rounds_halves_up(population, rate, budgets):
    assert target_budgets(population, Decimal(rate)) == budgets


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [
        (117, 848, "13.8"),
        (117, 468, "25.0"),
        (69, 500, "13.8"),
        (69, 276, "25.0"),
        (1, 2000, "0.1"),
        (0, 848, "0.0"),
    ],
)
def test_ratio_percent_to_one_place(numerator, denominator, percent):
    assert Ratio(numerator, denominator).percent == Decimal(percent)


@pytest.mark.parametrize("denominator", [None, 0])
def test_ratio_percent_is_unknown_without_a_denominator(denominator):
    assert Ratio(5, denominator).percent is None


@pytest.mark.parametrize(
    ("methods", "counted_under"),
    [
        (["notional", "direct_payment"], "direct_payment"),
        (["notional", "third_party"], "third_party"),
        (["third_party", "direct_payment", "notional"], "direct_payment"),
        (["notional"], "notional"),
        ([], NOT_RECORDED),
    ],
)
def test_strongest_method_by_precedence(methods, counted_under):
    assert strongest_method(methods) == counted_under


@given(st.integers(0, 10**6), st.integers(1, 10**8))
def test_rate_per_1000_is_within_half_a_step_of_the_true_rate(budgets, population):
    assert abs(rate_per_1000(budgets, population) - Decimal(budgets) * 1000 / population) <= Decimal("0.0005")
