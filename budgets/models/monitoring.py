"""Monitoring returns: how often one is due for a PHB, and what became of each."""

import datetime as dt
import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from budgets.enums import Method
from budgets.rules.monitoring_states import RECEIVED_STATUSES, ReturnStatus, RiskLevel, allowed_jumps
from eligibility.models.transitions import Transition
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .personal_health_budgets import PersonalHealthBudget


class ReturnScheduleQuerySet(ScopedQuerySet["ReturnSchedule"]):
    """Reads of return schedules; they belong where the PHB belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_PAYMENTS

    def going_on(self) -> "ReturnScheduleQuerySet":
        """Those with no last day."""
        return self.filter(ends_on__isnull=True)


@pghistory.track()
class ReturnSchedule(models.Model):  # type: ignore[django-manager-missing]
    """How often monitoring returns are due for the money of a PHB that is managed in one way.

    ``first_weeks`` and ``months`` are the commissioner's settings as they were when the schedule was made or its risk
    level changed. ``ends_on`` is the last day that the last return covers.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="return_schedules")
    method = models.CharField("method", max_length=16, choices=Method.choices)
    risk_level = models.CharField("risk level", max_length=8, choices=RiskLevel.choices)
    risk_reason = models.TextField("why this level", blank=True)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True)
    first_weeks = models.PositiveSmallIntegerField("weeks of the first return")
    months = models.PositiveSmallIntegerField("months between returns")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_on = models.DateField("set on")

    objects: ClassVar[ReturnScheduleQuerySet] = ScopedManager.from_queryset(ReturnScheduleQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="return_schedule_money_leaves",
                condition=Q(method__in=(Method.DIRECT_PAYMENT, Method.THIRD_PARTY)),
            ),
            models.CheckConstraint(name="return_schedule_known_level", condition=Q(risk_level__in=RiskLevel.values)),
            models.CheckConstraint(
                name="return_schedule_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="return_schedule_weeks", condition=Q(first_weeks__gte=1) & Q(first_weeks__lte=52)
            ),
            models.CheckConstraint(name="return_schedule_months", condition=Q(months__gte=1) & Q(months__lte=12)),
            models.UniqueConstraint(
                fields=["phb", "method"], condition=Q(ends_on__isnull=True), name="return_schedule_one_open"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="return_schedule_fixed", fields=["phb", "method", "starts_on", "first_weeks"]),
            no_delete("return_schedule"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: returns every {self.months} months"


class MonitoringReturnQuerySet(ScopedQuerySet["MonitoringReturn"]):
    """Reads of monitoring returns; always begun with ``visible_to``."""

    scope_path = "schedule__phb__commissioner_id"
    scope_permission = Permission.VIEW_PAYMENTS

    def overdue(self, today: dt.date) -> "MonitoringReturnQuerySet":
        """Those that should have come by now, the longest overdue first."""
        return self.filter(status=ReturnStatus.DUE, due_on__lt=today).order_by("due_on", "pk")

    def to_reconcile(self) -> "MonitoringReturnQuerySet":
        """Those that came and are not reconciled, the earliest received first."""
        return self.filter(status=ReturnStatus.RECEIVED).order_by("received_on", "pk")

    def with_balance(self) -> "MonitoringReturnQuerySet":
        """Those whose balance is known, the latest first."""
        return self.filter(status__in=RECEIVED_STATUSES).order_by("-last_on", "-pk")


@pghistory.track()
class MonitoringReturn(models.Model):
    """What was done with the money of a PHB from ``first_on`` to ``last_on``, both counted.

    ``closing_balance`` is what stood on the account at the end of ``last_on``, in pounds. A reconciled return never
    changes; reopening it, with a reason, is the way to correct one.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    schedule = models.ForeignKey(ReturnSchedule, on_delete=models.PROTECT, related_name="returns")
    number = models.PositiveIntegerField("number")
    first_on = models.DateField("first day")
    last_on = models.DateField("last day")
    due_on = models.DateField("due on")
    risk_level = models.CharField("risk level", max_length=8, choices=RiskLevel.choices)
    is_final = models.BooleanField("final return", default=False)
    status = models.CharField("status", max_length=12, choices=ReturnStatus.choices, default=ReturnStatus.DUE)
    received_on = models.DateField("received on", null=True, blank=True)
    closing_balance = models.DecimalField(
        "closing balance", max_digits=12, decimal_places=2, null=True, blank=True, help_text="In pounds, at the end."
    )
    difference_note = models.TextField("what explains the differences", blank=True)
    reconciled_on = models.DateField("reconciled on", null=True, blank=True)
    reconciled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[MonitoringReturnQuerySet] = ScopedManager.from_queryset(MonitoringReturnQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-last_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "number"], name="return_number_once"),
            models.CheckConstraint(name="return_known_status", condition=Q(status__in=ReturnStatus.values)),
            models.CheckConstraint(name="return_known_level", condition=Q(risk_level__in=RiskLevel.values)),
            models.CheckConstraint(name="return_ends_after_start", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(name="return_due_after_end", condition=Q(due_on__gte=F("last_on"))),
            models.CheckConstraint(
                name="return_received_whole",
                condition=Q(status__in=RECEIVED_STATUSES, received_on__isnull=False, closing_balance__isnull=False)
                | ~Q(status__in=RECEIVED_STATUSES) & Q(received_on__isnull=True, closing_balance__isnull=True),
            ),
            models.CheckConstraint(
                name="return_reconciled_whole",
                condition=Q(status=ReturnStatus.RECONCILED, reconciled_on__isnull=False, reconciled_by__isnull=False)
                & Q(reconciled_on__gte=F("received_on"))
                | ~Q(status=ReturnStatus.RECONCILED) & Q(reconciled_on__isnull=True, reconciled_by__isnull=True),
            ),
            ExclusionConstraint(
                name="return_periods_apart",
                expressions=[
                    ("schedule", RangeOperators.EQUAL),
                    (
                        Func(
                            F("first_on"),
                            F("last_on"),
                            Value("[]"),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(status=ReturnStatus.DUE), name="return_due"),
            models.Index(fields=["received_on"], condition=Q(status=ReturnStatus.RECEIVED), name="return_to_reconcile"),
        ]
        triggers = [
            pgtrigger.FSM(name="return_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(name="return_fixed", fields=["reference", "schedule", "number", "first_on"]),
            pgtrigger.Protect(
                name="return_reconciled_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status = 'reconciled' AND (NEW.status = 'reconciled' OR"
                    " (OLD.last_on, OLD.due_on, OLD.closing_balance, OLD.received_on)"
                    " IS DISTINCT FROM (NEW.last_on, NEW.due_on, NEW.closing_balance, NEW.received_on))"
                ),
            ),
            no_delete("return"),
        ]

    def __str__(self) -> str:
        return f"Monitoring return {self.number}"


class MonitoringReturnTransition(Transition):
    """One step of a return: who, when, from, to, and why. Append-only."""

    monitoring_return = models.ForeignKey(MonitoringReturn, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=ReturnStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=ReturnStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("return_transition")


class RingFencedSavingQuerySet(models.QuerySet["RingFencedSaving"]):
    """Reads of ring-fenced savings."""

    def in_force_on(self, day: dt.date) -> "RingFencedSavingQuerySet":
        """Agreed by the end of ``day``, not used up or given up by then, and not past their last day."""
        return self.filter(agreed_on__lte=day).annotate(over_on=Coalesce("ended_on", "until")).filter(over_on__gte=day)


@pghistory.track()
class RingFencedSaving(models.Model):
    """Money put by for a purpose that was agreed, until a day: left out of the surplus. ``amount`` is in pounds.

    ``ended_on`` is the last day it counted, where it was used or given up before ``until``.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="ring_fenced_savings")
    key = models.UUIDField("key of the page it was entered on", unique=True, editable=False)
    purpose = models.CharField("what it is for", max_length=200)
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    agreed_on = models.DateField("agreed on")
    until = models.DateField("until")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField("ended on", null=True, blank=True)
    end_note = models.CharField("why it ended", max_length=200, blank=True)

    objects: ClassVar[RingFencedSavingQuerySet] = RingFencedSavingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["agreed_on", "pk"]
        constraints = [
            models.CheckConstraint(name="ring_fenced_for_something", condition=~Q(purpose="")),
            models.CheckConstraint(name="ring_fenced_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="ring_fenced_until_later", condition=Q(until__gte=F("agreed_on"))),
            models.CheckConstraint(
                name="ring_fenced_ended_whole",
                condition=Q(ended_on__isnull=True, end_note="")
                | Q(ended_on__gte=F("agreed_on")) & Q(ended_on__lte=F("until")) & ~Q(end_note=""),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="ring_fenced_fixed", fields=["phb", "key", "purpose", "amount", "agreed_on", "until", "agreed_by"]
            ),
            pgtrigger.Protect(
                name="ring_fenced_ended_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.ended_on IS NOT NULL"),
            ),
            no_delete("ring_fenced"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} until {self.until:%d/%m/%Y}"
