"""Refusals looked at again, because the person may require it (SI 2013/1617, regulations 7 and 8; SI 2013/2354)."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from eligibility.enums import AskedBy, ReconsiderationOutcome, ReconsiderationStatus, RefusalKind
from eligibility.rules.reconsideration_states import allowed_jumps
from phb_register.models import Representative
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .referrals import Decision
from .transitions import Transition

_SETTLED = (ReconsiderationStatus.DECIDED, ReconsiderationStatus.NOTIFIED)


class ReconsiderationQuerySet(ScopedQuerySet["Reconsideration"]):
    """Reads of reconsiderations; always begun with ``visible_to``. They belong where the referral belongs."""

    scope_path = "decision__referral__commissioner_id"
    scope_permission = Permission.VIEW_REFERRALS

    def waiting(self) -> "ReconsiderationQuerySet":
        """Those not decided yet, the first due first."""
        return self.filter(status=ReconsiderationStatus.REQUESTED).order_by("due_on", "pk")

    def decided(self) -> "ReconsiderationQuerySet":
        """Those whose outcome nobody was told yet, the longest decided first."""
        return self.filter(status=ReconsiderationStatus.DECIDED).order_by("decided_on", "pk")


@pghistory.track()
class Reconsideration(models.Model):
    """One refusal of one decision, looked at again by somebody who did not make the decision.

    ``due_on`` is fixed when the request is recorded. A change makes a further decision, which points back here; what
    was decided first stays as it was.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    refusal = models.CharField("what was refused", max_length=16, choices=RefusalKind.choices)
    status = models.CharField(
        "status", max_length=12, choices=ReconsiderationStatus.choices, default=ReconsiderationStatus.REQUESTED
    )
    requested_on = models.DateField("asked on")
    asked_by = models.CharField("asked by", max_length=16, choices=AskedBy.choices)
    representative = models.ForeignKey(
        Representative, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    statement = models.TextField("why they think the decision is wrong")
    new_information = models.TextField("anything new", blank=True)
    due_on = models.DateField("decide by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)
    outcome = models.CharField("outcome", max_length=16, choices=ReconsiderationOutcome.choices, blank=True)
    reasons = models.TextField("reasons", blank=True)
    decided_on = models.DateField("decided on", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    notice_given_on = models.DateField("notice given on", null=True, blank=True)

    objects: ClassVar[ReconsiderationQuerySet] = ScopedManager.from_queryset(ReconsiderationQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-requested_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(status=ReconsiderationStatus.REQUESTED),
                name="reconsideration_one_open",
            ),
            models.CheckConstraint(
                name="reconsideration_known_status", condition=Q(status__in=ReconsiderationStatus.values)
            ),
            models.CheckConstraint(name="reconsideration_says_why", condition=~Q(statement="")),
            models.CheckConstraint(
                name="reconsideration_by_representative",
                condition=Q(asked_by=AskedBy.REPRESENTATIVE, representative__isnull=False)
                | Q(asked_by=AskedBy.PERSON, representative__isnull=True),
            ),
            models.CheckConstraint(name="reconsideration_due_after_asked", condition=Q(due_on__gte=F("requested_on"))),
            models.CheckConstraint(
                name="reconsideration_settled_whole",
                condition=Q(status__in=_SETTLED, decided_on__isnull=False, decided_by__isnull=False)
                & Q(outcome__in=ReconsiderationOutcome.values)
                & ~Q(reasons="")
                | ~Q(status__in=_SETTLED) & Q(outcome="", reasons="", decided_on__isnull=True, decided_by__isnull=True),
            ),
            models.CheckConstraint(
                name="reconsideration_decided_after_asked",
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=F("requested_on")),
            ),
            models.CheckConstraint(
                name="reconsideration_notice_once_notified",
                condition=Q(status=ReconsiderationStatus.NOTIFIED, notice_given_on__isnull=False)
                & Q(notice_given_on__gte=F("decided_on"))
                | ~Q(status=ReconsiderationStatus.NOTIFIED) & Q(notice_given_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(status=ReconsiderationStatus.REQUESTED), name="reconsideration_waiting"
            )
        ]
        triggers = [
            pgtrigger.FSM(name="reconsideration_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="reconsideration_fixed",
                fields=[
                    "reference",
                    "decision",
                    "refusal",
                    "requested_on",
                    "asked_by",
                    "representative",
                    "statement",
                    "new_information",
                    "due_on",
                    "recorded_by",
                    "recorded_at",
                ],
            ),
            pgtrigger.Protect(
                name="reconsideration_settled_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status IN ('decided', 'notified')"
                    " AND (OLD.outcome, OLD.reasons, OLD.decided_on, OLD.decided_by_id)"
                    " IS DISTINCT FROM (NEW.outcome, NEW.reasons, NEW.decided_on, NEW.decided_by_id)"
                ),
            ),
            pgtrigger.Trigger(
                name="reconsideration_of_a_refusal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM eligibility_decision AS decision WHERE decision.id = NEW.decision_id AND (
                            (NEW.refusal = 'whole' AND decision.outcome = 'declined')
                            OR (NEW.refusal = 'part' AND decision.outcome = 'accepted_in_part')
                            OR (NEW.refusal = 'direct_payment' AND decision.direct_payment_reason <> '')
                            OR (NEW.refusal = 'service' AND decision.service_reason <> '')
                        )
                    ) THEN
                        RAISE EXCEPTION 'The decision did not refuse this'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconsideration_of_a_refusal';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="reconsideration_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("decided_by_id"),
                func="""
                    IF NEW.decided_by_id = (
                        SELECT decision.decided_by_id FROM eligibility_decision AS decision
                        WHERE decision.id = NEW.decision_id
                    ) THEN
                        RAISE EXCEPTION 'Whoever made the decision cannot reconsider it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconsideration_by_another';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="reconsideration_change_is_decided",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("outcome"),
                timing=pgtrigger.Deferred,
                declare=[("settled", "text")],
                func="""
                    -- As it stands at the end of the transaction, which may have asked and decided.
                    SELECT outcome INTO settled FROM eligibility_reconsideration WHERE id = NEW.id;
                    IF (settled IN ('changed', 'changed_in_part')) <> EXISTS (
                        SELECT 1 FROM eligibility_decision AS further WHERE further.reconsideration_id = NEW.id
                    ) THEN
                        RAISE EXCEPTION 'A change, and nothing else, is a further decision'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconsideration_change_is_decided';
                    END IF;
                    RETURN NULL;
                """,
            ),
            no_delete("reconsideration"),
        ]

    def __str__(self) -> str:
        return f"Reconsideration asked for on {self.requested_on}"


class ReconsiderationTransition(Transition):
    """One step of a reconsideration: who, when, from, to. Append-only."""

    reconsideration = models.ForeignKey(Reconsideration, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=ReconsiderationStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=ReconsiderationStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("reconsideration_transition")
