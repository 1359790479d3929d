"""What is due for a period: pure, exact, in whole pence. Decimal pounds come in and go out.

The agreed amount of a method is accrued within each financial year (1 April to 31 March): by day where it is paid by
the week (a day is 1/365 of the year, 1/366 in a leap year), by month where it is paid by the month (a month is 1/12,
a day of it its part of the month). The running total of a year is rounded to the penny, halves up, and an instalment
is the difference of two running totals. So the instalments of a year add to what the year is worth, a whole year to
the annual amount, and cutting a period in two changes nothing.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from budgets.payment_enums import Frequency, PaidWhen
from phb_register.dates import FinancialYear, financial_year

ONE_DAY = timedelta(days=1)
PENCE_IN_POUND = 100
MONTHS = 12
#: The least number of parts that a month of 28, 29, 30 or 31 days can be cut into by days.
MONTH_PARTS = 377_580
WEEKS = {Frequency.WEEKLY: 7, Frequency.FOUR_WEEKLY: 28}


@dataclass(frozen=True, slots=True)
class Accrual:
    """Pounds a year from `starts_on` until the day before `ends_on` (None: goes on)."""

    starts_on: date
    ends_on: date | None
    annual_amount: Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """Days paid for together, both included, and when they are due."""

    first: date
    last: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Timing:
    """How a schedule pays: its periods start on `starts_on`, the last one ends before `ends_on`."""

    frequency: Frequency
    starts_on: date
    ends_on: date | None
    paid_when: PaidWhen
    wait_days: int = 0

    def due_on(self, first: date, last: date) -> date:
        """When a period is due: so many days before it begins, or after it ends."""
        if self.paid_when == PaidWhen.ADVANCE:
            return first - timedelta(days=self.wait_days)
        return last + timedelta(days=self.wait_days)


def periods(timing: Timing, due_by: date) -> Iterator[Period]:
    """The periods due on or before a day, in order. The last one is cut where the schedule ends."""
    first = timing.starts_on
    while timing.ends_on is None or first < timing.ends_on:
        whole = last_day(timing.frequency, first)
        last = whole if timing.ends_on is None else min(whole, timing.ends_on - ONE_DAY)
        due_on = timing.due_on(first, last)
        if due_on > due_by:
            return
        yield Period(first, last, due_on)
        if timing.frequency == Frequency.ONE_OFF:
            return
        first = last + ONE_DAY


def last_day(frequency: Frequency, first: date) -> date:
    """The last day of the period that begins on `first`. Months are those of the calendar."""
    if frequency == Frequency.MONTHLY:
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if frequency == Frequency.ONE_OFF:
        return first
    return first + timedelta(days=WEEKS[frequency] - 1)


def running_total(accruals: Sequence[Accrual], until: date, by_month: "Basis") -> int:
    """What had accrued by the end of the day before `until`, in pence: each financial year's total, rounded."""
    total = 0
    for year in _years(accruals, until):
        is_monthly = by_month.is_monthly(year.begins)
        parts, whole = 0, _whole(year.begins, is_monthly=is_monthly)
        for accrual in accruals:
            first = max(accrual.starts_on, year.start)
            end = min(until, year.end + ONE_DAY, accrual.ends_on or date.max)
            if first < end:
                parts += _pence(accrual.annual_amount) * _parts(year.begins, first, end, is_monthly=is_monthly)
        total += _rounded(parts, whole)
    return total


def instalment(accruals: Sequence[Accrual], first: date, last: date, by_month: "Basis") -> Decimal:
    """What the days from `first` to `last`, both included, are worth in pounds."""
    pence = running_total(accruals, last + ONE_DAY, by_month) - running_total(accruals, first, by_month)
    return pounds(pence)


@dataclass(frozen=True)
class Basis:
    """Which financial years accrue by month: those whose latest schedule pays by the month; the others by day.

    A year that changes over is reckoned anew as a whole, so that it still adds to its annual amount.
    """

    changes: tuple[tuple[date, bool], ...]

    @classmethod
    def of(cls, schedules: Iterable[tuple[date, Frequency]]) -> "Basis":
        """From the first days of the schedules of one method, and how often each pays."""
        return cls(tuple(sorted((starts_on, frequency == Frequency.MONTHLY) for starts_on, frequency in schedules)))

    def is_monthly(self, year: int) -> bool:
        """Whether the financial year that begins in `year` accrues by month."""
        end = FinancialYear(year).end
        begun = [is_monthly for starts_on, is_monthly in self.changes if starts_on <= end]
        return begun[-1] if begun else bool(self.changes and self.changes[0][1])


BY_MONTH = Basis(((date.min, True),))
BY_DAY = Basis(((date.min, False),))


def within(accruals: Iterable[Accrual], first: date, end: date | None) -> list[Accrual]:
    """The parts of accruals from `first` until the day before `end`: what a schedule pays of them."""
    found = []
    for accrual in accruals:
        starts_on = max(accrual.starts_on, first)
        ends_on = min(accrual.ends_on or date.max, end or date.max)
        if starts_on < ends_on:
            found.append(Accrual(starts_on, None if ends_on == date.max else ends_on, accrual.annual_amount))
    return found


def balanced(instalments: Sequence[Decimal], owed: Decimal) -> list[Decimal]:
    """What to add to each instalment, so that together they come to `owed`; none is brought below nought.

    What was paid too little is added to the first. What was paid too much is taken off one after another; what is
    left over then is taken off later ones.
    """
    rest = owed - sum(instalments, Decimal(0))
    adjustments = []
    for amount in instalments:
        adjustment = max(rest, -amount)
        adjustments.append(adjustment)
        rest -= adjustment
    return adjustments


def split(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """An amount by shares that add to 100, to the penny: what is left over goes to the largest remainders.

    Of equal remainders the first comes first. An amount below nought is split as its opposite, so that a reversal
    takes back exactly what was given.
    """
    if amount < 0:
        return [-part for part in split(-amount, percents)]
    exact = [_pence(amount) * _pence(percent) for percent in percents]
    whole = PENCE_IN_POUND * PENCE_IN_POUND
    parts = [each // whole for each in exact]
    left = _pence(amount) - sum(parts)
    order = sorted(range(len(exact)), key=lambda place: (-(exact[place] % whole), place))
    for place in order[:left]:
        parts[place] += 1
    return [pounds(part) for part in parts]


def pounds(pence: int) -> Decimal:
    """Whole pence as pounds."""
    return Decimal(pence).scaleb(-2)


def _pence(amount: Decimal) -> int:
    return int(amount * PENCE_IN_POUND)


def _rounded(parts: int, whole: int) -> int:
    """Halves up; nothing that accrues is below nought."""
    return (2 * parts + whole) // (2 * whole)


def _years(accruals: Sequence[Accrual], until: date) -> Iterator[FinancialYear]:
    if not accruals:
        return
    first = min(accrual.starts_on for accrual in accruals)
    if first >= until:
        return
    last = max(accrual.ends_on or date.max for accrual in accruals)
    for begins in range(financial_year(first).begins, financial_year(min(until, last) - ONE_DAY).begins + 1):
        yield FinancialYear(begins)


def _whole(year: int, *, is_monthly: bool) -> int:
    """How many parts a financial year is reckoned in."""
    if is_monthly:
        return MONTHS * MONTH_PARTS
    return (FinancialYear(year).end - FinancialYear(year).start).days + 1


@lru_cache(maxsize=65536)
def _parts(year: int, first: date, end: date, *, is_monthly: bool) -> int:
    """How many parts of its financial year lie from `first` until the day before `end`."""
    if not is_monthly:
        return (end - first).days
    parts, day = 0, first
    while day < end:
        length = calendar.monthrange(day.year, day.month)[1]
        following = day.replace(day=1) + timedelta(days=length)
        parts += (min(end, following) - day).days * (MONTH_PARTS // length)
        day = following
    return parts
