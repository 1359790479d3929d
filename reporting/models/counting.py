"""How a commissioner counts, from a date on."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner
from phb_register.models.guards import append_only
from reporting.rules.counting import Breakdown, CountingPolicy, CountsFrom

BREAKDOWNS = [(each.value, each.value) for each in Breakdown]
COUNTED_FROM = [(each.value, each.value) for each in CountsFrom]


class CountingPolicyChangeQuerySet(models.QuerySet["CountingPolicyChange"]):
    """Reads of how commissioners count."""

    def for_commissioner(self, commissioner: Commissioner) -> Self:
        """Every change of a commissioner or partnership, the latest to apply first."""
        return self.filter(commissioner=commissioner).order_by("-applies_from", "-number")

    def in_force(self, commissioner: Commissioner, on: dt.date) -> "CountingPolicyChange | None":
        """The one that applies on a date; of two from the same day, the one recorded last."""
        return self.for_commissioner(commissioner).filter(applies_from__lte=on).first()


class CountingPolicyChange(models.Model):
    """The switches of the counting policy as set from a date on. Never changed: a further one takes its place.

    `number` counts the changes of a commissioner.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("number")
    applies_from = models.DateField("applies from")
    counts_notional = models.BooleanField("notional budgets count", default=True)
    breakdown = models.CharField(
        "people with several methods", max_length=12, choices=BREAKDOWNS, default=Breakdown.STRONGEST
    )
    counts_joint = models.BooleanField("budgets paid for with others count", default=True)
    counts_one_off = models.BooleanField("one-off budgets count in the year", default=True)
    counts_from = models.CharField(
        "from when somebody counts", max_length=12, choices=COUNTED_FROM, default=CountsFrom.AGREED
    )
    wheelchair_needs_review = models.BooleanField("wheelchair budgets need a yearly review", default=True)
    source = models.CharField("source", max_length=300, help_text="Where this way of counting is set out.")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[CountingPolicyChangeQuerySet] = CountingPolicyChangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-applies_from", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "number"], name="counting_number_once"),
            models.CheckConstraint(
                name="counting_breakdown_known", condition=Q(breakdown__in=[each.value for each in Breakdown])
            ),
            models.CheckConstraint(
                name="counting_from_known", condition=Q(counts_from__in=[each.value for each in CountsFrom])
            ),
            models.CheckConstraint(name="counting_has_a_source", condition=~Q(source="")),
        ]
        triggers = append_only("counting_policy")

    def __str__(self) -> str:
        return f"How {self.commissioner} counts from {self.applies_from:%d/%m/%Y}"

    @property
    def policy(self) -> CountingPolicy:
        """The position of every switch."""
        return CountingPolicy(
            counts_notional=self.counts_notional,
            breakdown=Breakdown(self.breakdown),
            counts_joint=self.counts_joint,
            counts_one_off=self.counts_one_off,
            counts_from=CountsFrom(self.counts_from),
            wheelchair_needs_review=self.wheelchair_needs_review,
        )
