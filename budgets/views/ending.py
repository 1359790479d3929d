"""The end of a PHB: recording it, taking it back, and reconciling what is left of the money."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.ending import EndForm, ReconcileForm, TakeBackEndForm
from budgets.models import BudgetClosure, PersonalHealthBudget
from budgets.policies import ending as policies
from budgets.presenters import ending as presenters
from budgets.selectors import closures as selectors
from budgets.selectors.ending import what_ends
from budgets.selectors.personal_health_budgets import budget_for
from budgets.services import closures, ending
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404

FORMS = ["GET", "POST"]


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def end(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """End a PHB with the reason, once the user was told what that does."""
    user: Any = request.user
    phb = _budget(request, reference)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, today=clock.today(), started_on=phb.started_on, died_on=phb.person.died_on)
    happens: list[str] = []
    if form.is_valid():
        try:
            ending.check_end(phb=phb, **form.ending())
            if form.is_checked:
                ending.end_budget(phb=phb, by=user, **form.ending())
                messages.success(request, "The personal health budget has ended")
                return redirect("budgets:personal-health-budget", reference)
            happens = _happens(phb, form)
        except BudgetRefused as refusal:
            form.show(refusal)
    return form_page(request, "budgets/end.html", form, {"phb": phb, "happens": happens})


def _happens(phb: PersonalHealthBudget, form: EndForm) -> list[str]:
    """What the end does, in sentences; the form then asks again."""
    form.ask_again()
    given = form.ending()
    return presenters.what_happens(what_ends(phb, given["ended_on"], clock.today()), given["reason"])


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def take_back_end(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take back an end that was recorded by mistake."""
    phb = _budget(request, reference)
    if not policies.can_take_back_end(request.user, phb):
        messages.warning(request, "There is no end that can be taken back now")
        return redirect("budgets:personal-health-budget", reference)
    form = TakeBackEndForm(request.POST if request.method == "POST" else None, today=clock.today())
    if form.is_valid():
        try:
            ending.take_back_end(phb=phb, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The end is taken back. Enter again what ended with it")
            return redirect("budgets:personal-health-budget", reference)
    return form_page(request, "budgets/take_back_end.html", form, {"phb": phb})


@requires(Permission.VIEW_BUDGETS)
@require_safe
def closure(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What is left of the money of a PHB that ended, and what was done about it. The read is logged."""
    user: Any = request.user
    found = _closure(request, reference, Permission.VIEW_BUDGETS)
    audit.record_read(user, found, person=found.phb.person)
    context = {
        "phb": found.phb,
        "tag": presenters.closure_tag(found),
        "rows": presenters.closure_rows(found),
        "facts": presenters.facts_rows(selectors.facts_of(found.phb, clock.today())),
        "is_done": found.final_balance is not None,
        "is_own": found.opened_by_id == user.pk and found.final_balance is None,
        "buttons": presenters.buttons(found, selectors.steps_for(user, found)),
        "history": presenters.history(selectors.transitions_of(found)),
    }
    return TemplateResponse(request, "budgets/closure.html", context)


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def reconcile(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Reconcile the money of a PHB that ended, by somebody who did not record the end."""
    user: Any = request.user
    found = _closure(request, reference, Permission.MONITOR_BUDGETS)
    form = ReconcileForm(request.POST if request.method == "POST" else None, today=clock.today())
    if form.is_valid():
        try:
            closures.reconcile_closure(closure=found, by=user, **form.reconciliation())
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The money is reconciled")
            return redirect("budgets:closure", reference)
    facts = presenters.facts_rows(selectors.facts_of(found.phb, clock.today()))
    return form_page(request, "budgets/reconcile.html", form, {"phb": found.phb, "facts": facts})


def _budget(request: HttpRequest, reference: uuid.UUID) -> PersonalHealthBudget:
    user: Any = request.user
    found: PersonalHealthBudget = or_404(
        budget_for(user, reference, Permission.MANAGE_BUDGETS), "personal health budget"
    )
    return found


def _closure(request: HttpRequest, reference: uuid.UUID, permission: Permission) -> BudgetClosure:
    user: Any = request.user
    found: BudgetClosure = or_404(selectors.closure_for(user, reference, permission), "closure")
    return found
