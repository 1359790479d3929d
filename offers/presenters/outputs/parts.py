"""How the parts of an edition are said in every output that is not the web page, so that none says it otherwise."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from offers.enums import LineStatus
from offers.presenters.wording import spoken, when
from offers.rules.reading import ReadConsultation, Reading, ReadLine, ReadPhase

CONTINUES = "Continues"
CONTINUES_NOTE = "From earlier years or phases"


@dataclass(frozen=True)
class TimelineRow:
    """A row of the timeline: who, where it has got to, and what is noted, in words."""

    phase: str
    cohort: str
    state: str
    note: str


@dataclass(frozen=True)
class TimelineGroup:
    """A phase, with its rows."""

    phase: str
    rows: tuple[TimelineRow, ...]


def about(reading: Reading) -> str:
    """What edition this is, in one paragraph."""
    parts = [f"Edition {reading.number} of the local offer of {reading.commissioner}."]
    if reading.approved_on:
        parts.append(f"Approved on {spoken(reading.approved_on)}.")
    if reading.published_on:
        parts.append(f"Published on {spoken(reading.published_on)}.")
    parts.append(f"Figures are as at {spoken(reading.figures_as_at)}.")
    return " ".join(parts)


def phase_name(phase: ReadPhase) -> str:
    """A phase with when it is, as its row says it."""
    return f"{phase.name} ({phase.timing})" if phase.timing else phase.name


def timeline(reading: Reading) -> list[TimelineGroup]:
    """The timeline, phase by phase."""
    return [TimelineGroup(phase_name(phase), tuple(_rows(phase))) for phase in reading.phases]


def _rows(phase: ReadPhase) -> Iterable[TimelineRow]:
    name = phase_name(phase)
    for line in phase.lines:
        words = when(line.starts_on, line.ends_on)
        state = f"{line.status_label}, {words}" if words else line.status_label
        yield TimelineRow(name, line.cohort, state, _note(line))
    if phase.continues:
        yield TimelineRow(name, "; ".join(phase.continues), CONTINUES, f"{CONTINUES_NOTE}.")
    if not phase.lines and not phase.continues:
        yield TimelineRow(name, "Nobody new", "", "")


def change_of(thing: ReadLine | ReadPhase) -> str:
    """How a line or phase differs from the edition before, or nothing."""
    if thing.change == "new":
        return "New in this edition"
    if thing.change == "changed":
        return f"Changed in this edition, was: {thing.was}" if thing.was else "Changed in this edition"
    return ""


def _note(line: ReadLine) -> str:
    source = f"Source: {line.source}" if line.source else ""
    sentences = (line.note, source, change_of(line))
    return " ".join(each if each.endswith((".", "?", "!")) else f"{each}." for each in sentences if each)


def consulted(consultation: ReadConsultation) -> str:
    """From when until when people could comment, and how many did."""
    until = f" to {spoken(consultation.closed_on)}" if consultation.closed_on else ""
    count = f"{consultation.comments:,} comment{'' if consultation.comments == 1 else 's'}"
    return f"People could comment on the draft from {spoken(consultation.opened_on)}{until}. There were {count}."


# ── Easy read ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class EasyLine:
    """A cohort and, where it is later, from when."""

    cohort: str
    when: str


@dataclass(frozen=True)
class EasyGroup:
    """Who can have a budget now, or may later, under one easy heading, with the code of its picture."""

    heading: str
    picture: str
    lines: tuple[EasyLine, ...]


_NOW = ("You can ask for a budget now", "yes")
_LATER = ("We plan to offer budgets later", "calendar")
_LOOKING = ("We are looking at this", "look")
_IDEA = ("We may offer this one day", "question")
_EASY_ORDER = (_NOW, _LATER, _LOOKING, _IDEA)
_OF_STATUS: dict[str, tuple[str, str]] = {
    LineStatus.LIVE: _NOW,
    LineStatus.PLANNED: _LATER,
    LineStatus.SCOPING: _LOOKING,
    LineStatus.PROPOSED: _IDEA,
}


def easy_timeline(reading: Reading) -> list[EasyGroup]:
    """Each cohort once, under how far it has got on the day of publication: what is nearest to "now" counts."""
    day = reading.published_on or reading.figures_as_at
    best: dict[str, tuple[int, str]] = {}
    for line in (line for phase in reading.phases for line in phase.lines):
        if line.ends_on and line.ends_on <= day:
            continue
        group, words = _easy_state(line, day)
        place = _EASY_ORDER.index(group)
        if line.cohort not in best or place < best[line.cohort][0]:
            best[line.cohort] = (place, words)
    return [
        EasyGroup(heading, picture, lines)
        for place, (heading, picture) in enumerate(_EASY_ORDER)
        if (lines := tuple(EasyLine(cohort, words) for cohort, (at, words) in best.items() if at == place))
    ]


def _easy_state(line: ReadLine, day: dt.date) -> tuple[tuple[str, str], str]:
    group = _OF_STATUS.get(line.status, _IDEA)
    if group is _NOW and line.starts_on and line.starts_on > day:
        group = _LATER
    words = f"from {spoken(line.starts_on)}" if group is _LATER and line.starts_on else ""
    return group, words
