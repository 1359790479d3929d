"""What every write to a support plan does: lock, check, note who did it."""

import datetime as dt
from typing import Any

from budgets.enums import PlanStatus
from budgets.exceptions import BudgetRefused, ChangedMeanwhile, Problem
from budgets.models import SupportPlan, SupportPlanTransition
from budgets.rules.support_plan_states import PlanStep
from budgets.selectors.support_plans import editor_name
from phb_register import audit, scope
from phb_register.models import User
from phb_register.roles import Permission

NO_LONGER_DRAFT = "Withdraw it to start another draft"


def refused(message: str, field: str = "") -> BudgetRefused:
    """A refusal for one reason."""
    return BudgetRefused([Problem(field, message)])


def locked_plan(plan: SupportPlan, by: User, permission: Permission = Permission.PLAN_BUDGETS) -> SupportPlan:
    """The version as it now stands, held to the end of the transaction. Raises `PermissionDenied`."""
    rows = SupportPlan.objects.select_for_update(of=("self",))
    held = rows.select_related("referral__commissioner", "referral__person").get(pk=plan.pk)
    scope.check(by, permission, held.referral.commissioner)
    return held


def locked_draft(plan: SupportPlan, by: User, permission: Permission = Permission.PLAN_BUDGETS) -> SupportPlan:
    """The same, of a draft. Raises `BudgetRefused` where it is none any more."""
    held = locked_plan(plan, by, permission)
    if held.status != PlanStatus.DRAFT:
        raise refused(
            f"Version {held.number} is now: {held.get_status_display().lower()}. It is no longer written. "
            + (NO_LONGER_DRAFT if held.status == PlanStatus.PROPOSED else "Start another version")
        )
    return held


def check_revision(saved: int, opened: int, edited_by: int | None) -> None:
    """Raise `ChangedMeanwhile` where somebody saved it since it was opened."""
    if saved != opened:
        raise ChangedMeanwhile(edited_by=editor_name(edited_by), revision=saved)


def record_edit(plan: SupportPlan, section: str, *, by: User, detail: dict[str, Any] | None = None) -> None:
    """Note in the access log who wrote which section of a draft."""
    audit.record(
        actor=by,
        action="write-support-plan",
        subject=plan,
        commissioner=plan.referral.commissioner,
        detail={"number": plan.number, "section": section, **(detail or {})},
    )


def record_step(
    plan: SupportPlan, step: PlanStep, *, by: User, on: dt.date, note: str = "", detail: dict[str, Any] | None = None
) -> None:
    """The append-only row and the access log entry of one step."""
    SupportPlanTransition.objects.create(
        plan=plan,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
    audit.record(
        actor=by,
        action=f"support-plan-{step.action}",
        subject=plan,
        commissioner=plan.referral.commissioner,
        detail={"number": plan.number, "on": on.isoformat(), **(detail or {})},
    )
