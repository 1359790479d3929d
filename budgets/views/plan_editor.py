"""Writing a draft of a support plan: the task list, a small page for each section, a page for each line."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.plan_lines import LineForm, OutcomeForm, RiskForm, ServiceForm, TaskForm
from budgets.forms.support_plans import SECTION_FORMS, FeaturesForm, PlanForm
from budgets.models import SupportPlan
from budgets.models.plan_parts import PlanPart
from budgets.presenters import plan_editor as words
from budgets.presenters.support_plans import plan_url
from budgets.rules.plan_features import checklist
from budgets.rules.plan_sections import LISTS, TITLES, PlanSection, section_states
from budgets.selectors.plan_lines import line_of, service_choices
from budgets.selectors.support_plans import facts_of
from budgets.services import plan_lines as line_service
from budgets.services import support_plans as service
from budgets.views.plan_support import FOLDER, FORMS, about, draft_page, posted, show_refusal
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import summary
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page

LINE_FORMS: dict[PlanSection, type[LineForm]] = {
    PlanSection.OUTCOMES: OutcomeForm,
    PlanSection.RISKS: RiskForm,
    PlanSection.DELEGATED_TASKS: TaskForm,
}
#: Where a page that belongs to a list of lines leads back to.
_BELONGS = {
    PlanSection.NO_SERVICES: PlanSection.SERVICES,
    PlanSection.PAYMENTS: PlanSection.SERVICES,
    PlanSection.NO_RISKS: PlanSection.RISKS,
}


@requires(Permission.PLAN_BUDGETS)
@require_safe
@draft_page
def write(request: HttpRequest, plan: SupportPlan) -> HttpResponse:
    """The task list of a draft. The read is logged."""
    user: Any = request.user
    audit.record_read(user, plan, person=plan.referral.person)
    states = section_states(facts_of(plan), clock.today())
    context = about(plan, groups=words.task_lists(plan, states), propose_url=plan_url(plan, "propose"))
    return TemplateResponse(request, f"{FOLDER}/write.html", context)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
@draft_page
def section(request: HttpRequest, plan: SupportPlan, section: str) -> HttpResponse:
    """A section of a draft: its form, or the list of its lines."""
    code = _section(section)
    if code in LISTS:
        return _lines(request, plan, code)
    if code is PlanSection.FEATURES:
        return _features(request, plan)
    initial = {name: getattr(plan, name) for name in service.SECTION_FIELDS[code]}
    revision = plan.revision_of(code)
    form = SECTION_FORMS[code](posted(request), today=clock.today(), initial={**initial, "revision": revision})
    save = partial(service.write_section, section=code)
    return _form(request, plan, code, form, lambda: save(plan=plan, values=form.values(), **_token(request, form)))


def _features(request: HttpRequest, plan: SupportPlan) -> HttpResponse:
    code = PlanSection.FEATURES
    answered = {each.code: "yes" if each.is_met else "no" for each in plan.features.all()}
    notes = {f"{each.code}_note": each.note for each in plan.features.all()}
    initial = {**answered, **notes, "revision": plan.revision_of(code)}
    form = FeaturesForm(posted(request), checklist=checklist(plan.checklist), initial=initial)
    save = service.answer_features
    return _form(request, plan, code, form, lambda: save(plan=plan, answers=form.answers(), **_token(request, form)))


def _token(request: HttpRequest, form: PlanForm) -> dict[str, Any]:
    return {"revision": form.cleaned_data["revision"], "by": request.user}


def _form(request: HttpRequest, plan: SupportPlan, code: PlanSection, form: PlanForm, save: Any) -> HttpResponse:
    """Show the form of a section, or save it and go back to where it belongs."""
    parent = _BELONGS.get(code)
    back = words.section_url(plan, parent) if parent else plan_url(plan, "write")
    context = about(plan, title=TITLES[code], back_url=back)
    if form.is_valid():
        try:
            save()
        except BudgetRefused as refusal:
            context |= show_refusal(form, refusal)
            plan.refresh_from_db()
            context["saved"] = words.saved_rows(form.fields, plan)
        else:
            messages.success(request, "Saved")
            return redirect(back)
    return form_page(request, f"{FOLDER}/section.html", form, context)


def _lines(request: HttpRequest, plan: SupportPlan, code: PlanSection) -> HttpResponse:
    facts = facts_of(plan)
    context = about(
        plan,
        title=TITLES[code],
        introduction=words.INTRODUCTIONS[code],
        lines=words.line_views(plan, code, clock.today(), may_approve=_may_approve(request, plan)),
        add_text=f"Add {words.ONE[code]}",
        add_url=plan_url(plan, "add", code.value),
        beside=words.beside_links(plan, code, has_direct_payment=facts.has_direct_payment),
        back_url=plan_url(plan, "write"),
    )
    return TemplateResponse(request, f"{FOLDER}/lines.html", context)


def _may_approve(request: HttpRequest, plan: SupportPlan) -> bool:
    return can(request.user, Permission.APPROVE_BUDGETS, plan.referral.commissioner)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
@draft_page
def add(request: HttpRequest, plan: SupportPlan, section: str) -> HttpResponse:
    """Add a line to a section."""
    code = _list(section)
    form = _line_form(request, plan, code, None)
    title = f"Add {words.ONE[code]}"

    def save() -> PlanPart:
        user: Any = request.user
        key, values = form.cleaned_data["key"], form.values()
        return line_service.add_line(plan=plan, section=code, key=key, values=values, by=user)

    return _line_page(request, plan, code, form, title, save)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
@draft_page
def line(request: HttpRequest, plan: SupportPlan, section: str, key: uuid.UUID) -> HttpResponse:
    """Change a line of a section; one that is gone leads back to the others."""
    code = _list(section)
    held = line_of(plan, code, key)
    if held is None:
        return _gone(request, plan, code)
    form = _line_form(request, plan, code, held)

    def save() -> PlanPart:
        values, token = form.values(), _token(request, form)
        return line_service.change_line(plan=plan, section=code, key=key, values=values, **token)

    return _line_page(request, plan, code, form, f"Change {words.ONE[code]}", save)


def _line_form(request: HttpRequest, plan: SupportPlan, code: PlanSection, held: PlanPart | None) -> LineForm:
    if code is PlanSection.SERVICES:
        choices = service_choices(plan, clock.today())
        return ServiceForm(posted(request), initial=ServiceForm.initial_of(held), **choices)
    kind = LINE_FORMS[code]
    return kind(posted(request), initial=kind.initial_of(held))


def _line_page(
    request: HttpRequest, plan: SupportPlan, code: PlanSection, form: LineForm, title: str, save: Any
) -> HttpResponse:
    """Show the form of a line, or save it and go back to the list. Nothing typed is lost where it cannot be."""
    back = words.section_url(plan, code)
    context = about(plan, title=title, back_url=back)
    if form.is_valid():
        try:
            save()
        except BudgetRefused as refusal:
            context |= show_refusal(form, refusal)
            held = line_of(plan, code, form.cleaned_data["key"])
            context["saved"] = words.saved_rows(form.fields, held) if held else []
        else:
            messages.success(request, "Saved")
            return redirect(back)
    return form_page(request, f"{FOLDER}/section.html", form, context)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(FORMS)
@draft_page
def remove(request: HttpRequest, plan: SupportPlan, section: str, key: uuid.UUID) -> HttpResponse:
    """Take a line out of a draft, once its author has seen what is lost."""
    code = _list(section)
    held = line_of(plan, code, key)
    if held is None:
        return _gone(request, plan, code)
    back = words.section_url(plan, code)
    if request.method == "POST":
        try:
            line_service.remove_line(plan=plan, section=code, key=key, by=request.user)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "Removed")
        return redirect(back)
    rows = summary(words.line_rows(held, clock.today()))
    context = about(plan, title=f"Remove {words.ONE[code]}", line=words.line_title(held), rows=rows, back_url=back)
    return TemplateResponse(request, f"{FOLDER}/remove.html", context)


def _gone(request: HttpRequest, plan: SupportPlan, code: PlanSection) -> HttpResponse:
    messages.warning(request, "This line was removed meanwhile")
    return redirect(words.section_url(plan, code))


def _section(code: str) -> PlanSection:
    if code not in list(PlanSection):
        raise Http404("There is no such section")
    return PlanSection(code)


def _list(code: str) -> PlanSection:
    found = _section(code)
    if found not in LISTS:
        raise Http404("There is no such list of lines")
    return found
