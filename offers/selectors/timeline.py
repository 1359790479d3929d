"""The timeline as it is kept, for whoever is about to change it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from offers.models import LocalOffer, OfferLine, Phase
from offers.rules.timeline_entries import LineDetails, PhaseDetails
from offers.rules.timeline_sheet import Row, Sheet, mark_of
from offers.selectors.content import phases_of


def details_of(offer: LocalOffer) -> list[PhaseDetails]:
    """The whole timeline, as `offers.services.timeline.save_timeline` takes it."""
    return [
        PhaseDetails(
            pk=phase.pk,
            name=phase.name,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
            timing=phase.timing,
            continues_earlier=phase.continues_earlier,
            lines=tuple(_details(line) for line in phase.lines.all()),
        )
        for phase in phases_of(offer)
    ]


def sheet_of(offer: LocalOffer) -> Sheet:
    """The whole timeline as its sheet shows it before anybody types."""
    phases = phases_of(offer)
    return Sheet(
        tuple(_row(phase.pk, _phase_values(phase)) for phase in phases),
        tuple(_row(line.pk, _line_values(line)) for phase in phases for line in phase.lines.all()),
    )


def _details(line: OfferLine) -> LineDetails:
    return LineDetails(
        pk=line.pk,
        cohort=line.cohort.code,
        status=line.status,
        status_words=line.status_words,
        note=line.note,
        source=line.source,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
    )


def _row(pk: int, values: Mapping[str, str]) -> Row:
    return Row(str(pk), values, seen=mark_of(values))


def _phase_values(phase: Phase) -> dict[str, str]:
    return {
        "name": phase.name,
        "timing": phase.timing,
        "continues_earlier": "on" if phase.continues_earlier else "",
        **_boxes(phase),
    }


def _line_values(line: OfferLine) -> dict[str, str]:
    return {
        "phase": str(line.phase_id),
        "cohort": line.cohort.code,
        "status": line.status,
        "status_words": line.status_words,
        "note": line.note,
        "source": line.source,
        **_boxes(line),
    }


def _boxes(row: Any) -> dict[str, str]:
    """Both days, each in three boxes."""
    days: dict[str, dt.date | None] = {"starts_on": row.starts_on, "ends_on": row.ends_on}
    return {
        f"{name}_{part}": str(getattr(day, part)) if day else ""
        for name, day in days.items()
        for part in ("day", "month", "year")
    }
