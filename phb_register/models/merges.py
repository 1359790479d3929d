"""The merging of two records of one person: proposed by one user, reviewed by another, and reversible."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from phb_register.merge_states import ONE_RECORD, OPEN, MergeStatus, allowed_jumps
from phb_register.roles import Permission

from .guards import append_only, no_delete
from .people import Person
from .scope import ScopedManager, ScopedQuerySet

_ONE_RECORD = ", ".join(f"'{each.value}'" for each in ONE_RECORD)


class PersonMergeQuerySet(ScopedQuerySet["PersonMerge"]):
    """Reads of merges."""

    scope_path = "kept__commissioner_id"
    scope_permission = Permission.MERGE_PEOPLE

    def waiting(self) -> "PersonMergeQuerySet":
        """Those that wait for a review, the longest waiting first."""
        return self.filter(status__in=[MergeStatus.PROPOSED, MergeStatus.REVERSAL_ASKED]).order_by("pk")


@pghistory.track()
class PersonMerge(models.Model):
    """Two records found to be of one person: ``merged`` is read as ``kept`` from the review until a reversal.

    ``moved`` lists the rows that were made to point to ``kept`` (``[{"model", "field", "ids"}]``), so that a reversal
    moves exactly those back.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="record to keep")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="record to merge")
    status = models.CharField("status", max_length=16, choices=MergeStatus.choices, default=MergeStatus.PROPOSED)
    reason = models.TextField("why they are one person")
    has_two_numbers_confirmed = models.BooleanField("both NHS numbers are of this person", default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("proposed at", auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    moved = models.JSONField("rows moved", default=list, blank=True)
    reversal_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reversal_reason = models.TextField("why it is to be reversed", blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[PersonMergeQuerySet] = ScopedManager.from_queryset(PersonMergeQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="merge_of_two_records", condition=~Q(kept=F("merged"))),
            models.CheckConstraint(name="merge_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="merge_known_status", condition=Q(status__in=MergeStatus.values)),
            models.CheckConstraint(
                name="merge_reviewed_by_another",
                condition=Q(status__in=[MergeStatus.PROPOSED, MergeStatus.DECLINED], approved_by__isnull=True)
                | (
                    ~Q(status__in=[MergeStatus.PROPOSED, MergeStatus.DECLINED])
                    & Q(approved_by__isnull=False)
                    & ~Q(approved_by=F("proposed_by"))
                ),
            ),
            models.CheckConstraint(
                name="merge_reversal_has_a_reason",
                condition=~Q(status__in=[MergeStatus.REVERSAL_ASKED, MergeStatus.REVERSED])
                | (Q(reversal_asked_by__isnull=False) & ~Q(reversal_reason="")),
            ),
            models.CheckConstraint(
                name="merge_reversed_by_another",
                condition=(~Q(status=MergeStatus.REVERSED) & Q(reversed_by__isnull=True))
                | (Q(status=MergeStatus.REVERSED, reversed_by__isnull=False) & ~Q(reversed_by=F("reversal_asked_by"))),
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(status__in=OPEN),
                name="merge_once_at_a_time",
                violation_error_message="There is a merge of this record already",
            ),
        ]
        indexes = [models.Index(fields=["kept"], name="merge_by_kept")]
        triggers = [
            pgtrigger.FSM(name="merge_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="merge_fixed",
                fields=["reference", "kept", "merged", "reason", "has_two_numbers_confirmed", "proposed_by"],
            ),
            pgtrigger.Trigger(
                name="merge_begins_proposed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__status__df=MergeStatus.PROPOSED.value),
                func="RAISE EXCEPTION 'A merge begins with a proposal' USING ERRCODE = 'check_violation';",
            ),
            # At the end of the transaction the records are one if the merge says so.
            pgtrigger.Trigger(
                name="merge_is_done",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status"),
                timing=pgtrigger.Deferred,
                declare=[("wanted", "boolean"), ("found", "boolean")],
                func=f"""
                    SELECT status IN ({_ONE_RECORD}) INTO wanted FROM phb_register_personmerge WHERE id = NEW.id;
                    found = EXISTS (
                        SELECT 1 FROM phb_register_person WHERE id = NEW.merged_id AND merged_into_id = NEW.kept_id
                    );
                    -- Proposed again after it was declined or reversed, the records may be one by the later merge.
                    IF wanted <> found AND (wanted OR NOT EXISTS (
                        SELECT 1 FROM phb_register_personmerge
                        WHERE merged_id = NEW.merged_id AND kept_id = NEW.kept_id AND status IN ({_ONE_RECORD})
                    )) THEN
                        RAISE EXCEPTION 'The merge says % and the records say otherwise', NEW.status
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'merge_is_done';
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608  the parts are constants of this module
            ),
            no_delete("merge"),
        ]

    def __str__(self) -> str:
        return f"{self.merged} merged into {self.kept}"


class PersonMergeTransition(models.Model):
    """One step of a merge: who, when, from, to and why. Append-only."""

    merge = models.ForeignKey(PersonMerge, on_delete=models.PROTECT, related_name="transitions")
    action = models.CharField("action", max_length=16)
    from_status = models.CharField("from", max_length=16, choices=MergeStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=16, choices=MergeStatus.choices)
    note = models.TextField("note", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = append_only("merge_transition")

    def __str__(self) -> str:
        return f"{self.action} at {self.recorded_at}"
