"""The timeline as the sheet that is filled in: rows as typed, and what is done to them before anything is kept.

A row is known by its key: the number of the phase or line that is kept, or, of a new row, a word of its own. `seen` is
the mark of what the row held when its writer opened the sheet; so it can be told which rows they changed, and which
somebody else changed after they had opened it. Pure.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

PHASE_INPUTS = (
    "name",
    "starts_on_day",
    "starts_on_month",
    "starts_on_year",
    "ends_on_day",
    "ends_on_month",
    "ends_on_year",
    "timing",
    "continues_earlier",
)
LINE_INPUTS = (
    "phase",
    "cohort",
    "status",
    "status_words",
    "note",
    "source",
    "starts_on_day",
    "starts_on_month",
    "starts_on_year",
    "ends_on_day",
    "ends_on_month",
    "ends_on_year",
)
#: What a new row holds before anybody types in it.
_GIVEN = {"phase", "continues_earlier"}


class Remark(StrEnum):
    """What is said of a row after somebody else saved the timeline."""

    NONE = ""
    BOTH = "both"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Row:
    """A phase or a line as typed. `theirs` holds what somebody else saved, where both changed the row."""

    key: str
    values: Mapping[str, str]
    seen: str = ""
    is_removed: bool = False
    remark: Remark = Remark.NONE
    theirs: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether it is a row of the timeline already."""
        return self.key.isdecimal()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed in it."""
        return not any(value.strip() for name, value in self.values.items() if name not in _GIVEN)

    @property
    def is_changed(self) -> bool:
        """Whether its writer did something to it."""
        return self.is_removed or (not self.is_kept and not self.is_empty) or (self.is_kept and self.mark != self.seen)

    @property
    def mark(self) -> str:
        """The mark of what it holds now."""
        return mark_of(self.values)


@dataclass(frozen=True)
class Sheet:
    """All rows, in order. A line names its phase by that row's key."""

    phases: tuple[Row, ...]
    lines: tuple[Row, ...]

    def lines_of(self, phase_key: str) -> tuple[Row, ...]:
        """The lines of a phase, in order."""
        return tuple(line for line in self.lines if line.values["phase"] == phase_key)

    def counted(self) -> "Sheet":
        """The rows that say something: not those that are removed, nor new ones in which nothing is typed."""
        lines = [line for line in self.lines if not line.is_removed and (line.is_kept or not line.is_empty)]
        used = {line.values["phase"] for line in lines}
        phases = [
            phase
            for phase in self.phases
            if not phase.is_removed and (phase.is_kept or not phase.is_empty or phase.key in used)
        ]
        there = {phase.key for phase in phases}
        return Sheet(tuple(phases), tuple(line for line in lines if line.values["phase"] in there))

    def with_phase(self) -> "Sheet":
        """With one more phase at the end, and a line in it to begin with."""
        row = Row(_free_key(self.phases), {"continues_earlier": "on"})
        return replace(self, phases=(*self.phases, row)).with_line(row.key)

    def with_line(self, phase_key: str) -> "Sheet":
        """With one more line at the end of a phase."""
        if all(phase.key != phase_key for phase in self.phases):
            return self
        return replace(self, lines=(*self.lines, Row(_free_key(self.lines), {"phase": phase_key})))

    def with_phase_moved(self, key: str, *, up: bool) -> "Sheet":
        """With a phase one place earlier or later; as it is where there is no such place."""
        return replace(self, phases=_swapped(self.phases, [row.key for row in self.phases], key, up=up))

    def with_line_moved(self, key: str, *, up: bool) -> "Sheet":
        """With a line one place earlier or later in its phase."""
        phase = next((line.values["phase"] for line in self.lines if line.key == key), "")
        return replace(self, lines=_swapped(self.lines, [line.key for line in self.lines_of(phase)], key, up=up))


def completed(mine: Sheet, saved: Sheet) -> Sheet:
    """My sheet with the rows of the timeline that did not arrive with it: a row goes only where that is said."""
    sent_phases, sent_lines = {row.key for row in mine.phases}, {row.key for row in mine.lines}
    return Sheet(
        (*mine.phases, *(row for row in saved.phases if row.key not in sent_phases)),
        (*mine.lines, *(row for row in saved.lines if row.key not in sent_lines)),
    )


def mark_of(values: Mapping[str, str]) -> str:
    """A short mark of what a row holds: the same for the same words, whatever order or empty box they came in."""
    told = {name: value.strip() for name, value in values.items() if value.strip()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def merged(mine: Sheet, saved: Sheet) -> Sheet:
    """My sheet, brought up to what somebody else saved after I had opened it.

    A row that I had not touched is as they saved it, one that only I touched as I typed it. A row that both changed is
    as I typed it, with what they saved beside it. What they added is added; what they removed is gone, unless I had
    changed it or put something under it: then it is there as a new row. So nothing that either typed is lost.
    """
    theirs = {row.key for row in saved.phases}
    needed = {line.values["phase"] for line in mine.lines if line.is_changed and not line.is_removed}
    again = {
        row.key: f"again{row.key}"
        for row in mine.phases
        if row.is_kept and row.key not in theirs and not row.is_removed and (row.is_changed or row.key in needed)
    }
    phases = _merged_rows(mine.phases, saved.phases, again)
    here = {row.key for row in phases}
    gone_lines = {line.key for line in mine.lines if line.is_kept} - {line.key for line in saved.lines}
    again_lines = {
        line.key: f"again{line.key}"
        for line in mine.lines
        if line.key in gone_lines and line.is_changed and not line.is_removed
    }
    lines = _merged_rows(mine.lines, saved.lines, again_lines)
    moved = (_in_phase(line, again.get(line.values["phase"], line.values["phase"])) for line in lines)
    return Sheet(phases, tuple(line for line in moved if line.values["phase"] in here))


def _merged_rows(mine: Iterable[Row], saved: Iterable[Row], again: Mapping[str, str]) -> tuple[Row, ...]:
    theirs = {row.key: row for row in saved}
    rows: list[Row] = []
    for row in mine:
        if not row.is_kept:
            rows.append(row)
        elif row.key in theirs:
            rows.append(_merged_row(row, theirs[row.key]))
        elif row.key in again:
            rows.append(replace(row, key=again[row.key], seen="", remark=Remark.REMOVED))
    place = {row.key: at for at, row in enumerate(rows)}
    before = -1
    for key, row in theirs.items():
        if key in place:
            before = next(at for at, each in enumerate(rows) if each.key == key)
        elif all(key != each.key for each in mine):
            before += 1
            rows.insert(before, replace(row, remark=Remark.ADDED))
    return tuple(rows)


def _merged_row(mine: Row, saved: Row) -> Row:
    if not mine.is_changed or (mine.mark == saved.mark and not mine.is_removed):
        return saved
    if saved.mark == mine.seen:
        return mine
    return replace(mine, seen=saved.mark, remark=Remark.BOTH, theirs=saved.values)


def _in_phase(line: Row, key: str) -> Row:
    return replace(line, values={**line.values, "phase": key})


def _swapped(rows: tuple[Row, ...], order: list[str], key: str, *, up: bool) -> tuple[Row, ...]:
    """The rows with the one of this key and its neighbour in `order` in each other's place."""
    at = order.index(key) if key in order else -1
    other = at - 1 if up else at + 1
    if at < 0 or not 0 <= other < len(order):
        return rows
    places = {row.key: place for place, row in enumerate(rows)}
    changed = list(rows)
    one, two = places[key], places[order[other]]
    changed[one], changed[two] = changed[two], changed[one]
    return tuple(changed)


def _free_key(rows: Iterable[Row]) -> str:
    taken = {row.key for row in rows}
    return next(key for key in (f"new{number}" for number in range(len(taken) + 1)) if key not in taken)
