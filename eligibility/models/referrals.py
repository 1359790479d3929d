"""Referrals, what was screened and decided for them, and the drafts they grow from."""

import datetime as dt
import uuid
from typing import Any, ClassVar

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
from eligibility.rules.clocks import SOON_DAYS, Clock
from eligibility.rules.referral_states import allowed_jumps
from offers.models import Cohort
from phb_register.dates import DayCount
from phb_register.models import Commissioner, Person, belongs_to_no_partnership
from phb_register.models.guards import append_only, follows_merges, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .pause_guards import pause_ends_first
from .transitions import Transition


class ReferralQuerySet(ScopedQuerySet["Referral"]):
    """Reads of referrals; always begun with ``visible_to``."""

    scope_path = "commissioner_id"
    scope_permission = Permission.VIEW_REFERRALS

    def waiting(self) -> "ReferralQuerySet":
        """Those without a decision, the first due first."""
        return self.filter(status=ReferralStatus.SUBMITTED).order_by("decision_due_on", "pk")

    def unallocated(self) -> "ReferralQuerySet":
        """Those waiting for a decision that nobody has taken on."""
        return self.waiting().filter(allocated_to__isnull=True)

    def running(self) -> "ReferralQuerySet":
        """Those waiting for a decision whose clock is not paused."""
        return self.waiting().filter(follow_up_on__isnull=True)

    def due_soon(self, today: dt.date) -> "ReferralQuerySet":
        """Those due within a week, today included."""
        return self.running().filter(decision_due_on__range=(today, today + dt.timedelta(days=SOON_DAYS)))

    def due_later(self, today: dt.date) -> "ReferralQuerySet":
        """Those due after a week from today."""
        return self.running().filter(decision_due_on__gt=today + dt.timedelta(days=SOON_DAYS))

    def overdue(self, today: dt.date) -> "ReferralQuerySet":
        """Those whose due date has passed."""
        return self.running().filter(decision_due_on__lt=today)

    def paused(self) -> "ReferralQuerySet":
        """Those whose clock is paused."""
        return self.filter(follow_up_on__isnull=False)

    def to_follow_up(self, today: dt.date) -> "ReferralQuerySet":
        """Paused ones about which it is time to ask again, the longest waiting first."""
        return self.filter(follow_up_on__lte=today).order_by("follow_up_on", "pk")

    def to_acknowledge(self) -> "ReferralQuerySet":
        """Those waiting for a decision whose receipt was not acknowledged, the first due first."""
        rows = self.waiting().filter(acknowledged_on__isnull=True, acknowledge_due_on__isnull=False)
        return rows.order_by("acknowledge_due_on", "pk")

    def on_the_desk_of(self, user: Any, today: dt.date) -> "ReferralQuerySet":
        """Those allocated to ``user`` that are not put off: paused ones come back when it is time to ask again."""
        ready = Q(follow_up_on__isnull=True) | Q(follow_up_on__lte=today)
        return self.waiting().filter(ready, allocated_to=user)


@pghistory.track(pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Referral(models.Model):
    """A request that a person be considered for a personal health budget, made on the form or for them.

    ``submission_key`` is the key of what asked for it, so that asking twice gives one referral.
    ``decision_days`` and what they count are fixed when the referral is made: a later change of the commissioner's
    settings does not move what the person was promised. ``decision_due_on`` follows from them and from the pauses that
    have ended (``rules.clocks``), and is stored so that the database finds what is due by an index.
    ``follow_up_on`` is set while the clock is paused, and only then: the day to ask again.
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
    decision_days = models.PositiveSmallIntegerField("days to decide")
    decision_days_counted = models.CharField("which days count", max_length=8, choices=DayCount.choices)
    decision_due_on = models.DateField("decide by")
    acknowledge_due_on = models.DateField(
        "acknowledge by", null=True, blank=True, help_text="Empty for those made before this was recorded."
    )
    acknowledged_on = models.DateField("acknowledged on", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    allocated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    follow_up_on = models.DateField("follow up on", null=True, blank=True)
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
            models.CheckConstraint(
                name="referral_known_day_count", condition=Q(decision_days_counted__in=DayCount.values)
            ),
            models.CheckConstraint(
                name="referral_acknowledged_by_somebody",
                condition=Q(acknowledged_on__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_on__gte=models.F("received_on"), acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_paused_only_while_waiting",
                condition=Q(follow_up_on__isnull=True) | Q(status=ReferralStatus.SUBMITTED),
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "-received_on", "-id"], name="referral_by_commissioner"),
            # The order of the list, for somebody who works for many commissioners.
            models.Index(fields=["-received_on", "-id"], name="referral_newest_first"),
            models.Index(
                fields=["commissioner", "decision_due_on"],
                condition=Q(status=ReferralStatus.SUBMITTED),
                name="referral_waiting",
            ),
            models.Index(
                fields=["commissioner", "decision_due_on"],
                condition=Q(status=ReferralStatus.SUBMITTED, allocated_to__isnull=True),
                name="referral_unallocated",
            ),
            models.Index(
                fields=["allocated_to", "decision_due_on"],
                condition=Q(status=ReferralStatus.SUBMITTED),
                name="referral_allocated",
            ),
            models.Index(
                fields=["commissioner", "acknowledge_due_on"],
                condition=Q(status=ReferralStatus.SUBMITTED, acknowledged_on__isnull=True),
                name="referral_to_acknowledge",
            ),
            models.Index(
                fields=["commissioner", "follow_up_on"],
                condition=Q(follow_up_on__isnull=False),
                name="referral_to_follow_up",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="referral_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="referral_fixed",
                fields=[
                    "reference",
                    "submission_key",
                    "received_on",
                    "referred_by",
                    "recorded_at",
                    "decision_days",
                    "decision_days_counted",
                    "acknowledge_due_on",
                ],
            ),
            pgtrigger.Protect(
                name="referral_decided_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'submitted' AND OLD.commissioner_id IS DISTINCT FROM NEW.commissioner_id"
                ),
            ),
            pause_ends_first(),
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

    @property
    def clock(self) -> Clock:
        """How long there is to decide, as promised when it was received."""
        return Clock(self.received_on, self.decision_days, DayCount(self.decision_days_counted))

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still now."""
        return self.follow_up_on is not None


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


class ReferralTransition(Transition):
    """One change of a referral's status: who, when, from, to and why. Append-only."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=ReferralStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=ReferralStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("referral_transition")
