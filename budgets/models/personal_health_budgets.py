"""The personal health budget: one person, one cohort, one spell."""

import datetime as dt
import uuid
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from budgets.enums import EndReason, LivesIn, State
from budgets.rules import agreement
from eligibility.models import Referral
from offers.models import Cohort
from phb_register.models import Commissioner, Person, User, belongs_to_no_partnership
from phb_register.models.commissioners import DateRange
from phb_register.models.guards import follows_merges, no_delete
from phb_register.scope import ScopedManager

from . import guards
from .closure_guards import CLOSED_STAYS_ENDED
from .querysets import PersonalHealthBudgetQuerySet
from .review_guards import BUDGET_MOVES_REVIEWS, NEW_BUDGETS_PLAN_REVIEWS


@pghistory.track(pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PersonalHealthBudget(models.Model):  # type: ignore[django-manager-missing]
    """A PHB from the day it is agreed until the day it ends; `agreement.state_on` says what it is on a date.

    `annual_amount` is what a whole year costs all funders together, in pounds; `previous_annual_amount` what the
    package of care it replaces cost. `commissioner` is the body accountable when it was agreed, and stays so in
    the record when another body succeeds it.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(
        Commissioner, on_delete=models.PROTECT, related_name="+", verbose_name="accountable commissioner"
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="+")
    agreed_on = models.DateField("agreed on")
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField("started on", null=True, blank=True)
    ended_on = models.DateField("ended on", null=True, blank=True, help_text="The first day it is no longer in place.")
    end_reason = models.CharField("reason it ended", max_length=32, choices=EndReason.choices, blank=True)
    annual_amount = models.DecimalField("annual amount", max_digits=12, decimal_places=2)
    previous_annual_amount = models.DecimalField(
        "annual amount of the package it replaces", max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_fast_track = models.BooleanField("fast track", default=False)
    lives_in = models.CharField("lives in", max_length=12, choices=LivesIn.choices, default=LivesIn.HOME)
    is_one_off = models.BooleanField("one-off", default=False)

    objects: ClassVar[PersonalHealthBudgetQuerySet] = ScopedManager.from_queryset(  # type: ignore[assignment]
        PersonalHealthBudgetQuerySet
    )()

    class Meta:
        ordering = ["-agreed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="phb_starts_after_agreed",
                condition=Q(started_on__isnull=True) | Q(started_on__gte=F("agreed_on")),
                violation_error_message="The start date must be on or after the agreed date",
            ),
            models.CheckConstraint(
                name="phb_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=Coalesce("started_on", "agreed_on")),
                violation_error_message="The end date must be on or after the start date",
            ),
            models.CheckConstraint(
                name="phb_end_has_reason",
                condition=(Q(ended_on__isnull=True) & Q(end_reason=""))
                | (Q(ended_on__isnull=False) & Q(end_reason__in=EndReason.values)),
                violation_error_message="Enter an end date and select a reason, or leave both out",
            ),
            models.CheckConstraint(name="phb_amount_not_negative", condition=Q(annual_amount__gte=0)),
            models.CheckConstraint(
                name="phb_previous_not_negative",
                condition=Q(previous_annual_amount__isnull=True) | Q(previous_annual_amount__gte=0),
            ),
            models.CheckConstraint(name="phb_lives_somewhere", condition=Q(lives_in__in=LivesIn.values)),
            ExclusionConstraint(
                name="phb_one_at_a_time_in_cohort",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("cohort", RangeOperators.EQUAL),
                    (DateRange(Coalesce("started_on", "agreed_on"), "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This person has a personal health budget in this cohort at that time already",
            ),
        ]
        indexes = [
            # Figures sum starts and ends of a commissioner by cohort; the included columns let PostgreSQL answer
            # from the index alone, also for a million rows.
            models.Index(
                fields=["commissioner", "started_on"],
                include=["ended_on", "agreed_on", "cohort", "person", "is_fast_track", "lives_in"],
                name="phb_by_start",
            ),
            models.Index(
                fields=["commissioner", "ended_on"],
                include=["started_on", "cohort"],
                condition=Q(ended_on__isnull=False),
                name="phb_by_end",
            ),
            # The register's order, for pages that cost the same however deep they lie.
            models.Index(fields=["-agreed_on", "-id"], name="phb_newest_first"),
            models.Index(fields=["commissioner", "-agreed_on", "-id"], name="phb_commissioner_newest"),
            # The worklist of PHBs that were agreed and wait to start: few rows, whatever the size of the register.
            models.Index(
                fields=["commissioner", "agreed_on"],
                condition=Q(started_on__isnull=True, ended_on__isnull=True),
                name="phb_not_started",
            ),
        ]
        triggers = [
            no_delete("phb"),
            follows_merges("phb"),
            belongs_to_no_partnership("phb"),
            guards.ACCOUNTABLE_BODY_WAS_OPEN,
            guards.COMES_FROM_AN_ACCEPTED_REFERRAL,
            guards.WHOLE_AT_COMMIT,
            guards.IS_AWAITED_NO_MORE,
            CLOSED_STAYS_ENDED,
            NEW_BUDGETS_PLAN_REVIEWS,
            BUDGET_MOVES_REVIEWS,
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.cohort}, agreed {self.agreed_on:%d/%m/%Y}"

    def state_on(self, day: dt.date) -> State | None:
        """What it is at the end of `day`; None before it was agreed."""
        return agreement.state_on(day, agreed_on=self.agreed_on, started_on=self.started_on, ended_on=self.ended_on)
