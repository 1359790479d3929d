"""Cells of a table of areas that nobody would type: said what is wrong with them, never kept."""

import datetime as dt

import pytest

from reporting.rules.area_rows import Places, date_fault, read_row

HERE = {"postcode": "LE1 6YH"}


def said(**given):
    row, problems = read_row(7, given)
    assert row is None
    return [(problem.number, problem.column, problem.message) for problem in problems]


@pytest.mark.parametrize("typed", ["9" * 5000, "٣", "²", "1e0", "-1", "0", "6", "1.5"])
def test_a_quintile_that_is_none_is_said(typed):
    assert said(**HERE, deprivation_quintile=typed) == [
        (7, "deprivation_quintile", "Enter a whole number from 1 (the most deprived) to 5")
    ]


@pytest.mark.parametrize("typed", ["=1+1", "@SUM(A1)"])
def test_a_formula_is_no_locality(typed):
    assert "formula" in said(**HERE, deprivation_quintile="1", locality=typed)[0][2]


def test_what_cannot_be_seen_is_left_out():
    row, _ = read_row(
        2, {"postcode": "LE1\u200b6YH", "deprivation_quintile": "1", "locality": "\x1bNorth\u202e  west\x01"}
    )
    assert (row.postcode, row.area) == ("LE1 6YH", (1, "North west"))


def test_a_tenth_is_in_the_fifth_that_holds_it():
    fifths = [read_row(2, HERE | {"deprivation_decile": str(tenth)})[0].area[0] for tenth in range(1, 11)]
    assert fifths == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert read_row(2, HERE | {"deprivation_decile": "4", "deprivation_quintile": "2"})[0].area == (2, "")
    assert "another fifth" in said(**HERE, deprivation_decile="5", deprivation_quintile="2")[0][2]


def test_every_bad_cell_of_a_row_is_said():
    assert [column for _, column, _ in said(postcode="LE1", deprivation_quintile="9", locality="x" * 81)] == [
        "postcode", "deprivation_quintile", "locality"
    ]  # fmt: skip


def test_a_place_stands_once_and_a_row_without_an_area_is_none():
    places = Places()
    rows = [
        read_row(number, HERE | {"locality": name})[0] for number, name in enumerate(["North", "North", "South"], 2)
    ]
    assert [places.add(row) and places.add(row).column for row in rows] == [None, None, "postcode"]
    assert places.postcodes == {"LE1 6YH": (None, "North")}
    assert read_row(5, HERE) == (None, [])


@pytest.mark.parametrize(
    ("day", "is_right"),
    [("2013-04-01", True), ("2013-03-31", False), ("0001-01-01", False), ("2018-02-07", True), ("9999-12-31", False)],
)
def test_areas_apply_from_a_day_that_is_counted(day, is_right):
    assert (date_fault(dt.date.fromisoformat(day), dt.date(2017, 2, 7)) == "") is is_right
