"""What is being written: kept on the server after every page, so that nothing typed is lost."""

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner, Person
from phb_register.models.guards import follows_merges
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids

from .referrals import Referral

if TYPE_CHECKING:
    from phb_register.models import User


class ReferralDraftQuerySet(models.QuerySet["ReferralDraft"]):
    """Reads of drafts, which belong to one user and are seen by nobody else."""

    def of(self, user: "User") -> "ReferralDraftQuerySet":
        """Those of ``user``, submitted ones too."""
        return self.filter(user=user)

    def about_people_of(self, user: "User") -> "ReferralDraftQuerySet":
        """Without those about somebody for whom another commissioner is responsible by now."""
        ids = commissioner_ids(user, Permission.MAKE_REFERRALS)
        return self.filter(Q(person__isnull=True) | Q(person__commissioner__in=ids) | Q(referral__isnull=False))

    def unfinished(self) -> "ReferralDraftQuerySet":
        """Those not yet submitted, the latest touched first."""
        return self.filter(referral__isnull=True).order_by("-updated_at")


class ReferralDraft(models.Model):
    """What one user has entered so far.

    ``reference`` is also the submission key of the referral it becomes. ``details`` holds what was typed about the
    person (``nhs_number``, ``nhs_number_missing_reason``, names, ``born_on`` …), ``facts`` the answers given, where
    a key with ``null`` means "asked, and nobody knows yet". ``typed`` holds what stands on pages that were not
    finished, by page, as it was typed. All three are emptied on submission.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_person_confirmed = models.BooleanField("the user said that this is the person", default=False)
    is_new_person = models.BooleanField("the user said that nobody found is the person", default=False)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField("received on")
    details = models.JSONField("details of the person", default=dict)
    facts = models.JSONField("answers", default=dict)
    note = models.TextField("note", blank=True)
    typed = models.JSONField("typed and not finished", default=dict)
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("created at", auto_now_add=True)
    updated_at = models.DateTimeField("updated at", auto_now=True)

    objects: ClassVar[ReferralDraftQuerySet] = ReferralDraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.CheckConstraint(
                name="draft_confirms_somebody",
                condition=Q(is_person_confirmed=False) | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="draft_keeps_nothing_once_submitted",
                condition=Q(referral__isnull=True) | Q(details={}, facts={}, note="", typed={}),
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "-updated_at"], condition=Q(referral__isnull=True), name="draft_unfinished_by_user"
            )
        ]
        triggers = [follows_merges("draft", may_change=True)]

    def __str__(self) -> str:
        return f"Unfinished referral {self.reference}"


class ScreeningDraftQuerySet(models.QuerySet["ScreeningDraft"]):
    """Reads of drafts, which belong to one user and are seen by nobody else."""

    def of(self, user: "User") -> "ScreeningDraftQuerySet":
        """Those of ``user``, the latest touched first."""
        return self.filter(user=user).order_by("-updated_at")


class ScreeningDraft(models.Model):
    """A referral being screened again by one user: what is known now, and why they look again.

    ``reference`` is also that of the screening it becomes, so that finishing it twice makes one. ``facts`` begin as
    those of the last screening; a key with ``null`` means "asked, and nobody knows yet". It is deleted once finished.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    assessed_on = models.DateField("assessed on")
    reason = models.TextField("why the person is screened again")
    facts = models.JSONField("answers", default=dict)
    created_at = models.DateTimeField("created at", auto_now_add=True)
    updated_at = models.DateTimeField("updated at", auto_now=True)

    objects: ClassVar[ScreeningDraftQuerySet] = ScreeningDraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "referral"], name="screening_draft_once_a_user"),
            models.CheckConstraint(name="screening_draft_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Unfinished screening {self.reference}"
