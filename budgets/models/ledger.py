"""The ledger of what was paid for each PHB and what came back, and the corrections that put reversals into it."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import ExtractYear

from budgets.enums import Method
from budgets.payment_enums import CorrectionKind, CorrectionStatus, LedgerKind
from phb_register.models import Commissioner
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet

from . import payment_guards as guards
from . import review_guards
from .payments import Payment, money
from .personal_health_budgets import PersonalHealthBudget

_OF_PAYMENTS = (LedgerKind.PAYMENT, LedgerKind.OFFSET, LedgerKind.REPAYMENT)
_COMES_BACK = (LedgerKind.OFFSET, LedgerKind.REPAYMENT, LedgerKind.RECOVERY, LedgerKind.CONTRIBUTION)
APRIL = 4


class LedgerEntryQuerySet(ScopedQuerySet["LedgerEntry"]):
    """Reads of the ledger."""

    scope_permission = Permission.VIEW_PAYMENTS


class LedgerEntry(models.Model):
    """Money that went out for a PHB (above nought) or came back (below). Never changed: a correction is a reversal.

    `commissioner` is the PHB's. `financial_year` is the calendar year in which it begins. A payment is entered gross,
    with what was set off against it as an entry of its own, so that the two add to what left the bank. `key` makes an
    entry that is sent twice one.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="ledger_entries")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    method = models.CharField("method", max_length=16, choices=Method.choices)
    kind = models.CharField("what it is", max_length=12, choices=LedgerKind.choices)
    amount = money("amount", help_text="Above nought went out, below came back.")
    entered_on = models.DateField("date")
    financial_year = models.GeneratedField(
        expression=ExtractYear("entered_on") - Case(When(entered_on__month__lt=APRIL, then=Value(1)), default=Value(0)),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal")
    key = models.UUIDField("key", null=True, blank=True, unique=True)
    note = models.TextField("note", blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[LedgerEntryQuerySet] = LedgerEntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["entered_on", "pk"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(name="ledger_known_kind", condition=Q(kind__in=LedgerKind.values)),
            models.CheckConstraint(name="ledger_known_method", condition=Q(method__in=Method.values)),
            models.CheckConstraint(
                name="ledger_amount_has_its_sign",
                condition=Q(kind=LedgerKind.PAYMENT, amount__gt=0)
                | Q(kind__in=_COMES_BACK, amount__lt=0)
                | Q(kind=LedgerKind.REVERSAL) & ~Q(amount=0),
            ),
            models.CheckConstraint(
                name="ledger_reversal_names_entry",
                condition=Q(kind=LedgerKind.REVERSAL, reverses__isnull=False)
                | ~Q(kind=LedgerKind.REVERSAL) & Q(reverses__isnull=True),
            ),
            models.CheckConstraint(
                name="ledger_payment_names_it", condition=~Q(kind__in=_OF_PAYMENTS) | Q(payment__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["payment", "kind"],
                condition=Q(kind__in=[LedgerKind.PAYMENT, LedgerKind.OFFSET]),
                name="ledger_payment_once",
            ),
        ]
        indexes = [
            models.Index(fields=["phb", "entered_on"], include=["amount", "kind", "method"], name="ledger_of_phb"),
            models.Index(
                fields=["commissioner", "financial_year", "phb"],
                include=["amount", "kind", "entered_on"],
                name="ledger_of_commissioner",
            ),
        ]
        triggers = [*append_only("ledger_entry"), guards.LEDGER_ENTRY_HOLDS, review_guards.FIRST_PAYMENT_MOVES_REVIEW]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.amount} on {self.entered_on:%d/%m/%Y}"


class PaymentCorrectionQuerySet(ScopedQuerySet["PaymentCorrection"]):
    """Reads of corrections. They belong where the PHB belongs."""

    scope_path = "payment__phb__commissioner_id"
    scope_permission = Permission.VIEW_PAYMENTS

    def waiting(self) -> "PaymentCorrectionQuerySet":
        """Those to be confirmed or refused, the longest waiting first."""
        return self.filter(status=CorrectionStatus.ASKED).order_by("asked_on", "pk")


@pghistory.track()
class PaymentCorrection(models.Model):
    """Money of a released payment that came back: asked for by one person, confirmed by another, then in the ledger."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField("what happened", max_length=10, choices=CorrectionKind.choices)
    amount = money("amount that came back")
    came_back_on = models.DateField("came back on")
    reason = models.TextField("reason")
    status = models.CharField("status", max_length=10, choices=CorrectionStatus.choices, default=CorrectionStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField("asked on")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField("decided on", null=True, blank=True)
    decision_note = models.TextField("note", blank=True)

    objects: ClassVar[PaymentCorrectionQuerySet] = PaymentCorrectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(status=CorrectionStatus.ASKED), name="correction_one_open"
            ),
            models.CheckConstraint(name="correction_known_kind", condition=Q(kind__in=CorrectionKind.values)),
            models.CheckConstraint(name="correction_known_status", condition=Q(status__in=CorrectionStatus.values)),
            models.CheckConstraint(name="correction_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="correction_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="correction_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="correction_decided_whole",
                condition=Q(status=CorrectionStatus.ASKED, decided_by__isnull=True, decided_on__isnull=True)
                | ~Q(status=CorrectionStatus.ASKED) & Q(decided_by__isnull=False, decided_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["asked_on"], condition=Q(status=CorrectionStatus.ASKED), name="correction_waiting")
        ]
        triggers = [
            no_delete("correction"),
            no_truncate("correction"),
            pgtrigger.ReadOnly(
                name="correction_fixed", exclude=["status", "decided_by", "decided_on", "decision_note"]
            ),
            pgtrigger.Protect(
                name="correction_decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=[CorrectionStatus.CONFIRMED, CorrectionStatus.REFUSED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"
