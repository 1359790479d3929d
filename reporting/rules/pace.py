"""How fast the number in place grows, what it is to reach by when, and whether it will. Pure.

Months are counted from one month's last day to another's: what a month brings is known at its end.
"""

import calendar
import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum, unique
from typing import Protocol

#: The run rate is that of the last so many months.
RUN_RATE_MONTHS = 12
#: Fewer points than these say nothing of what is to come.
FEWEST_POINTS = 12
#: Older points than these say little of it.
MOST_POINTS = 60
#: A forecast goes no further.
MOST_MONTHS_AHEAD = 36
QUARTER = 3


class Level(Protocol):
    """The number in place at the end of a day; None where it is hidden."""

    @property
    def on(self) -> dt.date: ...

    @property
    def in_place(self) -> int | None: ...


def last_day(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def months_later(day: dt.date, months: int) -> dt.date:
    """The last day of the month that comes so many months after that of `day`; before it where below nought."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return last_day(year, month + 1)


def is_month_end(day: dt.date) -> bool:
    """Whether it is the last day of its month."""
    return day == last_day(day.year, day.month)


def months_between(first: dt.date, last: dt.date) -> int:
    """How many months the month of `last` comes after that of `first`."""
    return (last.year - first.year) * 12 + last.month - first.month


def months_left(as_at: dt.date, by: dt.date) -> int:
    """How many months there are from the end of `as_at` to the end of `by`, a begun month counting as one."""
    return max(months_between(as_at + dt.timedelta(days=1), by) + 1, 0) if by > as_at else 0


@dataclass(frozen=True)
class RunRate:
    """By how many the number in place grew between two ends of months; what began and ended, where that is shown."""

    since: dt.date
    until: dt.date
    growth: int
    started: int | None = None
    ended: int | None = None

    @property
    def months(self) -> int:
        """How many months it is the rate of."""
        return months_between(self.since, self.until)

    @property
    def a_month(self) -> Decimal:
        """The growth a month, to one decimal place, halves away from nought."""
        return (Decimal(self.growth) / self.months).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def run_rate(levels: Sequence[Level]) -> RunRate | None:
    """Return the growth over the last 12 months, up to the last end of a month there is.

    It begins with the latest end of a month at least a year before, or with the first one of a shorter series. None
    where there are not two of them, or one of the two is hidden.
    """
    ends = [level for level in levels if is_month_end(level.on)]
    if len(ends) < 2:
        return None
    last = ends[-1]
    a_year_before = months_later(last.on, -RUN_RATE_MONTHS)
    first = next((level for level in reversed(ends) if level.on <= a_year_before), ends[0])
    if first.in_place is None or last.in_place is None:
        return None
    return RunRate(first.on, last.on, last.in_place - first.in_place)


@dataclass(frozen=True)
class Spread:
    """What is expected at the end of a day, and the range it is likely to be in."""

    on: dt.date
    expected: int
    lower: int
    upper: int


@dataclass(frozen=True)
class Trial:
    """What would have been forecast a year before the last point for that day, and what it was."""

    forecast: Spread
    was: int

    @property
    def held(self) -> bool:
        """Whether what came was in the range."""
        return self.forecast.lower <= self.was <= self.forecast.upper


@dataclass(frozen=True)
class Forecast:
    """What is expected step by step after the last point, by a prediction interval of `level` (0.9 is 90%)."""

    level: float
    steps: tuple[Spread, ...]
    points: int
    trial: Trial | None = None

    def at(self, day: dt.date) -> Spread | None:
        """What is expected by the end of `day`: the last step up to it. None before the first, and beyond the last."""
        if day > months_later(self.steps[-1].on, 0):
            return None
        return next((step for step in reversed(self.steps) if step.on <= day), None)


def rounded(on: dt.date, expected: float, lower: float, upper: float) -> Spread:
    """In whole budgets, none below nought. The range is rounded outwards, hundredths apart."""
    return Spread(
        on,
        max(round(expected), 0),
        max(math.floor(round(lower, 2)), 0),
        max(math.ceil(round(upper, 2)), 0),
    )


@dataclass(frozen=True)
class Series:
    """The last points of a line that stand `step` months apart; None where a number is hidden."""

    step: int
    until: dt.date
    values: tuple[int | None, ...]

    def day(self, steps: int) -> dt.date:
        """The end of the month so many steps after the last point."""
        return months_later(self.until, steps * self.step)

    @property
    def known(self) -> list[int]:
        """The numbers that are not hidden."""
        return [value for value in self.values if value is not None]


def series_of(levels: Iterable[Level]) -> Series | None:
    """Return the points a forecast is made from: by month, or by quarter where the line has no more. None if too few.

    A number that is hidden is left open, and of three points in a row two have to be known on the whole. The day of the
    figures, where it is no end of a month, is left out: what its month brings is not known yet.
    """
    known = {level.on: level.in_place for level in levels if is_month_end(level.on)}
    for step in (1, QUARTER):
        ends = [on for on, value in known.items() if on.month % step == 0 and value is not None]
        if len(ends) < FEWEST_POINTS:
            continue
        first, last = min(ends), max(ends)
        steps = min(months_between(first, last) // step, MOST_POINTS - 1)
        values = [known.get(months_later(last, -step * number)) for number in range(steps, -1, -1)]
        found = Series(step, last, tuple(values))
        if len(found.known) >= FEWEST_POINTS and 3 * len(found.known) >= 2 * len(values):
            return found
    return None


@unique
class Verdict(StrEnum):
    """How it stands with something to be reached."""

    REACHED = "Reached"
    ON_COURSE = "On course"
    UNSURE = "Not sure"
    OFF_COURSE = "Off course"
    MISSED = "Missed"
    NO_DATE = "No date set"
    BEING_WORKED_OUT = "Being worked out"
    NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Goal:
    """A number of budgets to have in place, by a day where one is set. `words` name it; `source` is its paper."""

    words: str
    number: int | None
    by: dt.date | None
    source: str = ""


@dataclass(frozen=True)
class Needed:
    """What is still missing to a goal, in how many months, and by how many a month it comes to that."""

    missing: int
    months: int
    a_month: int
    starts_a_month: int | None


@dataclass(frozen=True)
class Outlook:
    """How it stands with one goal. `expected` is None where it cannot be said; `is_forecast` says how it was made."""

    goal: Goal
    verdict: Verdict
    needed: Needed | None
    expected: Spread | None
    is_forecast: bool
    months_at_run_rate: int | None


def outlook(
    goal: Goal,
    *,
    in_place: int | None,
    as_at: dt.date,
    rate: RunRate | None,
    forecast: Forecast | None,
    is_being_made: bool = False,
) -> Outlook:
    """Return how it stands with `goal`: by the forecast, or else by the run rate going on as it was.

    While a forecast is being made, nothing is said that it may change.
    """
    expected, is_forecast = None, False
    if goal.by is not None and goal.by > as_at:
        expected = forecast.at(goal.by) if forecast else None
        is_forecast = expected is not None
        if forecast is None and not is_being_made and in_place is not None:
            expected = _going_on(in_place, as_at, goal.by, rate)
    return Outlook(
        goal,
        _verdict(goal, in_place, as_at, expected, Verdict.BEING_WORKED_OUT if is_being_made else Verdict.NOT_KNOWN),
        _needed(goal, in_place, as_at, rate),
        expected,
        is_forecast,
        _months_at(goal, in_place, rate),
    )


def _going_on(in_place: int, as_at: dt.date, by: dt.date, rate: RunRate | None) -> Spread | None:
    if rate is None:
        return None
    then = max(in_place + round(Decimal(rate.growth) * months_left(as_at, by) / rate.months), 0)
    return Spread(by, then, then, then)


def _verdict(goal: Goal, in_place: int | None, as_at: dt.date, expected: Spread | None, without: Verdict) -> Verdict:
    if goal.number is None or in_place is None:
        return Verdict.NOT_KNOWN
    if in_place >= goal.number:
        return Verdict.REACHED
    if goal.by is None:
        return Verdict.NO_DATE
    if goal.by <= as_at:
        return Verdict.MISSED
    if expected is None:
        return without
    if expected.lower >= goal.number:
        return Verdict.ON_COURSE
    return Verdict.OFF_COURSE if expected.upper < goal.number else Verdict.UNSURE


def _needed(goal: Goal, in_place: int | None, as_at: dt.date, rate: RunRate | None) -> Needed | None:
    """None where it is reached, or no day is set, or it is over."""
    if goal.number is None or in_place is None or goal.by is None or goal.by <= as_at or in_place >= goal.number:
        return None
    missing, months = goal.number - in_place, months_left(as_at, goal.by)
    starts = None
    if rate is not None and rate.ended is not None:
        # What ends meanwhile has to be made up for too, at the rate it ended.
        starts = math.ceil(Decimal(missing) / months + Decimal(rate.ended) / rate.months)
    return Needed(missing, months, math.ceil(Decimal(missing) / months), starts)


def _months_at(goal: Goal, in_place: int | None, rate: RunRate | None) -> int | None:
    """How many months it takes at the run rate; None where it is reached, or never is."""
    if goal.number is None or in_place is None or rate is None or rate.growth <= 0 or in_place >= goal.number:
        return None
    return math.ceil(Decimal(goal.number - in_place) * rate.months / rate.growth)
