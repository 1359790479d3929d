"""Birthdays, notice and dates typed the wrong way round."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_register.rules import age_on, birthday_on, dates_like, latest_birth_for, months_after

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
AGES = st.integers(0, 110)


@given(DAYS, AGES)
def test_birthday_is_the_first_day_of_the_age(born_on: dt.date, age: int) -> None:
    day = birthday_on(born_on, age)
    assert age_on(born_on, day) == age
    assert age_on(born_on, day - dt.timedelta(1)) == age - 1


@given(DAYS, AGES)
def test_latest_birth_is_the_last_one_that_reaches_the_age(day: dt.date, age: int) -> None:
    born_on = latest_birth_for(age, day)
    assert age_on(born_on, day) >= age
    assert age_on(born_on + dt.timedelta(1), day) < age


def test_birthday_of_the_29th_of_february_is_the_1st_of_march_in_other_years() -> None:
    assert birthday_on(dt.date(2008, 2, 29), 16) == dt.date(2024, 2, 29)
    assert birthday_on(dt.date(2008, 2, 29), 18) == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        ((2026, 11, 22), 6, (2027, 5, 22)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 12, 31), 1, (2027, 1, 31)),
        ((2026, 1, 31), -1, (2025, 12, 31)),
    ],
)
def test_months_after(day: tuple[int, int, int], months: int, found: tuple[int, int, int]) -> None:
    assert months_after(dt.date(*day), months) == dt.date(*found)


@given(DAYS)
def test_dates_like_one_have_its_year_and_give_it_back(day: dt.date) -> None:
    for other in dates_like(day):
        assert {other.day, other.month} == {day.day, day.month}
        assert other.year == day.year
        assert day in dates_like(other)
