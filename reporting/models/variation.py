"""From when the limits of an XmR chart are worked out anew, and why."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner
from reporting.rules.variation import Series


class RecalculationQuerySet(models.QuerySet["Recalculation"]):
    """Reads of recalculations."""

    def for_commissioner(self, commissioner: Commissioner) -> "RecalculationQuerySet":
        """Those of a commissioner, partnership or nation, in the order of their charts and months."""
        return self.filter(commissioner=commissioner).select_related("recorded_by").order_by("series", "begins_on")


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Recalculation(models.Model):
    """A known change of a process: from this month on, its mean and limits are worked out without the months before.

    It may be taken back and is never changed.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    series = models.CharField("chart", max_length=10, choices=Series.choices)
    begins_on = models.DateField("first month", help_text="Its first day.")
    reason = models.CharField("what changed", max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at")

    objects: ClassVar[RecalculationQuerySet] = RecalculationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["series", "begins_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "series", "begins_on"],
                name="recalculation_once",
                violation_error_message="The limits of that chart are worked out anew from that month already",
            ),
            models.CheckConstraint(name="recalculation_known_series", condition=Q(series__in=Series.values)),
            models.CheckConstraint(name="recalculation_from_a_first_day", condition=Q(begins_on__day=1)),
            models.CheckConstraint(name="recalculation_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = [pgtrigger.Protect(name="recalculation_fixed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_series_display()} from {self.begins_on:%B %Y}"
