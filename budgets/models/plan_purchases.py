"""What cannot be bought with a PHB: reference data with its source, national and of each commissioner."""

import datetime as dt
from collections.abc import Collection
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from budgets.enums import PurchaseAuthority
from phb_register.models import Commissioner, User
from phb_register.models.guards import no_delete


class ProhibitedPurchaseQuerySet(models.QuerySet["ProhibitedPurchase"]):
    """Reads of what cannot be bought."""

    def in_force_on(self, day: dt.date) -> Self:
        """Those that apply at the end of a day."""
        return self.filter(applies_from__lte=day).filter(Q(applies_until__isnull=True) | Q(applies_until__gt=day))

    def of(self, commissioner_ids: Collection[int]) -> Self:
        """The national ones and those of these commissioners and partnerships."""
        return self.filter(Q(commissioner__isnull=True) | Q(commissioner__in=commissioner_ids))


@pghistory.track()
class ProhibitedPurchase(models.Model):
    """One kind of thing that no PHB buys, from `applies_from` until the day before `applies_until`.

    Without a commissioner it is national. `words` are what it is recognised by in the words of a plan's line, in
    lower case; `citation` is what a refusal names; `authority` says whether that is law, guidance or a local policy.
    """

    commissioner = models.ForeignKey(
        Commissioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commissioner"
    )
    code = models.SlugField("code", max_length=40)
    label = models.CharField("what it is", max_length=150)
    words = ArrayField(models.CharField(max_length=40), verbose_name="recognised by", default=list, blank=True)
    authority = models.CharField("where it is said", max_length=12, choices=PurchaseAuthority.choices)
    citation = models.CharField("citation", max_length=300)
    source = models.CharField("source", max_length=300)
    verified_by = models.CharField("verified by", max_length=150, blank=True)
    applies_from = models.DateField("applies from")
    applies_until = models.DateField("applies until", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[ProhibitedPurchaseQuerySet] = ProhibitedPurchaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["commissioner", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "code"], nulls_distinct=False, name="prohibited_purchase_once"
            ),
            models.CheckConstraint(
                name="prohibited_purchase_in_words", condition=~Q(label="") & ~Q(citation="") & ~Q(source="")
            ),
            models.CheckConstraint(
                name="prohibited_purchase_authority", condition=Q(authority__in=PurchaseAuthority.values)
            ),
            models.CheckConstraint(
                name="prohibited_purchase_lasts",
                condition=Q(applies_until__isnull=True) | Q(applies_until__gte=F("applies_from")),
            ),
        ]
        triggers = [
            no_delete("prohibited_purchase"),
            pgtrigger.ReadOnly(name="prohibited_purchase_fixed", fields=["commissioner", "code", "applies_from"]),
        ]

    def __str__(self) -> str:
        return self.label
