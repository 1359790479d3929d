"""Reads of support plans. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, prefetch_related_objects

from budgets.enums import Method, PlanStatus, Recurrence, SigningSide
from budgets.models import PlanDocument, PlanService, PlanSignature, SupportPlan, SupportPlanTransition
from budgets.models.support_plans import SupportPlanQuerySet
from budgets.rules.plan_features import checklist
from budgets.rules.plan_household import Payee
from budgets.rules.plan_money import PlanLine
from budgets.rules.plan_sections import PlanFacts, ServiceFacts
from budgets.rules.support_plan_states import PlanStep, steps_from
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import scope
from phb_register.models import Person, Representative, User
from phb_register.roles import Permission

PDF_JOB = "support-plan-pdf"
_WITH_CASE = ("referral__person", "referral__commissioner", "referral__cohort")
_PARTS = ("outcomes", "services__outcome", "services__provider", "risks", "features", "delegated_tasks__sign_offs")


def plan_in_force(referral: Referral, day: dt.date) -> SupportPlan | None:
    """The signed version that is in force at the end of a day."""
    return SupportPlan.objects.filter(referral=referral).in_force_on(day).first()


def plan_in_work(referral: Referral) -> SupportPlan | None:
    """The draft of a referral, or the version that waits to be signed."""
    return SupportPlan.objects.filter(referral=referral).in_work().first()


def planned_referral(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS
) -> Referral | None:
    """The accepted referral with this reference, if the user may see what is planned from it."""
    rows = Referral.objects.visible_to(user, permission).filter(reference=reference, status=ReferralStatus.ACCEPTED)
    return rows.select_related("person__commissioner", "commissioner", "cohort").first()


def plan_for(
    user: User, reference: uuid.UUID, number: int, permission: Permission = Permission.VIEW_BUDGETS
) -> SupportPlan | None:
    """One version of the plan of a referral, if the user has the permission for it."""
    rows = SupportPlan.objects.visible_to(user, permission).filter(referral__reference=reference, number=number)
    return rows.select_related(*_WITH_CASE, "copied_from", "started_by", "proposed_by").first()


def versions_of(referral: Referral) -> list[SupportPlan]:
    """Every version, the latest first, with its signatures."""
    rows = SupportPlan.objects.filter(referral=referral).select_related("started_by", "proposed_by")
    return list(rows.prefetch_related("signatures").order_by("-number"))


def with_parts(plan: SupportPlan) -> SupportPlan:
    """The version with everything that hangs on it, in a fixed number of reads."""
    prefetch_related_objects([plan], *_PARTS)
    return plan


def lines_of(plan: SupportPlan) -> list[PlanLine]:
    """What the version buys, for the rules of money."""
    return [PlanLine(each.method, each.recurrence, each.amount) for each in plan.services.all()]


def one_off_lines(plan: SupportPlan) -> list[PlanService]:
    """What the version buys once with a direct payment: a one-off direct payment may have so many of them."""
    return [
        each
        for each in plan.services.all()
        if each.recurrence == Recurrence.ONE_OFF and each.method == Method.DIRECT_PAYMENT
    ]


def payee_of(service: PlanService) -> Payee:
    """Who a service pays, for the rule about the same household."""
    return Payee(
        method=service.method,
        relationship=service.relationship,
        lives_in_same_household=service.lives_in_same_household,
        exception_reason=service.exception_reason,
        exception_necessity=service.exception_necessity,
        is_approved=service.approved_by_id is not None,
    )


def facts_of(plan: SupportPlan) -> PlanFacts:
    """What a version holds, for the rules about proposing it."""
    with_parts(plan)
    services = [
        ServiceFacts(each.description, PlanLine(each.method, each.recurrence, each.amount), payee_of(each))
        for each in plan.services.all()
    ]
    return PlanFacts(
        health_needs=plan.health_needs,
        outcomes=len(plan.outcomes.all()),
        services=services,
        no_services_reason=plan.no_services_reason,
        payments=plan.payments,
        risks=len(plan.risks.all()),
        no_risks_reason=plan.no_risks_reason,
        risk_advice=plan.risk_advice,
        risk_advice_by=plan.risk_advice_by,
        risk_advice_on=plan.risk_advice_on,
        contingency=plan.contingency,
        delegated_tasks=len(plan.delegated_tasks.all()),
        coordinator_name=plan.coordinator_name,
        coordinator_contact=plan.coordinator_contact,
        review_arrangements=plan.review_arrangements,
        features=checklist(plan.checklist).codes,
        features_answered=frozenset(each.code for each in plan.features.all()),
    )


@dataclass(frozen=True)
class Signatures:
    """Who signed a version, by side."""

    holder: PlanSignature | None
    commissioner: PlanSignature | None


def signatures_of(plan: SupportPlan) -> Signatures:
    """The signatures under a version."""
    found = {each.side: each for each in plan.signatures.select_related("officer", "recorded_by")}
    return Signatures(found.get(SigningSide.HOLDER), found.get(SigningSide.COMMISSIONER))


def transitions_of(plan: SupportPlan) -> QuerySet[SupportPlanTransition]:
    """What happened to a version, the oldest first."""
    return SupportPlanTransition.objects.filter(plan=plan).select_related("made_by")


def transitions_of_person(user: User, person: Person) -> QuerySet[SupportPlanTransition]:
    """What happened to the plans of a person that the user may see."""
    plans = SupportPlan.objects.visible_to(user).filter(referral__person=person)
    return SupportPlanTransition.objects.filter(plan__in=plans).select_related("plan__referral", "made_by")


def plan_steps_for(user: User, plan: SupportPlan) -> list[PlanStep]:
    """What the user may do to a version now: the buttons on its page."""
    return [
        step
        for step in steps_from(plan.status)
        if not step.is_by_itself and scope.can(user, step.permission, plan.referral.commissioner)
    ]


def may_plan(user: User, referral: Referral) -> bool:
    """Whether the user writes plans for the referral's commissioner."""
    return scope.can(user, Permission.PLAN_BUDGETS, referral.commissioner)


def acting_representatives(referral: Referral) -> list[Representative]:
    """Everybody who acts or acted for the person, as a choice of who signed."""
    return list(referral.person.representatives.all())


def to_sign(user: User) -> SupportPlanQuerySet:
    """Versions that wait for a signature, the longest waiting first."""
    rows = SupportPlan.objects.visible_to(user, Permission.PLAN_BUDGETS).to_sign()
    return rows.select_related(*_WITH_CASE).prefetch_related("signatures")


def exceptions_waiting(user: User) -> QuerySet[PlanService]:
    """Lines that pay somebody of the same household and wait for this user's approval, the longest waiting first."""
    ids = scope.commissioner_ids(user, Permission.APPROVE_BUDGETS)
    rows = PlanService.objects.filter(
        asked_by__isnull=False,
        approved_by__isnull=True,
        plan__status=PlanStatus.DRAFT,
        plan__referral__commissioner__in=ids,
    )
    return rows.select_related("plan__referral__person", "asked_by").order_by("asked_on", "pk")


def editor_name(user_id: int | None) -> str:
    """The name of who saved something last."""
    found = User.objects.filter(pk=user_id).first() if user_id else None
    return str(found) if found else ""


def plan_to_print(pk: int) -> SupportPlan:
    """The version with this id, for the job that makes its PDF."""
    return with_parts(SupportPlan.objects.select_related(*_WITH_CASE).get(pk=pk))


def pdf_job_key(plan: SupportPlan, communication_format: str) -> str:
    """The key of the job that makes the PDF of a version in a format."""
    return f"{PDF_JOB}-{plan.pk}-{communication_format}"


def document_of(plan: SupportPlan, communication_format: str) -> PlanDocument | None:
    """The PDF of a version in a format, once it is made."""
    rows = PlanDocument.objects.filter(plan=plan, communication_format=communication_format)
    return rows.select_related("document").first()


def in_force_among(referrals: Iterable[int], day: dt.date) -> dict[int, SupportPlan]:
    """The version in force on a day by the id of its referral, for many referrals in one read."""
    rows = SupportPlan.objects.filter(referral__in=list(referrals)).in_force_on(day)
    return {each.referral_id: each for each in rows}
