"""What the pages of a support plan share: finding the version, and answering a form that a service may refuse."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from budgets.enums import PlanStatus
from budgets.exceptions import BudgetRefused, ChangedMeanwhile
from budgets.forms.support_plans import PlanForm
from budgets.models import SupportPlan
from budgets.presenters.support_plans import plan_url
from budgets.selectors.support_plans import plan_for, with_parts
from eligibility.models import Referral
from phb_register.roles import Permission
from phb_register.views.support import or_404

FORMS = ["GET", "POST"]
FOLDER = "budgets/support_plans"


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing."""
    return request.POST if request.method == "POST" else None


def found_plan(
    request: HttpRequest, reference: uuid.UUID, number: int, permission: Permission = Permission.VIEW_BUDGETS
) -> SupportPlan:
    """The version of the address with everything that hangs on it, or "page not found"."""
    user: Any = request.user
    plan: SupportPlan = or_404(plan_for(user, reference, number, permission), "version of a support plan")
    return with_parts(plan)


def draft_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the draft of the address. One that is no draft any more is shown, and cannot be changed."""

    @wraps(view)
    def run(request: HttpRequest, reference: uuid.UUID, number: int, **rest: Any) -> HttpResponse:
        plan = found_plan(request, reference, number, Permission.PLAN_BUDGETS)
        if plan.status != PlanStatus.DRAFT:
            status = plan.get_status_display().lower()
            messages.warning(request, f"Version {plan.number} is now: {status}. It is no longer written")
            return redirect(plan_url(plan))
        return view(request, plan, **rest)

    return run


def show_refusal(form: PlanForm, refusal: BudgetRefused) -> dict[str, Any]:
    """Show why a form was not saved; where somebody else was quicker, it can be saved over what they saved."""
    form.show(refusal)
    if not isinstance(refusal, ChangedMeanwhile):
        return {}
    form.reopen(refusal.revision)
    return {"is_stale": True}


def about(plan: SupportPlan, **more: Any) -> dict[str, Any]:
    """The context of every page of a version."""
    referral: Referral = plan.referral
    return {"plan": plan, "referral": referral, "person": referral.person, "back_url": plan_url(plan), **more}
