"""Funnel plots: how far apart commissioners of different size are by chance alone. Pure.

Spiegelhalter, “Funnel plots for comparing institutional performance”, Statistics in Medicine 24 (2005): exact limits
by interpolation (appendix A.1), and how much further apart they are than chance makes them (section 2.3), by the
average squared z-score, the lowest and the highest tenth pulled in to the next.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

#: The shares of chance below each limit: 95% of commissioners between the inner two, 99.8% between the outer two.
LEVELS = (0.001, 0.025, 0.975, 0.999)
#: Standard deviations from the middle to each of them.
_SIGMAS = (-3.0902323, -1.9599640, 1.9599640, 3.0902323)
WINSORISED = 0.1
#: Fewer commissioners are compared by eye.
LEAST = 5


@unique
class Place(StrEnum):
    """Where a commissioner stands in the funnel."""

    FAR_BELOW = "below the 99.8% limits"
    BELOW = "below the 95% limits"
    WITHIN = "within the limits"
    ABOVE = "above the 95% limits"
    FAR_ABOVE = "above the 99.8% limits"


@dataclass(frozen=True)
class Comparison:
    """The share all commissioners have together, and how many times more they differ than by chance: 1 or more."""

    share: float
    dispersion: float
    is_of_a_whole: bool

    @property
    def is_overdispersed(self) -> bool:
        """Whether limits are widened."""
        return self.dispersion > 1

    def limits(self, size: int) -> tuple[float, ...]:
        """The four limits of the share for a commissioner of this size, lowest first."""
        if self.is_overdispersed:
            left = 1 - self.share if self.is_of_a_whole else 1
            spread = math.sqrt(self.dispersion * self.share * left / size)
            return tuple(max(self.share + sigma * spread, 0.0) for sigma in _SIGMAS)
        terms = _binomial(size, self.share) if self.is_of_a_whole else _poisson(size * self.share)
        return tuple(max(each / size, 0.0) for each in _quantiles(*terms))

    def place(self, count: int, size: int) -> Place:
        """Where a commissioner with `count` of `size` stands."""
        far_low, low, high, far_high = self.limits(size)
        share = count / size
        if share < low:
            return Place.FAR_BELOW if share < far_low else Place.BELOW
        if share > high:
            return Place.FAR_ABOVE if share > far_high else Place.ABOVE
        return Place.WITHIN


def compare(counts: Sequence[int], sizes: Sequence[int], *, is_of_a_whole: bool) -> Comparison | None:
    """Compare commissioners. `is_of_a_whole`: `counts` are some of `sizes` (binomial), not events in them (Poisson).

    None where there are too few, or nobody to compare.
    """
    total = sum(sizes)
    if len(sizes) < LEAST or not sum(counts) or min(sizes) < 1:
        return None
    share = sum(counts) / total
    left = 1 - share if is_of_a_whole else 1.0
    if left <= 0:
        return None
    scores = sorted(
        (count / size - share) / math.sqrt(share * left / size) for count, size in zip(counts, sizes, strict=True)
    )
    cut = int(len(scores) * WINSORISED)
    pulled = [scores[min(max(place, cut), len(scores) - 1 - cut)] for place in range(len(scores))]
    dispersion = sum(score * score for score in pulled) / len(pulled)
    # Chance alone spreads the average of as many squares about 1 by this much; within two of it nothing is shown.
    is_more = dispersion > 1 + 2 * math.sqrt(2 / len(pulled))
    return Comparison(share, dispersion if is_more else 1.0, is_of_a_whole)


#: Where to begin, how likely that is, and how much likelier the next number is than the one before.
Terms = tuple[int, float, Callable[[int], float]]


def _poisson(mean: float) -> Terms:
    first = int(mean)
    return first, math.exp(first * math.log(mean) - mean - math.lgamma(first + 1)), lambda number: mean / number


def _binomial(size: int, share: float) -> Terms:
    first = min(int(size * share), size)
    log_choose = math.lgamma(size + 1) - math.lgamma(first + 1) - math.lgamma(size - first + 1)
    likely = math.exp(log_choose + first * math.log(share) + (size - first) * math.log1p(-share))
    odds = share / (1 - share)
    return first, likely, lambda number: (size - number + 1) / number * odds


#: Numbers less likely than this are as good as impossible.
_NEVER = 1e-13


def _quantiles(first: int, likely: float, likelier: Callable[[int], float]) -> list[float]:
    """The number below which each of `LEVELS` of chance lies, between two whole numbers by interpolation."""
    chances = {first: likely}
    number, chance = first, likely
    while chance > _NEVER:
        number += 1
        chance *= likelier(number)
        chances[number] = chance
    number, chance = first, likely
    while number > 0 and chance > _NEVER:
        chance /= likelier(number)
        number -= 1
        chances[number] = chance
    found: list[float] = []
    below = 0.0
    for number in sorted(chances):
        up_to = below + chances[number]
        while len(found) < len(LEVELS) and up_to >= LEVELS[len(found)]:
            found.append(number - (up_to - LEVELS[len(found)]) / chances[number])
        below = up_to
    return found
