"""Intervals are those of the literature, and of a statistics library."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.rules.intervals import (
    Interval,
    Mark,
    mark,
    poisson_limits,
    rate_interval,
    rate_ratio,
    share_ratio,
    wilson,
)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_the_published_interval(part, whole, low, high):
    found = wilson(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # Exact limits of a Poisson count, as in Ulm (1990) and every table of them.
    [(0, 0.000, 3.689), (1, 0.025, 5.572), (3, 0.619, 8.767), (5, 1.623, 11.668), (9, 4.115, 17.085)],
)
def test_small_counts_have_the_exact_interval(events, low, high):
    found = poisson_limits(events)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


@pytest.mark.parametrize(("events", "low", "high"), [(10, 4.795, 18.390), (20, 12.217, 30.888), (100, 81.364, 121.627)])
def test_larger_counts_are_within_a_hundredth_of_the_exact_interval(events, low, high):
    found = poisson_limits(events)
    assert found.low == pytest.approx(low, rel=0.01)
    assert found.high == pytest.approx(high, rel=0.01)


def test_ratio_of_two_shares_is_that_of_the_trial_of_aspirin():
    # Physicians' Health Study (1989): heart attacks in 104 of 11,037 with aspirin and 189 of 11,034 without.
    found = share_ratio(104, 11_037, 189, 11_034)
    assert round(found.ratio, 2) == 0.55
    assert (round(found.interval.low, 2), round(found.interval.high, 2)) == (0.43, 0.70)


@settings(max_examples=25)
@given(whole=st.integers(1, 100_000), data=st.data())
def test_shares_agree_with_the_library(whole, data):
    from statsmodels.stats.proportion import proportion_confint  # its import takes a second

    part = data.draw(st.integers(0, whole))
    low, high = proportion_confint(part, whole, method="wilson")
    assert (wilson(part, whole).low, wilson(part, whole).high) == pytest.approx((low, high), abs=1e-9)


@settings(max_examples=25)
@given(events=st.integers(0, 9), people=st.integers(1, 10**7))
def test_small_rates_agree_with_the_library(events, people):
    from statsmodels.stats.rates import confint_poisson

    low, high = confint_poisson(events, people, method="exact-c")
    found = rate_interval(events, people)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-6, abs=1e-12)


@settings(max_examples=25)
@given(a=st.integers(1, 5_000), b=st.integers(1, 5_000), n=st.integers(5_000, 10**6), m=st.integers(5_000, 10**6))
def test_ratio_of_rates_agrees_with_the_library(a, n, b, m):
    from statsmodels.stats.rates import confint_poisson_2indep

    found = rate_ratio(a, n, b, m)
    low, high = confint_poisson_2indep(a, n, b, m, method="wald-log", compare="ratio")
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), rel=1e-9)
    assert found.interval.low <= found.ratio <= found.interval.high


@settings(max_examples=100)
@given(events=st.integers(0, 100_000))
def test_interval_holds_what_was_counted_and_moves_with_it(events):
    found, next_one = poisson_limits(events), poisson_limits(events + 1)
    assert found.low <= events <= found.high
    assert found.low < next_one.low
    assert found.high < next_one.high


def test_nobody_has_no_share_no_rate_and_no_ratio():
    for wrong in (lambda: wilson(0, 0), lambda: wilson(2, 1), lambda: rate_interval(1, 0), lambda: poisson_limits(-1)):
        with pytest.raises(ValueError, match=r"no share|nobody|no count"):
            wrong()
    assert rate_ratio(0, 100, 5, 100) is None
    assert share_ratio(5, 100, 0, 100) is None


@pytest.mark.parametrize(
    ("average", "expected"), [(0.9, Mark.HIGHER), (1.0, Mark.SIMILAR), (2.0, Mark.SIMILAR), (2.1, Mark.LOWER)]
)
def test_mark_says_a_difference_only_where_the_average_is_left_out(average, expected):
    assert mark(Interval(1.0, 2.0), average) is expected
