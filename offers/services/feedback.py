"""Feedback of readers, and the day on which an offer was looked through."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from offers import policies
from offers.models import Feedback, LocalOffer, OfferReview
from offers.models.feedback import LONGEST_FEEDBACK
from offers.rules.feedback import FeedbackKind
from phb_register import audit, clock, static_copy
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission


@transaction.atomic
def send_feedback(
    *,
    form_key: uuid.UUID,
    kind: str,
    words: str,
    page: str = "",
    local_offer: LocalOffer | None = None,
    contact: str = "",
) -> Feedback:
    """Keep what a reader wrote for the PHB team of the offer, or for every team where it is about none in particular.

    One page of the form (`form_key`) is one piece of feedback, however often it is sent. Raises `Refused`.
    """
    if kind not in FeedbackKind.values:
        raise Refused("Select what it is about", field="kind")
    if not words.strip():
        raise Refused("Enter what you want to tell us", field="words")
    if len(words) > LONGEST_FEEDBACK:
        raise Refused(f"Write at most {LONGEST_FEEDBACK:,} characters", field="words")
    feedback, is_new = Feedback.objects.get_or_create(
        form_key=form_key,
        defaults={
            "kind": kind,
            "words": words.strip(),
            "page": page,
            "local_offer": local_offer,
            "contact": contact.strip(),
            "received_at": clock.now(),
        },
    )
    if is_new:
        commissioner = local_offer.commissioner if local_offer else None
        audit.record(actor=None, action="send-feedback", subject=feedback, commissioner=commissioner)
    return feedback


@transaction.atomic
def deal_with_feedback(*, feedback: Feedback, note: str, by: User) -> Feedback:
    """Say what was done about it; it leaves the worklist.

    Raises `PermissionDenied`, or `Refused` where somebody was quicker.
    """
    held = Feedback.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=feedback.pk).first()
    if held is None:
        raise PermissionDenied("This feedback is for the team of another local offer")
    if held.dealt_with_at is not None:
        raise Refused("Somebody dealt with this already. Look at what they wrote")
    if not note.strip():
        raise Refused("Enter what was done", field="note")
    held.dealt_with_note, held.dealt_with_by, held.dealt_with_at = note.strip(), by, clock.now()
    held.save(update_fields=["dealt_with_note", "dealt_with_by", "dealt_with_at"])
    commissioner = held.local_offer.commissioner if held.local_offer else None
    audit.record(actor=by, action="deal-with-feedback", subject=held, commissioner=commissioner)
    return held


@transaction.atomic
def record_review(
    *, offer: LocalOffer, reviewed_on: dt.date, next_review_on: dt.date, by: User, note: str = ""
) -> OfferReview:
    """Record that somebody looked through an offer's public pages. The pages then say so.

    Raises `PermissionDenied`, or `Refused` for a day to come, a day before the latest review, or a next review that
    is not after this one.
    """
    held = LocalOffer.objects.select_for_update().get(pk=offer.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, held)
    if reviewed_on > clock.today():
        raise Refused("Day you looked through it must be today or in the past", field="reviewed_on")
    latest = OfferReview.objects.filter(local_offer=held).first()
    if latest is not None and reviewed_on < latest.reviewed_on:
        raise Refused(
            f"Day you looked through it must be on or after {latest.reviewed_on:%-d %B %Y}, the latest review",
            field="reviewed_on",
        )
    if next_review_on <= reviewed_on:
        raise Refused("Day of the next review must be after this one", field="next_review_on")
    review = OfferReview.objects.create(
        local_offer=held,
        reviewed_on=reviewed_on,
        next_review_on=next_review_on,
        note=note.strip(),
        reviewed_by=by,
        recorded_at=clock.now(),
    )
    audit.record(
        actor=by,
        action="review-offer",
        subject=review,
        commissioner=held.commissioner,
        detail={"reviewed_on": reviewed_on.isoformat()},
    )
    static_copy.ask_for_copy()
    return review
