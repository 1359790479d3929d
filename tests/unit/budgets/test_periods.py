"""Weeks and years of money."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules.periods import a_week_of, a_year_of

PENCE = st.integers(min_value=0, max_value=10_000_000)


@pytest.mark.parametrize(
    ("weekly", "annual"),
    [("0", "0.00"), ("7.00", "365.00"), ("100.00", "5214.29"), ("0.07", "3.65"), ("410.00", "21378.57")],
)
def test_a_year_is_365_days_of_a_week_of_7(weekly: str, annual: str) -> None:
    assert a_year_of(Decimal(weekly)) == Decimal(annual)


@pytest.mark.parametrize(("annual", "weekly"), [("365.00", "7.00"), ("52000.00", "997.26"), ("0.00", "0.00")])
def test_a_week_is_7_of_365_days(annual: str, weekly: str) -> None:
    assert a_week_of(Decimal(annual)) == Decimal(weekly)


@given(PENCE)
def test_year_is_rounded_half_up_to_the_penny(pence: int) -> None:
    exact = Fraction(pence * 365, 7)
    assert a_year_of(Decimal(pence) / 100) * 100 == (2 * exact + 1) // 2


@given(PENCE)
def test_week_of_a_year_of_a_week_is_that_week(pence: int) -> None:
    weekly = Decimal(pence) / 100
    assert a_week_of(a_year_of(weekly)) == weekly


@given(PENCE)
def test_year_of_a_week_of_a_year_differs_by_no_more_than_27_pence(pence: int) -> None:
    annual = Decimal(pence) / 100
    assert abs(a_year_of(a_week_of(annual)) - annual) <= Decimal("0.27")
