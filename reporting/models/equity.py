"""What the equity lens compares with: people counted by group."""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.models.guards import no_delete
from reporting.rules.equity_groups import NO_PLACE, Characteristic, groups_to_count

from .denominators import Setting

LONGEST_GROUP = 80


def _known_groups() -> Q:
    """Each closed list has its groups; a locality has a name."""
    known = Q(characteristic=Characteristic.LOCALITY) & ~Q(group__in=["", NO_PLACE])
    for characteristic in Characteristic:
        if characteristic != Characteristic.LOCALITY:
            known |= Q(characteristic=characteristic, group__in=list(groups_to_count(characteristic)))
    return known


class EligibleGroupQuerySet(models.QuerySet["EligibleGroup"]):
    """Reads of counts by group."""

    def for_commissioner(self, commissioner: Commissioner) -> Self:
        """Every count of a commissioner or partnership, newest first."""
        return (
            self.filter(commissioner=commissioner)
            .select_related("cohort")
            .order_by("-counted_on", "cohort__position", "characteristic", "pk")
        )

    def newest_of(self, commissioner_ids: Iterable[int], cohort: Cohort | None, on: dt.date) -> Self:
        """The newest count on or before a date of each commissioner, characteristic and group, one row each.

        Of the people of a cohort who live in the community or, without one, of the whole population.
        """
        setting = Setting.COMMUNITY if cohort else ""
        key = ("commissioner_id", "characteristic", "group")
        return (
            self.filter(commissioner__in=list(commissioner_ids), cohort=cohort, setting=setting, counted_on__lte=on)
            .order_by(*key, "-counted_on")
            .distinct(*key)
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class EligibleGroup(models.Model):
    """How many people of one group could have a budget on a date: eligible in a cohort, or of the whole population.

    The numbers of the equity lens are divided by these. Without a `cohort` it counts the population, and then no
    `setting`. A group that was not counted has no row: it is not known, and not nought.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    setting = models.CharField("where they live", max_length=12, choices=Setting.choices, blank=True)
    counted_on = models.DateField("counted on")
    characteristic = models.CharField("characteristic", max_length=16, choices=Characteristic.choices)
    group = models.CharField("group", max_length=LONGEST_GROUP)
    people = models.PositiveIntegerField("people")
    source = models.CharField("source", max_length=300, help_text="Where the count comes from.")

    objects: ClassVar[EligibleGroupQuerySet] = EligibleGroupQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-counted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "cohort", "setting", "characteristic", "group", "counted_on"],
                name="eligible_group_one_a_day",
                nulls_distinct=False,
                violation_error_message="There is a count of that group for that date already. Change that one instead",
            ),
            models.CheckConstraint(name="eligible_group_known", condition=_known_groups()),
            models.CheckConstraint(
                name="eligible_group_setting_of_a_cohort",
                condition=Q(cohort__isnull=True, setting="") | Q(cohort__isnull=False, setting__in=Setting.values),
            ),
            models.CheckConstraint(name="eligible_group_has_a_source", condition=~Q(source="")),
        ]
        triggers = [no_delete("eligible_group")]

    def __str__(self) -> str:
        return f"{self.commissioner}: {self.people:,} ({self.characteristic} {self.group}) on {self.counted_on}"
