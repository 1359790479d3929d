"""Feedback, how to ask, and the last review on a page."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from offers.models import Edition, Feedback, LocalOffer, OfferReview
from offers.presenters.wording import spoken
from offers.selectors.feedback import HowToAsk, LastReview, last_review
from offers.slots import reader_links_for
from phb_register import safe_markdown
from phb_register.presenters import spoken_moment, summary
from phb_register.tables import Column, table_params

NO_OFFER = "None in particular"


def feedback_table(feedback: Sequence[Feedback], *, is_waiting: bool) -> dict[str, Any]:
    """What readers wrote, each linked to its page."""
    caption = "Feedback that waits" if is_waiting else "Feedback that was dealt with"
    return table_params(_FEEDBACK_COLUMNS, feedback, caption=caption, is_stacked=True)


def feedback_facts(feedback: Feedback) -> list[dict[str, Any]]:
    """Everything about one piece of feedback but its words."""
    rows: list[tuple[str, Any]] = [
        ("What it is about", feedback.get_kind_display()),
        ("Local offer", feedback.local_offer.title if feedback.local_offer else NO_OFFER),
        ("Page", feedback.page),
        ("Received", spoken_moment(feedback.received_at)),
        ("Answer to", feedback.contact or "They do not ask for an answer"),
    ]
    if feedback.dealt_with_by is not None and feedback.dealt_with_at is not None:
        rows.append(("Dealt with", f"{feedback.dealt_with_by.full_name}, {spoken_moment(feedback.dealt_with_at)}"))
        rows.append(("What was done", feedback.dealt_with_note))
    return summary(rows)


def how_to_ask_page(found: HowToAsk) -> dict[str, Any]:
    """How to ask: the edition's own words, or else the commissioner's."""
    own = reverse("offers:how-to-ask", args=[found.offer.slug])
    says = "" if found.sections else safe_markdown.render(found.commissioner_says)
    return {
        "offer": found.offer,
        "edition": found.edition,
        "sections": found.sections,
        "commissioner_says": says,
        "reader_links": [link for link in reader_links_for(found.offer) if link["href"] != own],
        "reviewed": reviewed_words(found.offer, found.edition),
    }


def reviewed_words(offer: LocalOffer, edition: Edition | None) -> str:
    """When the public pages were looked through last, as they say it; nothing where nobody did yet."""
    found = last_review(offer, edition.published_at if edition else None)
    if found is None or found.reviewed_on is None:
        return ""
    return f"Page last reviewed: {spoken(found.reviewed_on)}. Next review due: {spoken(found.due_on)}."


def due_words(review: LastReview) -> str:
    """Why an offer is to be looked through."""
    if review.reviewed_on is None:
        return "Nobody has looked through it since it was published"
    return f"Last reviewed on {spoken(review.reviewed_on)}"


def reviews_table(reviews: Sequence[OfferReview]) -> dict[str, Any] | None:
    """Every review of an offer."""
    return table_params(_REVIEW_COLUMNS, reviews, caption="Reviews so far", is_stacked=True) if reviews else None


_FEEDBACK_COLUMNS: list[Column[Feedback]] = [
    Column(
        "Feedback",
        lambda each: Truncator(each.words).words(16),
        link=lambda each: reverse("offers:one-feedback", args=[each.reference]),
    ),
    Column("About", lambda each: each.get_kind_display()),
    Column("Local offer", lambda each: each.local_offer.title if each.local_offer else NO_OFFER),
    Column("Received", lambda each: spoken(timezone.localdate(each.received_at))),
    Column("Wants an answer", lambda each: "Yes" if each.contact else "No"),
]

_REVIEW_COLUMNS: list[Column[OfferReview]] = [
    Column("Reviewed on", lambda each: spoken(each.reviewed_on)),
    Column("By", lambda each: each.reviewed_by.full_name),
    Column("Next review by", lambda each: spoken(each.next_review_on)),
    Column("What was found", lambda each: each.note),
]
