"""The times in which the clock of a referral stands still."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from eligibility.enums import PauseReason
from eligibility.rules.clocks import Pause
from phb_register.models.commissioners import DateRange
from phb_register.models.guards import no_delete

from .pause_guards import ended_for_good, only_while_waiting
from .referrals import Referral


@pghistory.track()
class ReferralPause(models.Model):
    """Days on which a referral's clock stood still, from ``started_on`` until the day before ``ended_on``, and why."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField("reason", max_length=16, choices=PauseReason.choices)
    note = models.TextField("note", blank=True)
    started_on = models.DateField("started on")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    ended_on = models.DateField("ended on", null=True, blank=True, help_text="The first day that counts again.")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["started_on", "pk"]
        constraints = [
            models.CheckConstraint(name="pause_known_reason", condition=Q(reason__in=PauseReason.values)),
            models.CheckConstraint(
                name="pause_ended_by_somebody",
                condition=Q(ended_on__isnull=True, ended_by__isnull=True)
                | Q(ended_on__isnull=False, ended_on__gte=F("started_on"), ended_by__isnull=False),
            ),
            ExclusionConstraint(
                name="pause_one_at_a_time",
                expressions=[
                    ("referral", RangeOperators.EQUAL),
                    (DateRange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="pause_fixed", fields=["referral", "reason", "note", "started_on", "started_by", "recorded_at"]
            ),
            ended_for_good(),
            only_while_waiting(),
            no_delete("pause"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} from {self.started_on}"

    @property
    def days(self) -> Pause:
        """The pause as the clock reads it."""
        return Pause(self.started_on, self.ended_on)
