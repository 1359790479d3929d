"""Signing a proposed version of a support plan, and approving that somebody of the same household is paid."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from budgets.exceptions import BudgetRefused
from budgets.forms.support_plans import ApproveExceptionForm, CommissionerSignsForm, HolderSignsForm
from budgets.presenters.plan_editor import service_rows
from budgets.presenters.support_plans import plan_url, status_rows
from budgets.selectors.plan_lines import service_of
from budgets.selectors.support_plans import acting_representatives, signatures_of
from budgets.services.plan_lines import approve_exception
from budgets.services.plan_signing import sign_for_commissioner, sign_for_holder
from budgets.views.plan_support import FOLDER, FORMS, about, found_plan, posted
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
def holder_signs(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """Record that the person signed, or a representative or nominee for them."""
    user: Any = request.user
    plan = found_plan(request, reference, number, Permission.PLAN_BUDGETS)
    form = HolderSignsForm(
        posted(request),
        today=clock.today(),
        person_name=f"{plan.referral.person}, themselves",
        representatives=acting_representatives(plan.referral),
    )
    if form.is_valid():
        try:
            sign_for_holder(plan=plan, by=user, **form.signature())
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The signature is recorded. Somebody else can sign for the commissioner now")
            return redirect(plan_url(plan))
    context = about(plan, title="Record the signature of the person’s side")
    return form_page(request, f"{FOLDER}/step.html", form, context)


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def commissioner_signs(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """Sign for the commissioner, which puts the version in force."""
    user: Any = request.user
    plan = found_plan(request, reference, number, Permission.MANAGE_BUDGETS)
    form = CommissionerSignsForm(posted(request), today=clock.today(), initial={"in_force_from": clock.today()})
    if form.is_valid():
        try:
            sign_for_commissioner(plan=plan, by=user, **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The plan is signed by both sides")
            return redirect(plan_url(plan))
    rows = status_rows(plan, signatures_of(plan), clock.today())
    context = about(plan, title="Sign the plan for the commissioner", rows=rows)
    return form_page(request, f"{FOLDER}/step.html", form, context)


@requires(Permission.APPROVE_BUDGETS)
@require_http_methods(FORMS)
def exception(request: HttpRequest, reference: uuid.UUID, number: int, key: uuid.UUID) -> HttpResponse:
    """Approve that somebody of the same household is paid by direct payment."""
    user: Any = request.user
    plan = found_plan(request, reference, number, Permission.APPROVE_BUDGETS)
    service = or_404(service_of(plan, key), "service")
    form = ApproveExceptionForm(posted(request))
    if form.is_valid():
        try:
            approve_exception(plan=plan, key=key, by=user)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The exception is approved")
            return redirect(plan_url(plan))
    title = "Exception: paying somebody of the same household"
    context = about(plan, title=title, rows=service_rows(service, clock.today()))
    return form_page(request, f"{FOLDER}/step.html", form, context)
