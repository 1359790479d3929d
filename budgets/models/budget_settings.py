"""What a commissioner or partnership decides for itself about the money: limits and margins."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner, PartnershipMember, Succession
from phb_register.models.guards import no_delete

from . import monitoring_settings, review_guards
from .monitoring_settings import MonitoringSettings


class BudgetSettingsQuerySet(models.QuerySet["BudgetSettings"]):
    """Reads of the settings."""

    def of(self, commissioner: Commissioner, on: dt.date) -> "BudgetSettings":
        """The settings in use on a date: the body's own, else its partnership's, else the defaults (unsaved).

        Those of a body that had closed are the ones of whoever had taken over from it by then.
        """
        while commissioner.closed_on is not None and commissioner.closed_on < on:
            step = Succession.objects.filter(predecessor=commissioner, is_main=True).select_related("successor").first()
            if step is None:
                break
            commissioner = step.successor
        partnerships = PartnershipMember.objects.on(on).filter(member=commissioner).values("partnership_id")
        found = list(self.filter(Q(commissioner=commissioner) | Q(commissioner__in=partnerships)).order_by("pk"))
        own = [each for each in found if each.commissioner_id == commissioner.pk]
        return next(iter(own or found), None) or BudgetSettings(commissioner=commissioner)


@pghistory.track()
class BudgetSettings(MonitoringSettings):
    """One row for a commissioner or partnership; edited in the browser. Without one, the defaults hold."""

    commissioner = models.OneToOneField(Commissioner, on_delete=models.PROTECT, related_name="budget_settings")
    delegated_limit = models.DecimalField(
        "delegated limit",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="The highest annual amount the lead nurse approves alone. Leave empty to send every budget to the "
        "risk panel.",
    )
    difference_margin_percent = models.DecimalField(
        "margin around the indicative budget, in per cent",
        max_digits=5,
        decimal_places=2,
        default=Decimal(10),
        help_text="A proposed budget that lies further from the indicative one needs a reason.",
    )
    one_off_limit_amount = models.DecimalField(
        "limit of a one-off into the payee’s own account",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Leave empty for none. The law counts items and payments, and has no limit in pounds.",
    )
    reduction_notice_days = models.PositiveSmallIntegerField(
        "days of notice before a direct payment is reduced",
        default=14,
        help_text="Calendar days. The law asks for reasonable notice in writing, with reasons.",
    )

    reviews_recorded_from = models.DateField(
        "reviews are recorded here from",
        null=True,
        blank=True,
        help_text="Reviews held before this day are not in the register. A budget that was due for its first one "
        "earlier is taken to have been reviewed on time every year until then. Leave empty if all are recorded here.",
    )

    objects: ClassVar[BudgetSettingsQuerySet] = BudgetSettingsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "budget settings"
        constraints = [
            *monitoring_settings.CONSTRAINTS,
            models.CheckConstraint(
                name="budget_settings_limit_not_negative",
                condition=Q(delegated_limit__isnull=True) | Q(delegated_limit__gte=0),
                violation_error_message="Delegated limit must be £0 or more",
            ),
            models.CheckConstraint(
                name="budget_settings_margin_is_percent",
                condition=Q(difference_margin_percent__gte=0) & Q(difference_margin_percent__lte=100),
                violation_error_message="Margin around the indicative budget must be between 0 and 100",
            ),
            models.CheckConstraint(
                name="budget_settings_one_off_not_negative",
                condition=Q(one_off_limit_amount__isnull=True) | Q(one_off_limit_amount__gte=0),
                violation_error_message="Limit of a one-off must be £0 or more",
            ),
            models.CheckConstraint(
                name="budget_settings_notice_sensible",
                condition=Q(reduction_notice_days__gte=1) & Q(reduction_notice_days__lte=365),
                violation_error_message="Days of notice before a direct payment is reduced must be between 1 and 365",
            ),
        ]
        triggers = [no_delete("budget_settings"), review_guards.SETTINGS_MOVE_REVIEWS]

    def __str__(self) -> str:
        return f"Budget settings of {self.commissioner}"
