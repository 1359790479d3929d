"""A snapshot made readable: what page, PDF and preview all show, so that none can say something else than the
others."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers.enums import ChangeKind, LineStatus, SectionKind, Standing
from offers.rules import text
from offers.rules.differences import differences
from offers.rules.words import Passage, passages


@dataclass(frozen=True)
class ReadEasyReadLine:
    """One idea in easy read. `picture` is the code of a picture of our own set, or empty."""

    picture: str
    words: str


@dataclass(frozen=True)
class ReadSection:
    """A section with its text as safe HTML, as it was written (`body`) and in easy read.

    `has_timeline` marks the one the timeline's table follows.
    """

    kind: str
    heading: str
    html: str
    has_timeline: bool
    body: str = ""
    easy_read: tuple[ReadEasyReadLine, ...] = ()


@dataclass(frozen=True)
class ReadLine:
    """A line of the timeline, ready to print. Dates are there for what is offered or planned; not for ideas.

    `change` says how it differs from the edition before: "new", "changed" (then `was` says from what), or nothing.
    """

    cohort: str
    status: str
    status_label: str
    note: str
    source: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    change: str = ""
    was: str = ""


@dataclass(frozen=True)
class ReadPhase:
    """A phase of the timeline. `continues` names the cohorts that go on from earlier phases."""

    name: str
    timing: str
    starts_on: dt.date | None
    continues: tuple[str, ...]
    lines: tuple[ReadLine, ...]
    change: str = ""
    was: str = ""


@dataclass(frozen=True)
class ReadFigure:
    """A figure as printed, with what it means and the day it was counted on."""

    code: str
    label: str
    text: str
    definition: str
    as_at: dt.date
    number: str | None = None


@dataclass(frozen=True)
class ReadChange:
    """One difference from the edition before. `kind` is section, phase, line or figure; `rationale` says why.

    `was` is empty for what is new, `now` for what is gone. `passages` are both in one, word by word.
    """

    kind: str
    title: str
    was: str
    now: str
    rationale: str

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What was taken out and what was put in."""
        return passages(self.was, self.now)


@dataclass(frozen=True)
class ReadProgress:
    """What the edition before promised for a cohort, and how far it got."""

    phase: str
    cohort: str
    promised: str
    reached: str
    note: str
    standing: str = ""

    @property
    def standing_label(self) -> str:
        """The standing in words."""
        return str(Standing(self.standing).label) if self.standing else ""


@dataclass(frozen=True)
class ReadSince:
    """What became of the edition before: its number and day, what changed, and how far its plan got.

    `learning_html` is what was learnt since, as safe HTML; `learning` the same as it was written.
    """

    number: int
    published_on: dt.date | None
    changes: tuple[ReadChange, ...]
    progress: tuple[ReadProgress, ...]
    learning: str = ""
    learning_html: str = ""

    @property
    def changes_of_words(self) -> tuple[ReadChange, ...]:
        """The changes of the text."""
        return tuple(each for each in self.changes if each.kind == ChangeKind.SECTION)

    @property
    def changes_of_plan(self) -> tuple[ReadChange, ...]:
        """The changes of the timeline: phases and lines."""
        return tuple(each for each in self.changes if each.kind in (ChangeKind.PHASE, ChangeKind.LINE))

    @property
    def changes_of_figures(self) -> tuple[ReadChange, ...]:
        """The figures that came to something else, or mean something else."""
        return tuple(each for each in self.changes if each.kind == ChangeKind.FIGURE)

    @property
    def explains_figures(self) -> bool:
        """Whether something is said of one of them."""
        return any(each.rationale for each in self.changes_of_figures)


@dataclass(frozen=True)
class ReadAnswer:
    """A comment that was made on the draft, and the answer to it. `section` is the heading, or empty for the whole."""

    section: str
    comment: str
    answer: str


@dataclass(frozen=True)
class ReadConsultation:
    """The consultation on the draft: from when until when, how many comments, and the answers on the record."""

    opened_on: dt.date
    closed_on: dt.date | None
    comments: int
    answers: tuple[ReadAnswer, ...]


@dataclass(frozen=True)
class Reading:
    """A whole edition, ready to print. `published_on` and `approved_on` are None in a draft's preview."""

    offer_title: str
    commissioner: str
    title: str
    number: int
    figures_as_at: dt.date
    approved_on: dt.date | None
    published_on: dt.date | None
    sections: tuple[ReadSection, ...]
    phases: tuple[ReadPhase, ...]
    figures: tuple[ReadFigure, ...]
    since: ReadSince | None = None
    consultation: ReadConsultation | None = None


TIMELINE_SECTION = SectionKind.TIMELINE.value
# A year in which something is scoped or proposed is not a day from which it can be had.
_DATED = (LineStatus.LIVE.value, LineStatus.PLANNED.value)


def read(snapshot: Mapping[str, Any]) -> Reading:
    """Read a snapshot in the form of `offers.selectors.content.current_snapshot`, or in the form before it."""
    edition = snapshot["edition"]
    texts = {each["code"]: each["text"] for each in snapshot["figures"]}
    written = [each for each in snapshot["sections"] if each["body"].strip() or each["kind"] == TIMELINE_SECTION]
    return Reading(
        offer_title=snapshot["local_offer"]["title"],
        commissioner=snapshot["local_offer"]["commissioner_name"],
        title=edition["title"],
        number=edition["number"],
        figures_as_at=dt.date.fromisoformat(edition["figures_as_at"]),
        approved_on=_date(edition["approved_on"]),
        published_on=_date(edition["published_on"]),
        sections=tuple(
            ReadSection(
                kind=each["kind"],
                heading=each["heading"],
                html=text.render(each["body"], texts),
                has_timeline=each["kind"] == TIMELINE_SECTION,
                body=each["body"],
                easy_read=tuple(ReadEasyReadLine(**line) for line in each.get("easy_read", ())),
            )
            for each in written
        ),
        phases=tuple(_phase(each) for each in snapshot["timeline"]),
        figures=tuple(
            ReadFigure(
                code=each["code"],
                label=each["label"],
                text=each["text"],
                definition=each["definition"],
                as_at=dt.date.fromisoformat(each["as_at"]),
                number=each["number"],
            )
            for each in snapshot["figures"]
        ),
        since=_since(snapshot.get("since")),
        consultation=_consultation(snapshot.get("consultation")),
    )


def compare(was: Mapping[str, Any], now: Mapping[str, Any]) -> ReadSince:
    """Any two editions against each other, in the form in which an edition tells of the one before it.

    Where it is the one before, with the reasons that were given; else without: each edition gives its own.
    """
    told = now.get("since") or {}
    if told.get("number") == was["edition"]["number"]:
        reasons = {(each["kind"], each["key"]): each["rationale"] for each in told["changes"]}
    else:
        reasons = {}
    return ReadSince(
        number=was["edition"]["number"],
        published_on=_date(was["edition"]["published_on"]),
        changes=tuple(
            ReadChange(
                kind=each.kind.value,
                title=each.title,
                was=each.was,
                now=each.now,
                rationale=reasons.get((each.kind.value, each.key), ""),
            )
            for each in differences(was, now)
        ),
        progress=(),
    )


def _since(since: Mapping[str, Any] | None) -> ReadSince | None:
    if since is None:
        return None
    return ReadSince(
        number=since["number"],
        published_on=_date(since["published_on"]),
        changes=tuple(
            ReadChange(
                kind=each["kind"],
                title=each["title"],
                was=each["was"],
                now=each["now"],
                rationale=each["rationale"],
            )
            for each in since["changes"]
        ),
        progress=tuple(ReadProgress(**each) for each in since["progress"]),
        learning=since.get("learning", ""),
        learning_html=text.render(since.get("learning", ""), {}),
    )


def _consultation(consultation: Mapping[str, Any] | None) -> ReadConsultation | None:
    if consultation is None:
        return None
    return ReadConsultation(
        opened_on=dt.date.fromisoformat(consultation["opened_on"]),
        closed_on=_date(consultation["closed_on"]),
        comments=consultation["comments"],
        answers=tuple(ReadAnswer(**each) for each in consultation["answers"]),
    )


def _phase(phase: Mapping[str, Any]) -> ReadPhase:
    return ReadPhase(
        name=phase["name"],
        timing=phase["timing"],
        starts_on=_date(phase["starts_on"]),
        continues=tuple(phase["continues"]),
        lines=tuple(
            ReadLine(
                cohort=line["cohort_name"],
                status=line["status"],
                status_label=line["status_label"],
                note=line["note"],
                source=line["source"],
                starts_on=_date(line["starts_on"]) if line["status"] in _DATED else None,
                ends_on=_date(line["ends_on"]),
                change=line.get("change", ""),
                was=line.get("was", ""),
            )
            for line in phase["lines"]
        ),
        change=phase.get("change", ""),
        was=phase.get("was", ""),
    )


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
