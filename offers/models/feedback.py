"""What readers tell of the public pages, and when staff looked through them last."""

import uuid
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from offers.rules.feedback import FeedbackKind
from phb_register.models import User
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import can

from .offers import LocalOffer

LONGEST_FEEDBACK = 3000


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Reads of feedback."""

    def visible_to(self, user: Any, permission: Permission = Permission.WRITE_OFFERS) -> Self:
        """What concerns the offers that the user writes, and what concerns no offer in particular."""
        if not can(user, permission):
            return self.none()
        offers = LocalOffer.objects.visible_to(user, permission)
        return self.filter(Q(local_offer__in=offers) | Q(local_offer__isnull=True))

    def waiting(self) -> Self:
        """What nobody has dealt with, the oldest first."""
        return self.filter(dealt_with_at__isnull=True).order_by("received_at", "pk")


@pghistory.track()
class Feedback(models.Model):
    """What somebody wrote about a public page. Who they are is not asked; `contact` is there if they want an answer."""

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    form_key = models.UUIDField("key of the form", unique=True)
    local_offer = models.ForeignKey(
        LocalOffer, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    page = models.CharField("page", max_length=300, blank=True, help_text="Its path on this site.")
    kind = models.CharField("what it is about", max_length=7, choices=FeedbackKind.choices)
    words = models.TextField("feedback", max_length=LONGEST_FEEDBACK)
    contact = models.CharField("where to answer", max_length=150, blank=True)
    received_at = models.DateTimeField("received at")
    dealt_with_note = models.TextField("what was done", blank=True)
    dealt_with_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dealt_with_at = models.DateTimeField("dealt with at", null=True, blank=True)

    objects: ClassVar[FeedbackQuerySet] = FeedbackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name_plural = "feedback"
        indexes = [
            models.Index(fields=["received_at"], condition=Q(dealt_with_at__isnull=True), name="feedback_waiting")
        ]
        constraints = [
            models.CheckConstraint(name="feedback_says_something", condition=~Q(words="")),
            models.CheckConstraint(name="feedback_known_kind", condition=Q(kind__in=FeedbackKind.values)),
            models.CheckConstraint(
                name="feedback_dealt_with_whole",
                condition=Q(dealt_with_by__isnull=True, dealt_with_at__isnull=True, dealt_with_note="")
                | Q(dealt_with_by__isnull=False, dealt_with_at__isnull=False) & ~Q(dealt_with_note=""),
            ),
        ]
        triggers = [
            no_delete("feedback"),
            pgtrigger.ReadOnly(
                name="feedback_fixed",
                fields=["reference", "form_key", "local_offer", "page", "kind", "words", "contact", "received_at"],
            ),
            pgtrigger.Protect(
                name="feedback_dealt_with_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.dealt_with_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"Feedback of {self.received_at:%-d %B %Y}"


class OfferReview(models.Model):
    """Somebody looked through an offer's public pages on a day and found them right, or noted what is to change.

    Append-only: the latest one says when the offer was last reviewed, and when that is due again.
    """

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField("reviewed on")
    next_review_on = models.DateField("next review by")
    note = models.TextField("what you found", blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at")

    objects: ClassVar[models.Manager["OfferReview"]] = models.Manager()

    class Meta:
        ordering = ["local_offer", "-reviewed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="offer_review_looks_ahead",
                condition=Q(next_review_on__gt=F("reviewed_on")),
                violation_error_message="The next review must be after this one",
            )
        ]
        triggers = append_only("offer_review")

    def __str__(self) -> str:
        return f"{self.local_offer}: reviewed on {self.reviewed_on}"
