"""Meetings of risk panels: who was there, what was on the agenda, and what was decided on each item."""

import uuid
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from budgets.rules.panel_states import PanelDecision, PanelStatus, allowed_jumps
from phb_register.models import Commissioner
from phb_register.models.guards import no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import proposal_guards
from .budget_proposals import BudgetProposal


class RiskPanelQuerySet(ScopedQuerySet["RiskPanel"]):
    """Reads of meetings."""

    scope_permission = Permission.VIEW_BUDGETS

    def planned(self) -> Self:
        """Those that have not been held, the next one first."""
        return self.filter(status=PanelStatus.PLANNED).order_by("meets_on", "pk")


@pghistory.track()
class RiskPanel(models.Model):
    """One meeting of the risk panel of a commissioner, or of a partnership for its members."""

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    meets_on = models.DateField("meets on")
    place = models.CharField("place", max_length=200, blank=True)
    status = models.CharField("status", max_length=12, choices=PanelStatus.choices, default=PanelStatus.PLANNED)
    note = models.TextField("note", blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[RiskPanelQuerySet] = ScopedManager.from_queryset(RiskPanelQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-meets_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="panel_known_status", condition=Q(status__in=PanelStatus.values)),
            # Two meetings of one panel on one day are one: a form sent twice plans no second.
            models.UniqueConstraint(
                fields=["commissioner", "meets_on"],
                condition=~Q(status=PanelStatus.CANCELLED),
                name="panel_once_a_day",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="panel_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.Protect(
                name="panel_held_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status <> 'planned'"),
            ),
            no_delete("panel"),
            no_truncate("panel"),
        ]

    def __str__(self) -> str:
        return f"Risk panel of {self.commissioner} on {self.meets_on:%d/%m/%Y}"


class PanelMember(models.Model):
    """Somebody who was present at a meeting; `user` where they have an account."""

    panel = models.ForeignKey(RiskPanel, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("name", max_length=150)
    role = models.CharField("role", max_length=150)
    is_chair = models.BooleanField("chair", default=False)

    class Meta:
        ordering = ["-is_chair", "pk"]
        constraints = [
            models.CheckConstraint(name="panel_member_named", condition=~Q(name="") & ~Q(role="")),
            models.UniqueConstraint(fields=["panel"], condition=Q(is_chair=True), name="panel_one_chair"),
            models.UniqueConstraint(fields=["panel", "user"], name="panel_member_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="panel_member_stays", operation=pgtrigger.Update | pgtrigger.Delete),
            no_truncate("panel_member"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"


@pghistory.track()
class PanelItem(models.Model):
    """One proposal on the agenda of a meeting, and what was decided on it. Decided once, then fixed.

    `took_no_part` names the members who were present and stood aside because they had prepared the proposal.
    """

    panel = models.ForeignKey(RiskPanel, on_delete=models.PROTECT, related_name="items")
    proposal = models.ForeignKey(BudgetProposal, on_delete=models.PROTECT, related_name="panel_items")
    position = models.PositiveSmallIntegerField("place on the agenda")
    decision = models.CharField("decision", max_length=24, choices=PanelDecision.choices, blank=True)
    reasons = models.TextField("reasons", blank=True)
    conditions = models.TextField("conditions", blank=True)
    took_no_part = models.TextField("took no part", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("recorded at", null=True, blank=True)

    class Meta:
        ordering = ["panel", "position"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "proposal"], name="panel_item_once"),
            models.UniqueConstraint(
                fields=["panel", "position"], name="panel_item_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["proposal"], condition=Q(decision=""), name="panel_item_one_agenda"),
            models.CheckConstraint(
                name="panel_item_decided_whole",
                condition=Q(decision="", reasons="", conditions="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=PanelDecision.values, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reasons=""),
            ),
            models.CheckConstraint(
                name="panel_item_conditions",
                condition=Q(decision=PanelDecision.APPROVE_WITH_CONDITIONS) & ~Q(conditions="")
                | ~Q(decision=PanelDecision.APPROVE_WITH_CONDITIONS) & Q(conditions=""),
            ),
        ]
        triggers = [
            proposal_guards.ITEM_WAITS_FOR_THE_PANEL,
            proposal_guards.ITEM_DECIDED_BY_OTHERS,
            proposal_guards.ITEM_DECIDED_ONCE,
            no_truncate("panel_item"),
        ]

    def __str__(self) -> str:
        return f"Item {self.position} of {self.panel}"
