"""Money asked back under regulation 15: the recovery, its notices, what was repaid, looked at again, written off."""

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from budgets.rules.recovery_states import (
    NOTICED,
    OPEN,
    PayerKind,
    RecoveryReason,
    RecoveryStatus,
    allowed_jumps,
)
from eligibility.models.transitions import Transition
from phb_register.models import CommunicationFormat, StoredDocument
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import recovery_guards
from .personal_health_budgets import PersonalHealthBudget
from .surplus import Surplus

_MONEY: "DecimalField[Any, Any]" = DecimalField(max_digits=12, decimal_places=2)


class RecoveryQuerySet(ScopedQuerySet["Recovery"]):
    """Reads of recoveries; they belong where the PHB belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_PAYMENTS

    def open(self) -> "RecoveryQuerySet":
        """Those of which notice was given and that are not settled, the first to be repaid first."""
        return self.filter(status__in=OPEN).order_by("repay_by", "pk")

    def to_approve(self) -> "RecoveryQuerySet":
        """Drafts that a second person must approve before notice is given."""
        return self.filter(status=RecoveryStatus.DRAFTED, needs_approval=True).order_by("prepared_on", "pk")

    def to_notify(self) -> "RecoveryQuerySet":
        """Those of which notice can be given now."""
        ready = Q(status=RecoveryStatus.APPROVED) | Q(status=RecoveryStatus.DRAFTED, needs_approval=False)
        return self.filter(ready).order_by("prepared_on", "pk")

    def with_sums(self) -> "RecoveryQuerySet":
        """Each with what was repaid and what was written off, in pounds."""
        repaid = Repayment.objects.filter(recovery=OuterRef("pk")).order_by().values("recovery")
        written = WriteOff.objects.filter(recovery=OuterRef("pk"), is_approved=True).order_by().values("recovery")
        return self.annotate(
            repaid_amount=Coalesce(
                Subquery(repaid.annotate(total=Sum("amount")).values("total")), 0, output_field=_MONEY
            ),
            written_off_amount=Coalesce(
                Subquery(written.annotate(total=Sum("amount")).values("total")), 0, output_field=_MONEY
            ),
        )


@pghistory.track()
class Recovery(models.Model):
    """Money of a PHB that is asked back: why, how much (pounds), until when, and from whom (regulation 15).

    Above the commissioner's amount it needs the approval of somebody other than whoever prepared it. The amount
    changes only when it is reconsidered, and then only down; each change is a further notice.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField("key of the page it was drafted on", unique=True, editable=False)
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="recoveries")
    surplus = models.ForeignKey(Surplus, on_delete=models.PROTECT, null=True, blank=True, related_name="recoveries")
    status = models.CharField("status", max_length=16, choices=RecoveryStatus.choices, default=RecoveryStatus.DRAFTED)
    reason_code = models.CharField("reason", max_length=16, choices=RecoveryReason.choices)
    reasons = models.TextField("reasons in writing")
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    repay_by = models.DateField("repay by")
    payer_kind = models.CharField("who must repay", max_length=24, choices=PayerKind.choices)
    payer_name = models.CharField("name of who must repay", max_length=200)
    needs_approval = models.BooleanField("needs approval")
    prepared_on = models.DateField("prepared on")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField("approved on", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[RecoveryQuerySet] = ScopedManager.from_queryset(RecoveryQuerySet)()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "recoveries"
        ordering = ["-prepared_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="recovery_known_status", condition=Q(status__in=RecoveryStatus.values)),
            models.CheckConstraint(
                name="recovery_says_why", condition=Q(reason_code__in=RecoveryReason.values) & ~Q(reasons="")
            ),
            models.CheckConstraint(name="recovery_says_how_much", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="recovery_says_until_when", condition=Q(repay_by__gt=F("prepared_on"))),
            models.CheckConstraint(
                name="recovery_says_who", condition=Q(payer_kind__in=PayerKind.values) & ~Q(payer_name="")
            ),
            models.CheckConstraint(
                name="recovery_after_death_from_estate",
                condition=~Q(reason_code=RecoveryReason.DEATH) | Q(payer_kind=PayerKind.PERSONAL_REPRESENTATIVES),
                violation_error_message="After a death the personal representatives must repay",
            ),
            models.CheckConstraint(
                name="recovery_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="recovery_approval_whole",
                condition=Q(approved_by__isnull=True, approved_on__isnull=True)
                | Q(approved_by__isnull=False, approved_on__isnull=False),
            ),
            models.CheckConstraint(
                name="recovery_approved_before_notice",
                condition=~Q(status__in=(RecoveryStatus.APPROVED, *NOTICED))
                | Q(needs_approval=False) & ~Q(status=RecoveryStatus.APPROVED)
                | Q(approved_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["repay_by"], condition=Q(status__in=OPEN), name="recovery_open"),
            models.Index(
                fields=["prepared_on"],
                condition=Q(status__in=(RecoveryStatus.DRAFTED, RecoveryStatus.APPROVED)),
                name="recovery_in_preparation",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="recovery_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="recovery_fixed",
                fields=[
                    "reference",
                    "key",
                    "phb",
                    "surplus",
                    "reason_code",
                    "reasons",
                    "payer_kind",
                    "payer_name",
                    "needs_approval",
                    "prepared_on",
                    "prepared_by",
                ],
            ),
            recovery_guards.CHANGED_BY_RECONSIDERATION,
            recovery_guards.STATUS_BY_SUMS,
            recovery_guards.NOTICE_WAS_GIVEN,
            no_delete("recovery"),
        ]

    def __str__(self) -> str:
        return f"Recovery of {self.amount}"


class RecoveryTransition(Transition):
    """One step of a recovery: who, when, from, to, and why. Append-only."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=16, choices=RecoveryStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=16, choices=RecoveryStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("recovery_transition")


@pghistory.track(pghistory.UpdateEvent())
class RecoveryNotice(models.Model):
    """A notice as it was given: the four things it must say (reasons, amount, time, person), and its letter.

    Nothing of it changes; the PDF is made a moment later. A changed amount is a further notice.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveSmallIntegerField("number")
    reasons = models.TextField("reasons")
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    repay_by = models.DateField("repay by")
    payer_kind = models.CharField("who must repay", max_length=24, choices=PayerKind.choices)
    payer_name = models.CharField("name of who must repay", max_length=200)
    given_on = models.DateField("given on")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    communication_format = models.CharField("format", max_length=16, choices=CommunicationFormat.choices)
    address = models.TextField("name and address")
    heading = models.CharField("heading", max_length=160)
    body = models.TextField("text")
    pdf = models.OneToOneField(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["recovery", "number"], name="recovery_notice_number_once"),
            models.CheckConstraint(name="recovery_notice_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(name="recovery_notice_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="recovery_notice_time", condition=Q(repay_by__gt=F("given_on"))),
            models.CheckConstraint(
                name="recovery_notice_person", condition=Q(payer_kind__in=PayerKind.values) & ~Q(payer_name="")
            ),
            models.CheckConstraint(name="recovery_notice_letter", condition=~Q(address="") & ~Q(heading="", body="")),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="recovery_notice_fixed",
                fields=[
                    "reference",
                    "recovery",
                    "number",
                    "reasons",
                    "amount",
                    "repay_by",
                    "payer_kind",
                    "payer_name",
                    "given_on",
                    "given_by",
                    "communication_format",
                    "address",
                    "heading",
                    "body",
                ],
            ),
            pgtrigger.Protect(
                name="recovery_notice_pdf_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.pdf_id IS NOT NULL"),
            ),
            no_delete("recovery_notice"),
        ]

    def __str__(self) -> str:
        return f"Notice {self.number} of {self.given_on:%d/%m/%Y}"


class Repayment(models.Model):
    """Money that came back, in pounds; below nought where that is reversed or given back. Append-only."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="repayments")
    key = models.UUIDField("key of the page it was entered on", unique=True, editable=False)
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    received_on = models.DateField("received on")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    note = models.CharField("note", max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(name="repayment_moves_money", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="repayment_back_says_why",
                condition=Q(amount__gt=0, reverses__isnull=True) | Q(amount__lt=0) & ~Q(note=""),
            ),
        ]
        triggers = [recovery_guards.NEVER_MORE_THAN_OWED, *append_only("repayment")]

    def __str__(self) -> str:
        return f"{self.amount} on {self.received_on:%d/%m/%Y}"


@pghistory.track()
class WriteOff(models.Model):
    """What is still owed of a recovery, proposed to be written off by one person and decided by another; in pounds."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="write_offs")
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    reason = models.TextField("reason")
    proposed_on = models.DateField("proposed on")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_approved = models.BooleanField("approved", null=True, blank=True)
    decided_on = models.DateField("decided on", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.TextField("why", blank=True)

    class Meta:
        ordering = ["-proposed_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="write_off_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="write_off_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="write_off_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="write_off_decided_whole",
                condition=Q(is_approved__isnull=True, decided_by__isnull=True, decided_on__isnull=True)
                | Q(is_approved__isnull=False, decided_by__isnull=False, decided_on__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["recovery"], condition=Q(is_approved__isnull=True), name="write_off_one_waits"
            ),
            models.UniqueConstraint(fields=["recovery"], condition=Q(is_approved=True), name="write_off_once"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="write_off_fixed", fields=["recovery", "amount", "reason", "proposed_on", "proposed_by"]
            ),
            pgtrigger.Protect(
                name="write_off_decided_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.is_approved IS NOT NULL"),
            ),
            no_delete("write_off"),
        ]

    def __str__(self) -> str:
        return f"Write-off of {self.amount}"


class RecoveryOutcome(models.TextChoices):
    """What came of looking at a recovery again."""

    UPHELD = "upheld", "Upheld: the notice stands"
    CHANGED = "changed", "Changed: less is asked back, or later"
    WITHDRAWN = "withdrawn", "Withdrawn: nothing is asked back"


@pghistory.track()
class RecoveryReconsideration(models.Model):
    """A repayment notice looked at again because somebody required it, by somebody else (regulation 15(4)).

    It is not one of the reconsiderations of eligibility: those are of a decision on a referral.
    """

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="reconsiderations")
    requested_on = models.DateField("asked on")
    asked_by_name = models.CharField("asked by", max_length=200)
    statement = models.TextField("why they think the notice is wrong")
    due_on = models.DateField("decide by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("outcome", max_length=12, choices=RecoveryOutcome.choices, blank=True)
    reasons = models.TextField("reasons in writing", blank=True)
    amount_before = models.DecimalField("amount asked back before", max_digits=12, decimal_places=2)
    decided_on = models.DateField("decided on", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-requested_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recovery"], condition=Q(outcome=""), name="recovery_reconsidered_once"),
            models.CheckConstraint(name="recovery_reconsidered_why", condition=~Q(statement="") & ~Q(asked_by_name="")),
            models.CheckConstraint(name="recovery_reconsidered_due", condition=Q(due_on__gte=F("requested_on"))),
            models.CheckConstraint(
                name="recovery_reconsidered_whole",
                condition=Q(outcome="", reasons="", decided_on__isnull=True, decided_by__isnull=True)
                | Q(outcome__in=RecoveryOutcome.values, decided_by__isnull=False)
                & Q(decided_on__gte=F("requested_on"))
                & ~Q(reasons=""),
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(outcome=""), name="recovery_to_reconsider")]
        triggers = [
            recovery_guards.RECONSIDERED_BY_ANOTHER,
            pgtrigger.ReadOnly(
                name="recovery_reconsidered_fixed",
                fields=[
                    "recovery",
                    "requested_on",
                    "asked_by_name",
                    "statement",
                    "due_on",
                    "recorded_by",
                    "amount_before",
                ],
            ),
            pgtrigger.Protect(
                name="recovery_reconsidered_settled",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.outcome <> ''"),
            ),
            no_delete("recovery_reconsideration"),
        ]

    def __str__(self) -> str:
        return f"Reconsideration asked for on {self.requested_on:%d/%m/%Y}"
