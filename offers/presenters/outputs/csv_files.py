"""The timeline and the figures of an edition as CSV: one heading row, then data, with ISO dates and plain numbers."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from offers.presenters.outputs import parts
from offers.rules.reading import ReadFigure, Reading, ReadPhase
from phb_register.tables import Column, csv_stream


@dataclass(frozen=True)
class _TimelineEntry:
    reading: Reading
    phase: ReadPhase
    cohort: str
    status: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    note: str = ""
    source: str = ""
    change: str = ""


def timeline_csv(reading: Reading) -> bytes:
    """A row for each cohort in each year or phase, also where it goes on from an earlier one."""
    return b"".join(csv_stream(_TIMELINE_COLUMNS, _timeline_entries(reading)))


def figures_csv(reading: Reading) -> bytes:
    """A row for each figure: as it is printed, and as a number where it is one."""
    columns: list[Column[ReadFigure]] = [
        Column("Local offer", lambda each: reading.offer_title),
        Column("Edition", lambda each: reading.number, is_number=True),
        *_FIGURE_COLUMNS,
    ]
    return b"".join(csv_stream(columns, reading.figures))


def _timeline_entries(reading: Reading) -> Iterator[_TimelineEntry]:
    for phase in reading.phases:
        for line in phase.lines:
            yield _TimelineEntry(
                reading,
                phase,
                line.cohort,
                line.status_label,
                line.starts_on,
                line.ends_on,
                line.note,
                line.source,
                parts.change_of(line),
            )
        for cohort in phase.continues:
            yield _TimelineEntry(reading, phase, cohort, parts.CONTINUES, note=parts.CONTINUES_NOTE)


_TIMELINE_COLUMNS: list[Column[_TimelineEntry]] = [
    Column("Local offer", lambda each: each.reading.offer_title),
    Column("Edition", lambda each: each.reading.number, is_number=True),
    Column("Year or phase", lambda each: each.phase.name),
    Column("Timing", lambda each: each.phase.timing),
    Column("Phase starts", lambda each: each.phase.starts_on),
    Column("Who it is for", lambda each: each.cohort),
    Column("Status", lambda each: each.status),
    Column("From", lambda each: each.starts_on),
    Column("First day no longer offered", lambda each: each.ends_on),
    Column("Note", lambda each: each.note),
    Column("Source", lambda each: each.source),
    Column("Change", lambda each: each.change),
]

_FIGURE_COLUMNS: list[Column[ReadFigure]] = [
    Column("Code", lambda each: each.code),
    Column("Figure", lambda each: each.label),
    Column("As printed", lambda each: each.text),
    Column("Number", lambda each: None if each.number is None else Decimal(each.number), is_number=True),
    Column("As at", lambda each: each.as_at),
    Column("What it means", lambda each: each.definition),
]
