"""Where everybody reads: the address of every public page of this room, for the static copy."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.urls import reverse

from offers import support_directory
from offers.enums import EditionStatus
from offers.models import LocalOffer
from offers.rules.outputs import OUTPUTS
from offers.selectors import pages
from offers.selectors.consultations import public_consultations
from offers.selectors.outputs import documents_of
from offers.support_directory import SupportSearch
from phb_register import clock

DATA = ("services", "organizations", "taxonomies", "taxonomy-terms", "service-at-locations")


def public_addresses() -> Iterator[str]:
    """The list of offers and all that it leads to, and the open data."""
    yield _to("local-offers")
    yield _to("feed")
    for offer in pages.public_offers():
        yield from _of_offer(offer)
    yield from _of_directory()


def _of_offer(offer: LocalOffer) -> Iterator[str]:
    slug = offer.slug
    yield from (_to(name, slug=slug) for name in ("local-offer", "how-to-ask", "editions", "consultations"))
    for consultation in public_consultations(offer, clock.today()):
        yield _to("consultation", slug=slug, number=consultation.number)
    editions = pages.public_editions(offer)
    for edition in editions:
        kept = documents_of(edition)
        forms = [each.code for each in OUTPUTS if not each.field or each in kept]
        # The page in easy read is there where the document is.
        forms += ["easy-read"] if "easy-read-pdf" in forms else []
        yield _to("edition", slug=slug, number=edition.number)
        yield from (_to(f"edition-{form}", slug=slug, number=edition.number) for form in forms)
        if edition.status == EditionStatus.PUBLISHED:
            yield from (_to(f"local-offer-{form}", slug=slug) for form in forms)
    yield from (_to("edition", slug=slug, number=number) for number in pages.withdrawn_numbers(offer))
    numbers = sorted(edition.number for edition in editions)
    yield from (_to("comparison", slug=slug, was=was, now=now) for was, now in combinations(numbers, 2))


def _of_directory() -> Iterator[str]:
    directory, on = support_directory.directory(), clock.today()
    yield _to("open-referral")
    yield from (_to(f"open-{name}") for name in DATA)
    search = SupportSearch()
    for entry in directory.entries(search, on=on, start=0, stop=directory.count(search, on=on)):
        yield _to("open-service", reference=entry.reference)
        yield _to("open-organization", reference=entry.reference)


def _to(name: str, **arguments: Any) -> str:
    return reverse(f"offers:{name}", kwargs=arguments)
