"""A snapshot made readable: what page, PDF and preview all show, so that none can say something else than the
others."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers.enums import LineStatus, SectionKind
from offers.rules import text


@dataclass(frozen=True)
class ReadSection:
    """A section with its text as safe HTML. `has_timeline` marks the one the timeline's table follows."""

    kind: str
    heading: str
    html: str
    has_timeline: bool


@dataclass(frozen=True)
class ReadLine:
    """A line of the timeline, ready to print. Dates are there for what is offered or planned; not for ideas."""

    cohort: str
    status: str
    status_label: str
    note: str
    source: str
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True)
class ReadPhase:
    """A phase of the timeline. `continues` names the cohorts that go on from earlier phases."""

    name: str
    timing: str
    starts_on: dt.date | None
    continues: tuple[str, ...]
    lines: tuple[ReadLine, ...]


@dataclass(frozen=True)
class ReadFigure:
    """A figure as printed, with what it means and the day it was counted on."""

    code: str
    label: str
    text: str
    definition: str
    as_at: dt.date


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


TIMELINE_SECTION = SectionKind.TIMELINE.value
# A year in which something is scoped or proposed is not a day from which it can be had.
_DATED = (LineStatus.LIVE.value, LineStatus.PLANNED.value)


def read(snapshot: Mapping[str, Any]) -> Reading:
    """Read a snapshot in the form of `offers.selectors.content.current_snapshot`."""
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
            )
            for each in snapshot["figures"]
        ),
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
            )
            for line in phase["lines"]
        ),
    )


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
