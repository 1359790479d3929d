"""What a PHB is made of: the ways its money is managed, and the shares of those who pay."""

import datetime as dt
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from budgets.enums import Funder, Method
from phb_register.models.commissioners import DateRange

from . import guards
from .personal_health_budgets import PersonalHealthBudget


class MethodPartQuerySet(models.QuerySet["MethodPart"]):
    """Reads of the parts of PHBs."""

    def in_force_on(self, day: dt.date) -> Self:
        """Begun by the end of `day` and not over by then."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class MethodPart(models.Model):
    """One way the money of a PHB is managed, from `starts_on` until the day before `ends_on`.

    A PHB with two parts at one time is mixed. `annual_amount` is in pounds a year.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="method_parts")
    method = models.CharField("method", max_length=16, choices=Method.choices)
    starts_on = models.DateField("starts on")
    ends_on = models.DateField("ends on", null=True, blank=True)
    annual_amount = models.DecimalField("annual amount", max_digits=12, decimal_places=2)

    objects: ClassVar[MethodPartQuerySet] = MethodPartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="method_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="method_amount_not_negative", condition=Q(annual_amount__gte=0)),
            models.CheckConstraint(name="method_is_known", condition=Q(method__in=Method.values)),
            ExclusionConstraint(
                name="method_once_at_a_time",
                expressions=[
                    ("phb", RangeOperators.EQUAL),
                    ("method", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [guards.METHODS_ADD_UP]

    def __str__(self) -> str:
        return f"{self.get_method_display()} from {self.starts_on:%d/%m/%Y}"


@pghistory.track()
class FundingShare(models.Model):
    """One funder's share of a PHB, in per cent. The shares of a PHB add to exactly 100."""

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="funding_shares")
    funder = models.CharField("funder", max_length=16, choices=Funder.choices)
    body_name = models.CharField("name of the body", max_length=200, blank=True)
    percent = models.DecimalField("per cent", max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["-percent", "pk"]
        constraints = [
            models.CheckConstraint(name="share_is_a_percentage", condition=Q(percent__gt=0) & Q(percent__lte=100)),
            models.CheckConstraint(name="share_funder_is_known", condition=Q(funder__in=Funder.values)),
            models.CheckConstraint(name="share_names_other_body", condition=Q(funder=Funder.NHS) | ~Q(body_name="")),
            models.UniqueConstraint(fields=["phb", "funder", "body_name"], name="share_once"),
        ]
        # Joint funding is rare: its filter reads these rows only.
        indexes = [models.Index(fields=["phb"], condition=Q(percent__lt=100), name="share_joint")]
        triggers = [guards.SHARES_ADD_UP]

    def __str__(self) -> str:
        return f"{self.get_funder_display()} {self.percent}%"
