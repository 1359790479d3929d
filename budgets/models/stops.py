"""Direct payments that were stopped (2013 Regulations, regulation 17). The PHB goes on."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from budgets.enums import Method, StopReason
from budgets.rules.stopping import MANDATORY
from phb_register.models.guards import append_only
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .personal_health_budgets import PersonalHealthBudget

_INSTEAD = (Method.NOTIONAL, Method.THIRD_PARTY)


class DirectPaymentStopQuerySet(ScopedQuerySet["DirectPaymentStop"]):
    """Reads of stops; they belong where their PHB belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS


class DirectPaymentStop(models.Model):
    """A direct payment stopped from `stops_on`, its first day without one, for a reason. Append-only.

    `notice_given_on` is when the person was told in writing, with `explanation`; where regulation 17 leaves a choice
    that is before it stops. `alternatives` are the other ways to manage the money that were offered,
    `instead` the one it goes on in.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("reason", max_length=32, choices=StopReason.choices)
    stops_on = models.DateField("stops on")
    notice_given_on = models.DateField("notice given on")
    explanation = models.TextField("reasons as the notice gives them")
    alternatives = ArrayField(
        models.CharField(max_length=16, choices=Method.choices), verbose_name="offered instead", default=list
    )
    instead = models.CharField("managed instead as", max_length=16, choices=Method.choices, default=Method.NOTIONAL)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[DirectPaymentStopQuerySet] = ScopedManager.from_queryset(DirectPaymentStopQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-stops_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["phb", "stops_on"], name="direct_payment_stop_once"),
            models.CheckConstraint(name="direct_payment_stop_known_reason", condition=Q(reason__in=StopReason.values)),
            models.CheckConstraint(name="direct_payment_stop_says_why", condition=~Q(explanation="")),
            models.CheckConstraint(
                name="direct_payment_stop_alternatives",
                condition=Q(alternatives__len__gt=0) & Q(alternatives__contained_by=[each.value for each in _INSTEAD]),
            ),
            models.CheckConstraint(
                name="direct_payment_stop_goes_on", condition=Q(instead__in=[each.value for each in _INSTEAD])
            ),
            models.CheckConstraint(
                name="direct_payment_stop_after_notice",
                condition=Q(reason__in=sorted(MANDATORY)) | Q(notice_given_on__lt=F("stops_on")),
            ),
        ]
        triggers = append_only("direct_payment_stop")

    def __str__(self) -> str:
        return f"Direct payment stopped from {self.stops_on:%d/%m/%Y}"
