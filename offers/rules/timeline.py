"""The timeline of an offer as a table: what each phase opens, and what goes on from earlier phases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Line:
    """One cohort in one phase. `starts_on` is already resolved: the line's own date, or else its phase's."""

    cohort_code: str
    cohort_name: str
    status: str
    status_label: str
    note: str
    source: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class PhaseLines:
    """A phase with its lines, in the writers' order. A phase without a start date is one "to follow"."""

    name: str
    starts_on: date | None
    ends_on: date | None
    timing: str
    continues_earlier: bool
    lines: tuple[Line, ...]


def continuing(phases: Sequence[PhaseLines], index: int) -> list[str]:
    """Names of the cohorts that go on from earlier phases into phase number `index`, each once, in order of
    arrival.

    A cohort that the phase itself has a line for is not repeated; nor is one whose only earlier lines ended
    before it starts.
    """
    phase = phases[index]
    if not phase.continues_earlier:
        return []
    own = {line.cohort_code for line in phase.lines}
    names = {
        line.cohort_code: line.cohort_name
        for earlier in phases[:index]
        for line in earlier.lines
        if line.cohort_code not in own and not _is_over(line, phase.starts_on)
    }
    return list(names.values())


def _is_over(line: Line, on: date | None) -> bool:
    return line.ends_on is not None and on is not None and line.ends_on <= on
