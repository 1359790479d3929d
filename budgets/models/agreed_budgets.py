"""What was agreed about a PHB's money, each time: append-only, so that every amount that ever held can be told."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from budgets.enums import Method
from phb_register.models.guards import append_only
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import guards
from .personal_health_budgets import PersonalHealthBudget
from .proposal_guards import AGREED_AS_APPROVED


class AgreedBudgetQuerySet(ScopedQuerySet["AgreedBudget"]):
    """Reads of agreed budgets."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def in_force_on(self, day: dt.date) -> "AgreedBudgetQuerySet":
        """Of each PHB the one that holds at the end of `day`: the highest number that applies by then."""
        latest = AgreedBudget.objects.filter(phb=OuterRef("phb"), applies_from__lte=day).order_by("-number")
        return self.filter(pk=Subquery(latest.values("pk")[:1]))


class AgreedBudget(models.Model):
    """What was agreed from `applies_from` on: pounds a year of all funders together, and what is paid once.

    Numbered from 1 for each PHB. A change, a correction and a confirmation are each a further one, made by an
    approved proposal. Without a proposal it was agreed elsewhere or before, and nothing is paid on it.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="agreed_budgets")
    number = models.PositiveSmallIntegerField("number")
    applies_from = models.DateField("applies from")
    annual_amount = models.DecimalField("annual amount", max_digits=12, decimal_places=2)
    one_off_amount = models.DecimalField(
        "one-off amount", max_digits=12, decimal_places=2, default=Decimal(0), help_text="Paid once, beside the year's."
    )
    one_off_method = models.CharField("how it is managed", max_length=16, choices=Method.choices, blank=True)
    proposal = models.OneToOneField(
        "budgets.BudgetProposal", on_delete=models.PROTECT, null=True, blank=True, related_name="agreed_budget"
    )
    reason = models.TextField("reason", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[AgreedBudgetQuerySet] = ScopedManager.from_queryset(AgreedBudgetQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["phb", "number"]
        constraints = [
            models.UniqueConstraint(fields=["phb", "number"], name="agreed_budget_number_once"),
            models.CheckConstraint(name="agreed_budget_numbered_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="agreed_budget_not_negative", condition=Q(annual_amount__gte=0) & Q(one_off_amount__gte=0)
            ),
            models.CheckConstraint(
                name="agreed_budget_one_off_managed",
                condition=Q(one_off_amount=0, one_off_method="")
                | Q(one_off_amount__gt=0, one_off_method__in=Method.values),
            ),
        ]
        triggers = [*append_only("agreed_budget"), guards.FOLLOWS_THE_LAST, AGREED_AS_APPROVED, guards.AGREED_IS_WHOLE]

    def __str__(self) -> str:
        return f"Agreed budget {self.number}: £{self.annual_amount:,.2f} a year from {self.applies_from:%d/%m/%Y}"
