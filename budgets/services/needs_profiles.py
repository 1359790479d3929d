"""Recording what an assessment found. A profile never changes: what was wrong is recorded again."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import NeedsProfile, NeedsProfileLevel, NeedsTool
from budgets.rules.agreement import day
from budgets.rules.needs_profiles import check_levels, check_tool_age
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import audit, clock, scope
from phb_register.models import User
from phb_register.roles import Permission


@transaction.atomic
def record_needs_profile(
    *,
    referral: Referral,
    by: User,
    tool: NeedsTool,
    assessed_on: dt.date,
    assessed_by: str,
    levels: Mapping[str, str],
    key: uuid.UUID,
    note: str = "",
) -> NeedsProfile:
    """Record the levels of one assessment, by the codes of the tool's domains. The same `key` again gives the same.

    Raises `PermissionDenied` without PLAN_BUDGETS, and `BudgetRefused` with every problem: a level above a domain's
    ceiling, a domain without a level, a tool that was not in use on the day or is for another age.
    """
    held = Referral.objects.select_for_update(of=("self",)).select_related("commissioner", "person").get(pk=referral.pk)
    scope.check(by, Permission.PLAN_BUDGETS, held.commissioner)
    existing = NeedsProfile.objects.filter(submission_key=key, referral=held).first()
    if existing is not None:
        return existing
    problems = [
        *_check_assessment(held, tool, assessed_on, assessed_by),
        *check_levels(levels, tool.as_domains()),
    ]
    if problems:
        raise BudgetRefused(problems)
    before = NeedsProfile.objects.filter(referral=held).order_by("-number").first()
    profile = NeedsProfile.objects.create(
        submission_key=key,
        referral=held,
        number=before.number + 1 if before else 1,
        tool=tool,
        assessed_on=assessed_on,
        assessed_by=assessed_by.strip(),
        note=note.strip(),
        recorded_by=by,
    )
    NeedsProfileLevel.objects.bulk_create(
        NeedsProfileLevel(profile=profile, domain=domain, level=levels[domain.code]) for domain in tool.domains.all()
    )
    detail = {"number": profile.number, "tool": tool.code, "person": held.person_id}
    audit.record(
        actor=by, action="needs-profile-recorded", subject=profile, commissioner=held.commissioner, detail=detail
    )
    return profile


def _check_assessment(referral: Referral, tool: NeedsTool, assessed_on: dt.date, assessed_by: str) -> list[Problem]:
    problems = []
    if referral.status != ReferralStatus.ACCEPTED:
        problems.append(Problem("", "Accept the referral first. Needs are recorded beside the budget it leads to"))
    if assessed_on > clock.today():
        problems.append(Problem("assessed_on", "Date of the assessment must be today or in the past"))
    elif not _was_in_use(tool, assessed_on):
        until = f" to {day(tool.applies_to)}" if tool.applies_to else ""
        problems.append(
            Problem(
                "assessed_on",
                f"{tool} was in use from {day(tool.applies_from)}{until}. Enter a date in that time, or record "
                "it with the tool of the day",
            )
        )
    else:
        problems += check_tool_age(is_for_children=tool.is_for_children, age=referral.person.age_on(assessed_on))
    if not assessed_by.strip():
        problems.append(Problem("assessed_by", "Enter who assessed the person"))
    return problems


def _was_in_use(tool: NeedsTool, on: dt.date) -> bool:
    return tool.applies_from <= on and (tool.applies_to is None or on <= tool.applies_to)
