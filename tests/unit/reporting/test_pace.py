"""The run rate, what is needed, and how it stands, held against counting month by month."""

import datetime as dt
import math
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.rules.pace import (
    Forecast,
    Goal,
    RunRate,
    Spread,
    Verdict,
    months_later,
    months_left,
    outlook,
    rounded,
    run_rate,
    series_of,
)

AS_AT = dt.date(2017, 2, 28)


@dataclass(frozen=True)
class Level:
    on: dt.date
    in_place: int | None


def ends(*numbers, until=AS_AT, step=1):
    """Levels at ends of months, the last one at the end of the month of `until`."""
    return [Level(months_later(until, (n - len(numbers) + 1) * step), number) for n, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (dt.date(2017, 1, 31), 1, dt.date(2017, 2, 28)),
        (dt.date(2016, 1, 5), 1, dt.date(2016, 2, 29)),
        (dt.date(2017, 11, 30), 2, dt.date(2018, 1, 31)),
        (dt.date(2017, 1, 1), -1, dt.date(2016, 12, 31)),
        (dt.date(2017, 6, 30), -18, dt.date(2015, 12, 31)),
    ],
)
def test_months_later_is_the_end_of_a_month(day, months, found):
    assert months_later(day, months) == found


@given(st.dates(dt.date(2014, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 900))
@settings(max_examples=60)
def test_months_left_are_the_months_that_have_a_day_left(as_at, days):
    by = as_at + dt.timedelta(days=days)
    left = {((as_at + dt.timedelta(days=n)).year, (as_at + dt.timedelta(days=n)).month) for n in range(1, days + 1)}
    assert months_left(as_at, by) == len(left)


def test_run_rate_is_that_of_the_last_twelve_months():
    found = run_rate(ends(5, *range(100, 113)))
    assert (found.growth, found.months, found.a_month) == (12, 12, 1)


def test_run_rate_leaves_out_the_day_that_ends_no_month():
    levels = [*ends(*range(100, 113)), Level(dt.date(2017, 3, 20), 500)]
    assert run_rate(levels).growth == 12


def test_run_rate_of_a_short_series_is_that_of_all_of_it():
    found = run_rate(ends(10, 11, 13))
    assert (found.growth, found.months, str(found.a_month)) == (3, 2, "1.5")


def test_run_rate_of_quarters_begins_a_year_or_more_before():
    levels = [*ends(*range(10, 22), until=dt.date(2016, 12, 31), step=3), Level(dt.date(2017, 2, 28), 40)]
    found = run_rate(levels)
    assert (found.since, found.months, found.growth) == (dt.date(2015, 12, 31), 14, 23)


@pytest.mark.parametrize("levels", [[], ends(5), [*ends(None), *ends(4, until=dt.date(2018, 2, 28))]])
def test_run_rate_needs_two_numbers_that_are_shown(levels):
    assert run_rate(levels) is None


def test_series_leaves_a_hidden_number_open_and_begins_with_one_that_is_shown():
    found = series_of(ends(None, 3, None, *range(12), None))
    assert found.values == (3, None, *range(12))
    assert (found.step, found.until, found.day(2)) == (1, dt.date(2017, 1, 31), dt.date(2017, 3, 31))


def test_series_of_a_long_line_is_by_quarter():
    levels = [*ends(*range(14), until=dt.date(2016, 12, 31), step=3), Level(dt.date(2017, 2, 7), 99)]
    found = series_of(levels)
    assert (found.step, found.until, found.values) == (3, dt.date(2016, 12, 31), tuple(range(14)))


def test_series_is_not_made_from_too_few_points():
    assert series_of(ends(*range(11))) is None
    assert series_of(ends(*[1, None] * 14)) is None


def goal(number, by=dt.date(2017, 12, 31)):
    return Goal("Lower target", number, by)


def ahead(lower, upper, until=dt.date(2019, 12, 31)):
    steps, day = [], AS_AT
    while day < until:
        day = months_later(day, 1)
        steps.append(Spread(day, (lower + upper) // 2, lower, upper))
    return Forecast(0.9, tuple(steps), 60)


@pytest.mark.parametrize(
    ("number", "by", "forecast", "verdict"),
    [
        (100, None, None, Verdict.REACHED),
        (100, dt.date(2016, 1, 1), None, Verdict.REACHED),
        (101, None, None, Verdict.NO_DATE),
        (101, AS_AT, None, Verdict.MISSED),
        (101, dt.date(2016, 1, 1), ahead(101, 200), Verdict.MISSED),
        (101, dt.date(2017, 12, 31), ahead(101, 200), Verdict.ON_COURSE),
        (102, dt.date(2017, 12, 31), ahead(101, 200), Verdict.UNSURE),
        (200, dt.date(2017, 12, 31), ahead(101, 200), Verdict.UNSURE),
        (201, dt.date(2017, 12, 31), ahead(101, 200), Verdict.OFF_COURSE),
        (101, dt.date(2030, 12, 31), ahead(101, 200), Verdict.NOT_KNOWN),
        (None, dt.date(2017, 12, 31), ahead(101, 200), Verdict.NOT_KNOWN),
    ],
)
def test_verdict_by_the_forecast(number, by, forecast, verdict):
    assert outlook(goal(number, by), in_place=100, as_at=AS_AT, rate=None, forecast=forecast).verdict is verdict


def test_verdict_without_a_forecast_is_by_the_run_rate_going_on():
    rate = RunRate(dt.date(2016, 2, 29), AS_AT, growth=24)
    for number, verdict in ((120, Verdict.ON_COURSE), (121, Verdict.OFF_COURSE)):
        found = outlook(goal(number), in_place=100, as_at=AS_AT, rate=rate, forecast=None)
        assert (found.verdict, found.expected.expected, found.is_forecast) == (verdict, 120, False)


@pytest.mark.parametrize(
    ("number", "by", "verdict"),
    [
        (101, dt.date(2017, 12, 31), Verdict.BEING_WORKED_OUT),
        (100, dt.date(2017, 12, 31), Verdict.REACHED),
        (101, AS_AT, Verdict.MISSED),
        (101, None, Verdict.NO_DATE),
        (None, dt.date(2017, 12, 31), Verdict.NOT_KNOWN),
    ],
)
def test_while_a_forecast_is_being_made_nothing_is_said_that_it_may_change(number, by, verdict):
    rate = RunRate(dt.date(2016, 2, 29), AS_AT, growth=24)
    found = outlook(goal(number, by), in_place=100, as_at=AS_AT, rate=rate, forecast=None, is_being_made=True)
    assert (found.verdict, found.expected) == (verdict, None)


def test_nothing_is_said_of_a_hidden_number():
    found = outlook(goal(120), in_place=None, as_at=AS_AT, rate=None, forecast=ahead(1, 2))
    assert (found.verdict, found.needed, found.months_at_run_rate) == (Verdict.NOT_KNOWN, None, None)


@given(
    in_place=st.integers(0, 500),
    missing=st.integers(1, 500),
    months=st.integers(1, 40),
    growth=st.integers(-50, 200),
    ended=st.integers(0, 100),
)
@settings(max_examples=80)
def test_needed_is_the_fewest_that_get_there(in_place, missing, months, growth, ended):
    rate = RunRate(dt.date(2016, 2, 29), AS_AT, growth, started=growth + ended, ended=ended)
    to_reach = Goal("Lower target", in_place + missing, months_later(AS_AT, months))
    found = outlook(to_reach, in_place=in_place, as_at=AS_AT, rate=rate, forecast=None)
    assert (found.needed.missing, found.needed.months) == (missing, months)
    assert found.needed.a_month * months >= missing > (found.needed.a_month - 1) * months
    lost = Fraction(ended, 12)
    assert found.needed.starts_a_month - lost >= Fraction(missing, months)
    assert found.needed.starts_a_month - 1 - lost < Fraction(missing, months)
    if growth <= 0:
        assert found.months_at_run_rate is None
    else:
        took = next(n for n in range(10**6) if Fraction(growth * n, 12) >= missing)
        assert found.months_at_run_rate == took


def test_forecast_is_the_last_step_up_to_a_day_and_none_beyond():
    found = ahead(5, 9, until=dt.date(2017, 6, 30))
    assert found.at(dt.date(2017, 5, 3)).on == dt.date(2017, 4, 30)
    assert found.at(dt.date(2017, 6, 30)).on == dt.date(2017, 6, 30)
    assert found.at(dt.date(2017, 7, 1)) is None
    assert found.at(dt.date(2017, 3, 15)) is None


@given(st.floats(-50, 500), st.floats(0, 60), st.floats(0, 60))
@settings(max_examples=60)
def test_range_is_rounded_outwards_and_holds_no_less_than_nought(expected, below, above):
    found = rounded(AS_AT, expected, expected - below, expected + above)
    assert found.lower >= 0
    assert found.lower <= max(expected - below, 0) + 0.006
    assert found.upper >= max(math.floor(expected + above), 0)
    assert found.lower <= found.expected <= found.upper
