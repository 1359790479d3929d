"""Indicative budgets: what the care of a week comes to in a year by a rate card, with every line of the working."""

import uuid
from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Round

from budgets.rules.indicative_budgets import LineGroup, Period, Worksheet
from budgets.rules.periods import a_week_of
from eligibility.models import Referral
from phb_register.models import User
from phb_register.models.guards import append_only
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import planning_guards
from .needs_profiles import NeedsProfile
from .rate_cards import RateCard


class IndicativeBudgetQuerySet(ScopedQuerySet["IndicativeBudget"]):
    """Reads of indicative budgets; they belong where the referral belongs."""

    scope_path = "referral__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def newest_first(self) -> Self:
        """The latest number first."""
        return self.order_by("-number")


class IndicativeBudget(models.Model):
    """One calculation, never changed: working it out again makes a further number of the referral.

    `worksheet` is what was entered, as `Worksheet.as_json` stores it; the lines are what came of it by the values of
    `rate_card`, the one in force on `rates_on`. `annual_amount` is in pounds a year and the sum of the lines' annual
    amounts; `one_off_amount` is due once, on top. `previous_annual_amount` is what the package it replaces costs a
    year, where there is one. `submission_key` is the form's: sent twice, it makes one.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission_key = models.UUIDField(unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("number")
    rate_card = models.ForeignKey(RateCard, on_delete=models.PROTECT, related_name="+")
    rates_on = models.DateField("with the rates of")
    needs_profile = models.ForeignKey(NeedsProfile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    worksheet = models.JSONField("what was entered")
    note = models.TextField("note", blank=True)
    annual_amount = models.DecimalField("annual amount", max_digits=12, decimal_places=2)
    one_off_amount = models.DecimalField("one-off amount", max_digits=12, decimal_places=2)
    previous_annual_amount = models.DecimalField(
        "annual amount of the package it replaces", max_digits=12, decimal_places=2, null=True, blank=True
    )
    worked_out_on = models.DateField("worked out on")
    worked_out_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[IndicativeBudgetQuerySet] = ScopedManager.from_queryset(IndicativeBudgetQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["referral", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="indicative_budget_number_once"),
            models.CheckConstraint(name="indicative_budget_numbered", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="indicative_budget_not_negative", condition=Q(annual_amount__gte=0, one_off_amount__gte=0)
            ),
            models.CheckConstraint(
                name="indicative_budget_previous_not_negative",
                condition=Q(previous_annual_amount__isnull=True) | Q(previous_annual_amount__gte=0),
            ),
        ]
        triggers = [
            *append_only("indicative_budget"),
            planning_guards.of_an_accepted_referral("indicative_budget"),
            planning_guards.PRICED_BY_A_CARD_IN_FORCE,
            planning_guards.lines_add_up("id"),
        ]

    def __str__(self) -> str:
        return f"Indicative budget {self.number}"

    @property
    def weekly_amount(self) -> Decimal:
        """What the annual amount comes to in a week."""
        return a_week_of(self.annual_amount)

    def as_worksheet(self) -> Worksheet:
        """What was entered, as the pure rules take it."""
        return Worksheet.from_json(self.worksheet)


class IndicativeBudgetLine(models.Model):
    """One line of the working: quantity times rate (÷ 100 of a percentage) is the amount, to the penny. Append-only."""

    budget = models.ForeignKey(IndicativeBudget, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField("place")
    group = models.CharField("about", max_length=16, choices=LineGroup.choices)
    label = models.CharField("line", max_length=300)
    quantity = models.DecimalField("quantity", max_digits=14, decimal_places=4)
    unit = models.CharField("unit", max_length=40, blank=True)
    rate = models.DecimalField("rate", max_digits=14, decimal_places=4)
    is_percent = models.BooleanField("the rate is a percentage", default=False)
    period = models.CharField("how often", max_length=8, choices=Period.choices)
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    annual_amount = models.DecimalField("amount in a year", max_digits=12, decimal_places=2)
    source = models.CharField("source", max_length=620)

    class Meta:
        ordering = ["budget", "position"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "position"], name="indicative_line_place_once"),
            models.CheckConstraint(name="indicative_line_known_group", condition=Q(group__in=LineGroup.values)),
            models.CheckConstraint(name="indicative_line_known_period", condition=Q(period__in=Period.values)),
            # PostgreSQL rounds halves away from nought, as the rules do.
            models.CheckConstraint(
                name="indicative_line_is_quantity_times_rate",
                condition=Q(is_percent=False, amount=Round(F("quantity") * F("rate"), precision=2))
                | Q(is_percent=True, amount=Round(F("quantity") * F("rate") / 100, precision=2)),
            ),
            models.CheckConstraint(
                name="indicative_line_in_a_year",
                condition=Q(
                    annual_amount=Case(
                        When(period=Period.WEEKLY, then=Round(F("amount") * 365 / 7, precision=2)),
                        When(period=Period.ANNUAL, then=F("amount")),
                        default=Value(Decimal(0)),
                    )
                ),
            ),
        ]
        triggers = [*append_only("indicative_line"), planning_guards.lines_add_up("budget_id")]

    def __str__(self) -> str:
        return self.label
