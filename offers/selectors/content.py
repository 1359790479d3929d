"""What an edition says: the offer's text, timeline and figures, gathered into the form that publication
freezes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from offers import figures
from offers.models import Edition, LocalOffer, OfferSection, Phase
from offers.rules import text, timeline
from offers.rules.snapshots import FORMAT
from offers.selectors.consultations import summary_of
from offers.selectors.since import since_of, with_since
from phb_register.dates import last_month_end


def current_snapshot(edition: Edition, *, published_on: dt.date | None) -> tuple[dict[str, Any], list[str]]:
    """The edition as it stands now, and the codes of the figures in its text that nobody provides.

    Dates are ISO text and numbers are text or whole, so that the canonical form is exact
    (`offers.rules.snapshots`). `published_on` is None for the preview of a draft.
    """
    snapshot, missing = gather(edition, published_on=published_on)
    return with_since(snapshot, since_of(edition, snapshot)), missing


def gather(edition: Edition, *, published_on: dt.date | None = None) -> tuple[dict[str, Any], list[str]]:
    """As `current_snapshot`, but without what became of the edition before."""
    offer = LocalOffer.objects.select_related("commissioner").get(pk=edition.local_offer_id)
    sections = list(
        OfferSection.objects.filter(local_offer=offer).prefetch_related("easy_read_lines").order_by("position", "pk")
    )
    asked_for = _figures_in(sections)
    values = figures.values(asked_for, commissioner=offer.commissioner, as_at=edition.figures_as_at)
    snapshot = {
        "format": FORMAT,
        "local_offer": {
            "slug": offer.slug,
            "title": offer.title,
            "commissioner_code": offer.commissioner.code,
            "commissioner_name": offer.commissioner.name,
        },
        "edition": {
            "number": edition.number,
            "title": edition.title,
            "figures_as_at": edition.figures_as_at.isoformat(),
            "approved_on": _iso(edition.day_approved),
            "published_on": published_on.isoformat() if published_on else None,
        },
        "sections": [_section(each) for each in sections],
        "timeline": timeline_of(offer),
        "figures": [_figure(code, value) for code, value in values.items()],
        "since": None,
        "consultation": summary_of(edition) if edition.pk else None,
    }
    return snapshot, [code for code in asked_for if code not in values]


def figures_asked_for(offer: LocalOffer) -> list[str]:
    """The codes of the figures that the text asks for, each once."""
    return _figures_in(OfferSection.objects.filter(local_offer=offer).order_by("position", "pk"))


def _figures_in(sections: Iterable[OfferSection]) -> list[str]:
    return list(dict.fromkeys(code for each in sections for code in text.figure_codes(each.body)))


def preview_snapshot(offer: LocalOffer, *, today: dt.date) -> tuple[dict[str, Any], list[str]]:
    """As `current_snapshot`: of the edition on its way, or else of the one that would be started today."""
    edition = Edition.objects.filter(local_offer=offer).still_open().first()
    if edition is None:
        numbers = Edition.objects.filter(local_offer=offer).order_by("-number").values_list("number", flat=True)
        number = (numbers.first() or 0) + 1
        edition = Edition(local_offer=offer, number=number, title=offer.title, figures_as_at=last_month_end(today))
    return current_snapshot(edition, published_on=None)


def figure_texts(offer: LocalOffer, body: str, *, today: dt.date) -> dict[str, str]:
    """The figures a text asks for as they would be printed."""
    values = figure_values(offer, text.figure_codes(body), today=today)
    return {code: value.text for code, value in values.items()}


def figure_values(offer: LocalOffer, codes: Sequence[str], *, today: dt.date) -> dict[str, figures.FigureValue]:
    """Figures as they are now: as at the day of the edition on its way, or the end of the last month."""
    if not codes:
        return {}
    edition = Edition.objects.filter(local_offer=offer).still_open().first()
    as_at = edition.figures_as_at if edition else last_month_end(today)
    return figures.values(codes, commissioner=offer.commissioner, as_at=as_at)


def timeline_of(offer: LocalOffer) -> list[dict[str, Any]]:
    """The phases with their lines, and the cohorts that go on in each, as a snapshot holds them."""
    phases = [_phase_lines(phase) for phase in phases_of(offer)]
    return [
        {
            "name": phase.name,
            "starts_on": _iso(phase.starts_on),
            "ends_on": _iso(phase.ends_on),
            "timing": phase.timing,
            "continues_earlier": phase.continues_earlier,
            "continues": timeline.continuing(phases, index),
            "lines": [
                {
                    "cohort": line.cohort_code,
                    "cohort_name": line.cohort_name,
                    "status": line.status,
                    "status_label": line.status_label,
                    "note": line.note,
                    "source": line.source,
                    "starts_on": _iso(line.starts_on),
                    "ends_on": _iso(line.ends_on),
                }
                for line in phase.lines
            ],
        }
        for index, phase in enumerate(phases)
    ]


def phases_of(offer: LocalOffer) -> list[Phase]:
    """The phases in order, each with its lines and their cohorts: three queries."""
    return list(Phase.objects.filter(local_offer=offer).prefetch_related("lines__cohort").order_by("position", "pk"))


def _phase_lines(phase: Phase) -> timeline.PhaseLines:
    return timeline.PhaseLines(
        name=phase.name,
        starts_on=phase.starts_on,
        ends_on=phase.ends_on,
        timing=phase.timing,
        continues_earlier=phase.continues_earlier,
        lines=tuple(
            timeline.Line(
                cohort_code=line.cohort.code,
                cohort_name=line.cohort.name,
                status=line.status,
                status_label=line.status_label,
                note=line.note,
                source=line.source,
                starts_on=line.starts_on or phase.starts_on,
                ends_on=line.ends_on,
            )
            for line in phase.lines.all()
        ),
    )


def _section(section: OfferSection) -> dict[str, Any]:
    lines = [{"picture": line.picture, "words": line.words} for line in section.easy_read_lines.all()]
    return {"kind": section.kind, "heading": section.heading, "body": section.body, "easy_read": lines}


def _figure(code: str, value: figures.FigureValue) -> dict[str, Any]:
    figure = figures.find(code)
    return {
        "code": code,
        "label": figure.label if figure else code,
        "text": value.text,
        "number": None if value.number is None else str(value.number),
        "definition": value.definition,
        "as_at": value.as_at.isoformat(),
    }


def _iso(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None
