"""The equity lens: uptake and outcomes group by group, as they may be shown. Pure.

Each group is compared with the average of all groups whose people are known, and with all the other groups together.
A difference is marked only where the 95% interval leaves the average out. Of the groups "not stated", "not known" and
places that no table knows, numbers are shown and nothing is compared.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum, unique

from phb_register.disclosure import Controlled, protect_derived
from reporting.measures import Ratio, round_half_up
from reporting.rules.equity_groups import UNKNOWN, Characteristic, group_label
from reporting.rules.intervals import Interval, Mark, RateRatio, mark, rate_interval, rate_ratio, share_ratio, wilson

DASH = "–"


@unique
class Base(StrEnum):
    """What people are divided by. Those eligible and those who answered are few: they are under control too."""

    ELIGIBLE = "people eligible"
    ANSWERED = "people who answered"
    POPULATION = "population"
    NOT_KNOWN = "not known"

    @property
    def is_controlled(self) -> bool:
        """Whether its numbers may tell something of one person."""
        return self in (Base.ELIGIBLE, Base.ANSWERED)


@dataclass(frozen=True)
class GroupBase:
    """How many could be counted in each group that has a number; `remedy` says what to do where none has."""

    base: Base
    people: Mapping[str, int] = field(default_factory=dict)
    counted_on: dt.date | None = None
    source: str = ""
    remedy: str = ""

    def of(self, people: Mapping[str, int]) -> "GroupBase":
        """The same count by other groups."""
        return replace(self, people=people)


@dataclass(frozen=True)
class Counts:
    """What was counted of one characteristic: people by group, and what they are divided by."""

    characteristic: Characteristic
    people: Mapping[str, int]
    base: GroupBase


@dataclass(frozen=True)
class Shown:
    """The numbers of one characteristic as they may be shown.

    `all` is everybody, known group or not; `base` has the groups that were counted, `base_all` their sum.
    """

    all: Controlled
    people: Mapping[str, Controlled]
    base: Mapping[str, Controlled]
    base_all: Controlled


@dataclass(frozen=True)
class Line:
    """One group: people, what part of all they are, how many could have been, the rate, and how it compares.

    `ratio` compares the rate with that of all the other groups together. `drawn` are the rate and its interval as
    numbers, for the chart; None where they are hidden or not known.
    """

    group: str
    label: str
    people: Controlled
    percent: Controlled
    base: Controlled
    rate: Controlled
    interval: Controlled
    ratio: Controlled
    mark: Mark
    drawn: tuple[float, Interval] | None = None


@dataclass(frozen=True)
class Table:
    """The lines of one characteristic, and the average they are compared with."""

    characteristic: Characteristic
    lines: tuple[Line, ...]
    base: GroupBase
    all: Controlled
    average: Controlled
    drawn_average: float | None


@dataclass(frozen=True)
class Unit:
    """How a rate is worked out and written."""

    factor: int
    step: str
    suffix: str
    interval: Callable[[int, int], Interval]
    ratio: Callable[[int, int, int, int], RateRatio | None]

    def text(self, value: float) -> str:
        """The rate in words, halves up."""
        return f"{round_half_up(Decimal(str(value)), self.step):,}{self.suffix}"

    def interval_text(self, found: Interval) -> str:
        """The interval in words."""
        return f"{self.text(found.low)} to {self.text(found.high)}"


PER_1000 = Unit(1000, "0.01", "", rate_interval, rate_ratio)
PERCENT = Unit(100, "0.1", "%", wilson, share_ratio)


def unit_of(base: Base) -> Unit:
    """Rates per 1,000 of a population; a percentage of those eligible, or of those who answered."""
    return PERCENT if base.is_controlled else PER_1000


@dataclass(frozen=True)
class _Average:
    """Everybody who is compared: people, what they are divided by, and the rate."""

    people: Controlled
    base: Controlled

    @property
    def rate(self) -> float | None:
        """None where it is hidden or not known."""
        return _rate(self.people, self.base)


def table(characteristic: Characteristic, base: GroupBase, shown: Shown) -> Table:
    """Work the lines of one characteristic out, from the numbers as they may be shown and from nothing else."""
    unit, compared = unit_of(base.base), _compared(shown)
    average = _Average(
        _sum_of(compared, shown.people, shown.all) if compared else _NONE,
        _sum_of(compared, shown.base, shown.base_all) if compared else _NONE,
    )
    rate = average.rate
    text = DASH if rate is None else unit.text(rate * unit.factor)
    return Table(
        characteristic=characteristic,
        lines=tuple(_line(characteristic, group, shown, unit, average, compared) for group in shown.people),
        base=base,
        all=shown.all,
        average=protect_derived(None, text, [average.people, average.base]),
        drawn_average=None if rate is None else rate * unit.factor,
    )


def _compared(shown: Shown) -> frozenset[str]:
    """The groups that can be compared: who is in them is known, and somebody could be counted in them."""
    return frozenset(
        group
        for group in shown.people
        if group not in UNKNOWN and group in shown.base and (shown.base[group].is_hidden or shown.base[group].value)
    )


def _sum_of(groups: Iterable[str], cells: Mapping[str, Controlled], total: Controlled) -> Controlled:
    """The sum of some of the cells of a table, from those that are shown: added up, or all less the others."""
    wanted = [cells[group] for group in groups]
    others = [cells[group] for group in cells if group not in set(groups)]
    if not any(cell.is_hidden for cell in wanted):
        number = sum(_number(cell) for cell in wanted)
    else:
        number = _number(total) - sum(_number(cell) for cell in others)
        wanted = [total, *others]
    # Rounded numbers do not add up; there are never fewer than none.
    return protect_derived(max(number, 0), f"{max(number, 0):,}", wanted)


def _line(
    characteristic: Characteristic,
    group: str,
    shown: Shown,
    unit: Unit,
    average: _Average,
    compared: Collection[str],
) -> Line:
    people, base = shown.people[group], shown.base.get(group, _NONE)
    rate, interval = _rate(people, base), _interval(people, base, unit)
    line = Line(
        group=group,
        label=group_label(characteristic, group),
        people=people,
        percent=_percent(people, shown.all),
        base=base,
        rate=protect_derived(None, DASH if rate is None else unit.text(rate * unit.factor), [people, base]),
        interval=protect_derived(
            None, DASH if interval is None else unit.interval_text(interval.times(unit.factor)), [people, base]
        ),
        ratio=_NONE,
        mark=Mark.NOT_COMPARED,
    )
    if group not in compared:
        return line
    return replace(
        line,
        mark=Mark.NOT_COMPARED if interval is None or average.rate is None else mark(interval, average.rate),
        ratio=_ratio(people, base, average, unit),
        drawn=None if rate is None or interval is None else (rate * unit.factor, interval.times(unit.factor)),
    )


def _ratio(people: Controlled, base: Controlled, average: _Average, unit: Unit) -> Controlled:
    """The rate against that of all the others, worked out from what is shown."""
    parts = [people, base, average.people, average.base]
    events, number = _number(people), _number(base)
    found = unit.ratio(events, number, _number(average.people) - events, _number(average.base) - number)
    if found is None or any(part.is_hidden for part in parts):
        return protect_derived(None, DASH, parts)
    low, high = (round_half_up(Decimal(str(end)), "0.01") for end in (found.interval.low, found.interval.high))
    return protect_derived(None, f"{round_half_up(Decimal(str(found.ratio)), '0.01')} ({low} to {high})", parts)


def _number(cell: Controlled) -> int:
    return cell.value if isinstance(cell.value, int) else 0


def _rate(people: Controlled, base: Controlled) -> float | None:
    if not isinstance(people.value, int) or not isinstance(base.value, int) or not base.value:
        return None
    return people.value / base.value


def _interval(people: Controlled, base: Controlled, unit: Unit) -> Interval | None:
    """None where it is not known, or where more were counted than could have been: then the counts are to be mended."""
    if _rate(people, base) is None:
        return None
    part, whole = _number(people), _number(base)
    return None if part > whole and unit is PERCENT else unit.interval(part, whole)


def _percent(part: Controlled, everybody: Controlled) -> Controlled:
    found = None
    if isinstance(part.value, int) and isinstance(everybody.value, int) and everybody.value:
        found = Ratio(part.value, everybody.value).percent
    return protect_derived(found, DASH if found is None else f"{found}%", [part, everybody])


_NONE = protect_derived(None, DASH, [])
