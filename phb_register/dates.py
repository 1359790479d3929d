"""The UK financial year, which starts on 1 April; and the working days of England. Pure."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.db import models

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class DayCount(models.TextChoices):
    """Which days a clock counts."""

    CALENDAR = "calendar", "Calendar days"
    WORKING = "working", "Working days: not weekends, nor bank holidays in England"


@dataclass(frozen=True, order=True)
class FinancialYear:
    """A financial year by the calendar year in which it begins: ``FinancialYear(2016)`` is 2016/17."""

    begins: int

    @property
    def start(self) -> dt.date:
        """1 April, the first day."""
        return dt.date(self.begins, 4, 1)

    @property
    def end(self) -> dt.date:
        """31 March, the last day."""
        return dt.date(self.begins + 1, 3, 31)

    @property
    def label(self) -> str:
        """As people write it: ``2016/17``."""
        return f"{self.begins}/{(self.begins + 1) % 100:02d}"

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.label


def financial_year(day: dt.date) -> FinancialYear:
    """The financial year in which ``day`` falls."""
    return FinancialYear(day.year if day >= dt.date(day.year, 4, 1) else day.year - 1)


def is_month_end(day: dt.date) -> bool:
    """Whether it is the last day of a month."""
    return (day + ONE_DAY).day == 1


def last_month_end(day: dt.date) -> dt.date:
    """The end of the last month that is over by the end of ``day``."""
    return day if is_month_end(day) else day.replace(day=1) - ONE_DAY


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[dt.date]:
    """The bank holidays of England in a year, as announced when the library was pinned."""
    # Loaded where working days are counted: its tables of every country are three megabytes in every process.
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: dt.date) -> bool:
    """Whether it is neither a weekend nor a bank holiday in England."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def working_days_between(first: dt.date, last: dt.date) -> int:
    """How many working days there are from ``first`` until the day before ``last``; none where that is earlier."""
    return sum(is_working_day(first + ONE_DAY * n) for n in range((last - first).days))


def add_days(day: dt.date, count: int, counting: DayCount) -> dt.date:
    """The day on which ``count`` days have passed since ``day``, which itself does not count.

    No working days after a weekend is that weekend: nothing is moved that nothing was added to.
    """
    if counting == DayCount.CALENDAR:
        return day + ONE_DAY * count
    for _ in range(count):
        day += ONE_DAY
        while not is_working_day(day):
            day += ONE_DAY
    return day


def days_between(first: dt.date, last: dt.date, counting: DayCount) -> int:
    """How many days of this kind there are from ``first`` until the day before ``last``."""
    if counting == DayCount.WORKING:
        return working_days_between(first, last)
    return max((last - first).days, 0)
