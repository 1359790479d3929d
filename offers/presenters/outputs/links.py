"""Where an edition's outputs are found: the links of its page, and the feed of all editions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone

from offers.models import Edition
from offers.presenters.wording import file_size, spoken
from offers.rules.outputs import OUTPUTS, PDF, Output
from offers.selectors.outputs import DocumentFile

FEED_VERSION = "https://jsonfeed.org/version/1.1"


def address(output: Output, edition: Edition) -> str:
    """Where an output of an edition stands."""
    return reverse(f"offers:edition-{output.code}", args=[edition.local_offer.slug, edition.number])


def links(edition: Edition, documents: Mapping[Output, DocumentFile]) -> dict[str, list[dict[str, str]]]:
    """The outputs that an edition has: `to_read` and `data`. Each says its kind, and its size where it is known."""
    there = [each for each in OUTPUTS if not each.field or each in documents]
    return {
        "to_read": [_link(each, edition, documents) for each in there if not each.is_open_data],
        "data": [_link(each, edition, documents) for each in there if each.is_open_data],
    }


def feed(editions: Sequence[Edition], page: Page[Edition], absolute: Callable[[str], str]) -> dict[str, Any]:
    """Editions as a JSON Feed. `absolute` gives the whole address of a path."""
    address_of_feed = absolute(reverse("offers:feed"))
    feed: dict[str, Any] = {
        "version": FEED_VERSION,
        "title": "Local offers of personal health budgets",
        "home_page_url": absolute(reverse("offers:local-offers")),
        "feed_url": address_of_feed,
        "language": "en-GB",
        "items": [_item(each, absolute) for each in editions],
    }
    if page.has_next():
        feed["next_url"] = f"{address_of_feed}?page={page.next_page_number()}"
    return feed


def _link(output: Output, edition: Edition, documents: Mapping[Output, DocumentFile]) -> dict[str, str]:
    size = f", {file_size(documents[output].size)}" if output in documents else ""
    return {"text": f"{output.label} ({output.kind}{size})", "href": address(output, edition)}


def _item(edition: Edition, absolute: Callable[[str], str]) -> dict[str, Any]:
    offer = edition.local_offer
    page = absolute(reverse("offers:edition", args=[offer.slug, edition.number]))
    published = timezone.localtime(edition.published_at)
    return {
        "id": page,
        "url": page,
        "title": f"{edition.title}, edition {edition.number}",
        "content_text": (
            f"Edition {edition.number} of the local offer of {offer.commissioner.name}, published on "
            f"{spoken(published.date())}. Figures are as at {spoken(edition.figures_as_at)}."
        ),
        "date_published": published.isoformat(timespec="seconds"),
        "authors": [{"name": offer.commissioner.name}],
        "tags": [edition.get_status_display()],
        "attachments": [_attachment(each, edition, absolute) for each in OUTPUTS if each == PDF or not each.field],
    }


def _attachment(output: Output, edition: Edition, absolute: Callable[[str], str]) -> dict[str, Any]:
    size = {"size_in_bytes": edition.pdf_size} if output == PDF else {}  # type: ignore[attr-defined]
    return {
        "url": absolute(address(output, edition)),
        "mime_type": output.media_type.split(";")[0],
        "title": f"{output.label} ({output.kind})",
        **size,
    }
