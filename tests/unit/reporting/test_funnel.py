"""Funnel limits against scipy's distributions, and against sums written out with whole numbers."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from reporting.rules.funnel import LEVELS, Comparison, Place, compare


def interpolated(cumulative, level):
    """Spiegelhalter's rule in exact fractions: the first number at which enough is reached, less the part too much."""
    number = 0
    while cumulative(number) < level:
        number += 1
    before = cumulative(number - 1) if number else Fraction(0)
    return number - (cumulative(number) - level) / (cumulative(number) - before)


@pytest.mark.parametrize(("size", "part"), [(40, 4), (9, 1), (25, 20)])
def test_limits_of_a_share_are_those_of_the_exact_sum(size, part):
    chance = Fraction(part, size)

    def cumulative(number):
        terms = (math.comb(size, k) * chance**k * (1 - chance) ** (size - k) for k in range(number + 1))
        return sum(terms, Fraction(0))

    limits = Comparison(part / size, 1.0, is_of_a_whole=True).limits(size)
    for limit, level in zip(limits, LEVELS, strict=True):
        expected = interpolated(cumulative, Fraction(level).limit_denominator(1000))
        assert limit * size == pytest.approx(max(float(expected), 0), abs=1e-6)


@pytest.mark.parametrize("mean", [0.3, 3.0, 47.5, 4700.0])
def test_limits_of_a_rate_enclose_the_right_share_of_chance(mean):
    """Between the whole numbers on both sides of a limit lies the level, by scipy's Poisson distribution."""
    poisson = stats.poisson(mean)
    size = 1_000_000
    limits = Comparison(mean / size, 1.0, is_of_a_whole=False).limits(size)
    for limit, level in zip(limits, LEVELS, strict=True):
        quantile = int(poisson.ppf(level))
        assert limit * size == pytest.approx(
            max(quantile - (poisson.cdf(quantile) - level) / poisson.pmf(quantile), 0), abs=1e-4
        )


def test_limits_are_in_order_and_narrow_with_size():
    found = compare([12, 30, 44, 9, 61], [10_000, 25_000, 40_000, 9_000, 50_000], is_of_a_whole=False)
    widths = []
    for size in (5_000, 20_000, 80_000):
        limits = found.limits(size)
        assert list(limits) == sorted(limits)
        assert limits[1] <= found.share <= limits[2]
        widths.append(limits[3] - limits[0])
    assert widths == sorted(widths, reverse=True)


def test_chance_alone_is_not_called_overdispersed_and_more_is():
    rng = random.Random(3)
    sizes = [2000] * 40
    by_chance = [sum(rng.random() < 0.1 for _ in range(size)) for size in sizes]
    assert not compare(by_chance, sizes, is_of_a_whole=True).is_overdispersed
    apart = [count + (60 if place % 2 else -60) for place, count in enumerate(by_chance)]
    found = compare(apart, sizes, is_of_a_whole=True)
    assert found.is_overdispersed
    assert found.place(apart[0], 2000) is Place.WITHIN


def test_dispersion_is_the_mean_square_of_winsorised_scores():
    rng = random.Random(5)
    sizes = [rng.randrange(5_000, 50_000) for _ in range(42)]
    counts = [round(size * rng.uniform(0.0005, 0.004)) for size in sizes]
    share = sum(counts) / sum(sizes)
    scores = [(count - size * share) / math.sqrt(size * share) for count, size in zip(counts, sizes, strict=True)]
    pulled = stats.mstats.winsorize(np.array(scores), limits=(0.1, 0.1))
    assert compare(counts, sizes, is_of_a_whole=False).dispersion == pytest.approx(float((pulled**2).mean()))


@pytest.mark.parametrize(
    ("count", "place"),
    [(100, Place.WITHIN), (125, Place.ABOVE), (140, Place.FAR_ABOVE), (77, Place.BELOW), (60, Place.FAR_BELOW)],
)
def test_place_of_a_commissioner(count, place):
    assert Comparison(0.001, 1.0, is_of_a_whole=False).place(count, 100_000) is place


@pytest.mark.parametrize(
    ("counts", "sizes", "is_of_a_whole"),
    [
        ([1, 2, 3, 4], [10] * 4, True),
        ([0] * 6, [10] * 6, True),
        ([10] * 6, [10] * 6, True),
        ([1] * 6, [9] * 5 + [0], False),
    ],
)
def test_nothing_to_compare(counts, sizes, is_of_a_whole):
    assert compare(counts, sizes, is_of_a_whole=is_of_a_whole) is None
