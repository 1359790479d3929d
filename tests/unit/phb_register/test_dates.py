"""Working days of England, held against a list of bank holidays written out by hand."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_register.dates import (
    DayCount,
    add_days,
    bank_holidays,
    days_between,
    is_working_day,
    working_days_between,
)

# As the government announced them, the days on which banks were or will be shut, substitute days for weekends.
ANNOUNCED = """
2023: 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
2024: 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2025: 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2026: 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
2027: 01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28
"""
CLOSED = {
    dt.date.fromisoformat(f"{line[:4]}-{day}") for line in ANNOUNCED.strip().splitlines() for day in line[6:].split()
}
# No span of the tests leaves the years of the list.
days = st.dates(dt.date(2023, 1, 1), dt.date(2027, 10, 31))
counts = st.integers(0, 20)


def works(day: dt.date) -> bool:
    """The oracle: by the name of the day and the list above."""
    return day.strftime("%a") not in {"Sat", "Sun"} and day not in CLOSED


@pytest.mark.parametrize("year", range(2023, 2028))
def test_bank_holidays_are_those_announced(year: int) -> None:
    weekdays = {day for day in bank_holidays(year) if day.strftime("%a") not in {"Sat", "Sun"}}
    assert weekdays == {day for day in CLOSED if day.year == year}


def test_every_day_of_five_years_is_told_right() -> None:
    first = dt.date(2023, 1, 1)
    for day in (first + dt.timedelta(days=n) for n in range(5 * 365 + 1)):
        assert is_working_day(day) is works(day), day


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-12-23", 5, "2027-01-04"),  # Christmas, its substitute, a weekend and New Year's Day
        ("2026-11-20", 3, "2026-11-25"),  # a Friday
        ("2026-11-21", 1, "2026-11-23"),  # a Saturday
        ("2024-03-28", 1, "2024-04-02"),  # Easter at the end of a month
        ("2026-11-21", 0, "2026-11-21"),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: str, count: int, due: str) -> None:
    assert add_days(dt.date.fromisoformat(day), count, DayCount.WORKING) == dt.date.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [("2024-01-31", 29, "2024-02-29"), ("2023-01-31", 28, "2023-02-28"), ("2026-12-04", 28, "2027-01-01")],
)
def test_calendar_days_run_over_month_ends_and_holidays(day: str, count: int, due: str) -> None:
    assert add_days(dt.date.fromisoformat(day), count, DayCount.CALENDAR) == dt.date.fromisoformat(due)


@given(day=days, count=counts)
def test_counted_days_end_on_a_working_day_with_as_many_before_it(day: dt.date, count: int) -> None:
    due = add_days(day, count, DayCount.WORKING)
    passed = [day + dt.timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(map(works, passed)) == count
    assert count == 0 or works(due)


@given(first=days, length=st.integers(-5, 40))
def test_days_between_are_the_days_of_the_half_open_span(first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    span = [first + dt.timedelta(days=n) for n in range(length)]
    assert working_days_between(first, last) == sum(map(works, span))
    assert days_between(first, last, DayCount.CALENDAR) == len(span)


@given(first=days, middle=st.integers(0, 30), last=st.integers(0, 30), counting=st.sampled_from(DayCount))
def test_two_spans_count_as_much_as_the_whole(first: dt.date, middle: int, last: int, counting: DayCount) -> None:
    then = first + dt.timedelta(days=middle)
    end = then + dt.timedelta(days=last)
    parts = days_between(first, then, counting) + days_between(then, end, counting)
    assert parts == days_between(first, end, counting)
