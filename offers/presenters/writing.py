"""What writers see of one offer: its sections, its phases, its own cohorts."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from offers.models import Cohort, LocalOffer, OfferSection, Phase
from offers.presenters.easy_read import grade_tag
from offers.presenters.wording import spoken
from offers.rules.readability import measured
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, spoken_moment
from phb_register.tables import Column, table_params

#: For a caption that says what the heading above the table says already.
HIDDEN = "nhsuk-u-visually-hidden"


def sections_table(
    offer: LocalOffer, sections: Iterable[OfferSection], unsaved: Collection[tuple[str, str]], *, may_write: bool
) -> dict[str, Any]:
    """The sections with how long they are, their easy read versions and who saved them.

    `unsaved` are kind and part of what the reader typed and did not save. For writers both versions are linked to where
    they are written.
    """

    def address(name: str) -> Callable[[OfferSection], str | None]:
        return lambda section: reverse(name, args=[offer.slug, section.kind]) if may_write else None

    columns: list[Column[OfferSection]] = [
        Column("Section", lambda each: each.heading, link=address("offers:write-section")),
        Column("Length", lambda each: counted(len(each.body.split()), "word", "words")),
        Column("Easy read", _easy_read, link=address("offers:write-easy-read")),
        Column("How easy", _how_easy),
        Column("Saved", lambda each: _saved(each, unsaved)),
    ]
    return table_params(
        columns, list(sections), caption="Sections of the text", caption_classes=HIDDEN, is_responsive=True
    )


def phases_table(offer: LocalOffer, phases: Sequence[Phase], *, may_write: bool) -> dict[str, Any] | None:
    """The phases with their dates and how many lines they have."""

    def address(phase: Phase) -> str | None:
        return f"{reverse('offers:timeline', args=[offer.slug])}#phase-{phase.pk}" if may_write else None

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


def _easy_read(section: OfferSection) -> SafeString:
    # The name of the section belongs to the link, which is read out alone.
    lines = (
        counted(len(section.easy_read_lines.all()), "line", "lines") if section.easy_read_lines.all() else "None yet"
    )
    return format_html('{}<span class="nhsuk-u-visually-hidden"> of “{}” in easy read</span>', lines, section.heading)


def _how_easy(section: OfferSection) -> str | SafeString:
    grade = measured(line.words for line in section.easy_read_lines.all())
    return render_component("tag", grade_tag(grade)) if grade else ""


def _saved(section: OfferSection, unsaved: Collection[tuple[str, str]]) -> str | SafeString:
    when = f"{spoken_moment(section.saved_at)} by {section.saved_by}" if section.saved_at else "Not yet"
    if not any(kind == section.kind for kind, _ in unsaved):
        return when
    tag = render_component("tag", {"text": "You have not saved", "classes": "nhsuk-tag--orange"})
    return format_html("{} {}", when, tag)
