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
from phb_register.models.guards import no_delete

from . import guards
from .agreed_budgets import AgreedBudget
from .personal_health_budgets import PersonalHealthBudget

_OVER_AT_A_TIME = Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))


class MethodPartQuerySet(models.QuerySet["MethodPart"]):
    """Reads of the parts of PHBs."""

    def in_force_on(self, day: dt.date) -> Self:
        """Begun by the end of `day` and not over by then."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class FundingShareQuerySet(models.QuerySet["FundingShare"]):
    """Reads of who pays for PHBs."""

    def in_force_on(self, day: dt.date) -> Self:
        """Begun by the end of `day` and not replaced by then. The last ones of a PHB go on after it ends."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


@pghistory.track(pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class MethodPart(models.Model):
    """One way the money of a PHB is managed, from `starts_on` until the day before `ends_on`.

    A PHB with two parts at one time is mixed. `annual_amount` is in pounds a year. A part never changes but for being
    closed, once; until the PHB starts, the day it begins moves with the start. One that is replaced on its first day
    ends that day and was never in force.
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
            models.CheckConstraint(name="method_ends_after_start", condition=_OVER_AT_A_TIME),
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
        # Whoever looks for direct payments reads these rows only.
        indexes = [models.Index(fields=["method", "phb"], include=["starts_on", "ends_on"], name="method_of_phbs")]
        triggers = [no_delete("method"), guards.METHOD_IS_CLOSED_ONCE, guards.METHODS_ADD_UP]

    def __str__(self) -> str:
        return f"{self.get_method_display()} from {self.starts_on:%d/%m/%Y}"


@pghistory.track(pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class FundingShare(models.Model):
    """One funder's share of an agreed budget, in per cent. The shares of an agreed budget add to exactly 100.

    They hold from `starts_on` until the day before `ends_on`, when those of a further agreed budget take their place.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="funding_shares")
    agreed_budget = models.ForeignKey(AgreedBudget, on_delete=models.PROTECT, related_name="shares")
    funder = models.CharField("funder", max_length=16, choices=Funder.choices)
    body_name = models.CharField("name of the body", max_length=200, blank=True)
    percent = models.DecimalField("per cent", max_digits=5, decimal_places=2)
    starts_on = models.DateField("starts on")
    ends_on = models.DateField("ends on", null=True, blank=True)

    objects: ClassVar[FundingShareQuerySet] = FundingShareQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_on", "-percent", "pk"]
        constraints = [
            models.CheckConstraint(name="share_is_a_percentage", condition=Q(percent__gt=0) & Q(percent__lte=100)),
            models.CheckConstraint(name="share_funder_is_known", condition=Q(funder__in=Funder.values)),
            models.CheckConstraint(name="share_names_other_body", condition=Q(funder=Funder.NHS) | ~Q(body_name="")),
            models.CheckConstraint(name="share_ends_after_start", condition=_OVER_AT_A_TIME),
            models.UniqueConstraint(fields=["agreed_budget", "funder", "body_name"], name="share_once"),
        ]
        # Joint funding is rare: its filter reads these rows only.
        indexes = [
            models.Index(
                fields=["phb"], include=["starts_on", "ends_on"], condition=Q(percent__lt=100), name="share_joint"
            )
        ]
        triggers = [
            no_delete("share"),
            guards.SHARE_IS_OF_ITS_BUDGET,
            guards.SHARE_IS_CLOSED_ONCE,
            guards.SHARES_ADD_UP,
        ]

    def __str__(self) -> str:
        return f"{self.get_funder_display()} {self.percent}%"
