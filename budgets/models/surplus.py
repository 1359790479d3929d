"""Unspent money that a return shows, what was decided about it, and what is set off against coming payments."""

import uuid
from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from budgets.enums import Method
from budgets.rules.offsets import STANDING, OffsetStatus, allowed_jumps
from budgets.rules.surplus import SurplusDecision, SurplusFacts
from eligibility.models.transitions import Transition
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .monitoring import MonitoringReturn
from .personal_health_budgets import PersonalHealthBudget


class SurplusQuerySet(ScopedQuerySet["Surplus"]):
    """Reads of surpluses; always begun with ``visible_to``."""

    scope_path = "monitoring_return__schedule__phb__commissioner_id"
    scope_permission = Permission.VIEW_PAYMENTS

    def to_look_at(self) -> "SurplusQuerySet":
        """Those over the threshold that nobody decided about yet, the latest worked out last."""
        return self.filter(is_over=True, decision="").order_by("worked_out_on", "pk")


@pghistory.track()
class Surplus(models.Model):  # type: ignore[django-manager-missing]
    """What a return shows as unspent, measured against the threshold of that day; amounts in pounds.

    More than the threshold is flagged, as much as it is not; the database works the flag out again from the same
    figures. A flag is all: a person decides. ``weekly_amount`` is nought once nothing is paid any more.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    monitoring_return = models.OneToOneField(MonitoringReturn, on_delete=models.PROTECT, related_name="surplus")
    worked_out_on = models.DateField("worked out on")
    balance = models.DecimalField("balance", max_digits=12, decimal_places=2)
    ring_fenced = models.DecimalField("ring-fenced savings", max_digits=12, decimal_places=2)
    weekly_amount = models.DecimalField("paid a week", max_digits=12, decimal_places=2)
    threshold_weeks = models.DecimalField("threshold in weeks", max_digits=4, decimal_places=1)
    is_over = models.BooleanField("over the threshold")
    decision = models.CharField("decision", max_length=12, choices=SurplusDecision.choices, blank=True)
    reason = models.TextField("reason", blank=True)
    decided_on = models.DateField("decided on", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[SurplusQuerySet] = ScopedManager.from_queryset(SurplusQuerySet)()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "surpluses"
        ordering = ["-worked_out_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="surplus_flag_is_greater_than",
                condition=Q(is_over=True, balance__gt=F("ring_fenced") + F("threshold_weeks") * F("weekly_amount"))
                | Q(is_over=False, balance__lte=F("ring_fenced") + F("threshold_weeks") * F("weekly_amount")),
            ),
            models.CheckConstraint(
                name="surplus_not_negative",
                condition=Q(ring_fenced__gte=0, weekly_amount__gte=0, threshold_weeks__gte=0),
            ),
            models.CheckConstraint(
                name="surplus_decided_whole",
                condition=Q(decision="", reason="", decided_on__isnull=True, decided_by__isnull=True)
                | Q(decision__in=SurplusDecision.values, decided_on__isnull=False, decided_by__isnull=False)
                & ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["worked_out_on"], condition=Q(is_over=True, decision=""), name="surplus_to_look_at")
        ]
        triggers = [pgtrigger.ReadOnly(name="surplus_fixed", fields=["reference", "monitoring_return"])]

    def __str__(self) -> str:
        return f"Surplus of {self.balance - self.ring_fenced}"

    @property
    def facts(self) -> SurplusFacts:
        """The figures it rests on."""
        return SurplusFacts(self.balance, self.ring_fenced, self.weekly_amount, self.threshold_weeks)


class OffsetQuerySet(ScopedQuerySet["Offset"]):
    """Reads of offsets; they belong where the PHB belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_PAYMENTS

    def to_approve(self) -> "OffsetQuerySet":
        """Those that wait for somebody else to approve them, the soonest payment first."""
        return self.filter(status=OffsetStatus.PROPOSED).order_by("pays_on", "pk")


@pghistory.track()
class Offset(models.Model):
    """Unused money set off against one coming payment, in pounds; never more than the payment (regulation 13(4)).

    ``payment_due`` is what that payment was to be when the offset was proposed. ``applied_amount`` is what was set off
    at release: less, where the payment had become smaller.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="offsets")
    method = models.CharField("method", max_length=16, choices=Method.choices)
    surplus = models.ForeignKey(Surplus, on_delete=models.PROTECT, null=True, blank=True, related_name="offsets")
    pays_on = models.DateField("payment on")
    payment_due = models.DecimalField("payment due", max_digits=12, decimal_places=2)
    amount = models.DecimalField("amount to set off", max_digits=12, decimal_places=2)
    reason = models.TextField("reason")
    status = models.CharField("status", max_length=12, choices=OffsetStatus.choices, default=OffsetStatus.PROPOSED)
    proposed_on = models.DateField("proposed on")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField("approved on", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_on = models.DateField("set off on", null=True, blank=True)
    applied_amount = models.DecimalField("amount set off", max_digits=12, decimal_places=2, null=True, blank=True)

    objects: ClassVar[OffsetQuerySet] = ScopedManager.from_queryset(OffsetQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["pays_on", "pk"]
        constraints = [
            models.CheckConstraint(name="offset_known_status", condition=Q(status__in=OffsetStatus.values)),
            models.CheckConstraint(
                name="offset_of_money_paid_out", condition=Q(method__in=(Method.DIRECT_PAYMENT, Method.THIRD_PARTY))
            ),
            models.CheckConstraint(
                name="offset_never_above_payment",
                condition=Q(amount__gt=0) & Q(amount__lte=F("payment_due")),
                violation_error_message="The amount set off cannot be more than the payment",
            ),
            models.CheckConstraint(name="offset_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="offset_by_a_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="offset_approved_whole",
                condition=Q(
                    status__in=(OffsetStatus.APPROVED, OffsetStatus.APPLIED),
                    approved_on__isnull=False,
                    approved_by__isnull=False,
                )
                | Q(status=OffsetStatus.PROPOSED, approved_on__isnull=True, approved_by__isnull=True)
                | Q(status=OffsetStatus.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="offset_applied_whole",
                condition=Q(status=OffsetStatus.APPLIED, applied_on__isnull=False)
                & Q(applied_amount__gte=Decimal(0))
                & Q(applied_amount__lte=F("amount"))
                | ~Q(status=OffsetStatus.APPLIED) & Q(applied_on__isnull=True, applied_amount__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["phb", "method", "pays_on"], condition=Q(status__in=STANDING), name="offset_once_a_payment"
            ),
        ]
        indexes = [
            models.Index(fields=["pays_on"], condition=Q(status=OffsetStatus.APPROVED), name="offset_approved"),
            models.Index(fields=["pays_on"], condition=Q(status=OffsetStatus.PROPOSED), name="offset_to_approve"),
        ]
        triggers = [
            pgtrigger.FSM(name="offset_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="offset_fixed",
                fields=[
                    "reference",
                    "phb",
                    "method",
                    "surplus",
                    "pays_on",
                    "payment_due",
                    "amount",
                    "reason",
                    "proposed_on",
                    "proposed_by",
                ],
            ),
            no_delete("offset"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} off the payment of {self.pays_on:%d/%m/%Y}"


class OffsetTransition(Transition):
    """One step of an offset: who, when, from, to, and why. Append-only."""

    offset = models.ForeignKey(Offset, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=OffsetStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=OffsetStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("offset_transition")
