"""What the equity lens compares with: people counted by group, and tables that say in what area a place is."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.models.guards import append_only, no_delete
from reporting.rules.equity_groups import NO_PLACE, QUINTILES, Characteristic, groups_to_count

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


class AreaTableQuerySet(models.QuerySet["AreaTable"]):
    """Reads of tables of areas."""

    def in_force(self, on: dt.date) -> Self:
        """Those that apply at the end of a day, the newest first; of two from one day, the one imported last."""
        return self.filter(applies_from__lte=on).order_by("-applies_from", "-pk")


class AreaTable(models.Model):
    """One imported file that says in what areas places are: of postcodes, of GP practices, or of both.

    It holds from `applies_from` until a newer one of the same commissioner; one of England holds for everybody whose
    own have nothing to say. Never changed: a correction is another import.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    applies_from = models.DateField("applies from")
    source = models.CharField("source", max_length=300, help_text="What the table is, and where it is published.")
    filename = models.CharField("file", max_length=200)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    postcodes = models.PositiveIntegerField("postcodes")
    practices = models.PositiveIntegerField("practices")
    has_deprivation = models.BooleanField("whether it says how deprived postcodes are")
    has_localities = models.BooleanField("whether it says the locality of postcodes")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField("imported at")

    objects: ClassVar[AreaTableQuerySet] = AreaTableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-applies_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "applies_from", "sha256"], name="area_table_once"),
            models.CheckConstraint(name="area_table_has_a_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="area_table_says_something",
                condition=Q(postcodes__gt=0) & (Q(has_deprivation=True) | Q(has_localities=True))
                | Q(practices__gt=0, postcodes=0, has_deprivation=False, has_localities=False),
            ),
        ]
        triggers = append_only("area_table")

    def __str__(self) -> str:
        return f"{self.source}, from {self.applies_from}"


class PostcodeArea(models.Model):
    """How deprived the area of a postcode is, from 1 (the most deprived fifth) to 5, and in which locality it is."""

    table = models.ForeignKey(AreaTable, on_delete=models.PROTECT, related_name="postcode_areas", db_index=False)
    postcode = models.CharField("postcode", max_length=8)
    quintile = models.PositiveSmallIntegerField("deprivation quintile", null=True, blank=True)
    locality = models.CharField("locality", max_length=LONGEST_GROUP, blank=True)

    class Meta:
        constraints = [
            # Holds what is looked for too, so that the rows themselves need not be read.
            models.UniqueConstraint(
                fields=["table", "postcode"], name="postcode_area_once", include=["quintile", "locality"]
            ),
            models.CheckConstraint(
                name="postcode_area_quintile", condition=Q(quintile__isnull=True) | Q(quintile__in=QUINTILES)
            ),
            models.CheckConstraint(name="postcode_area_locality", condition=~Q(locality=NO_PLACE)),
        ]
        triggers = append_only("postcode_area")

    def __str__(self) -> str:
        return self.postcode


class PracticeArea(models.Model):
    """In which locality a GP practice is: where the postcode of somebody registered there says nothing."""

    table = models.ForeignKey(AreaTable, on_delete=models.PROTECT, related_name="practice_areas", db_index=False)
    gp_practice = models.CharField("GP practice code", max_length=6)
    locality = models.CharField("locality", max_length=LONGEST_GROUP)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "gp_practice"], name="practice_area_once", include=["locality"]),
            models.CheckConstraint(name="practice_area_locality", condition=~Q(locality__in=["", NO_PLACE])),
        ]
        triggers = append_only("practice_area")

    def __str__(self) -> str:
        return self.gp_practice
