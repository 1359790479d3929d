"""What uptake is measured against: the rates or numbers to reach, and the people who could have a budget."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Self

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.models.guards import no_delete


class Setting(models.TextChoices):
    """Where eligible people live; uptake is measured in the community only."""

    COMMUNITY = "community", "The community"
    CARE_HOME = "care_home", "Care homes"


def _set(*names: str) -> Q:
    return Q(**{f"{name}__isnull": False for name in names})


def _unset(*names: str) -> Q:
    return Q(**{f"{name}__isnull": True for name in names})


class TargetQuerySet(models.QuerySet["Target"]):
    """Reads of targets."""

    def for_commissioner(self, commissioner: Commissioner) -> Self:
        """Every target of a commissioner or partnership, newest first."""
        return self.filter(commissioner=commissioner).order_by("-applies_from")

    def in_force(self, commissioner: Commissioner, on: dt.date) -> "Target | None":
        """The target that applies to `commissioner` on a date, or None where it has set none by then."""
        return self.for_commissioner(commissioner).filter(applies_from__lte=on).first()


@pghistory.track()
class Target(models.Model):
    """What a commissioner or partnership wants to reach, from a date on: a range of rates, or a range of numbers.

    Rates are budgets per 1,000 people; numbers are budgets, whatever the population.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    applies_from = models.DateField("applies from")
    low_rate = models.DecimalField(
        "lower rate per 1,000",
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    high_rate = models.DecimalField("upper rate per 1,000", max_digits=6, decimal_places=3, null=True, blank=True)
    low_budgets = models.PositiveIntegerField("lower number of budgets", null=True, blank=True)
    high_budgets = models.PositiveIntegerField("upper number of budgets", null=True, blank=True)
    reach_by = models.DateField("to be reached by", null=True, blank=True)
    source = models.CharField("source", max_length=300, help_text="Where the target is set out.")

    objects: ClassVar[TargetQuerySet] = TargetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-applies_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "applies_from"],
                name="target_one_a_day",
                violation_error_message="There is a target from that date already. Change that one instead",
            ),
            models.CheckConstraint(
                name="target_rates_or_numbers",
                condition=_set("low_rate", "high_rate") & _unset("low_budgets", "high_budgets")
                | _unset("low_rate", "high_rate") & _set("low_budgets", "high_budgets"),
                violation_error_message="A target is either two rates or two numbers of budgets",
            ),
            models.CheckConstraint(
                name="target_rates_in_order",
                condition=_unset("low_rate") | Q(low_rate__gt=0) & Q(high_rate__gte=F("low_rate")),
                violation_error_message="The upper rate must be the same as or more than the lower rate",
            ),
            models.CheckConstraint(
                name="target_numbers_in_order",
                condition=_unset("low_budgets") | Q(low_budgets__gt=0) & Q(high_budgets__gte=F("low_budgets")),
                violation_error_message="The upper number must be the same as or more than the lower number",
            ),
            models.CheckConstraint(
                name="target_reached_after_it_applies",
                condition=_unset("reach_by") | Q(reach_by__gt=F("applies_from")),
                violation_error_message="A target must be reached after the date it applies from",
            ),
            models.CheckConstraint(name="target_has_a_source", condition=~Q(source="")),
        ]
        triggers = [no_delete("target")]

    def __str__(self) -> str:
        if self.low_rate is not None:
            return f"{self.commissioner}: {self.low_rate} to {self.high_rate} per 1,000 from {self.applies_from}"
        return f"{self.commissioner}: {self.low_budgets:,} to {self.high_budgets:,} budgets from {self.applies_from}"


class EligiblePopulationQuerySet(models.QuerySet["EligiblePopulation"]):
    """Reads of the numbers of eligible people."""

    def for_commissioner(self, commissioner: Commissioner) -> Self:
        """Every count of a commissioner or partnership, newest first."""
        return (
            self.filter(commissioner=commissioner)
            .select_related("cohort")
            .order_by("-counted_on", "cohort__position", "setting")
        )

    def newest_of(self, commissioner_ids: Iterable[int], *, cohort_code: str, setting: Setting, on: dt.date) -> Self:
        """The newest count on or before a date of each of these commissioners, one row each."""
        return (
            self.filter(
                commissioner__in=list(commissioner_ids),
                cohort__code=cohort_code,
                setting=setting,
                counted_on__lte=on,
            )
            .order_by("commissioner_id", "-counted_on")
            .distinct("commissioner_id")
        )

    def newest_by_cohort(self, commissioner: Commissioner, *, on: dt.date) -> Self:
        """The newest count on or before a date of each cohort and place they live in, one row each."""
        return (
            self.filter(commissioner=commissioner, counted_on__lte=on)
            .select_related("cohort")
            .order_by("cohort_id", "setting", "-counted_on")
            .distinct("cohort_id", "setting")
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class EligiblePopulation(models.Model):
    """How many people of a cohort were eligible on a date, and how many of them were on fast track."""

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    setting = models.CharField("where they live", max_length=12, choices=Setting.choices, default=Setting.COMMUNITY)
    counted_on = models.DateField("counted on")
    people = models.PositiveIntegerField("people eligible")
    fast_track_people = models.PositiveIntegerField("of them, on fast track", default=0)
    source = models.CharField("source", max_length=300, help_text="Where the count comes from.")

    objects: ClassVar[EligiblePopulationQuerySet] = EligiblePopulationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-counted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "cohort", "setting", "counted_on"],
                name="eligible_one_a_day",
                violation_error_message="There is a count for that date already. Change that one instead",
            ),
            models.CheckConstraint(
                name="eligible_fast_track_among_them",
                condition=Q(fast_track_people__lte=F("people")),
                violation_error_message="Fast track cannot be more than the people eligible",
            ),
            models.CheckConstraint(name="eligible_lives_somewhere", condition=Q(setting__in=Setting.values)),
            models.CheckConstraint(name="eligible_has_a_source", condition=~Q(source="")),
        ]
        triggers = [no_delete("eligible_population")]

    def __str__(self) -> str:
        return f"{self.commissioner}: {self.people:,} eligible ({self.cohort}) on {self.counted_on}"
