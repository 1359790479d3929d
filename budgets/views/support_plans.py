"""The versions of a support plan: reading one, comparing two, starting, proposing and withdrawing one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.support_plans import ProposeForm, WithdrawPlanForm
from budgets.models import SupportPlan
from budgets.presenters import support_plans as words
from budgets.presenters.plan_editor import problem_links
from budgets.presenters.sections import sections_of
from budgets.rules.plan_diff import changes_between
from budgets.rules.plan_sections import section_problems
from budgets.rules.support_plan_states import step_for
from budgets.selectors import support_plans as selectors
from budgets.services import plan_documents as documents
from budgets.services import support_plans as service
from budgets.views.plan_support import FOLDER, FORMS, about, draft_page, found_plan, posted
from eligibility.models import Referral
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404

SECTION = "plan"


@requires(Permission.VIEW_BUDGETS)
@require_safe
def support_plans(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The versions of the plan of an accepted referral. The read is logged."""
    user: Any = request.user
    referral, today = _referral(request, reference), clock.today()
    audit.record_read(user, referral, person=referral.person)
    versions = selectors.versions_of(referral)
    can_start = selectors.may_plan(user, referral) and not any(
        each.status in ("draft", "proposed") for each in versions
    )
    context = {
        "referral": referral,
        "person": referral.person,
        "sections": sections_of(user, referral, SECTION),
        "table": words.versions_table(versions, today) if versions else None,
        "in_force": selectors.plan_in_force(referral, today),
        "last": versions[0] if versions else None,
        "can_start": can_start,
        "comparisons": words.comparison_links(versions),
    }
    return TemplateResponse(request, f"{FOLDER}/versions.html", context)


@requires(Permission.PLAN_BUDGETS)
@require_POST
def start(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Start the next version as a draft; the one there is, where one was started already."""
    referral = _referral(request, reference, Permission.PLAN_BUDGETS)
    try:
        plan = service.start_plan(referral=referral, by=request.user)  # type: ignore[arg-type]
    except BudgetRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(words.plans_url(referral))
    return redirect(words.plan_url(plan, "write"))


@requires(Permission.VIEW_BUDGETS)
@require_safe
def support_plan(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """One version, to read and to print. The read is logged."""
    user: Any = request.user
    plan, today = found_plan(request, reference, number), clock.today()
    audit.record_read(user, plan, person=plan.referral.person)
    signatures = selectors.signatures_of(plan)
    context = about(
        plan,
        sections=sections_of(user, plan.referral, SECTION),
        tag=words.plan_tag(plan),
        rows=words.status_rows(plan, signatures, today),
        content=words.section_views(words.content_of(plan, today)),
        history=words.history_of(selectors.transitions_of(plan)),
        actions=words.actions_for(user, plan, signatures, selectors.plan_steps_for(user, plan)),
        compare_url=words.plan_url(plan, "compare", plan.number - 1) if plan.number > 1 else "",
        back_url=words.plans_url(plan.referral),
        pdf=words.pdf_link(plan, selectors.document_of(plan, plan.referral.person.communication_format)),
    )
    return TemplateResponse(request, f"{FOLDER}/plan.html", context)


@requires(Permission.VIEW_BUDGETS)
@require_http_methods(FORMS)
def pdf(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """The PDF of a signed version in the person's format, which is made when it is asked for. The read is logged."""
    user: Any = request.user
    plan = found_plan(request, reference, number)
    found = selectors.document_of(plan, plan.referral.person.communication_format)
    if request.method == "POST" or found is None:
        return _ask_for_pdf(request, plan)
    audit.record_read(user, plan, person=plan.referral.person)
    headers = {"Content-Disposition": f'inline; filename="{found.document.filename}"'}
    return HttpResponse(bytes(found.document.content), content_type=found.document.media_type, headers=headers)


def _ask_for_pdf(request: HttpRequest, plan: SupportPlan) -> HttpResponse:
    """Ask for the PDF, and go to where its making is seen."""
    if request.method != "POST":
        messages.warning(request, "This PDF is not made yet")
        return redirect(words.plan_url(plan))
    try:
        job = documents.request_pdf(plan=plan, by=request.user)  # type: ignore[arg-type]
    except BudgetRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(words.plan_url(plan))
    return redirect("phb_register:job", job.reference)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def compare(request: HttpRequest, reference: uuid.UUID, number: int, other: int) -> HttpResponse:
    """What changed from another version to this one. The read is logged."""
    user: Any = request.user
    plan, earlier, today = found_plan(request, reference, number), found_plan(request, reference, other), clock.today()
    audit.record_read(user, plan, person=plan.referral.person)
    found = changes_between(words.content_of(earlier, today), words.content_of(plan, today))
    context = about(plan, other=earlier, tables=words.changes_tables(found, earlier.number, plan.number))
    return TemplateResponse(request, f"{FOLDER}/compare.html", context)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
@draft_page
def propose(request: HttpRequest, plan: SupportPlan) -> HttpResponse:
    """Propose a draft for signing: what is missing is listed at once, each with the page where it is put right."""
    form = ProposeForm(posted(request))
    problems = section_problems(selectors.facts_of(plan), clock.today())
    if request.method == "POST":
        try:
            service.propose_plan(plan=plan, by=request.user)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, "The plan is proposed. Both sides can sign it now")
            return redirect(words.plan_url(plan))
    context = about(plan, problems=problem_links(plan, problems), form=form, back_url=words.plan_url(plan, "write"))
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, f"{FOLDER}/propose.html", context, status=status)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
def withdraw(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """Give up a draft or a proposed version, with the reason."""
    plan = found_plan(request, reference, number, Permission.PLAN_BUDGETS)
    if step_for("withdraw", plan.status) is None:
        messages.warning(request, f"Version {plan.number} is {plan.get_status_display().lower()}. It is not withdrawn")
        return redirect(words.plan_url(plan))
    form = WithdrawPlanForm(posted(request))
    if form.is_valid():
        try:
            service.withdraw_plan(plan=plan, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The version is withdrawn. The next draft starts from it")
            return redirect(words.plans_url(plan.referral))
    return form_page(request, f"{FOLDER}/step.html", form, about(plan, title=f"Withdraw version {plan.number}"))


def _referral(request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS) -> Referral:
    user: Any = request.user
    found: Referral = or_404(selectors.planned_referral(user, reference, permission), "accepted referral")
    return found
