"""XmR charts against a second reading of the rules, one question a point, and against an example worked by hand."""

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.rules.spc import Assurance, Better, Signal, Variation, assurance, limits_of, meaning, read_points

series = st.lists(st.integers(0, 12), min_size=0, max_size=30).map(lambda numbers: [Fraction(n) for n in numbers])


def naive_limits(values):
    mean = statistics.fmean(values)
    ranges = [abs(values[place] - values[place - 1]) for place in range(1, len(values))]
    average = statistics.fmean(ranges)
    screened = [each for each in ranges if each < 3.267 * average]
    average = statistics.fmean(screened) if screened else average
    return mean, mean - 2.66 * average, mean + 2.66 * average


def naive_signals(values, limits, place):
    """What is true of one point, asked of it alone: is there a window with it in which the rule holds?"""
    found = set()
    value, mean, lower, upper = values[place], limits.mean, limits.lower, limits.upper
    near_lower, near_upper = mean - (mean - lower) * 2 / 3, mean + (upper - mean) * 2 / 3
    if value < lower or value > upper:
        found.add(Signal.OUTSIDE)
    for first in range(max(place - 6, 0), place + 1):
        window = values[first : first + 7]
        if len(window) == 7:
            if all(each > mean for each in window) or all(each < mean for each in window):
                found.add(Signal.SHIFT)
            if window in (sorted(set(window)), sorted(set(window), reverse=True)):
                found.add(Signal.TREND)
    for first in range(max(place - 2, 0), place + 1):
        window = values[first : first + 3]
        for is_side, is_near in (
            (lambda each: each > mean, lambda each: near_upper < each <= upper),
            (lambda each: each < mean, lambda each: lower <= each < near_lower),
        ):
            enough = sum(map(is_near, window)) >= 2
            if len(window) == 3 and all(map(is_side, window)) and enough and is_near(value):
                found.add(Signal.NEAR)
    return found


@settings(max_examples=100)
@given(series)
def test_limits_and_signals_are_those_of_a_second_reading(values):
    limits = limits_of(values)
    points = read_points(values)
    assert [point.value for point in points] == values
    if len(values) < 6:
        assert limits is None
        assert not any(point.signals for point in points)
        return
    assert (limits.mean, limits.lower, limits.upper) == pytest.approx(naive_limits([float(each) for each in values]))
    for place, point in enumerate(points):
        assert point.signals == naive_signals(values, limits, place)


@settings(max_examples=50)
@given(series, st.integers(1, 29), st.integers(-50, 50))
def test_moving_all_points_moves_the_limits_and_no_signal(values, place, by):
    moved = [value + by for value in values]
    for before, after in zip(read_points(values, [place]), read_points(moved, [place]), strict=True):
        assert before.signals == after.signals
        if before.limits is not None:
            assert after.limits.mean - before.limits.mean == by
            assert after.limits.average_range == before.limits.average_range


def fractions(*numbers):
    return [Fraction(number) for number in numbers]


def test_limits_by_hand():
    """Ranges 2, 1, 3, 2, 2: average 2; mean 6.5, and 2.66 × 2 on either side of it."""
    limits = limits_of(fractions(5, 7, 6, 9, 7, 5))
    assert limits.mean == Fraction(39, 6)
    assert limits.average_range == 2
    assert (limits.lower, limits.upper) == (Fraction("1.18"), Fraction("11.82"))
    assert limits.is_trial


def test_one_wide_range_does_not_widen_the_limits():
    limits = limits_of(fractions(*[5, 6] * 8, 40, *[5, 6] * 8))
    assert limits.average_range == 1
    assert not limits.is_trial


def test_point_on_the_limit_is_within():
    values = fractions(4, 6) * 6
    limits = limits_of(values)
    assert not limits.is_outside(limits.upper)
    assert limits.is_outside(limits.upper + Fraction(1, 1000))


def test_six_in_a_row_are_no_shift_and_seven_are():
    assert not any(Signal.SHIFT in each.signals for each in read_points(fractions(*[9] * 6, *[1] * 6)))
    assert sum(Signal.SHIFT in each.signals for each in read_points(fractions(*[9] * 7, *[1] * 6))) == 7


def test_seven_that_rise_are_a_trend_whatever_side_of_the_mean():
    points = read_points(fractions(1, 2, 3, 4, 5, 6, 7))
    assert all(Signal.TREND in each.signals and each.goes_up for each in points)
    assert not any(Signal.TREND in each.signals for each in read_points(fractions(1, 2, 3, 3, 4, 5, 6)))


def test_signals_do_not_cross_a_recalculation():
    values = fractions(*[2, 3] * 6, *[12, 13] * 6)
    assert any(point.signals for point in read_points(values))
    recalculated = read_points(values, [12])
    assert not any(point.signals for point in recalculated)
    assert {float(point.limits.mean) for point in recalculated} == {2.5, 12.5}


@pytest.mark.parametrize(
    ("last", "better", "said"),
    [
        (5, Better.HIGH, Variation.COMMON),
        (40, Better.HIGH, Variation.IMPROVING),
        (40, Better.LOW, Variation.CONCERNING),
        (40, Better.NEITHER, Variation.NEITHER),
        (-30, Better.LOW, Variation.IMPROVING),
    ],
)
def test_latest_point_says_the_variation(last, better, said):
    assert meaning(read_points(fractions(*[4, 6] * 8, last))[-1], better) is said


def test_too_few_points_say_nothing():
    assert meaning(read_points(fractions(1, 2))[-1], Better.HIGH) is Variation.TOO_FEW


@pytest.mark.parametrize(
    ("target", "better", "said"),
    [
        (20, Better.HIGH, Assurance.MISSES),
        (20, Better.LOW, Assurance.HITS),
        (-20, Better.HIGH, Assurance.HITS),
        (-20, Better.LOW, Assurance.MISSES),
        (5, Better.HIGH, Assurance.EITHER),
        (5, Better.NEITHER, None),
        (None, Better.HIGH, None),
    ],
)
def test_limits_say_the_assurance(target, better, said):
    limits = limits_of(fractions(*[4, 6] * 8))
    assert assurance(limits, None if target is None else Fraction(target), better) is said
