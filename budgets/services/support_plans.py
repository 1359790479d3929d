"""A version of a support plan from its first draft to the day it is proposed, withdrawn, or no longer counts."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from budgets.enums import PlanPayments, PlanStatus
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget, PlanFeature, SupportPlan
from budgets.rules import agreement
from budgets.rules import support_plan_states as steps
from budgets.rules.plan_features import checklist, checklist_on
from budgets.rules.plan_sections import PlanSection, section_problems
from budgets.selectors.support_plans import facts_of
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import clock, scope
from phb_register.models import User
from phb_register.roles import Permission

from .plan_copies import copy_parts
from .plan_support import check_revision, locked_draft, locked_plan, record_edit, record_step, refused

#: Which columns of a version each page writes.
SECTION_FIELDS: dict[PlanSection, tuple[str, ...]] = {
    PlanSection.HEALTH_NEEDS: ("health_needs",),
    PlanSection.CONTINGENCY: ("contingency",),
    PlanSection.RISK_ADVICE: ("risk_advice", "risk_advice_by", "risk_advice_on"),
    PlanSection.COORDINATOR: ("coordinator_name", "coordinator_role", "coordinator_contact"),
    PlanSection.REVIEW: ("review_arrangements", "first_review_by"),
    PlanSection.NO_SERVICES: ("no_services_reason",),
    PlanSection.NO_RISKS: ("no_risks_reason",),
    PlanSection.PAYMENTS: ("payments",),
}
#: What the next version starts with. Advice and dates are of their own time and are given again.
_COPIED = (
    "health_needs", "no_services_reason", "payments", "no_risks_reason", "contingency", "coordinator_name",
    "coordinator_role", "coordinator_contact", "review_arrangements",
)  # fmt: skip


@transaction.atomic
def start_plan(
    *, referral: Referral, by: User, on: dt.date | None = None, copy_from: SupportPlan | None = None
) -> SupportPlan:
    """Start a version as a draft: a copy of the last one, or of `copy_from`. Asked twice, it is the same draft.

    Raises `PermissionDenied`, or `BudgetRefused` where there is nothing to plan or a version waits to be signed.
    """
    day = on or clock.today()
    referral = Referral.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=referral.pk)
    scope.check(by, Permission.PLAN_BUDGETS, referral.commissioner)
    if referral.status != ReferralStatus.ACCEPTED:
        raise refused("Accept the referral first. A support plan is made from an accepted referral")
    if PersonalHealthBudget.objects.filter(referral=referral, ended_on__lte=day).exists():
        raise refused("This personal health budget has ended. Plan the next one from a new referral")
    versions = SupportPlan.objects.filter(referral=referral)
    in_work = versions.in_work().first()
    if in_work is not None and in_work.status == PlanStatus.DRAFT:
        return in_work
    if in_work is not None:
        raise refused(f"Version {in_work.number} waits to be signed. Have it signed or withdraw it first")
    source = copy_from or versions.order_by("-number").first()
    if source is not None and source.referral_id != referral.pk:
        raise refused("Select a version of the plan of this referral")
    plan = SupportPlan.objects.create(
        referral=referral,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        copied_from=source,
        started_on=day,
        started_by=by,
        checklist=checklist_on(day).code,
        **({name: getattr(source, name) for name in _COPIED} if source else {}),
    )
    if source is not None:
        copy_parts(source, plan)
    record_step(plan, steps.START, by=by, on=day, detail={"copied_from": source.number if source else None})
    return plan


@transaction.atomic
def write_section(
    *, plan: SupportPlan, section: PlanSection, values: Mapping[str, Any], revision: int, by: User
) -> SupportPlan:
    """Save one page of a draft: the columns of `SECTION_FIELDS`. What is saved already is not saved again.

    Raises `PermissionDenied`; `ChangedMeanwhile` where somebody saved the page after `revision`; `BudgetRefused`.
    """
    held = locked_draft(plan, by)
    fields = SECTION_FIELDS[section]
    after = {name: _clean(values[name]) for name in fields}
    if all(getattr(held, name) == after[name] for name in fields):
        return held
    check_revision(held.revision_of(section), revision, held.last_editor_of(section))
    if section == PlanSection.PAYMENTS and after["payments"] not in PlanPayments.values:
        raise refused("Select how often the direct payment is made", "payments")
    for name in fields:
        setattr(held, name, after[name])
    _note_revision(held, section, by)
    held.save(update_fields=[*fields, "revisions"])
    record_edit(held, section, by=by)
    return held


@transaction.atomic
def answer_features(
    *, plan: SupportPlan, answers: Mapping[str, tuple[bool, str]], revision: int, by: User
) -> SupportPlan:
    """Save the answers to the checklist: by the code of a feature, whether it is so and what will be done if not.

    Raises as `write_section` does.
    """
    held = locked_draft(plan, by)
    codes = checklist(held.checklist).codes
    problems = [
        Problem(f"{code}_note", "Enter what will be done about it")
        for code, (is_met, note) in answers.items()
        if not is_met and not note.strip()
    ]
    if set(answers) - set(codes):
        problems.append(Problem("", "Answer the features of this plan’s own checklist"))
    if problems:
        raise BudgetRefused(problems)
    before = {each.code: (each.is_met, each.note) for each in held.features.all()}
    after = {code: (is_met, "" if is_met else note.strip()) for code, (is_met, note) in answers.items()}
    if before == after:
        return held
    check_revision(held.revision_of(PlanSection.FEATURES), revision, held.last_editor_of(PlanSection.FEATURES))
    held.features.exclude(code__in=after).delete()
    for code, (is_met, note) in after.items():
        PlanFeature.objects.update_or_create(plan=held, code=code, defaults={"is_met": is_met, "note": note})
    _note_revision(held, PlanSection.FEATURES, by)
    held.save(update_fields=["revisions"])
    record_edit(held, PlanSection.FEATURES, by=by)
    return held


@transaction.atomic
def propose_plan(*, plan: SupportPlan, by: User, on: dt.date | None = None) -> SupportPlan:
    """Freeze a draft and hand it to both sides to sign. Raises `BudgetRefused` with everything that is missing."""
    held, day = locked_draft(plan, by), on or clock.today()
    problems = section_problems(facts_of(held), day)
    if day < held.started_on:
        problems.append(Problem("", f"Enter a date on or after {agreement.day(held.started_on)}, when it was started"))
    if problems:
        raise BudgetRefused(problems)
    held.status, held.proposed_on, held.proposed_by = steps.PROPOSE.to_status, day, by
    held.save(update_fields=["status", "proposed_on", "proposed_by"])
    record_step(held, steps.PROPOSE, by=by, on=day)
    return held


@transaction.atomic
def withdraw_plan(*, plan: SupportPlan, reason: str, by: User, on: dt.date | None = None) -> SupportPlan:
    """Give up a draft, or one that was proposed and is not signed; the next draft starts from it.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held, day = locked_plan(plan, by), on or clock.today()
    step = steps.step_for("withdraw", held.status)
    if step is None:
        raise refused(f"Version {held.number} is now: {held.get_status_display().lower()}. It cannot be withdrawn")
    if not reason.strip():
        raise refused("Enter why it is withdrawn", "reason")
    held.status = step.to_status
    held.save(update_fields=["status"])
    record_step(held, step, by=by, on=day, note=reason.strip())
    return held


@transaction.atomic
def close_plans(*, referral: Referral, on: dt.date, by: User, reason: str) -> None:
    """Let the plan end with its budget: what is in force ends on a day, what is not signed yet is withdrawn.

    Whoever ends the budget was checked for that, so it is not asked again here.
    """
    for plan in SupportPlan.objects.select_for_update().filter(referral=referral).in_work():
        step = steps.step_for("withdraw", plan.status)
        assert step is not None  # noqa: S101  those in work are withdrawn
        plan.status = step.to_status
        plan.save(update_fields=["status"])
        record_step(plan, step, by=by, on=on, note=reason)
    signed = SupportPlan.objects.select_for_update().filter(referral=referral, status=PlanStatus.SIGNED)
    for plan in signed.filter(in_force_until__isnull=True):
        assert plan.in_force_from is not None  # noqa: S101  support_plan_in_force_once_signed
        plan.in_force_until = max(on, plan.in_force_from)
        plan.save(update_fields=["in_force_until"])
        record_edit(plan, "in-force-until", by=by, detail={"until": plan.in_force_until.isoformat()})


def _clean(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _note_revision(plan: SupportPlan, section: PlanSection, by: User) -> None:
    plan.revisions = {**plan.revisions, section.value: {"revision": plan.revision_of(section) + 1, "by": by.pk}}
