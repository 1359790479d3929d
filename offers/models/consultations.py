"""Consultations on editions: what was put to the public, what they said, and what they were told."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from offers.rules.comment_states import (
    OPEN_STATUSES,
    PUBLIC_STATUSES,
    CommentStatus,
    SetAsideReason,
    SpokenAs,
    allowed_jumps,
)
from phb_register.models import User
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet

from .editions import Edition
from .guards import locked_while_decided
from .offers import LocalOffer

LONGEST_COMMENT = 5000


class ConsultationQuerySet(ScopedQuerySet["Consultation"]):
    """Reads of consultations."""

    scope_permission = Permission.VIEW_OFFERS

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """Those of the offers the user may see (see `LocalOfferQuerySet.visible_to`)."""
        return self.filter(local_offer__in=LocalOffer.objects.visible_to(user, permission or self.scope_permission))

    def running(self) -> Self:
        """Those that nobody closed yet, whether or not their last day is over."""
        return self.filter(closed_at__isnull=True)

    def light(self) -> Self:
        """Without the text that was put to the public."""
        return self.defer("snapshot")

    def with_edition(self) -> Self:
        """With the offer and the edition, but not what the edition published."""
        return self.select_related("local_offer__commissioner", "edition").defer("edition__snapshot")


@pghistory.track(exclude=["snapshot"])
class Consultation(models.Model):
    """One time that a draft was put to the public, from `opens_on` to `closes_on`, both included.

    `snapshot` is the edition as it stood when the consultation was opened (see `offers.selectors.content`): what the
    public reads and comments on, whatever is changed in the text meanwhile.
    """

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="consultations")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="consultations")
    number = models.PositiveIntegerField("number")
    introduction = models.TextField("what you would like to know", blank=True)
    opens_on = models.DateField("first day")
    closes_on = models.DateField("last day")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("opened at")
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField("closed at", null=True, blank=True)
    snapshot = models.JSONField("what was put to the public")

    objects: ClassVar[ConsultationQuerySet] = ConsultationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["local_offer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["local_offer", "number"], name="consultation_number_once"),
            models.UniqueConstraint(
                fields=["local_offer"], condition=Q(closed_at__isnull=True), name="consultation_one_running"
            ),
            models.CheckConstraint(name="consultation_numbered_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="consultation_ends_after_it_starts",
                condition=Q(closes_on__gt=F("opens_on")),
                violation_error_message="The last day must be after the first",
            ),
            models.CheckConstraint(
                name="consultation_closed_by_and_at",
                condition=Q(closed_by__isnull=True, closed_at__isnull=True)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
        ]
        triggers = [
            no_delete("consultation"),
            pgtrigger.ReadOnly(
                name="consultation_fixed",
                fields=["local_offer", "edition", "number", "opens_on", "opened_by", "opened_at", "snapshot"],
            ),
            pgtrigger.Protect(
                name="consultation_closed_is_over",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.closed_at IS NOT NULL"),
            ),
            pgtrigger.Trigger(
                name="consultation_of_its_offer",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM offers_edition
                        WHERE id = NEW.edition_id AND local_offer_id = NEW.local_offer_id
                            AND status = 'in-consultation'
                    ) THEN
                        RAISE EXCEPTION 'Only an edition of the offer that is in consultation has one'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'consultation_of_its_offer';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_offer}: consultation {self.number}"

    @property
    def is_closed(self) -> bool:
        """Whether somebody closed it."""
        return self.closed_at is not None

    def takes_comments(self, day: dt.date) -> bool:
        """Whether anybody may comment on a day."""
        return not self.is_closed and self.opens_on <= day <= self.closes_on


class ConsultationInvitation(models.Model):
    """A user who was asked for a comment. It gives them the page to write one on, and nothing else."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="invitations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField("invited at")

    objects: ClassVar[models.Manager["ConsultationInvitation"]] = models.Manager()

    class Meta:
        ordering = ["consultation", "user__full_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["consultation", "user"], name="invitation_once")]
        triggers = append_only("consultation_invitation")

    def __str__(self) -> str:
        return f"{self.user}: {self.consultation}"


class CommentQuerySet(models.QuerySet["ConsultationComment"]):
    """Reads of comments."""

    def still_open(self) -> Self:
        """Those that nobody answered or set aside yet."""
        return self.filter(status__in=OPEN_STATUSES)

    def public(self) -> Self:
        """Those that anybody may read, as they are shown."""
        return self.filter(status__in=PUBLIC_STATUSES)


@pghistory.track()
class ConsultationComment(models.Model):
    """What somebody said of an edition in consultation.

    `words` are theirs and never change; the public reads `shown_words`, from which the team took out what tells who
    somebody is. `section` is the kind of a section of what was put to the public; without one it is about the whole.
    `by` is the invited user; somebody from the public is not asked who they are.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="comments")
    # Each page of the form has a key of its own, so that one sent twice is one comment.
    form_key = models.UUIDField("key of the form", unique=True)
    section = models.CharField("section", max_length=40, blank=True)
    words = models.TextField("comment", max_length=LONGEST_COMMENT)
    spoken_as = models.CharField("who they are", max_length=12, choices=SpokenAs.choices, blank=True)
    organisation = models.CharField("organisation", max_length=150, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField("received at")
    status = models.CharField("status", max_length=9, choices=CommentStatus.choices, default=CommentStatus.RECEIVED)
    shown_words = models.TextField("as it is shown", max_length=LONGEST_COMMENT, blank=True)
    set_aside_reason = models.CharField(
        "why it is set aside", max_length=14, choices=SetAsideReason.choices, blank=True
    )
    answer = models.TextField("answer", max_length=LONGEST_COMMENT, blank=True)
    is_offer_changed = models.BooleanField("the offer was changed for it", null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("answered at", null=True, blank=True)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["consultation", "received_at", "pk"]
        indexes = [models.Index(fields=["consultation", "status"], name="comment_by_status")]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(words="")),
            models.CheckConstraint(name="comment_known_status", condition=Q(status__in=CommentStatus.values)),
            models.CheckConstraint(
                name="comment_shown_in_words",
                condition=~Q(status__in=PUBLIC_STATUSES) | ~Q(shown_words=""),
            ),
            models.CheckConstraint(
                name="comment_set_aside_with_reason",
                condition=Q(status=CommentStatus.SET_ASIDE, set_aside_reason__in=SetAsideReason.values)
                | ~Q(status=CommentStatus.SET_ASIDE) & Q(set_aside_reason=""),
            ),
            models.CheckConstraint(
                name="comment_answered_whole",
                condition=Q(
                    status=CommentStatus.ANSWERED,
                    is_offer_changed__isnull=False,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                )
                & ~Q(answer="")
                | ~Q(status=CommentStatus.ANSWERED)
                & Q(answer="", is_offer_changed__isnull=True, answered_by__isnull=True, answered_at__isnull=True),
            ),
        ]
        triggers = [
            no_delete("comment"),
            pgtrigger.FSM(name="comment_states", field="status", transitions=allowed_jumps()),
            pgtrigger.Protect(
                name="comment_begins_as_received",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'received'"),
            ),
            pgtrigger.ReadOnly(
                name="comment_fixed",
                fields=[
                    "reference",
                    "consultation",
                    "form_key",
                    "section",
                    "words",
                    "spoken_as",
                    "organisation",
                    "by",
                    "received_at",
                ],
            ),
            pgtrigger.Trigger(
                name="comment_while_running",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM offers_consultation WHERE id = NEW.consultation_id AND closed_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'The consultation is closed'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_while_running';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # What was answered is part of what is decided upon, and of what is published.
            locked_while_decided(
                "comment",
                "SELECT local_offer_id FROM offers_consultation WHERE offers_consultation.id = changed.consultation_id",
            ),
            pgtrigger.Trigger(
                name="comment_fixed_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM offers_consultation AS consultation
                        JOIN offers_edition AS edition ON edition.id = consultation.edition_id
                        WHERE consultation.id = NEW.consultation_id
                            AND edition.status IN ('published', 'superseded', 'withdrawn')
                    ) THEN
                        RAISE EXCEPTION 'The edition is published, with its comments and answers'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_fixed_once_published';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Comment on {self.consultation}"


class CommentTransition(models.Model):
    """One step of a comment, as it happened: who, when, and what was said or taken out. Append-only."""

    comment = models.ForeignKey(ConsultationComment, on_delete=models.PROTECT, related_name="transitions")
    verb = models.CharField("what was done", max_length=12)
    from_status = models.CharField("from", max_length=9, choices=CommentStatus.choices)
    to_status = models.CharField("to", max_length=9, choices=CommentStatus.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("at")
    note = models.TextField("note", blank=True)

    objects: ClassVar[models.Manager["CommentTransition"]] = models.Manager()

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only("comment_transition")

    def __str__(self) -> str:
        return f"{self.comment}: {self.verb}"
