"""A whole timeline as it is to be kept, and what must be right about it. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LineDetails:
    """A line to be kept; `pk` is None for a new one, `cohort` the cohort's code."""

    pk: int | None
    cohort: str
    status: str
    status_words: str = ""
    note: str = ""
    source: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True)
class PhaseDetails:
    """A phase to be kept, with its lines in order; `timing` says in words when, where there is no date."""

    pk: int | None
    name: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    timing: str = ""
    continues_earlier: bool = True
    lines: tuple[LineDetails, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong with a phase, or with one of its lines where `line` gives its place, and how to put it right."""

    phase: int
    line: int | None
    field: str
    message: str


def problems(phases: Sequence[PhaseDetails]) -> list[Problem]:
    """Everything that keeps a timeline from being kept, in the order of the sheet."""
    return [problem for at, phase in enumerate(phases) for problem in _of_phase(phases, at, phase)]


def _of_phase(phases: Sequence[PhaseDetails], at: int, phase: PhaseDetails) -> Iterable[Problem]:
    if any(_same(phase.name, earlier.name) for earlier in phases[:at]):
        message = "There is a year or phase of that name already. Give this one another name"
        yield Problem(at, None, "name", message)
    if phase.ends_on and phase.starts_on is None:
        yield Problem(at, None, "starts_on", "Enter the first day, or leave out the last day")
    elif phase.ends_on and phase.starts_on and phase.ends_on < phase.starts_on:
        yield Problem(at, None, "ends_on", "Last day must be on or after the first day")
    for place, line in enumerate(phase.lines):
        if any(line.cohort == other.cohort and _same(line.note, other.note) for other in phase.lines[:place]):
            message = "This cohort has the same line twice here. Change the note or remove one"
            yield Problem(at, place, "note", message)
        begins_on = line.starts_on or phase.starts_on
        if begins_on and line.ends_on and line.ends_on <= begins_on:
            message = "First day no longer offered must be after the day it starts"
            yield Problem(at, place, "ends_on", message)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
