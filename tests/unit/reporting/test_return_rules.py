"""Quarters, the cells of the return, and how a change adds up."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting import measures as m
from reporting.rules.counting import Breakdown
from reporting.rules.quarters import Quarter, ends_a_quarter, quarter_of, quarter_with_code
from reporting.rules.returns import (
    ADULTS,
    CELLS,
    CELLS_BY_CODE,
    CHILDREN,
    COLUMN_LABELS,
    GROUPS,
    METHODS,
    ROW_LABELS,
    TOTAL,
    Basis,
    Cell,
    Change,
    Course,
    Standing,
    cells,
    change_of,
    explained,
    sums,
)

# What brings somebody into a row; the other changes take them out of it.
ADDS = frozenset({Change.JOINED, Change.RECORDED_LATE, Change.MOVED_IN})
STANDINGS = st.builds(
    Standing,
    methods=st.frozensets(st.sampled_from(m.METHOD_PRECEDENCE)),
    group=st.sampled_from([group.code for group in GROUPS]),
    is_child=st.booleans(),
)
MAYBE = st.none() | STANDINGS
BREAKDOWNS = st.sampled_from(list(Breakdown))


@pytest.mark.parametrize(
    ("day", "code", "start", "end"),
    [
        (dt.date(2026, 4, 1), "2026-27-q1", dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
        (dt.date(2026, 9, 30), "2026-27-q2", dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        (dt.date(2026, 12, 31), "2026-27-q3", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
        (dt.date(2027, 3, 31), "2026-27-q4", dt.date(2027, 1, 1), dt.date(2027, 3, 31)),
        (dt.date(2100, 1, 1), "2099-00-q4", dt.date(2100, 1, 1), dt.date(2100, 3, 31)),
    ],
)
def test_quarter_of_a_day(day, code, start, end):
    quarter = quarter_of(day)
    assert (quarter.code, quarter.start, quarter.end) == (code, start, end)
    assert quarter_with_code(code) == quarter


@given(st.dates(dt.date(2000, 4, 1), dt.date(2200, 1, 1)))
@settings(max_examples=50)
def test_quarters_follow_each_other_without_a_gap(day):
    quarter = quarter_of(day)
    assert quarter.start <= day <= quarter.end
    assert quarter.next.start == quarter.end + dt.timedelta(days=1)
    assert quarter.next.before == quarter == quarter_of(quarter.start)
    assert ends_a_quarter(day) == (day == quarter.end)


@pytest.mark.parametrize("code", ["", "2026-27-q5", "2026-28-q1", "2026-q1", "1999-00-q1", "2026-27-q1 "])
def test_code_of_no_quarter(code):
    assert quarter_with_code(code) is None


def test_somebody_counts_in_their_strongest_method_and_their_group():
    found = cells({(Standing(frozenset({"notional", "direct_payment"}), "s117", False), None): 2}, Breakdown.STRONGEST)
    counted = {code for code, number in found.items() if number == 2}
    assert counted == {
        Cell(Basis.YEAR_TO_DATE, row, column).code
        for row in (TOTAL, "direct_payment", "s117")
        for column in ("everybody", ADULTS)
    }
    assert sum(found.values()) == 2 * len(counted)


def test_by_the_other_switch_they_count_in_each_method():
    found = cells({(None, Standing(frozenset({"notional", "third_party"}), "chc", True)): 1}, Breakdown.EACH)
    assert [found[Cell(Basis.QUARTER_END, method, CHILDREN).code] for method in METHODS] == [1, 1, 0, 0]


@given(st.dictionaries(st.tuples(MAYBE, MAYBE), st.integers(1, 50), max_size=12), BREAKDOWNS)
@settings(max_examples=60)
def test_parts_add_up_to_totals(standings, breakdown):
    found = cells(standings, breakdown)
    assert set(found) == set(CELLS_BY_CODE) == {cell.code for cell in CELLS}
    for total, parts in sums(breakdown):
        assert found[total] == sum(found[part] for part in parts), total


@given(st.dictionaries(st.builds(Course, MAYBE, MAYBE, MAYBE), st.integers(1, 9), max_size=15), BREAKDOWNS)
@settings(max_examples=60)
def test_change_is_explained_to_the_last_person(courses, breakdown):
    before = cells({(course.returned, None): 0 for course in courses}, breakdown)
    after = dict(before)
    for course, people in courses.items():
        for number, found in ((course.returned, before), (course.now, after)):
            for code, counted in cells({(number, None): people}, breakdown).items():
                found[code] += counted
    for column in COLUMN_LABELS:
        for row in explained(courses, breakdown, column):
            code = Cell(Basis.YEAR_TO_DATE, row.row, column).code
            assert (row.before, row.after) == (before[code], after[code])
            moved = sum(people if change in ADDS else -people for change, people in row.changes.items())
            assert row.before + moved == row.after


CHC = Standing(frozenset({"notional"}), "chc", False)
PAID = Standing(frozenset({"direct_payment"}), "chc", False)


@pytest.mark.parametrize(
    ("course", "row", "change"),
    [
        (Course(None, None, CHC), "notional", Change.JOINED),
        (Course(None, CHC, CHC), "notional", Change.RECORDED_LATE),
        (Course(CHC, CHC, PAID), "notional", Change.MOVED_OUT),
        (Course(CHC, CHC, PAID), "direct_payment", Change.MOVED_IN),
        (Course(CHC, CHC, PAID), TOTAL, None),
        (Course(CHC, CHC, None), TOTAL, Change.LEFT),
        (Course(CHC, None, None), TOTAL, Change.TAKEN_OUT),
        (Course(None, CHC, None), TOTAL, None),
    ],
)
def test_how_somebody_came_in_or_out(course, row, change):
    assert change_of(course, row, "everybody", Breakdown.STRONGEST) is change


def test_every_row_has_a_name():
    assert set(ROW_LABELS) == {TOTAL, *METHODS, *(group.code for group in GROUPS)}
    assert str(Quarter(2026, 2)) == "Quarter 2 of 2026/27"
    assert Cell(Basis.QUARTER_END, "wheelchair", CHILDREN).label == (
        "People active at the end of the quarter: Wheelchair, children and young people"
    )
