"""What the public pages of an edition are given, from its snapshot alone."""

from typing import Any

from django.urls import reverse

from offers.models import Edition
from offers.presenters import editions as presenter
from offers.presenters.easy_read import ShownLine, shown
from offers.presenters.outputs import links, parts
from offers.presenters.pages import reading_context
from offers.rules.pictures import PICTURES_BY_CODE
from offers.rules.reading import Reading, ReadSection, read
from offers.selectors import outputs, pages
from offers.slots import reader_links_for


def edition_page(edition: Edition, *, is_current: bool) -> dict[str, Any]:
    """The page of an edition."""
    reading = read(edition.snapshot or {})
    editions = pages.public_editions(edition.local_offer)
    return {
        "offer": edition.local_offer,
        "edition": edition,
        "is_current": is_current,
        "facts": presenter.facts(edition),
        "outputs": links.links(edition, outputs.documents_of(edition)),
        "easy_read_url": _easy_read_url(edition, reading),
        "reader_links": reader_links_for(edition.local_offer),
        "other_editions": [each for each in editions if each.number != edition.number],
        "consulted": parts.consulted(reading.consultation) if reading.consultation else "",
        "contents": _contents(reading),
        **reading_context(reading),
    }


def easy_read_page(edition: Edition) -> dict[str, Any] | None:
    """The page of an edition in easy read; None where nothing of it is written so."""
    reading = read(edition.snapshot or {})
    if not _is_in_easy_read(reading):
        return None
    documents = links.links(edition, outputs.documents_of(edition))["to_read"]
    easy = [each for each in reading.sections if each.easy_read or each.has_timeline]
    return {
        "offer": edition.local_offer,
        "edition": edition,
        "reading": reading,
        "about": parts.about(reading),
        "sections": [_easy_section(each, reading) for each in easy],
        "without": [each.heading for each in reading.sections if each not in easy],
        "documents": [each for each in documents if "easy-read" in each["href"]],
        "whole_url": reverse("offers:edition", args=[edition.local_offer.slug, edition.number]),
    }


def _contents(reading: Reading) -> dict[str, Any]:
    """Links to the parts of the page: an edition is many screens long on a phone."""
    parts_there = [(each.kind, each.heading) for each in reading.sections]
    if reading.figures:
        parts_there.append(("figures", "Figures in this edition"))
    if reading.since:
        parts_there.append(("since", f"What has changed since edition {reading.since.number}"))
    if reading.consultation:
        parts_there.append(("consultation", "What people told us"))
    return {
        "landmarkLabel": "On this page",
        "items": [{"href": f"#{anchor}", "text": heading} for anchor, heading in parts_there],
    }


def _easy_section(section: ReadSection, reading: Reading) -> dict[str, Any]:
    groups = parts.easy_timeline(reading) if section.has_timeline else []
    return {
        "kind": section.kind,
        "heading": section.heading,
        "lines": shown(section.easy_read),
        "groups": [{"heading": each.heading, "lines": _easy_lines(each)} for each in groups],
    }


def _easy_lines(group: parts.EasyGroup) -> list[ShownLine]:
    picture = PICTURES_BY_CODE.get(group.picture)
    return [ShownLine(f"{each.cohort}, {each.when}" if each.when else each.cohort, picture) for each in group.lines]


def _easy_read_url(edition: Edition, reading: Reading) -> str | None:
    if not _is_in_easy_read(reading):
        return None
    return reverse("offers:edition-easy-read", args=[edition.local_offer.slug, edition.number])


def _is_in_easy_read(reading: Reading) -> bool:
    return any(each.easy_read for each in reading.sections)
