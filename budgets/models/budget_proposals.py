"""Budget proposals: what somebody prepared, what somebody else decided, and every step between."""

import uuid
from decimal import Decimal
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from budgets.enums import Funder, LivesIn, Method
from budgets.rules.proposal_states import DECIDED, OPEN, ProposalKind, ProposalStatus, allowed_jumps
from eligibility.models import Referral
from eligibility.models.transitions import Transition
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import planning_guards, proposal_guards
from .indicative_budgets import IndicativeBudget
from .support_plans import SupportPlan


class BudgetProposalQuerySet(ScopedQuerySet["BudgetProposal"]):
    """Reads of proposals; always begun with `visible_to`. They belong where the referral belongs."""

    scope_path = "referral__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def open(self) -> Self:
        """Those not decided and not withdrawn: at most one of a referral."""
        return self.filter(status__in=OPEN)

    def waiting(self, status: ProposalStatus) -> Self:
        """Those in a status in which somebody has to act, the longest waiting first."""
        return self.filter(status=status).order_by("changed_at", "pk")


@pghistory.track()
class BudgetProposal(models.Model):
    """What is proposed for the PHB of a referral: pounds a year, and what is paid once.

    Written as a draft; once submitted, only its status and the decision change. Whoever prepared, changed or
    submitted it never decides on it. `delegated_limit` is what the lead nurse could approve alone when it was
    submitted; empty means nothing. `changed_at` is when it came to its status.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    submission_key = models.UUIDField("key of the form", unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("number")
    kind = models.CharField("kind", max_length=16, choices=ProposalKind.choices)
    status = models.CharField("status", max_length=12, choices=ProposalStatus.choices, default=ProposalStatus.DRAFT)
    changed_at = models.DateTimeField("in this status since")

    applies_from = models.DateField("applies from")
    annual_amount = models.DecimalField("annual amount", max_digits=12, decimal_places=2)
    one_off_amount = models.DecimalField("one-off amount", max_digits=12, decimal_places=2, default=Decimal(0))
    one_off_method = models.CharField("how the one-off is managed", max_length=16, choices=Method.choices, blank=True)
    previous_annual_amount = models.DecimalField(
        "annual amount of the package it replaces", max_digits=12, decimal_places=2, null=True, blank=True
    )
    lives_in = models.CharField("lives in", max_length=12, choices=LivesIn.choices, default=LivesIn.HOME)
    is_fast_track = models.BooleanField("fast track", default=False)
    is_one_off = models.BooleanField("one-off", default=False)
    is_free_of_orders = models.BooleanField("no order stands against a direct payment", default=False)
    is_block_funded = models.BooleanField("a service is paid under a block contract", default=False)
    notice_given_on = models.DateField("notice of the lower direct payment given on", null=True, blank=True)
    reason = models.TextField("reason", blank=True)
    indicative_budget = models.ForeignKey(
        IndicativeBudget, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    difference_reason = models.TextField("why it departs from the indicative budget", blank=True)
    support_plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_on = models.DateField("prepared on")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_on = models.DateField("submitted on", null=True, blank=True)
    delegated_limit = models.DecimalField("delegated limit", max_digits=12, decimal_places=2, null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField("decided on", null=True, blank=True)
    decision_reasons = models.TextField("reasons of the decision", blank=True)
    conditions = models.TextField("conditions", blank=True)
    reconsideration_route = models.TextField("how to have it looked at again", blank=True)

    objects: ClassVar[BudgetProposalQuerySet] = ScopedManager.from_queryset(BudgetProposalQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="proposal_number_once"),
            models.UniqueConstraint(fields=["referral"], condition=Q(status__in=OPEN), name="proposal_one_open"),
            models.CheckConstraint(name="proposal_numbered_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(name="proposal_known_status", condition=Q(status__in=ProposalStatus.values)),
            models.CheckConstraint(name="proposal_known_kind", condition=Q(kind__in=ProposalKind.values)),
            models.CheckConstraint(name="proposal_lives_somewhere", condition=Q(lives_in__in=LivesIn.values)),
            models.CheckConstraint(
                name="proposal_amounts_not_negative",
                condition=Q(annual_amount__gte=0, one_off_amount__gte=0)
                & (Q(previous_annual_amount__isnull=True) | Q(previous_annual_amount__gte=0)),
            ),
            models.CheckConstraint(
                name="proposal_one_off_managed",
                condition=Q(one_off_amount=0, one_off_method="")
                | Q(one_off_amount__gt=0, one_off_method__in=Method.values),
            ),
            models.CheckConstraint(name="proposal_says_why", condition=Q(kind=ProposalKind.FIRST) | ~Q(reason="")),
            models.CheckConstraint(
                name="proposal_submitted_whole",
                condition=Q(submitted_by__isnull=True, submitted_on__isnull=True)
                & Q(status__in=[ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN])
                | Q(submitted_by__isnull=False, submitted_on__gte=F("prepared_on")),
            ),
            models.CheckConstraint(
                name="proposal_decided_whole",
                condition=Q(status__in=DECIDED, decided_by__isnull=False, decided_on__gte=F("submitted_on"))
                | ~Q(status__in=DECIDED)
                & Q(decided_by__isnull=True, decided_on__isnull=True)
                & Q(decision_reasons="", conditions="", reconsideration_route=""),
            ),
            models.CheckConstraint(
                name="proposal_declined_with_reasons",
                condition=~Q(status=ProposalStatus.DECLINED)
                | ~Q(decision_reasons="") & ~Q(reconsideration_route="") & Q(conditions=""),
            ),
            models.CheckConstraint(
                name="proposal_decided_by_another",
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("prepared_by")) & ~Q(decided_by=F("submitted_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "changed_at"], condition=Q(status__in=OPEN), name="proposal_waiting"),
        ]
        triggers = [
            pgtrigger.FSM(name="proposal_status_jump", field="status", transitions=allowed_jumps()),
            planning_guards.of_an_accepted_referral("proposal"),
            proposal_guards.BEGINS_AS_A_DRAFT,
            proposal_guards.FROZEN_ONCE_SUBMITTED,
            proposal_guards.WHOLE_WHEN_SUBMITTED,
            proposal_guards.DECIDED_BY_ANOTHER,
            proposal_guards.APPROVED_IS_AGREED,
            no_delete("proposal"),
            no_truncate("proposal"),
        ]

    def __str__(self) -> str:
        return f"Budget proposal {self.number}: £{self.annual_amount:,.2f} a year"

    @property
    def first_year_amount(self) -> Decimal:
        """What the first year costs, one-off and all: what the delegated limit is compared with."""
        return self.annual_amount + self.one_off_amount


class ProposalMethod(models.Model):
    """How a part of the proposed amount is managed, in pounds a year."""

    proposal = models.ForeignKey(BudgetProposal, on_delete=models.PROTECT, related_name="methods")
    method = models.CharField("method", max_length=16, choices=Method.choices)
    annual_amount = models.DecimalField("annual amount", max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "method"], name="proposal_method_once"),
            models.CheckConstraint(name="proposal_method_known", condition=Q(method__in=Method.values)),
            models.CheckConstraint(name="proposal_method_not_negative", condition=Q(annual_amount__gte=0)),
        ]
        triggers = [proposal_guards.part_of_a_draft("proposal_method"), no_truncate("proposal_method")]

    def __str__(self) -> str:
        return f"{self.get_method_display()} £{self.annual_amount:,.2f}"


class ProposalShare(models.Model):
    """A funder's proposed share, in per cent."""

    proposal = models.ForeignKey(BudgetProposal, on_delete=models.PROTECT, related_name="shares")
    funder = models.CharField("funder", max_length=16, choices=Funder.choices)
    body_name = models.CharField("name of the body", max_length=200, blank=True)
    percent = models.DecimalField("per cent", max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["-percent", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "funder", "body_name"], name="proposal_share_once"),
            models.CheckConstraint(
                name="proposal_share_is_a_percentage", condition=Q(percent__gt=0) & Q(percent__lte=100)
            ),
            models.CheckConstraint(name="proposal_share_known_funder", condition=Q(funder__in=Funder.values)),
            models.CheckConstraint(name="proposal_share_names_body", condition=Q(funder=Funder.NHS) | ~Q(body_name="")),
        ]
        triggers = [proposal_guards.part_of_a_draft("proposal_share"), no_truncate("proposal_share")]

    def __str__(self) -> str:
        return f"{self.get_funder_display()} {self.percent}%"


class BudgetProposalTransition(Transition):
    """One step of a proposal: who, when, from, to. `proposed` is what it said then. Append-only."""

    proposal = models.ForeignKey(BudgetProposal, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=ProposalStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=ProposalStatus.choices)
    proposed = models.JSONField("what was proposed", default=dict, blank=True)

    class Meta(Transition.Meta):
        triggers = append_only("proposal_transition")
