"""Cells of a table of areas that nobody would type: said what is wrong with them, never kept."""

import pytest

from reporting.rules.area_rows import AreaWrong, read_row

PLACES = {"postcode": 0, "deprivation_quintile": 1, "locality": 2}


@pytest.mark.parametrize("typed", ["9" * 5000, "٣", "²", "1e0", "-1", "0", "6", "1.5"])
def test_a_quintile_that_is_none_is_said(typed):
    with pytest.raises(AreaWrong, match="from 1"):
        read_row(["LE1 6YH", typed, ""], PLACES)


@pytest.mark.parametrize("typed", ["=1+1", "@SUM(A1)"])
def test_a_formula_is_no_locality(typed):
    with pytest.raises(AreaWrong, match="formula"):
        read_row(["LE1 6YH", "1", typed], PLACES)


def test_what_cannot_be_seen_is_left_out():
    row = read_row(["LE1\u200b6YH", "1", "\x1bNorth\u202e  west\x01"], PLACES)
    assert (row.postcode, row.quintile, row.locality) == ("LE1 6YH", 1, "North west")
