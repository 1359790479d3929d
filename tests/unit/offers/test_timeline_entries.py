"""What must be right about a timeline before it is kept."""

import datetime as dt

import pytest

from offers.rules.timeline_entries import LineDetails, PhaseDetails, problems

DAY = dt.date(2017, 4, 1)


def line(cohort: str = "chc", **more: object) -> LineDetails:
    return LineDetails(None, cohort, "live", **more)  # type: ignore[arg-type]


def phase(name: str = "2017/18", *lines: LineDetails, **more: object) -> PhaseDetails:
    return PhaseDetails(None, name, lines=lines, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "phases",
    [
        [],
        [phase(), phase("2018/19")],
        [phase("Phase 2", timing="within one to two years")],
        [phase("A", line(), line(note="Children")), phase("B", line())],
        [phase("A", line(ends_on=DAY + dt.timedelta(days=1)), starts_on=DAY, ends_on=DAY)],
    ],
)
def test_problems_none(phases: list[PhaseDetails]) -> None:
    assert problems(phases) == []


@pytest.mark.parametrize(
    ("phases", "place", "field", "message"),
    [
        ([phase("A"), phase(" a")], (1, None), "name", "There is a year or phase of that name already"),
        ([phase(ends_on=DAY)], (0, None), "starts_on", "Enter the first day"),
        ([phase(starts_on=DAY, ends_on=DAY - dt.timedelta(days=1))], (0, None), "ends_on", "on or after"),
        ([phase("A", line(), line(note=" "))], (0, 1), "note", "the same line twice"),
        ([phase("A", line(starts_on=DAY, ends_on=DAY))], (0, 0), "ends_on", "must be after the day it starts"),
        ([phase("A", line(ends_on=DAY), starts_on=DAY)], (0, 0), "ends_on", "must be after the day it starts"),
    ],
)
def test_problems_say_where_and_what(
    phases: list[PhaseDetails], place: tuple[int, int | None], field: str, message: str
) -> None:
    (found,) = problems(phases)
    assert ((found.phase, found.line), found.field) == (place, field)
    assert message in found.message
