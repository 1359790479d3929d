"""Months and years of the page of variation: which months are whole, how years add up, what may be shown."""

import datetime as dt
import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_register.disclosure import ONE_TO_FOUR, ONE_TO_SEVEN
from reporting.rules.variation import (
    Month,
    Series,
    control_years,
    first_of,
    is_safe,
    last_whole_month,
    shown_value,
    span,
    years,
)


def months_from(numbers, first=dt.date(2020, 1, 1)):
    """Months in a row from (started, ended) pairs, never more ended than there are."""
    found, in_place = [], 0
    for started, ended in numbers:
        gone = min(ended, in_place + started)
        in_place += started - gone
        found.append(Month(first, in_place, started, gone, received=started))
        first = first_of(first, -1)
    return found


@pytest.mark.parametrize(
    ("as_at", "month"),
    [
        (dt.date(2017, 2, 7), dt.date(2017, 1, 1)),
        (dt.date(2017, 2, 28), dt.date(2017, 2, 1)),
        (dt.date(2016, 2, 28), dt.date(2016, 1, 1)),
        (dt.date(2017, 1, 1), dt.date(2016, 12, 1)),
        (dt.date(2016, 12, 31), dt.date(2016, 12, 1)),
    ],
)
def test_last_month_that_is_over(as_at, month):
    assert last_whole_month(as_at) == month


@given(st.dates(dt.date(2014, 1, 1), dt.date(2030, 1, 1)), st.integers(-40, 40))
def test_first_day_of_a_month_so_many_back(day, back):
    found = first_of(day, back)
    assert found.day == 1
    assert (day.year - found.year) * 12 + day.month - found.month == back


pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40)


@settings(max_examples=60)
@given(pairs)
def test_years_are_the_months_added_up_and_follow_from_each_other(numbers):
    months = months_from(numbers)
    found = years(months)
    by_month = {each.begins_on: each for each in months}
    for year in found:
        inside = [by_month[day] for back in range(12) if (day := first_of(year.last_month, back)) in by_month]
        assert year.started == sum(each.started for each in inside)
        assert year.ended == sum(each.ended for each in inside)
        assert year.in_place == by_month[year.last_month].in_place
    for later, earlier in itertools.pairwise(found):
        assert later.in_place == earlier.in_place + later.started - later.ended


@settings(max_examples=60)
@given(pairs)
def test_hidden_number_of_a_year_cannot_be_worked_out_from_the_others(numbers):
    """Where one of four numbers that add up is hidden, another is: what is in place, started and ended in a year."""
    found = years(months_from(numbers))
    shown = control_years(found, ONE_TO_FOUR)
    for year, cells in zip(found, shown, strict=True):
        for column in ("in_place", "started", "ended", "received"):
            assert cells[column].is_hidden or cells[column].value == getattr(year, column)
            assert cells[column].is_hidden or not ONE_TO_FOUR.is_small(getattr(year, column))
    for later, earlier in itertools.pairwise(shown):
        tied = [later["in_place"], later["started"], later["ended"], earlier["in_place"]]
        assert sum(cell.is_hidden for cell in tied) != 1


def test_case_team_sees_every_number():
    found = years(months_from([(3, 0)] * 14))
    assert [cells["started"].value for cells in control_years(found, None)] == [36, 6]


def test_small_month_hides_all_months_of_its_series():
    months = [Month(dt.date(2020, 1, 1), 20, started=20, received=0, decided=8, days=80)]
    months.append(Month(dt.date(2020, 2, 1), 18, started=0, ended=2, received=9, decided=0))
    assert {each: is_safe(months, each, ONE_TO_FOUR) for each in Series} == {
        Series.STARTED: True,
        Series.CHANGE: False,
        Series.RECEIVED: True,
        Series.DAYS: True,
    }
    assert is_safe(months, Series.CHANGE, None)


def test_points_of_a_month():
    month = Month(dt.date(2020, 1, 1), 20, started=13, ended=21, received=8, decided=3, days=50)
    assert [month.value(each) for each in Series] == [13, -8, 8, Fraction(50, 3)]
    assert Month(dt.date(2020, 1, 1)).value(Series.DAYS) is None
    assert [shown_value(month, each, ONE_TO_SEVEN) for each in Series] == [15, -5, 10, 17]


def test_charts_begin_where_something_happened():
    empty, begun = Month(dt.date(2020, 1, 1)), Month(dt.date(2020, 2, 1), received=1)
    assert span([empty, begun, empty], 24) == [begun, empty]
    assert span([begun, begun, empty], 2) == [begun, empty]
    assert span([empty], 24) == []
