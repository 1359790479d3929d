"""Referrals, what was screened and decided for them, and the drafts they grow from."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from eligibility.enums import (
    AsksFor,
    DecisionOutcome,
    DirectPaymentReason,
    ReasonCode,
    ReferralStatus,
    ServiceReason,
)
from eligibility.rules.referral_states import allowed_jumps
from offers.models import Cohort
from phb_register.models import Commissioner, Person, belongs_to_no_partnership
from phb_register.models.guards import append_only, follows_merges, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet


class ReferralQuerySet(ScopedQuerySet["Referral"]):
    """Reads of referrals; always begun with ``visible_to``."""

    scope_path = "commissioner_id"
    scope_permission = Permission.VIEW_REFERRALS

    def waiting(self) -> "ReferralQuerySet":
        """Those without a decision, the first due first."""
        return self.filter(status=ReferralStatus.SUBMITTED).order_by("decision_due_on", "pk")


@pghistory.track()
class Referral(models.Model):
    """A request that a person be considered for a personal health budget, made on the form or for them.

    ``submission_key`` is the key of what asked for it, so that asking twice gives one referral.
    ``decision_due_on`` is fixed when the referral is made: a later change of the commissioner's settings does not
    move what the person was promised.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    submission_key = models.UUIDField("submission key", unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField("status", max_length=12, choices=ReferralStatus.choices, default=ReferralStatus.SUBMITTED)
    asks_for = models.CharField("asks for", max_length=16, choices=AsksFor.choices, blank=True)
    note = models.TextField("note from the referrer", blank=True)
    received_on = models.DateField("received on")
    decision_due_on = models.DateField("decide by")
    referred_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[ReferralQuerySet] = ScopedManager.from_queryset(ReferralQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="referral_due_after_received", condition=Q(decision_due_on__gte=models.F("received_on"))
            ),
            models.CheckConstraint(
                name="referral_cohort_once_accepted",
                condition=Q(status=ReferralStatus.ACCEPTED, cohort__isnull=False)
                | (~Q(status=ReferralStatus.ACCEPTED) & Q(cohort__isnull=True)),
            ),
            models.CheckConstraint(name="referral_known_status", condition=Q(status__in=ReferralStatus.values)),
        ]
        indexes = [
            models.Index(fields=["commissioner", "-received_on", "-id"], name="referral_by_commissioner"),
            models.Index(
                fields=["commissioner", "decision_due_on"],
                condition=Q(status=ReferralStatus.SUBMITTED),
                name="referral_waiting",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="referral_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="referral_fixed",
                fields=["reference", "submission_key", "received_on", "referred_by", "recorded_at"],
            ),
            pgtrigger.Protect(
                name="referral_decided_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'submitted' AND OLD.commissioner_id IS DISTINCT FROM NEW.commissioner_id"
                ),
            ),
            no_delete("referral"),
            follows_merges("referral"),
            belongs_to_no_partnership("referral"),
        ]

    def __str__(self) -> str:
        return f"Referral {self.short_reference}"

    @property
    def short_reference(self) -> str:
        """The reference as people read it out: eight characters in two groups."""
        head = self.reference.hex[:8].upper()
        return f"{head[:4]}-{head[4:]}"


class Screening(models.Model):
    """What the rules answered for a referral: the facts, the rules used and the answer, never changed.

    Screening again makes another row, whose ``reason`` says why. ``answer``, ``rule_versions`` and ``facts_in_words``
    (code, question and answer as they read that day) are kept whole, so that they can be shown as they were when
    rules and questions have long moved on.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="screenings")
    assessed_on = models.DateField("assessed on")
    facts = models.JSONField("facts")
    facts_in_words = models.JSONField("facts as they read that day", default=list)
    answer = models.JSONField("answer")
    outcome = models.CharField("outcome", max_length=32)
    rule_versions = models.JSONField("rule versions used")
    reason = models.TextField("why the person was screened again", blank=True)
    screened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    screened_at = models.DateTimeField("screened at", auto_now_add=True)

    class Meta:
        ordering = ["-screened_at", "-pk"]
        triggers = append_only("screening")

    def __str__(self) -> str:
        return f"Screening on {self.assessed_on}: {self.outcome}"


class Decision(models.Model):
    """A decision on a referral. A refusal, whole or in part, carries its reasons and what can be done about it.

    The first has the number 1; each further one came of a reconsideration, and the last is the one that counts. A
    direct payment, or a service in the plan, can be refused while the budget is accepted: each with reasons of its
    own (SI 2013/1617, regulations 7 and 8).

    ``is_right_to_have`` says whether the person had the right in regulation 32B of SI 2012/2996, which can be
    refused only so far as a budget is not appropriate and always with a route to reconsideration.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField("number", default=1)
    reconsideration = models.OneToOneField(
        "Reconsideration", on_delete=models.PROTECT, null=True, blank=True, related_name="further_decision"
    )
    outcome = models.CharField("outcome", max_length=20, choices=DecisionOutcome.choices)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_right_to_have = models.BooleanField("the person has a right to have a personal health budget")
    reason_code = models.CharField("reason", max_length=24, choices=ReasonCode.choices, blank=True)
    reasons = models.TextField("reasons", blank=True)
    refused_part = models.TextField("what is refused", blank=True)
    direct_payment_reason = models.CharField(
        "why a direct payment is refused", max_length=24, choices=DirectPaymentReason.choices, blank=True
    )
    direct_payment_explanation = models.TextField("reasons for refusing a direct payment", blank=True)
    refused_services = models.TextField("services left out of the plan", blank=True)
    service_reason = models.CharField(
        "why a service is left out", max_length=24, choices=ServiceReason.choices, blank=True
    )
    service_explanation = models.TextField("reasons for leaving out a service", blank=True)
    reconsideration_route = models.TextField("how to ask for the decision to be looked at again", blank=True)
    decided_on = models.DateField("decided on")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["referral", "number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="decision_number_once"),
            models.CheckConstraint(
                name="decision_further_by_reconsideration",
                condition=Q(number=1, reconsideration__isnull=True) | Q(number__gt=1, reconsideration__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_direct_payment_refusal_whole",
                condition=Q(direct_payment_reason="", direct_payment_explanation="")
                | ~Q(direct_payment_reason="")
                & ~Q(direct_payment_explanation="")
                & ~Q(outcome=DecisionOutcome.DECLINED)
                & ~Q(reconsideration_route=""),
            ),
            models.CheckConstraint(
                name="decision_service_refusal_whole",
                condition=Q(service_reason="", service_explanation="", refused_services="")
                | ~Q(service_reason="")
                & ~Q(service_explanation="")
                & ~Q(refused_services="")
                & ~Q(outcome=DecisionOutcome.DECLINED)
                & ~Q(reconsideration_route=""),
            ),
            models.CheckConstraint(
                name="decision_refusal_has_reasons",
                condition=Q(outcome=DecisionOutcome.ACCEPTED) | (~Q(reason_code="") & ~Q(reasons="")),
            ),
            models.CheckConstraint(
                name="decision_acceptance_has_cohort",
                condition=Q(outcome=DecisionOutcome.DECLINED, cohort__isnull=True)
                | (~Q(outcome=DecisionOutcome.DECLINED) & Q(cohort__isnull=False)),
            ),
            models.CheckConstraint(
                name="decision_in_part_says_which",
                condition=~Q(outcome=DecisionOutcome.ACCEPTED_IN_PART) | ~Q(refused_part=""),
            ),
            models.CheckConstraint(
                name="decision_right_refused_has_route",
                condition=Q(is_right_to_have=False)
                | Q(outcome=DecisionOutcome.ACCEPTED)
                | ~Q(reconsideration_route=""),
            ),
        ]
        triggers = append_only("decision")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} on {self.decided_on}"


class ReferralTransition(models.Model):
    """One change of a referral's status: who, when, from, to and why. Append-only."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="transitions")
    action = models.CharField("action", max_length=20)
    from_status = models.CharField("from", max_length=12, choices=ReferralStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=ReferralStatus.choices)
    note = models.TextField("note", blank=True)
    occurred_on = models.DateField("happened on")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["recorded_at", "pk"]
        triggers = append_only("referral_transition")

    def __str__(self) -> str:
        return f"{self.action} on {self.occurred_on}"
