"""What writers see: the sections, the phases, the figures they may pick."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from offers import figures
from offers.models import Cohort, LocalOffer, OfferSection, Phase
from offers.presenters.wording import spoken
from phb_register.presenters import counted, spoken_moment
from phb_register.tables import Column, table_params

#: For a caption that says what the heading above the table says already.
HIDDEN = "nhsuk-u-visually-hidden"

#: The buttons below a phase's grid. The second stays on the page, with one more empty line.
PHASE_BUTTONS: list[dict[str, Any]] = [
    {"text": "Save", "name": "save", "value": "1", "preventDoubleClick": True},
    {
        "text": "Save and add another line",
        "name": "another",
        "value": "1",
        "variant": "secondary",
        "preventDoubleClick": True,
    },
]


def sections_table(offer: LocalOffer, sections: Iterable[OfferSection], *, may_write: bool) -> dict[str, Any]:
    """The sections with how long they are and who saved them; linked to where they are written, for writers."""

    def address(section: OfferSection) -> str | None:
        return reverse("offers:write-section", args=[offer.slug, section.kind]) if may_write else None

    columns: list[Column[OfferSection]] = [
        Column("Section", lambda each: each.heading, link=address),
        Column("Length", lambda each: counted(len(each.body.split()), "word", "words")),
        Column("Saved", _saved),
    ]
    return table_params(columns, list(sections), caption="Sections of the text", caption_classes=HIDDEN)


def phases_table(offer: LocalOffer, phases: Sequence[Phase], *, may_write: bool) -> dict[str, Any] | None:
    """The phases with their dates and how many lines they have."""

    def address(phase: Phase) -> str | None:
        return reverse("offers:phase", args=[offer.slug, phase.pk]) if may_write else None

    columns: list[Column[Phase]] = [
        Column("Phase", lambda each: each.name, link=address),
        Column("Starts", lambda each: spoken(each.starts_on) if each.starts_on else each.timing),
        Column("Lines", lambda each: len(each.lines.all()), is_number=True),
    ]
    return table_params(columns, phases, caption="Years and phases", caption_classes=HIDDEN) if phases else None


def own_cohorts_table(offer: LocalOffer, cohorts: Sequence[Cohort], *, may_write: bool) -> dict[str, Any] | None:
    """The offer's own cohorts; linked to where they are described, for writers."""

    def address(cohort: Cohort) -> str | None:
        return reverse("offers:cohort", args=[offer.slug, cohort.code]) if may_write else None

    columns: list[Column[Cohort]] = [
        Column("Cohort", lambda each: each.name, link=address),
        Column("Who belongs to it", lambda each: each.description),
    ]
    return table_params(columns, cohorts, caption="Cohorts of your own", caption_classes=HIDDEN) if cohorts else None


def figure_choices(known: Iterable[figures.Figure]) -> dict[str, Any] | None:
    """The figures a writer may put into the text, each with what to type and what it means."""
    rows = list(known)
    columns: list[Column[figures.Figure]] = [
        Column("Figure", lambda each: each.label),
        Column("Write", lambda each: format_html("<code>{}</code>", f"{{{{ figure.{each.code} }}}}")),
        Column("What it means", lambda each: each.definition),
    ]
    return table_params(columns, rows, caption="Figures you can use") if rows else None


def _saved(section: OfferSection) -> str:
    if section.saved_at is None or section.saved_by is None:
        return "Not yet"
    return f"{spoken_moment(section.saved_at)} by {section.saved_by.full_name}"
