"""The support plan: what somebody needs, wants to achieve and will buy with their budget, in signed versions."""

import datetime as dt
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from budgets.enums import PlanPayments, PlanStatus, SignedAs, SignedHow, SigningSide
from eligibility.models import Referral
from eligibility.models.transitions import Transition
from phb_register.models import CommunicationFormat, Representative, StoredDocument, User
from phb_register.models.commissioners import DateRange
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import plan_guards

IN_WORK = (PlanStatus.DRAFT, PlanStatus.PROPOSED)
COUNTS = (PlanStatus.SIGNED, PlanStatus.SUPERSEDED)
_PROPOSED_ONCE = (PlanStatus.PROPOSED, *COUNTS)


class SupportPlanQuerySet(ScopedQuerySet["SupportPlan"]):
    """Reads of support plans. They belong where the referral belongs."""

    scope_path = "referral__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def in_force_on(self, day: dt.date) -> Self:
        """Signed by both sides and in force at the end of a day: at most one of a referral."""
        begun = self.filter(status__in=COUNTS, in_force_from__lte=day)
        return begun.filter(Q(in_force_until__isnull=True) | Q(in_force_until__gt=day))

    def in_work(self) -> Self:
        """Drafts, and those proposed and not yet signed: at most one of a referral."""
        return self.filter(status__in=IN_WORK)

    def to_sign(self) -> Self:
        """Proposed ones that one side or both have still to sign, the longest waiting first."""
        return self.filter(status=PlanStatus.PROPOSED).order_by("proposed_on", "pk")


@pghistory.track()
class SupportPlan(models.Model):
    """One version of a support plan. Written as a draft, frozen when proposed, in force once both sides signed.

    In force from `in_force_from` until the day before `in_force_until`. `revisions` holds, for each section written
    on one page, how often it was saved and by whom, so that two people who write at once do not overwrite each other.
    `checklist` is the code of the list of features (`rules.plan_features`) that this version is measured by.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("version")
    status = models.CharField("status", max_length=12, choices=PlanStatus.choices, default=PlanStatus.DRAFT)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_on = models.DateField("started on")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revisions = models.JSONField("how often each section was saved", default=dict, blank=True)

    health_needs = models.TextField("health needs", blank=True)
    no_services_reason = models.TextField("why nothing is bought", blank=True)
    payments = models.CharField("direct payment made", max_length=12, choices=PlanPayments.choices, blank=True)
    no_risks_reason = models.TextField("why there are no significant risks", blank=True)
    contingency = models.TextField("what happens if something goes wrong", blank=True)
    risk_advice = models.TextField("advice given about risks", blank=True)
    risk_advice_by = models.CharField("who gave the advice", max_length=150, blank=True)
    risk_advice_on = models.DateField("advice given on", null=True, blank=True)
    coordinator_name = models.CharField("name of the care co-ordinator", max_length=150, blank=True)
    coordinator_role = models.CharField("job of the care co-ordinator", max_length=150, blank=True)
    coordinator_contact = models.CharField("how to reach the care co-ordinator", max_length=200, blank=True)
    review_arrangements = models.TextField("how the plan is reviewed", blank=True)
    first_review_by = models.DateField("first review by", null=True, blank=True)
    checklist = models.CharField("checklist of features", max_length=20)

    proposed_on = models.DateField("proposed on", null=True, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    in_force_from = models.DateField("in force from", null=True, blank=True)
    in_force_until = models.DateField("in force until", null=True, blank=True)

    objects: ClassVar[SupportPlanQuerySet] = ScopedManager.from_queryset(SupportPlanQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["referral", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="support_plan_number_once"),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(status__in=IN_WORK), name="support_plan_one_in_work"
            ),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(status=PlanStatus.SIGNED), name="support_plan_one_signed"
            ),
            models.CheckConstraint(name="support_plan_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="support_plan_known_status", condition=Q(status__in=PlanStatus.values)),
            models.CheckConstraint(
                name="support_plan_known_payments", condition=Q(payments="") | Q(payments__in=PlanPayments.values)
            ),
            models.CheckConstraint(
                name="support_plan_proposed_by_somebody",
                condition=~Q(status__in=_PROPOSED_ONCE)
                | Q(proposed_on__gte=F("started_on"), proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="support_plan_in_force_once_signed",
                condition=Q(status__in=COUNTS, in_force_from__gte=F("proposed_on"))
                | ~Q(status__in=COUNTS) & Q(in_force_from__isnull=True, in_force_until__isnull=True),
            ),
            models.CheckConstraint(
                name="support_plan_ends_after_start",
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gte=F("in_force_from")),
            ),
            models.CheckConstraint(
                name="support_plan_superseded_ends",
                condition=~Q(status=PlanStatus.SUPERSEDED) | Q(in_force_until__isnull=False),
            ),
            ExclusionConstraint(
                name="support_plan_one_in_force",
                expressions=[
                    ("referral", RangeOperators.EQUAL),
                    (DateRange("in_force_from", "in_force_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(in_force_from__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["proposed_on"], condition=Q(status=PlanStatus.PROPOSED), name="support_plan_to_sign"),
        ]
        triggers = [
            *plan_guards.plan_states(),
            plan_guards.plan_of_an_accepted_referral(),
            plan_guards.plan_is_frozen(),
            plan_guards.plan_steps_are_earned(),
            no_delete("support_plan"),
            no_truncate("support_plan"),
        ]

    def __str__(self) -> str:
        return f"Support plan, version {self.number}"

    def revision_of(self, section: str) -> int:
        """How often a section was saved: the edit token of its page."""
        return int(self.revisions.get(section, {}).get("revision", 0))

    def last_editor_of(self, section: str) -> Any:
        """The id of who saved a section last, or None."""
        return self.revisions.get(section, {}).get("by")


class SupportPlanTransition(Transition):
    """One step of a version: who, when, from, to. Append-only."""

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=PlanStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=PlanStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("support_plan_transition")


class PlanSignature(models.Model):
    """One side's signature under a proposed version. Append-only.

    For the commissioner a user signs (`officer`) who did not enter the other side's signature. For the holder the
    person signs, or a representative or nominee who acts for them that day. `name` is kept as it was signed.
    """

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField("side", max_length=12, choices=SigningSide.choices)
    signed_as = models.CharField("signed as", max_length=16, choices=SignedAs.choices)
    name = models.CharField("name", max_length=200)
    representative = models.ForeignKey(
        Representative, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    officer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_on = models.DateField("signed on")
    how = models.CharField("how", max_length=16, choices=SignedHow.choices)
    witness = models.CharField("name of the witness", max_length=150, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "side"], name="plan_signature_once_a_side"),
            models.CheckConstraint(
                name="plan_signature_of_its_side",
                condition=Q(
                    side=SigningSide.COMMISSIONER,
                    signed_as=SignedAs.OFFICER,
                    officer__isnull=False,
                    representative__isnull=True,
                )
                | Q(side=SigningSide.HOLDER, signed_as=SignedAs.PERSON, officer__isnull=True)
                & Q(representative__isnull=True)
                | Q(side=SigningSide.HOLDER, signed_as__in=[SignedAs.REPRESENTATIVE, SignedAs.NOMINEE])
                & Q(officer__isnull=True, representative__isnull=False),
            ),
            models.CheckConstraint(name="plan_signature_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="plan_signature_known_how", condition=Q(how__in=SignedHow.values)),
            models.CheckConstraint(
                name="plan_signature_witnessed", condition=~Q(how=SignedHow.SPOKEN) | ~Q(witness="")
            ),
        ]
        triggers = [plan_guards.signed_while_proposed(), *append_only("plan_signature")]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_signed_as_display().lower()}, on {self.signed_on:%d/%m/%Y}"


class PlanDocument(models.Model):
    """A version as a PDF, in the format its reader needs. Made by a job from what the version holds; append-only."""

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="documents")
    communication_format = models.CharField("format", max_length=16, choices=CommunicationFormat.choices)
    document = models.OneToOneField(StoredDocument, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("made at", auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "communication_format"], name="plan_document_once"),
        ]
        triggers = append_only("plan_document")

    def __str__(self) -> str:
        return f"{self.plan}, {self.get_communication_format_display().lower()}"
