"""What the pages of monitoring and recovery share: finding a record, and answering a form that may be refused."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from budgets.exceptions import BudgetRefused
from budgets.forms.agreement import BudgetForm
from budgets.models import MonitoringReturn, Offset, PersonalHealthBudget, Recovery
from budgets.selectors.monitoring import return_for
from budgets.selectors.offsets import offset_for
from budgets.selectors.personal_health_budgets import budget_for
from budgets.selectors.recoveries import recovery_for
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404

FORMS = ["GET", "POST"]
FORM_PAGE = "budgets/monitoring/form.html"
RECORD_PAGE = "budgets/monitoring/record.html"
LIST_PAGE = "budgets/monitoring/list.html"


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing."""
    return request.POST if request.method == "POST" else None


def found_budget(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.MONITOR_BUDGETS
) -> PersonalHealthBudget:
    """The PHB of the address, or "page not found"."""
    user: Any = request.user
    found: PersonalHealthBudget = or_404(budget_for(user, reference, permission), "personal health budget")
    return found


def found_return(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.MONITOR_BUDGETS
) -> MonitoringReturn:
    """The return of the address, or "page not found"."""
    user: Any = request.user
    found: MonitoringReturn = or_404(return_for(user, reference, permission), "monitoring return")
    return found


def found_recovery(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.MONITOR_BUDGETS
) -> Recovery:
    """The recovery of the address, or "page not found"."""
    user: Any = request.user
    found: Recovery = or_404(recovery_for(user, reference, permission), "recovery")
    return found


def found_offset(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS
) -> Offset:
    """The offset of the address, or "page not found"."""
    user: Any = request.user
    found: Offset = or_404(offset_for(user, reference, permission), "offset")
    return found


def act(
    request: HttpRequest,
    form: BudgetForm,
    do: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    to: str | Callable[[Any], str],
    page: dict[str, Any],
) -> HttpResponse:
    """Show the form, or do what it says and lead on; what a service refuses is shown on the form.

    ``do`` is given what was entered. ``page`` is the context: heading, caption, ``back_url``, and what else is shown.
    """
    if form.is_valid():
        try:
            result = do(form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, done)
            return redirect(to if isinstance(to, str) else to(result))
    return form_page(request, FORM_PAGE, form, page)


def step_only(request: HttpRequest, do: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """Do what a button says, with nothing to ask; what a service refuses is said at the top of the page."""
    try:
        do()
    except BudgetRefused as refusal:
        for problem in refusal.problems:
            messages.warning(request, problem.message)
    else:
        messages.success(request, done)
    return redirect(to)
