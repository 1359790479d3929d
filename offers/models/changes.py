"""What an edition says about itself and the one before, and who had a hand in it."""

from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from offers.enums import ContributionKind, ExplanationKind
from phb_register.models import User
from phb_register.models.guards import append_only

from .editions import Edition
from .guards import explained_while_written
from .offers import LocalOffer


@pghistory.track()
class Explanation(models.Model):
    """Why something changed since the edition before, or how far something it promised has got.

    `key` names the change or the promise (`offers.rules.differences`, `offers.rules.progress`); `fingerprint` is that
    of the change it was written about: when the change becomes another one, its author is asked to look again.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="explanations")
    kind = models.CharField("what it is about", max_length=8, choices=ExplanationKind.choices)
    key = models.CharField("which one", max_length=160)
    words = models.TextField("explanation", blank=True)
    fingerprint = models.CharField("fingerprint of the change", max_length=64, blank=True)
    version = models.PositiveIntegerField("version", default=1, help_text="Goes up by one each time it is saved.")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("written at")

    objects: ClassVar[models.Manager["Explanation"]] = models.Manager()

    class Meta:
        ordering = ["edition", "kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "key"], name="explanation_once"),
            models.CheckConstraint(name="explanation_is_about_something", condition=~Q(key="")),
            models.CheckConstraint(name="explanation_known_kind", condition=Q(kind__in=ExplanationKind.values)),
            models.CheckConstraint(
                name="explanation_fingerprint_whole",
                condition=Q(kind=ExplanationKind.PROGRESS, fingerprint="")
                | ~Q(kind=ExplanationKind.PROGRESS) & Q(fingerprint__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        triggers = [
            explained_while_written(),
            pgtrigger.ReadOnly(name="explanation_stays_about_it", fields=["edition", "kind", "key"]),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.key}"


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Reads of contributions."""

    def to_edition(self, edition: Edition) -> Self:
        """Those that an edition says something of: its own, and those that no edition published since took up."""
        last = Edition.objects.filter(local_offer=edition.local_offer_id, number__lt=edition.number).public()
        after = last.order_by("-number").values_list("number", flat=True).first() or 0
        return self.filter(
            local_offer=edition.local_offer_id, edition_number__gt=after, edition_number__lte=edition.number
        )


class Contribution(models.Model):
    """Somebody had a hand in what the coming edition says, and so does not approve it. Never changed, never removed.

    `edition_number` is the edition that was on its way, or would be next, when they first did. What goes into an
    edition that is withdrawn before it was published goes on into the next.
    """

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="contributions")
    edition_number = models.PositiveIntegerField("edition number")
    kind = models.CharField("to what", max_length=8, choices=ContributionKind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField("first at")

    objects: ClassVar[ContributionQuerySet] = ContributionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["local_offer", "edition_number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["local_offer", "edition_number", "kind", "by"], name="contribution_once"),
            models.CheckConstraint(name="contribution_known_kind", condition=Q(kind__in=ContributionKind.values)),
            models.CheckConstraint(name="contribution_numbered_from_one", condition=Q(edition_number__gte=1)),
        ]
        triggers = append_only("contribution")

    def __str__(self) -> str:
        return f"{self.by}: {self.get_kind_display()} of edition {self.edition_number}"
