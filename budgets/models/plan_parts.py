"""What a support plan is made of: outcomes, services to be bought, risks, and what was answered of its features."""

import uuid
from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import F, Q

from budgets.enums import ExceptionReason, Method, PayeeRelationship, Recurrence, ServiceCategory
from budgets.rules.periods import a_year_of
from phb_register.models import User
from phb_register.models.guards import no_truncate

from . import plan_guards
from .support_organisations import SupportOrganisation
from .support_plans import SupportPlan

EVENTS = (pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent)


class PlanPart(models.Model):
    """One line of a version. `key` stays the same when the next version copies the line, so that the two compare.

    `revision` is how often it was saved: the edit token of its page.
    """

    key = models.UUIDField("key", default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField("revision", default=1)
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["pk"]


@pghistory.track(*(event() for event in EVENTS))
class PlanOutcome(PlanPart):
    """What the person wants to achieve, in their own words, and how it is met."""

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="outcomes")
    statement = models.TextField("outcome, in the person’s own words")
    how_met = models.TextField("how it is met")

    class Meta(PlanPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_outcome_once"),
            models.CheckConstraint(name="plan_outcome_in_words", condition=~Q(statement="") & ~Q(how_met="")),
        ]
        triggers = [plan_guards.written_while_draft("plan_outcome"), no_truncate("plan_outcome")]

    def __str__(self) -> str:
        return self.statement


@pghistory.track(*(event() for event in EVENTS))
class PlanService(PlanPart):
    """One service to be bought. `amount` in pounds, each time it recurs; `outcome` is empty where it serves them all.

    Where somebody of the same household is paid by direct payment, the exception (regulation 8(5A) and (5B) of the
    2013 Regulations) is asked for by whoever wrote the line and approved by somebody else. `why_not_prohibited` is
    what was said where the words of the line looked like something that cannot be bought.
    """

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="services")
    outcome = models.ForeignKey(PlanOutcome, on_delete=models.PROTECT, null=True, blank=True, related_name="services")
    description = models.CharField("what is bought", max_length=300)
    category = models.CharField("category", max_length=20, choices=ServiceCategory.choices)
    why_not_prohibited = models.TextField("why it can be bought", blank=True)
    provider = models.ForeignKey(SupportOrganisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    provider_name = models.CharField("name of the provider", max_length=200, blank=True)
    method = models.CharField("how the money is managed", max_length=16, choices=Method.choices)
    recurrence = models.CharField("how often", max_length=8, choices=Recurrence.choices)
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    relationship = models.CharField(
        "relationship", max_length=16, choices=PayeeRelationship.choices, default=PayeeRelationship.NOT_CONNECTED
    )
    lives_in_same_household = models.BooleanField("lives in the same household", default=False)
    exception_reason = models.CharField(
        "reason of the exception", max_length=16, choices=ExceptionReason.choices, blank=True
    )
    exception_necessity = models.TextField("why it is necessary", blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_on = models.DateField("exception asked for on", null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField("exception approved on", null=True, blank=True)

    class Meta(PlanPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_service_once"),
            models.CheckConstraint(name="plan_service_in_words", condition=~Q(description="")),
            models.CheckConstraint(
                name="plan_service_known_category", condition=Q(category__in=ServiceCategory.values)
            ),
            models.CheckConstraint(name="plan_service_known_method", condition=Q(method__in=Method.values)),
            models.CheckConstraint(name="plan_service_known_recurrence", condition=Q(recurrence__in=Recurrence.values)),
            models.CheckConstraint(name="plan_service_costs_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="plan_service_has_a_provider", condition=Q(provider__isnull=False) | ~Q(provider_name="")
            ),
            models.CheckConstraint(
                name="plan_service_household_of_connected",
                condition=Q(relationship__in=[PayeeRelationship.FAMILY, PayeeRelationship.FRIEND])
                | Q(relationship=PayeeRelationship.NOT_CONNECTED, lives_in_same_household=False),
            ),
            models.CheckConstraint(
                name="plan_service_exception_whole",
                condition=Q(exception_reason="", exception_necessity="", asked_by__isnull=True)
                & Q(asked_on__isnull=True, approved_by__isnull=True, approved_on__isnull=True)
                | Q(exception_reason__in=ExceptionReason.values, asked_by__isnull=False, asked_on__isnull=False)
                & ~Q(exception_necessity=""),
            ),
            models.CheckConstraint(
                name="plan_service_approved_by_another",
                condition=Q(approved_by__isnull=True, approved_on__isnull=True)
                | Q(approved_by__isnull=False, approved_on__gte=F("asked_on")) & ~Q(approved_by=F("asked_by")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_on"],
                condition=Q(asked_by__isnull=False, approved_by__isnull=True),
                name="plan_exception_waiting",
            ),
        ]
        triggers = [
            plan_guards.written_while_draft("plan_service"),
            plan_guards.service_of_its_own_plan(),
            no_truncate("plan_service"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def provider_words(self) -> str:
        """Who provides it."""
        return self.provider_name or str(self.provider)

    @property
    def annual_cost(self) -> Decimal:
        """What it costs in a year, in pounds; a one-off counts once. Add up with `rules.plan_money`, not these."""
        return a_year_of(self.amount) if self.recurrence == Recurrence.WEEKLY else self.amount


@pghistory.track(*(event() for event in EVENTS))
class PlanRisk(PlanPart):
    """One significant risk, and how it is managed."""

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="risks")
    risk = models.TextField("risk")
    how_managed = models.TextField("how it is managed")
    managed_by = models.CharField("who manages it", max_length=150, blank=True)

    class Meta(PlanPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_risk_once"),
            models.CheckConstraint(name="plan_risk_in_words", condition=~Q(risk="") & ~Q(how_managed="")),
        ]
        triggers = [plan_guards.written_while_draft("plan_risk"), no_truncate("plan_risk")]

    def __str__(self) -> str:
        return self.risk


@pghistory.track(*(event() for event in EVENTS))
class PlanFeature(models.Model):
    """Whether a plan has one of the features of its checklist, and what is to be done where it has not."""

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="features")
    code = models.CharField("feature", max_length=20)
    is_met = models.BooleanField("is it so")
    note = models.TextField("what will be done about it", blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="plan_feature_once"),
            models.CheckConstraint(name="plan_feature_or_note", condition=Q(is_met=True) | ~Q(note="")),
        ]
        triggers = [plan_guards.written_while_draft("plan_feature"), no_truncate("plan_feature")]

    def __str__(self) -> str:
        return self.code
