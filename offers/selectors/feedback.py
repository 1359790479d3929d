"""What is read of feedback and of the last review of an offer; and how to ask for a budget."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from offers.enums import SectionKind
from offers.models import Edition, Feedback, LocalOffer, OfferReview
from offers.rules.feedback import is_to_be_reviewed, next_review_after
from offers.rules.reading import ReadSection, read
from phb_register.roles import Permission
from phb_register.selectors.settings import settings_of

#: The sections that say how to ask, and whom.
ASKING = (SectionKind.HOW_TO_ASK.value, SectionKind.CONTACTS.value)


@dataclass(frozen=True)
class LastReview:
    """When an offer's public pages were looked through last, if ever, and by when that is due again."""

    reviewed_on: dt.date | None
    due_on: dt.date


@dataclass(frozen=True)
class HowToAsk:
    """How to ask for a budget: the published edition's own words, or what the commissioner says in its settings."""

    offer: LocalOffer
    edition: Edition | None
    sections: tuple[ReadSection, ...]
    commissioner_says: str


def feedback_of(user: Any, *, is_waiting: bool) -> QuerySet[Feedback]:
    """What readers wrote to the user's team: what waits, the oldest first, or what was dealt with, the latest first."""
    rows = Feedback.objects.visible_to(user).select_related("local_offer", "dealt_with_by")
    return rows.waiting() if is_waiting else rows.filter(dealt_with_at__isnull=False).order_by("-dealt_with_at", "-pk")


def one_feedback(user: Any, reference: Any) -> Feedback | None:
    """One of them."""
    rows = Feedback.objects.visible_to(user).select_related("local_offer__commissioner", "dealt_with_by")
    return rows.filter(reference=reference).first()


def last_review(offer: LocalOffer, published_at: dt.datetime | None) -> LastReview | None:
    """The last review of an offer; where there was none, when one is due after its publication, if it is published."""
    latest = OfferReview.objects.filter(local_offer=offer).first()
    return _due(latest, published_at)


def reviews_due(user: Any, today: dt.date) -> list[tuple[LocalOffer, LastReview]]:
    """The published offers that the user's team is to look through by now or soon, the most overdue first."""
    published = dict(Edition.objects.current().values_list("local_offer_id", "published_at"))
    offers = LocalOffer.objects.visible_to(user, Permission.WRITE_OFFERS).filter(pk__in=published)
    latest: dict[int, OfferReview] = {}
    for review in OfferReview.objects.filter(local_offer__in=offers):
        latest.setdefault(review.local_offer_id, review)
    found = [(offer, _due(latest.get(offer.pk), published[offer.pk])) for offer in offers]
    due = [(offer, review) for offer, review in found if review and is_to_be_reviewed(review.due_on, today)]
    return sorted(due, key=lambda each: (each[1].due_on, each[0].pk))


def reviews_of(offer: LocalOffer) -> list[OfferReview]:
    """Every review of an offer, the latest first."""
    return list(OfferReview.objects.filter(local_offer=offer).select_related("reviewed_by"))


def how_to_ask(slug: str, today: dt.date) -> HowToAsk | None:
    """How to ask for a budget where an offer holds."""
    offer = LocalOffer.objects.select_related("commissioner").filter(slug=slug).first()
    if offer is None:
        return None
    edition = Edition.objects.current().filter(local_offer=offer).first()
    sections = read(edition.snapshot or {}).sections if edition else ()
    return HowToAsk(
        offer=offer,
        edition=edition,
        sections=tuple(each for each in sections if each.kind in ASKING and each.html),
        commissioner_says=settings_of(offer.commissioner, today).how_to_ask,
    )


def offers_to_choose() -> QuerySet[LocalOffer]:
    """Every local offer, for whoever says which one they mean."""
    return LocalOffer.objects.order_by("title")


def _due(latest: OfferReview | None, published_at: dt.datetime | None) -> LastReview | None:
    if latest is not None:
        return LastReview(latest.reviewed_on, latest.next_review_on)
    if published_at is not None:
        return LastReview(None, next_review_after(timezone.localdate(published_at)))
    return None
