"""The table of states, how a line of the timeline stands, and what a pack freezes."""

import datetime as dt
from pathlib import Path

import pytest

from reporting import board_pack_states as states
from reporting import board_packs as words
from reporting.board_pack_states import PackStatus
from reporting.points import Point
from reporting.presenters.board_packs import content
from reporting.rules import Standing, standing

DAY = dt.date(2017, 2, 7)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)


def snapshot(**changes):
    known = {
        "format": words.FORMAT,
        "commissioner": "Testing ICB",
        "meeting": "Governing body",
        "meets_on": "2017-03-01",
        "as_at": "2017-02-07",
        "made_on": "2017-02-20",
        "control": "Small numbers are hidden.",
        "introduction": "",
        "parts": [],
    }
    return known | changes


def test_only_a_planned_pack_is_made_or_cancelled():
    assert states.allowed_jumps() == [("made", "withdrawn"), ("planned", "cancelled"), ("planned", "made")]
    assert [step.button for step in states.TABLE.steps_from(PackStatus.CANCELLED)] == []


def test_diagram_in_the_documentation_is_current():
    document = (Path(__file__).parents[3] / "docs" / "states" / "board-pack-states.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{states.mermaid()}```" in document


@pytest.mark.parametrize(
    ("is_live", "begins_on", "ends_on", "expected"),
    [
        (True, DAY, None, Standing.OPEN),
        (True, None, None, Standing.OPEN),
        (False, DAY, None, Standing.LATE),
        (False, BEFORE, AFTER, Standing.LATE),
        (False, AFTER, None, Standing.TO_COME),
        (True, AFTER, None, Standing.TO_COME),
        (False, None, None, Standing.NO_DATE),
        (True, BEFORE, DAY, Standing.OVER),
        (False, None, DAY, Standing.OVER),
    ],
)
def test_line_stands_as_planned_or_not(is_live, begins_on, ends_on, expected):
    assert standing(is_live, begins_on, ends_on, DAY) == expected


def test_line_that_was_only_proposed_is_never_late():
    assert standing(False, BEFORE, None, DAY, is_promised=False) == Standing.NOT_DECIDED
    assert standing(False, AFTER, None, DAY, is_promised=False) == Standing.TO_COME
    assert standing(True, BEFORE, None, DAY) == Standing.OPEN


def test_pack_of_a_later_format_is_not_guessed_at():
    with pytest.raises(ValueError, match="format 2"):
        words.read(snapshot(format=2))


def test_chart_is_drawn_from_the_points_that_were_frozen():
    points = [Point(dt.date(2016, 12, 31), None), Point(dt.date(2017, 1, 31), 9), Point(DAY, 12)]
    block = words.chart("Testing ICB", points, 10, 20)
    assert words.points_of(block) == points
    part = words.part(states.PackPart.UPTAKE, [block])
    drawn = content(words.read(snapshot(parts=[part])))["parts"][0]["blocks"][0]["chart"]
    assert "against a target of 10 to 20" in drawn.title
    assert "<title" in drawn.svg


def test_cell_of_several_points_has_a_line_each_and_no_markup_of_its_own():
    table = words.table("Risks", ("Risk", "Score"), [("One\n<b>Two</b>", "12")], numeric=[1])
    drawn = content(words.read(snapshot(parts=[words.part(states.PackPart.RISKS, [table])])))
    (line,) = drawn["parts"][0]["blocks"][0]["lines"]
    assert line[0]["html"] == "One<br>&lt;b&gt;Two&lt;/b&gt;"
    assert [cell["numeric"] for cell in line] == [False, True]


def test_numbers_are_those_of_tiles_and_of_columns_of_numbers():
    figures = words.figures([("In place", "12", "Budgets")])
    table = words.table("By cohort", ("Cohort", "Budgets"), [("CHC", "7"), ("All", "12")], numeric=[1])
    part = words.part(states.PackPart.UPTAKE, [words.text("In 2017"), figures, table])
    assert words.numbers_in(snapshot(parts=[part])) == ["12", "7", "12"]
