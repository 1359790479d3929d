"""Delegated healthcare tasks: the list of sign-offs that run out, and signing a task off."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.enums import PlanStatus
from budgets.exceptions import BudgetRefused
from budgets.forms.support_plans import SignOffForm
from budgets.presenters.delegated_tasks import never_signed_off_table, sign_offs_table
from budgets.presenters.plan_editor import line_rows, section_url
from budgets.presenters.support_plans import plan_url
from budgets.rules.plan_sections import PlanSection
from budgets.selectors.delegated_tasks import sign_offs_running_out, tasks_never_signed_off
from budgets.selectors.plan_lines import task_of
from budgets.services.delegated_tasks import sign_off_task
from budgets.views.plan_support import FOLDER, FORMS, about, found_plan, posted
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import page_links, summary
from phb_register.roles import Permission
from phb_register.views.support import PAGE_LENGTH, form_page, or_404, page_of


@requires(Permission.PLAN_BUDGETS)
@require_safe
def delegated_tasks(request: HttpRequest) -> HttpResponse:
    """Sign-offs of plans in force that have run out or soon will. Who was on the list is logged."""
    user: Any = request.user
    today = clock.today()
    page = page_of(request, sign_offs_running_out(user, today))
    never = list(tasks_never_signed_off(user, today)[:PAGE_LENGTH])
    plans = [*(each.task.plan for each in page), *(each.plan for each in never)]
    audit.record_list(user, "delegated-tasks", [each.referral.person for each in plans])
    context = {
        "table": sign_offs_table(page, today),
        "page": page,
        "pagination": page_links(page, request.get_full_path()),
        "never": never_signed_off_table(never) if never else None,
    }
    return TemplateResponse(request, f"{FOLDER}/delegated_tasks.html", context)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
def sign_off(request: HttpRequest, reference: uuid.UUID, number: int, key: uuid.UUID) -> HttpResponse:
    """Record that a professional signed an assistant off for a task, also while the plan is in force."""
    user: Any = request.user
    plan = found_plan(request, reference, number, Permission.PLAN_BUDGETS)
    task = or_404(task_of(plan, key), "delegated task")
    is_draft = plan.status == PlanStatus.DRAFT
    back = section_url(plan, PlanSection.DELEGATED_TASKS) if is_draft else plan_url(plan)
    form = SignOffForm(posted(request), today=clock.today())
    if form.is_valid():
        try:
            sign_off_task(plan=plan, key=key, by=user, **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The sign-off is recorded")
            return redirect(back)
    rows = summary([("Task", task.task), *line_rows(task, clock.today())])
    context = about(plan, title="Sign off a delegated task", rows=rows, back_url=back)
    return form_page(request, f"{FOLDER}/step.html", form, context)
