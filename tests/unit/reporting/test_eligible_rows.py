"""Rows of a file of eligible people: what each cell may hold, how a row fits, and that no row is a fault of ours."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.rules.eligible_rows import COLUMNS, read_row

TODAY = dt.date(2026, 11, 22)
ROW = {
    "commissioner": "qk1",
    "cohort": "CHC",
    "counted_on": "30/9/2026",
    "people": "1,848",
    "fast_track_people": "380",
    "source": " Our  list ",
}
GROUP = {
    "commissioner": "QK1",
    "cohort": "chc",
    "counted_on": "2026-09-30",
    "people": "12",
    "source": "Our list",
    "characteristic": "Ethnic group",
    "group": "asian",
}


def faults(row):
    found, problems = read_row(2, row, today=TODAY)
    assert (found is None) == bool(problems)
    return [(problem.column, problem.message) for problem in problems]


def test_row_says_its_count_however_it_is_written():
    row, problems = read_row(2, ROW, today=TODAY)
    assert problems == []
    assert (row.commissioner, row.cohort, row.setting, row.counted_on) == (
        "QK1", "chc", "community", dt.date(2026, 9, 30)
    )  # fmt: skip
    assert row.said == {"people": 1848, "fast_track_people": 380, "source": "Our list"}


def test_group_has_no_fast_track_and_of_the_population_no_setting():
    row, _ = read_row(2, GROUP, today=TODAY)
    assert row.said == {"people": 12, "source": "Our list"}
    assert (row.characteristic, row.group, row.setting) == ("ethnic_group", "asian", "community")
    population, _ = read_row(2, {key: cell for key, cell in GROUP.items() if key != "cohort"}, today=TODAY)
    assert (population.cohort, population.setting) == ("", "")


@pytest.mark.parametrize(
    ("wrong", "column", "remedy"),
    [
        ({"people": ""}, "people", "Enter the people"),
        ({"people": "-1"}, "people", "Enter a whole number of 0 or more"),
        ({"people": "12.5"}, "people", "Enter a whole number of 0 or more"),
        ({"people": "999999999999"}, "people", "There are not so many people"),
        ({"people": "=1+1"}, "people", "This is a formula"),
        (
            {"fast_track_people": "1849"},
            "fast_track_people",
            "Fast track cannot be more than the people eligible, 1,848",
        ),
        ({"fast_track_people": ""}, "fast_track_people", "Enter how many of them are on fast track, 0 where none is"),
        ({"counted_on": "23/11/2026"}, "counted_on", "Enter a date that is today or in the past"),
        ({"counted_on": "31/2/2026"}, "counted_on", "There is no such day"),
        ({"cohort": ""}, "cohort", "Enter the cohort"),
        ({"setting": "hotel"}, "setting", "Enter community or care_home"),
        ({"source": ""}, "source", "Enter the source"),
        ({"source": "s" * 301}, "source", "Shorten the source to 300 characters"),
        ({"group": "asian"}, "characteristic", "Enter the characteristic that the group belongs to"),
        ({"characteristic": "height", "fast_track_people": ""}, "characteristic", "Enter one of these: age"),
    ],
)
def test_wrong_row_is_told_by_column_and_remedy(wrong, column, remedy):
    assert any(name == column and message.startswith(remedy) for name, message in faults(ROW | wrong))


@pytest.mark.parametrize(
    ("wrong", "column", "remedy"),
    [
        ({"fast_track_people": "0"}, "fast_track_people", "Leave this out"),
        ({"group": ""}, "group", "Enter the group of ethnic group"),
        ({"group": "martian"}, "group", "Enter one of these: white"),
        ({"cohort": "", "setting": "community"}, "setting", "Leave this out: without a cohort"),
        ({"characteristic": "locality", "group": ""}, "group", "Enter the group of locality"),
    ],
)
def test_wrong_group_is_told_by_column_and_remedy(wrong, column, remedy):
    assert any(name == column and message.startswith(remedy) for name, message in faults(GROUP | wrong))


cells = st.one_of(st.text(max_size=20), st.sampled_from(["chc", "QK1", "2026-09-30", "7", "age", "0-17", "community"]))


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from([column.name for column in COLUMNS.all]), cells))
def test_any_row_is_read_or_told_what_is_wrong(given_cells):
    row, problems = read_row(2, given_cells, today=TODAY)
    assert (row is None) == bool(problems)
    assert all(problem.column in COLUMNS.by_name and problem.message for problem in problems)


def test_template_row_is_right():
    assert faults({column.name: column.example for column in COLUMNS.all}) == []
