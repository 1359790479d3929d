"""The change of the commissioner responsible for a person: a task for both sides, never a silent change."""

import uuid
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from eligibility.enums import CheckResult, ResponsibilityBasis, TransferReason, TransferStatus
from eligibility.rules.transfer_states import OPEN, allowed_jumps
from phb_register.models import Commissioner, Person
from phb_register.models.guards import append_only, follows_merges, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet, commissioner_ids

from .transitions import Transition

_ANSWERED = (TransferStatus.ACCEPTED, TransferStatus.REFUSED)


class PersonTransferQuerySet(ScopedQuerySet["PersonTransfer"]):
    """Reads of transfers. The PHB teams of both sides see one; what of the person it shows is another matter."""

    scope_permission = Permission.DECIDE_REFERRALS

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """Those from or to the user's commissioners."""
        ids = commissioner_ids(user, permission or self.scope_permission)
        return self.filter(Q(from_commissioner__in=ids) | Q(to_commissioner__in=ids)) if ids else self.none()

    def to_answer(self, user: Any) -> Self:
        """Those that wait for the user's own side to accept or refuse them, the first to take effect first."""
        ids = commissioner_ids(user, self.scope_permission)
        waiting = self.filter(to_commissioner__in=ids, status=TransferStatus.WAITING)
        return waiting.order_by("effective_on", "pk")

    def out_of(self, user: Any) -> Self:
        """Those that the user's own side asked for."""
        return self.filter(from_commissioner__in=commissioner_ids(user, self.scope_permission))


@pghistory.track()
class PersonTransfer(models.Model):
    """A proposal that another commissioner be responsible for a person from ``effective_on``, and its answer.

    One open at a time for a person. Accepting it moves the person and the referrals that wait; what was decided
    stays with who decided it. ``answered_for`` names who answered where the receiver does not use this register.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    to_commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("reason", max_length=16, choices=TransferReason.choices)
    basis = models.CharField("basis of responsibility", max_length=16, choices=ResponsibilityBasis.choices)
    note = models.TextField("note for the other commissioner", blank=True)
    effective_on = models.DateField("takes effect on")
    status = models.CharField("status", max_length=12, choices=TransferStatus.choices, default=TransferStatus.WAITING)
    requested_on = models.DateField("asked for on")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)
    answered_on = models.DateField("answered on", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_for = models.CharField("who answered there", max_length=200, blank=True)
    answer_note = models.TextField("note on the answer", blank=True)

    objects: ClassVar[PersonTransferQuerySet] = ScopedManager.from_queryset(PersonTransferQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-requested_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(status__in=OPEN), name="transfer_one_open"),
            models.CheckConstraint(name="transfer_known_status", condition=Q(status__in=TransferStatus.values)),
            models.CheckConstraint(name="transfer_to_another", condition=~Q(from_commissioner=F("to_commissioner"))),
            models.CheckConstraint(
                name="transfer_answer_whole",
                condition=Q(status__in=_ANSWERED, answered_on__isnull=False, answered_by__isnull=False)
                | ~Q(status__in=_ANSWERED)
                & Q(answered_on__isnull=True, answered_by__isnull=True, answered_for="", answer_note=""),
            ),
            models.CheckConstraint(
                name="transfer_refusal_says_why",
                condition=~Q(status=TransferStatus.REFUSED) | ~Q(answer_note=""),
            ),
            models.CheckConstraint(
                name="transfer_accepted_once_in_effect",
                condition=~Q(status=TransferStatus.ACCEPTED) | Q(answered_on__gte=F("effective_on")),
            ),
            models.CheckConstraint(
                name="transfer_answered_after_asked",
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("requested_on")),
            ),
            models.CheckConstraint(
                name="transfer_unusual_says_why",
                condition=~(Q(reason=TransferReason.OTHER) | Q(basis=ResponsibilityBasis.OTHER)) | ~Q(note=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_commissioner", "effective_on"],
                condition=Q(status=TransferStatus.WAITING),
                name="transfer_to_answer",
            ),
            models.Index(fields=["from_commissioner", "-requested_on"], name="transfer_from"),
        ]
        triggers = [
            pgtrigger.FSM(name="transfer_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="transfer_fixed",
                fields=[
                    "reference",
                    "from_commissioner",
                    "to_commissioner",
                    "reason",
                    "basis",
                    "note",
                    "effective_on",
                    "requested_on",
                    "requested_by",
                    "recorded_at",
                ],
            ),
            pgtrigger.Protect(
                name="transfer_answer_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status NOT IN ('waiting', 'sent')"
                    " AND to_jsonb(OLD) - 'person_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id'"
                ),
            ),
            pgtrigger.Trigger(
                name="transfer_no_partnership",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM phb_register_commissioner
                        WHERE id IN (NEW.from_commissioner_id, NEW.to_commissioner_id) AND kind NOT IN ('ccg', 'icb')
                    ) THEN
                        RAISE EXCEPTION 'Only a CCG or an ICB can be accountable for a person'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            no_delete("transfer"),
            follows_merges("transfer"),
        ]

    def __str__(self) -> str:
        return f"Transfer to {self.to_commissioner}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.status in OPEN


class PersonTransferTransition(Transition):
    """One step of a transfer: who, when, from, to. Append-only."""

    transfer = models.ForeignKey(PersonTransfer, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=TransferStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=TransferStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("transfer_transition")


class ResponsibilityCheckQuerySet(ScopedQuerySet["ResponsibilityCheck"]):
    """Reads of checks; they belong where the person belongs."""

    scope_path = "person__commissioner_id"
    scope_permission = Permission.DECIDE_REFERRALS

    def open(self) -> "ResponsibilityCheckQuerySet":
        """Those nobody has answered yet, the longest open first."""
        return self.filter(result="").order_by("opened_on", "pk")


class ResponsibilityCheck(models.Model):
    """A task: the GP practice or postcode of a person changed, so somebody checks who is responsible for them.

    One open at a time for a person; a further change while it is open adds nothing to do.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changed = models.CharField("what changed", max_length=100)
    opened_on = models.DateField("opened on")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    result = models.CharField("result", max_length=12, choices=CheckResult.choices, blank=True)
    basis = models.CharField("basis of responsibility", max_length=16, choices=ResponsibilityBasis.choices, blank=True)
    note = models.TextField("note", blank=True)
    closed_on = models.DateField("checked on", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[ResponsibilityCheckQuerySet] = ScopedManager.from_queryset(ResponsibilityCheckQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(result=""), name="responsibility_check_one_open"),
            models.CheckConstraint(
                name="responsibility_check_whole",
                condition=Q(result="", closed_on__isnull=True, closed_by__isnull=True)
                | ~Q(result="")
                & Q(closed_on__isnull=False, closed_on__gte=F("opened_on"), closed_by__isnull=False)
                & ~Q(basis=""),
            ),
        ]
        indexes = [
            models.Index(fields=["opened_on"], condition=Q(result=""), name="responsibility_check_open"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="responsibility_check_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.result <> '' AND to_jsonb(OLD) - 'person_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id'"
                ),
            ),
            no_delete("responsibility_check"),
            follows_merges("responsibility_check"),
        ]

    def __str__(self) -> str:
        return f"Check who is responsible, opened on {self.opened_on}"
