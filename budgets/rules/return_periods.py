"""When monitoring returns are due: the periods they cover, by risk level. Pure."""

import calendar
import datetime as dt
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)
MONTHS_IN_YEAR = 12


@dataclass(frozen=True)
class ReturnPeriod:
    """The days a return covers, both counted."""

    first_on: dt.date
    last_on: dt.date


def months_after(day: dt.date, months: int, *, anchor_day: int = 0) -> dt.date:
    """The same day so many months later, or the last of a month without such a day (31 May → 30 November).

    ``anchor_day`` is the day of the month to come back to after a short month; the day's own where it is not given.
    """
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    year = day.year + years
    return dt.date(year, month + 1, min(anchor_day or day.day, calendar.monthrange(year, month + 1)[1]))


def first_period(starts_on: dt.date, weeks: int) -> ReturnPeriod:
    """The first return covers the first weeks: early, while habits form."""
    return ReturnPeriod(starts_on, starts_on + ONE_DAY * (weeks * 7 - 1))


def next_period(previous_last_on: dt.date, months: int, *, anchor_day: int) -> ReturnPeriod:
    """The return after one: from the day after it, for so many months, without gap or overlap.

    ``anchor_day`` is the day of the month on which the second period began: a February shortens the period that ends
    in it, and none after it.
    """
    first_on = previous_last_on + ONE_DAY
    return ReturnPeriod(first_on, months_after(first_on, months, anchor_day=anchor_day) - ONE_DAY)
