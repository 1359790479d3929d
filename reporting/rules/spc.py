"""XmR charts in the manner of NHS England's “Making data count”. Pure, in exact fractions: a point on a limit is in.

Mean and limits: the mean ± 2.66 average moving ranges (2.66 is 3 ÷ 1.128), the average without moving ranges above
3.267 times the average of all (Wheeler, “Understanding variation”, 2000; Nelson, Journal of Quality Technology 14,
1982). A point is a signal of special cause variation by four rules (NHS England, “Making data count: strengthening
your decisions”): outside the limits; one of seven in a row on one side of the mean; one of seven that rise or fall
without a break; one of two out of three, all on one side of the mean, in the outer third.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from fractions import Fraction
from itertools import pairwise

FROM_MEAN = Fraction(266, 100)
NEAR_FROM_MEAN = FROM_MEAN * 2 / 3
WIDEST_RANGE = Fraction(3267, 1000)
RUN = 7
#: Fewer points than this give trial limits, which move with each further one.
FIRM_FROM = 12
#: Fewer give none.
LEAST = 6


@unique
class Signal(StrEnum):
    """Why a point is not chance. In the order in which one speaks for a point that is several of them."""

    TREND = "trend"
    SHIFT = "shift"
    NEAR = "near"
    OUTSIDE = "outside"


@unique
class Better(StrEnum):
    """Which way is better."""

    HIGH = "high"
    LOW = "low"
    NEITHER = "neither"


@unique
class Variation(StrEnum):
    """What a point says of the process; the latest one says it of today."""

    TOO_FEW = "too few"
    COMMON = "common cause"
    IMPROVING = "improving"
    CONCERNING = "concerning"
    NEITHER = "special cause"


@unique
class Assurance(StrEnum):
    """Whether the process as it runs meets its target."""

    HITS = "consistently meets"
    MISSES = "consistently misses"
    EITHER = "may meet or miss"


@dataclass(frozen=True)
class Limits:
    """The mean of some points, and the limits between which chance leaves nearly all of them."""

    mean: Fraction
    average_range: Fraction
    points: int

    @property
    def lower(self) -> Fraction:
        """The lower process limit."""
        return self.mean - FROM_MEAN * self.average_range

    @property
    def upper(self) -> Fraction:
        """The upper process limit."""
        return self.mean + FROM_MEAN * self.average_range

    @property
    def is_trial(self) -> bool:
        """Whether there are too few points for firm limits."""
        return self.points < FIRM_FROM

    def side(self, value: Fraction) -> int:
        """1 above the mean, -1 below, 0 on it."""
        return (value > self.mean) - (value < self.mean)

    def is_outside(self, value: Fraction) -> bool:
        """Whether it is beyond a limit."""
        return abs(value - self.mean) > FROM_MEAN * self.average_range

    def is_near(self, value: Fraction) -> bool:
        """Whether it is in the outer third on either side, and not beyond the limit."""
        return not self.is_outside(value) and abs(value - self.mean) > NEAR_FROM_MEAN * self.average_range


@dataclass(frozen=True)
class ReadPoint:
    """A point with the limits of its stretch, None where that is too short, and what signals it is part of."""

    value: Fraction
    limits: Limits | None
    signals: frozenset[Signal]
    is_rising: bool = False

    @property
    def goes_up(self) -> bool:
        """Whether its signal is one upwards: a trend by where it leads, any other by the side of the mean."""
        if Signal.TREND in self.signals:
            return self.is_rising
        return self.limits is not None and self.value > self.limits.mean


def limits_of(values: Sequence[Fraction]) -> Limits | None:
    """The limits of one stretch of points; None where there are too few."""
    if len(values) < LEAST:
        return None
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    average = _mean(ranges)
    kept = [each for each in ranges if each < WIDEST_RANGE * average]
    return Limits(_mean(values), _mean(kept) if kept else average, len(values))


def read_points(values: Sequence[Fraction], begins: Collection[int] = ()) -> list[ReadPoint]:
    """Every point with its limits and signals. `begins` are the places from which limits are worked out anew."""
    places = sorted({0, *(place for place in begins if 0 < place < len(values)), len(values)})
    return [point for first, after in pairwise(places) for point in _read_stretch(values[first:after])]


def _read_stretch(values: Sequence[Fraction]) -> list[ReadPoint]:
    limits = limits_of(values)
    if limits is None:
        return [ReadPoint(value, None, frozenset()) for value in values]
    found: list[set[Signal]] = [{Signal.OUTSIDE} if limits.is_outside(value) else set() for value in values]
    sides = [limits.side(value) for value in values]
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
    for first in range(len(values) - RUN + 1):
        run = range(first, first + RUN)
        if abs(sum(sides[place] for place in run)) == RUN:
            _mark(found, run, Signal.SHIFT)
        if abs(sum(steps[first : first + RUN - 1])) == RUN - 1:
            _mark(found, run, Signal.TREND)
    for first in range(len(values) - 2):
        three = range(first, first + 3)
        near = [place for place in three if limits.is_near(values[place])]
        if len(near) > 1 and abs(sum(sides[place] for place in three)) == len(three):
            _mark(found, near, Signal.NEAR)
    return [
        ReadPoint(value, limits, frozenset(signals), is_rising=_is_rising(steps, place))
        for place, (value, signals) in enumerate(zip(values, found, strict=True))
    ]


def meaning(point: ReadPoint, better: Better) -> Variation:
    """What one point says."""
    if point.limits is None:
        return Variation.TOO_FEW
    if not point.signals:
        return Variation.COMMON
    if better is Better.NEITHER:
        return Variation.NEITHER
    return Variation.IMPROVING if point.goes_up == (better is Better.HIGH) else Variation.CONCERNING


def assurance(limits: Limits | None, target: Fraction | None, better: Better) -> Assurance | None:
    """Whether what the limits let expect meets the target; None without a target, or where neither way is better."""
    if limits is None or target is None or better is Better.NEITHER:
        return None
    if target > limits.upper:
        return Assurance.MISSES if better is Better.HIGH else Assurance.HITS
    if target < limits.lower:
        return Assurance.HITS if better is Better.HIGH else Assurance.MISSES
    return Assurance.EITHER


def _mark(found: Sequence[set[Signal]], places: Collection[int], signal: Signal) -> None:
    for place in places:
        found[place].add(signal)


def _is_rising(steps: Sequence[int], place: int) -> bool:
    """Whether it came up from the point before; of the first, whether the next goes up."""
    return bool(steps) and steps[max(place - 1, 0)] > 0


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
