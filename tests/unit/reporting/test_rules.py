"""How uptake stands against the band, and how fast it grows."""

import pytest

from reporting.rules import Course, Pace, course, pace


@pytest.mark.parametrize(
    ("in_place", "found"),
    [(1010, Course.BELOW), (1011, Course.WITHIN), (2022, Course.WITHIN), (2023, Course.ABOVE)],
)
def test_course_counts_both_ends_of_the_band_as_within(in_place, found):
    assert course(in_place, 1011, 2022) is found


def test_course_is_not_known_without_a_target():
    assert course(5, None, None) is Course.NOT_KNOWN


@pytest.mark.parametrize(
    ("series", "low", "found"),
    [
        ([10, 22], 34, Pace(12, 1, 1)),
        ([10, 22], 35, Pace(12, 1, 2)),
        (list(range(100, 113)), 120, Pace(12, 12, 8)),
        ([0, *range(100, 113)], 120, Pace(12, 12, 8)),
        ([10, 10], 20, Pace(0, 1, None)),
        ([20, 10], 20, Pace(-10, 1, None)),
        ([10, 30], 20, Pace(20, 1, None)),
        ([10, 30], None, Pace(20, 1, None)),
    ],
)
def test_pace_supposes_the_growth_of_the_last_year(series, low, found):
    assert pace(series, low) == found


@pytest.mark.parametrize("series", [[], [5]])
def test_pace_needs_a_month_behind_it(series):
    assert pace(series, 10) is None
