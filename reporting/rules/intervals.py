"""How sure a share, a rate or a comparison of two of them is: 95% intervals. Pure.

Wilson's interval for a share; for a rate the limits of a Poisson count, exact below ten and Byar's approximation from
ten on; for a ratio the usual interval on its logarithm. These are the methods of Public Health England's Technical
Guide: Confidence Intervals (2018). They are a line each, so that no page loads 120 megabytes of a statistics
library for them; the tests hold them against one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from math import exp, log, sqrt
from statistics import NormalDist

LEVEL = 0.95
Z = NormalDist().inv_cdf(1 - (1 - LEVEL) / 2)
#: From this many on, Byar's limits are close enough to the exact ones.
BYAR_FROM = 10
_STEPS = 60


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both of which belong to it."""

    low: float
    high: float

    def times(self, factor: float) -> "Interval":
        """The same in another unit."""
        return Interval(self.low * factor, self.high * factor)


@unique
class Mark(StrEnum):
    """How a group stands against the average of all groups together."""

    LOWER = "Lower than average"
    HIGHER = "Higher than average"
    SIMILAR = "Similar to average"
    NOT_COMPARED = "Not compared"


def wilson(part: int, whole: int) -> Interval:
    """The interval of the share `part` of `whole` (Wilson's score method). Raises `ValueError` where it is no share."""
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} of {whole} is no share")
    share, square = part / whole, Z * Z
    middle = share + square / (2 * whole)
    spread = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    below = 1 + square / whole
    # Rounding may not take an end past nought, one or the share itself.
    return Interval(min(max((middle - spread) / below, 0.0), share), max(min((middle + spread) / below, 1.0), share))


def poisson_limits(events: int) -> Interval:
    """The interval of the number expected where `events` were counted."""
    if events < 0:
        raise ValueError(f"{events} is no count")
    if events >= BYAR_FROM:
        return Interval(_byar(events, -Z), _byar(events + 1, Z))
    tail = (1 - LEVEL) / 2
    low = _where(lambda mean: 1 - _at_most(events - 1, mean) >= tail, events) if events else 0.0
    return Interval(low, _where(lambda mean: _at_most(events, mean) <= tail, events + 20))


def _byar(events: int, z: float) -> float:
    return events * (1 - 1 / (9 * events) + z / (3 * sqrt(events))) ** 3


def _at_most(events: int, mean: float) -> float:
    """The chance of that many or fewer where `mean` are expected."""
    term = total = exp(-mean)
    for number in range(1, events + 1):
        term *= mean / number
        total += term
    return total


def _where(holds: Callable[[float], bool], largest: float) -> float:
    """The least mean up to `largest` for which `holds`, which stays true once it is, by halving."""
    low, high = 0.0, float(largest)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def rate_interval(events: int, people: int) -> Interval:
    """The interval of the rate `events` ÷ `people`. Raises `ValueError` without people."""
    if people <= 0:
        raise ValueError("There is no rate of nobody")
    return poisson_limits(events).times(1 / people)


@dataclass(frozen=True)
class RateRatio:
    """How many times the rate of the others a group's rate is."""

    ratio: float
    interval: Interval


def rate_ratio(events: int, people: int, other_events: int, other_people: int) -> RateRatio | None:
    """The ratio of two rates; None where one of them is nought, or of nobody: then there is none."""
    if min(events, people, other_events, other_people) <= 0:
        return None
    return _on_its_logarithm((events / people) / (other_events / other_people), sqrt(1 / events + 1 / other_events))


def share_ratio(part: int, whole: int, other_part: int, other_whole: int) -> RateRatio | None:
    """The ratio of two shares, which vary less than rates do; None where one is nought."""
    if min(part, whole, other_part, other_whole) <= 0:
        return None
    error = sqrt(max(1 / part - 1 / whole + 1 / other_part - 1 / other_whole, 0.0))
    return _on_its_logarithm((part / whole) / (other_part / other_whole), error)


def _on_its_logarithm(ratio: float, error: float) -> RateRatio:
    return RateRatio(ratio, Interval(exp(log(ratio) - Z * error), exp(log(ratio) + Z * error)))


def mark(interval: Interval, average: float) -> Mark:
    """Where the interval of a group stands against the average: a difference only where it leaves it out."""
    if interval.high < average:
        return Mark.LOWER
    return Mark.HIGHER if interval.low > average else Mark.SIMILAR
