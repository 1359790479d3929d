"""Court orders and licence conditions that exclude a direct payment: criminal-offence data, seen by few."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from budgets.rules import court_orders
from phb_register.models import Person
from phb_register.models.guards import follows_merges, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet


class CourtOrderQuerySet(ScopedQuerySet["CourtOrder"]):
    """Reads of court orders. They follow the person: whoever is responsible for the person answers for them."""

    scope_path = "person__commissioner_id"
    scope_permission = Permission.VIEW_ORDERS

    def counting(self) -> "CourtOrderQuerySet":
        """Without those entered in error."""
        return self.filter(withdrawn_on__isnull=True)


@pghistory.track()
class CourtOrder(models.Model):
    """An order or licence condition of the Schedule to the 2013 Regulations, from `first_day` to `last_day`, both
    included; no last day while it is not known.

    It excludes a direct payment on each of its days, and never the budget. One entered in error is withdrawn, not
    removed. Seen with VIEW_ORDERS alone; others learn that a direct payment is not possible, not why.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("kind", max_length=32, choices=[(kind.code, kind.title) for kind in court_orders.KINDS])
    first_day = models.DateField("first day")
    last_day = models.DateField("last day", null=True, blank=True)
    evidence_seen_on = models.DateField("evidence seen on")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)
    withdrawn_on = models.DateField("withdrawn as entered in error on", null=True, blank=True)
    withdrawal_reason = models.TextField("why it was withdrawn", blank=True)

    objects: ClassVar[CourtOrderQuerySet] = ScopedManager.from_queryset(CourtOrderQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(name="court_order_known_kind", condition=Q(kind__in=court_orders.CODES)),
            models.CheckConstraint(
                name="court_order_ends_after_start",
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="court_order_withdrawn_says_why",
                condition=Q(withdrawn_on__isnull=True, withdrawal_reason="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawal_reason=""),
            ),
        ]
        triggers = [
            no_delete("court_order"),
            no_truncate("court_order"),
            follows_merges("court_order"),
            pgtrigger.ReadOnly(
                name="court_order_fixed",
                fields=["reference", "kind", "first_day", "evidence_seen_on", "recorded_by", "recorded_at"],
            ),
            pgtrigger.Protect(
                name="court_order_withdrawn_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.withdrawn_on IS NOT NULL"
                    " AND to_jsonb(OLD) - 'person_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id'"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Order from {self.first_day:%d/%m/%Y}"
