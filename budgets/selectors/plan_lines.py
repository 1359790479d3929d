"""Reads of the lines of a draft, and of what their forms offer."""

import datetime as dt
import uuid
from typing import Any

from budgets.models import DelegatedTask, PlanOutcome, PlanRisk, PlanService, SupportPlan
from budgets.models.plan_parts import PlanPart
from budgets.rules.plan_sections import PlanSection
from budgets.selectors.plan_purchases import prohibited_for
from budgets.selectors.support_organisations import organisations_serving

MODELS: dict[PlanSection, type[PlanPart]] = {
    PlanSection.OUTCOMES: PlanOutcome,
    PlanSection.SERVICES: PlanService,
    PlanSection.RISKS: PlanRisk,
    PlanSection.DELEGATED_TASKS: DelegatedTask,
}


def line_of(plan: SupportPlan, section: PlanSection, key: uuid.UUID) -> PlanPart | None:
    """The line of a version with this key."""
    rows: Any = MODELS[section]._default_manager
    found: PlanPart | None = rows.filter(plan=plan, key=key).first()
    return found


def task_of(plan: SupportPlan, key: uuid.UUID) -> DelegatedTask | None:
    """The delegated task of a version with this key, with its sign-offs."""
    return DelegatedTask.objects.filter(plan=plan, key=key).prefetch_related("sign_offs").first()


def service_of(plan: SupportPlan, key: uuid.UUID) -> PlanService | None:
    """The service of a version with this key."""
    rows = PlanService.objects.filter(plan=plan, key=key)
    return rows.select_related("outcome", "provider", "asked_by", "approved_by").first()


def service_choices(plan: SupportPlan, on: dt.date) -> dict[str, Any]:
    """What the form of a service offers: outcomes, organisations that serve the commissioner, what cannot be bought."""
    commissioner = plan.referral.commissioner
    return {
        "outcomes": list(plan.outcomes.all()),
        "organisations": list(organisations_serving(commissioner, on)),
        "prohibited": prohibited_for(commissioner, on),
    }
