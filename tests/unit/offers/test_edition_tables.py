"""The tables of an edition on its page."""

import datetime as dt

from offers.presenters.editions import timeline_table
from offers.rules.reading import ReadLine, ReadPhase


def line(cohort: str, change: str = "", was: str = "") -> ReadLine:
    return ReadLine(cohort, "live", "Live", "A note", "Paper 1", dt.date(2017, 4, 1), None, change, was)


def cells(phase: ReadPhase) -> list[list[str]]:
    table = timeline_table([phase])
    assert table is not None
    return [[cell["html"] if isinstance(cell, dict) else cell for cell in row] for row in table["rows"]]


def test_timeline_marks_what_is_new_and_what_changed_and_from_what() -> None:
    lines = (line("A", "new"), line("B", "changed", "Planned <b>"), line("C"))
    rows = cells(ReadPhase("2017/18", "", None, ("D",), lines, "changed", "2017"))
    marks = [[mark for mark in ("New in this edition", "Changed in this edition") if mark in row[3]] for row in rows]
    assert marks == [["New in this edition"], ["Changed in this edition"], [], []]
    assert "was: Planned &lt;b&gt;" in rows[1][3]
    # Of the phase, once.
    assert ["was: 2017" in row[0] for row in rows] == [True, False, False, False]
    assert rows[2][0] == "2017/18"


def test_timeline_without_marks_says_status_and_from_when() -> None:
    (row,) = cells(ReadPhase("Phase 2", "within one to two years", None, (), (line("A"),)))
    assert row[0] == "Phase 2 (within one to two years)"
    assert "Live" in row[2]
    assert row[2].endswith("from 1 April 2017")
    assert "app-mark" not in row[3]
