"""How uptake stands against the band."""

import pytest

from reporting.rules import Course, course


@pytest.mark.parametrize(
    ("in_place", "found"),
    [(1010, Course.BELOW), (1011, Course.WITHIN), (2022, Course.WITHIN), (2023, Course.ABOVE)],
)
def test_course_counts_both_ends_of_the_band_as_within(in_place, found):
    assert course(in_place, 1011, 2022) is found


def test_course_is_not_known_without_a_target():
    assert course(5, None, None) is Course.NOT_KNOWN
