"""What is left to do with the money once a PHB has ended: its closure, reconciled by a second person."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from budgets.enums import ClosureStatus, Settlement
from budgets.rules.closure_states import allowed_jumps
from eligibility.models.transitions import Transition
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .personal_health_budgets import PersonalHealthBudget


class BudgetClosureQuerySet(ScopedQuerySet["BudgetClosure"]):
    """Reads of closures; always begun with `visible_to`. They belong where the PHB belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def to_reconcile(self) -> "BudgetClosureQuerySet":
        """Those that wait for the final reconciliation, the longest ended first."""
        return self.filter(status=ClosureStatus.OPEN).order_by("ended_on", "pk")


@pghistory.track()
class BudgetClosure(models.Model):
    """The final reconciliation of a PHB that ended on `ended_on`, made when the end is recorded: open, or not needed
    where no money was ever scheduled, paid or asked back through this register.

    `final_balance` is pounds that were paid and not spent: above nought it is the commissioner's, below nought the
    commissioner owes it. Whoever recorded the end does not reconcile. Once reconciled it never changes; an end that
    was recorded by mistake and taken back leaves its closure withdrawn.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="closures")
    status = models.CharField("status", max_length=12, choices=ClosureStatus.choices, default=ClosureStatus.OPEN)
    ended_on = models.DateField("ended on", help_text="As the personal health budget has it.")
    opened_on = models.DateField("opened on")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("opened at", auto_now_add=True)
    last_payment_on = models.DateField("last payment on", null=True, blank=True)
    final_balance = models.DecimalField("final balance", max_digits=12, decimal_places=2, null=True, blank=True)
    settlement = models.CharField("settlement", max_length=12, choices=Settlement.choices, blank=True)
    note = models.TextField("note", blank=True)
    reconciled_on = models.DateField("reconciled on", null=True, blank=True)
    reconciled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[BudgetClosureQuerySet] = ScopedManager.from_queryset(BudgetClosureQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-ended_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["phb"], condition=~Q(status=ClosureStatus.WITHDRAWN), name="closure_one_of_a_budget"
            ),
            models.CheckConstraint(name="closure_known_status", condition=Q(status__in=ClosureStatus.values)),
            models.CheckConstraint(name="closure_opened_after_end", condition=Q(opened_on__gte=F("ended_on"))),
            models.CheckConstraint(
                name="closure_reconciled_whole",
                condition=Q(
                    status=ClosureStatus.RECONCILED,
                    final_balance__isnull=False,
                    settlement__in=Settlement.values,
                    reconciled_on__isnull=False,
                    reconciled_by__isnull=False,
                )
                | ~Q(status=ClosureStatus.RECONCILED)
                & Q(
                    last_payment_on__isnull=True,
                    final_balance__isnull=True,
                    settlement="",
                    note="",
                    reconciled_on__isnull=True,
                    reconciled_by__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="closure_reconciled_after_opened",
                condition=Q(reconciled_on__isnull=True) | Q(reconciled_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="closure_by_a_second_person",
                condition=Q(reconciled_by__isnull=True) | ~Q(reconciled_by=F("opened_by")),
                violation_error_message="Whoever recorded the end cannot reconcile it",
            ),
            # What was recovered was a balance above nought, what was paid one below; a note says what else it was.
            models.CheckConstraint(
                name="closure_settles_its_balance",
                condition=Q(settlement="")
                | Q(settlement=Settlement.NOTHING, final_balance=0)
                | Q(settlement=Settlement.RECOVERED, final_balance__gt=0)
                | Q(settlement=Settlement.PAID, final_balance__lt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["ended_on"], condition=Q(status=ClosureStatus.OPEN), name="closure_to_reconcile")
        ]
        triggers = [
            pgtrigger.FSM(name="closure_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(name="closure_fixed", fields=["phb", "ended_on", "opened_on", "opened_by", "opened_at"]),
            pgtrigger.Protect(
                name="closure_done_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status IN ('reconciled', 'withdrawn')"),
            ),
            pgtrigger.Trigger(
                name="closure_of_its_end",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM budgets_personalhealthbudget WHERE id = NEW.phb_id AND ended_on = NEW.ended_on
                    ) THEN
                        RAISE EXCEPTION 'The personal health budget did not end on %', NEW.ended_on
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'closure_of_its_end';
                    END IF;
                    RETURN NEW;
                """,
            ),
            no_delete("closure"),
        ]

    def __str__(self) -> str:
        return f"Closure of a budget that ended on {self.ended_on:%d/%m/%Y}"


class ClosureTransition(Transition):
    """One step of a closure: who, when, from, to, and the reason. Append-only."""

    closure = models.ForeignKey(BudgetClosure, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=ClosureStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=ClosureStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("closure_transition")
