"""Months and years of the page of variation: which months are whole, how years add up, what may be shown."""

import datetime as dt
import itertools
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from phb_register.disclosure import ONE_TO_FOUR, Controlled, Reason
from reporting.ledger import Earlier, Place, join
from reporting.rules.variation import Month, Series, first_of, last_whole_month, span, years
from reporting.variation_release import (
    KEYS,
    YEAR_KEYS,
    charted_keys,
    last_day,
    month_counts,
    months_shown,
    series_to_release,
    year_counts,
    years_shown,
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


def shown_beside(counts, month):
    """What is shown of a month, or of the twelve that it ends, where nothing was shown before."""
    return join(counts, Place(1, last_day(month)), ONE_TO_FOUR, Earlier()).cells


@settings(max_examples=40)
@example([(0, 0)] * 24)
@example([(0, 0)] * 24 + [(1, 0)])
@given(pairs)
def test_hidden_number_of_a_year_cannot_be_worked_out_from_the_others(numbers):
    """Where one of the numbers that add up is hidden, another is: what is in place, started and ended in a year."""
    for year in years(months_from(numbers)):
        before = year.in_place - year.started + year.ended
        cells = shown_beside(year_counts(year, before, []), year.last_month)
        for name, key in YEAR_KEYS.items():
            assert cells[key].is_hidden or cells[key].value == getattr(year, name)
            assert cells[key].is_hidden or not ONE_TO_FOUR.is_small(getattr(year, name))


@given(pairs)
def test_no_month_is_released_that_tells_of_few(numbers):
    months = months_from(numbers)
    charted = span(months, 24)
    released = series_to_release(months, ONE_TO_FOUR)
    assert (Series.STARTED in released) == (
        bool(charted) and not any(ONE_TO_FOUR.is_small(each.started) for each in charted)
    )
    for month in charted:
        cells = shown_beside(
            month_counts(month, month.in_place - month.started + month.ended, released), month.begins_on
        )
        keys = {key for series in released for key in KEYS[series]}
        assert keys <= cells.keys()


def test_months_and_years_are_read_again_as_they_were_released():
    as_at = dt.date(2020, 12, 31)
    months = months_from([(9, 0)] * 12)
    (year,) = years(months)
    series = [Series.STARTED, Series.CHANGE]
    cells = {}
    for month in months:
        found = shown_beside(month_counts(month, month.in_place - month.started, series), month.begins_on)
        cells |= {f"{key}@{last_day(month.begins_on)}": cell for key, cell in found.items()}
    cells |= {
        f"{key}@{as_at}": cell for key, cell in shown_beside(year_counts(year, 0, series), year.last_month).items()
    }
    assert cells.keys() >= {key for key in charted_keys(as_at) if "started" in key and key.endswith("@2020-05-31")}
    read, shown = months_shown(cells, as_at)
    assert shown == {Series.STARTED, Series.CHANGE}
    assert [(each.begins_on, each.started, each.ended) for each in read] == [
        (each.begins_on, each.started, each.ended) for each in months
    ]
    ((month, numbers),) = years_shown(cells, as_at)
    assert (month, numbers["in_place"].value, numbers["started"].value) == (dt.date(2020, 12, 1), 108, 108)
    cells["started_in_month@2020-05-31"] = Controlled(None, "*", Reason.PROTECTS_ANOTHER)
    assert months_shown(cells, as_at)[1] == frozenset()


def test_points_of_a_month():
    month = Month(dt.date(2020, 1, 1), 20, started=13, ended=21, received=8, decided=3, days=50)
    assert [month.value(each) for each in Series] == [13, -8, 8, Fraction(50, 3)]
    assert Month(dt.date(2020, 1, 1)).value(Series.DAYS) is None


def test_charts_begin_where_something_happened():
    empty, begun = Month(dt.date(2020, 1, 1)), Month(dt.date(2020, 2, 1), received=1)
    assert span([empty, begun, empty], 24) == [begun, empty]
    assert span([begun, begun, empty], 2) == [begun, empty]
    assert span([empty], 24) == []
