"""What a commissioner decides for itself about looking after money that was paid. Part of its budget settings."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

MOST_WEEKS = 52
MOST_MONTHS = 12


class MonitoringSettings(models.Model):
    """How often returns are due, when a surplus is flagged, and how money is asked back."""

    first_return_weeks = models.PositiveSmallIntegerField(
        "weeks of the first monitoring return", default=12, help_text="The first one comes early, while habits form."
    )
    high_return_months = models.PositiveSmallIntegerField("months between returns at high risk", default=3)
    medium_return_months = models.PositiveSmallIntegerField("months between returns at medium risk", default=6)
    low_return_months = models.PositiveSmallIntegerField("months between returns at low risk", default=12)
    return_days = models.PositiveSmallIntegerField(
        "days to send a return", default=28, help_text="Calendar days after the last day it covers."
    )
    receipts_over_amount = models.DecimalField(
        "receipts at high risk, for lines over",
        max_digits=12,
        decimal_places=2,
        default=Decimal(100),
        help_text="In pounds. Of each line above it, a receipt is asked for.",
    )
    receipts_one_in = models.PositiveSmallIntegerField(
        "receipts at medium risk, one line in", default=10, help_text="A sample. At low risk none are asked for."
    )
    surplus_weeks = models.DecimalField(
        "surplus above, in weeks of the budget",
        max_digits=4,
        decimal_places=1,
        default=Decimal(8),
        help_text="More than this is flagged. Eight weeks is the practice of St Helens. No law says it.",
    )
    recovery_approval_amount = models.DecimalField(
        "recovery needs approval above",
        max_digits=12,
        decimal_places=2,
        default=Decimal(500),
        help_text="In pounds. Above it, somebody other than whoever prepared it approves a repayment notice.",
    )
    repayment_weeks = models.PositiveSmallIntegerField(
        "weeks to repay", default=4, help_text="Suggested in a repayment notice. Each notice says its own."
    )

    class Meta:
        abstract = True


def _between(field: str, least: int, most: int, said: str) -> models.CheckConstraint:
    condition = Q(**{f"{field}__gte": least}) & Q(**{f"{field}__lte": most})
    message = f"{said} must be between {least} and {most}"
    return models.CheckConstraint(name=f"budget_settings_{field}", condition=condition, violation_error_message=message)


CONSTRAINTS: list[models.BaseConstraint] = [
    _between("first_return_weeks", 1, MOST_WEEKS, "Weeks of the first monitoring return"),
    _between("high_return_months", 1, MOST_MONTHS, "Months between returns at high risk"),
    _between("medium_return_months", 1, MOST_MONTHS, "Months between returns at medium risk"),
    _between("low_return_months", 1, MOST_MONTHS, "Months between returns at low risk"),
    _between("return_days", 0, 365, "Days to send a return"),
    _between("receipts_one_in", 1, 1000, "Receipts at medium risk, one line in"),
    _between("surplus_weeks", 0, MOST_WEEKS, "Surplus above, in weeks of the budget"),
    _between("repayment_weeks", 1, MOST_WEEKS, "Weeks to repay"),
    models.CheckConstraint(
        name="budget_settings_monitoring_amounts",
        condition=Q(receipts_over_amount__gte=0) & Q(recovery_approval_amount__gte=0),
        violation_error_message="The amounts of receipts and recoveries must be £0 or more",
    ),
]
