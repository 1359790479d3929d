"""Editions of a local offer: drafted, approved by somebody else, published, and then immutable."""

import datetime as dt
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from offers.enums import EditionStatus
from offers.rules.editions import OPEN_STATUSES, PUBLIC_STATUSES
from phb_register.models import Job, StoredDocument, User
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet

from .guards import edition_is_frozen, edition_states, edition_words_are_fixed, not_approved_by_a_writer
from .offers import LocalOffer


class EditionQuerySet(ScopedQuerySet["Edition"]):
    """Reads of editions."""

    scope_permission = Permission.VIEW_OFFERS

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """The editions of the offers the user may see (see `LocalOfferQuerySet.visible_to`)."""
        return self.filter(local_offer__in=LocalOffer.objects.visible_to(user, permission or self.scope_permission))

    def public(self) -> Self:
        """Those anybody may read: the published one and those it superseded."""
        return self.filter(status__in=PUBLIC_STATUSES)

    def current(self) -> Self:
        """The published one of each offer."""
        return self.filter(status=EditionStatus.PUBLISHED)

    def still_open(self) -> Self:
        """Those on their way to publication."""
        return self.filter(status__in=OPEN_STATUSES)


@pghistory.track(exclude=["snapshot"])
class Edition(models.Model):
    """One numbered edition of a local offer.

    Text and timeline are the offer's own until publication, which freezes them, and every figure as at
    `figures_as_at`, into `snapshot`; `content_hash` is the SHA-256 of its canonical form
    (`offers.rules.snapshots`).
    """

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField("edition number")
    title = models.CharField("title", max_length=160)
    status = models.CharField("status", max_length=16, choices=EditionStatus.choices, default=EditionStatus.DRAFT)
    figures_as_at = models.DateField("figures as at", help_text="Every figure in the edition is counted on this day.")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("created at")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("approved at", null=True, blank=True)
    approved_on = models.DateField(
        "approved on", null=True, blank=True, help_text="The day of the meeting that approved it."
    )
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField("published at", null=True, blank=True)
    learning = models.TextField(
        "what was learnt", blank=True, help_text="Markdown: what was learnt since the edition before."
    )
    snapshot = models.JSONField("snapshot", null=True, blank=True)
    content_hash = models.CharField("content hash", max_length=64, blank=True)
    pdf = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    easy_read_pdf = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    large_print_pdf = models.ForeignKey(
        StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    publication_job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["local_offer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["local_offer", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["local_offer"],
                condition=Q(status=EditionStatus.PUBLISHED),
                name="edition_one_published",
            ),
            models.UniqueConstraint(
                fields=["local_offer"], condition=Q(status__in=OPEN_STATUSES), name="edition_one_open"
            ),
            models.CheckConstraint(name="edition_numbered_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="edition_not_approved_by_author",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
            ),
            models.CheckConstraint(
                name="edition_approved_by_and_at",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_approved_on_once_approved",
                condition=Q(approved_on__isnull=True) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_approved_before_published",
                condition=~Q(status__in=["approved", "published", "superseded"]) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_published_whole",
                condition=Q(
                    published_at__isnull=True,
                    published_by__isnull=True,
                    snapshot__isnull=True,
                    content_hash="",
                    pdf__isnull=True,
                    easy_read_pdf__isnull=True,
                    large_print_pdf__isnull=True,
                )
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    snapshot__isnull=False,
                    content_hash__regex=r"^[0-9a-f]{64}$",
                    pdf__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="edition_public_is_published",
                condition=~Q(status__in=PUBLIC_STATUSES) | Q(published_at__isnull=False),
            ),
        ]
        triggers = [
            no_delete("edition"),
            # Another author could be made of one who then approves it.
            pgtrigger.ReadOnly(name="edition_stays_its_authors", fields=["local_offer", "number", "author"]),
            edition_is_frozen(),
            edition_words_are_fixed(),
            not_approved_by_a_writer(),
            *edition_states(),
        ]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"

    @property
    def day_approved(self) -> dt.date | None:
        """The day of the meeting that approved it, or else the day on which its approval was recorded."""
        return self.approved_on or (timezone.localdate(self.approved_at) if self.approved_at else None)

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.status in PUBLIC_STATUSES


class EditionTransition(models.Model):
    """One move of an edition, as it happened. Never changed, never removed."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="transitions")
    verb = models.CharField("what was done", max_length=20)
    from_status = models.CharField("from", max_length=16, choices=EditionStatus.choices)
    to_status = models.CharField("to", max_length=16, choices=EditionStatus.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("at")
    reason = models.TextField("reason", blank=True)

    objects: ClassVar[models.Manager["EditionTransition"]] = models.Manager()

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only("edition_transition")

    def __str__(self) -> str:
        return f"{self.edition}: {self.verb}"
