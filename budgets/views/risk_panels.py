"""The meetings of the risk panel: planning one, its agenda, who was there, and what was decided."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms import risk_panels as forms
from budgets.forms.agreement import BudgetForm
from budgets.models import PanelItem, RiskPanel
from budgets.presenters import risk_panels as words
from budgets.presenters.budget_proposals import panel_url, proposal_rows
from budgets.selectors import risk_panels as selectors
from budgets.selectors.agreed_budgets import agreed_before
from budgets.selectors.budget_proposals import conditions_on_direct_payment
from budgets.services import risk_panels as service
from eligibility.selectors.referrals import reconsideration_route
from phb_register import audit, clock, scope
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, page_of

FORMS = ["GET", "POST"]
FOLDER = "budgets/panels"


@requires(Permission.VIEW_BUDGETS)
@require_safe
def risk_panels(request: HttpRequest) -> HttpResponse:
    """The meetings of the user's commissioners, the latest first."""
    user: Any = request.user
    page = page_of(request, selectors.panels_of(user))
    context = {
        "table": words.panels_table(page),
        "page": page,
        "can_plan": scope.can(user, Permission.DECIDE_AT_PANEL),
    }
    return TemplateResponse(request, f"{FOLDER}/list.html", context)


@requires(Permission.DECIDE_AT_PANEL)
@require_http_methods(FORMS)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    user: Any = request.user
    commissioners = selectors.panel_commissioners(user)
    form = forms.PlanPanelForm(_posted(request), today=clock.today(), commissioners=commissioners)
    if form.is_valid():
        panel = service.plan_panel(by=user, **form.panel())
        messages.success(request, "The meeting is planned")
        return redirect(panel_url(panel))
    return form_page(request, f"{FOLDER}/plan.html", form)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def risk_panel(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One meeting with its agenda, to read, to print and to work through. The reads are logged."""
    user: Any = request.user
    panel = _found(request, reference)
    items = selectors.items_on(panel)
    audit.record_list(user, "risk-panel", [each.proposal.referral.person for each in items])
    may_decide = scope.can(user, Permission.DECIDE_AT_PANEL, panel.commissioner)
    context = {
        "panel": panel,
        "tag": words.status_tag(panel),
        "rows": words.panel_rows(panel),
        "items": words.agenda(panel, items, may_decide=may_decide),
        "buttons": words.step_buttons(panel, selectors.panel_steps_for(user, panel)) if may_decide else [],
    }
    return TemplateResponse(request, f"{FOLDER}/panel.html", context)


@requires(Permission.DECIDE_AT_PANEL)
@require_http_methods(FORMS)
def agenda(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Put proposals that wait on the agenda."""
    user: Any = request.user
    panel = _found(request, reference, Permission.DECIDE_AT_PANEL)
    waiting = selectors.waiting_for_panel(panel)
    if not waiting:
        messages.warning(request, "No proposal waits for this meeting")
        return redirect(panel_url(panel))
    form = forms.AgendaForm(_posted(request), waiting=words.choices(waiting))
    done = "The agenda is changed"
    return _act(request, panel, form, "Agenda", done, lambda: _add(panel, form, user))


def _add(panel: RiskPanel, form: forms.AgendaForm, user: Any) -> Any:
    return service.add_items(panel=panel, proposals=form.chosen(), by=user)


@requires(Permission.DECIDE_AT_PANEL)
@require_http_methods(FORMS)
def present(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record who was present."""
    user: Any = request.user
    panel = _found(request, reference, Permission.DECIDE_AT_PANEL)
    users = selectors.panellists(panel, clock.today())
    form = forms.PresentForm(_posted(request), users=users)

    def act() -> Any:
        return service.hold_panel(panel=panel, present=form.present(), by=user)

    return _act(request, panel, form, "Who was present", "Who was present is recorded", act)


@requires(Permission.DECIDE_AT_PANEL)
@require_http_methods(FORMS)
def cancel(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Cancel a meeting."""
    user: Any = request.user
    panel = _found(request, reference, Permission.DECIDE_AT_PANEL)
    form = forms.CancelPanelForm(_posted(request))

    def act() -> Any:
        return service.cancel_panel(panel=panel, by=user)

    return _act(request, panel, form, "Cancel the meeting", "The meeting is cancelled", act)


@requires(Permission.DECIDE_AT_PANEL)
@require_http_methods(FORMS)
def decide(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """Record what the panel decided on one item."""
    user: Any = request.user
    panel = _found(request, reference, Permission.DECIDE_AT_PANEL)
    item: PanelItem = or_404(selectors.item_on(panel, pk), "item")
    referral = item.proposal.referral
    if request.method == "GET":
        audit.record_read(user, item.proposal, person=referral.person)
    initial = {"reconsideration_route": reconsideration_route(referral)}
    form = forms.DecideItemForm(_posted(request), initial=initial)

    def act() -> Any:
        return service.decide_item(item=item, by=user, **form.given())

    rows = proposal_rows(item.proposal, conditions_on_direct_payment(referral), before=agreed_before(item.proposal))
    return _act(request, panel, form, f"Decide item {item.position}", "The decision is recorded", act, rows=rows)


@requires(Permission.DECIDE_AT_PANEL)
@require_POST
def remove(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """Take a proposal off the agenda."""
    panel = _found(request, reference, Permission.DECIDE_AT_PANEL)
    item = or_404(selectors.item_on(panel, pk), "item")
    try:
        service.remove_item(item=item, by=request.user)  # type: ignore[arg-type]
    except BudgetRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "The proposal is off the agenda")
    return redirect(panel_url(panel))


def _act(
    request: HttpRequest,
    panel: RiskPanel,
    form: BudgetForm,
    heading: str,
    done: str,
    act: Callable[[], Any],
    rows: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show the form, or do what it says."""
    if form.is_valid():
        try:
            act()
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, done)
            return redirect(panel_url(panel))
    return form_page(request, f"{FOLDER}/step.html", form, {"panel": panel, "heading": heading, "rows": rows})


def _found(request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS) -> RiskPanel:
    user: Any = request.user
    found: RiskPanel = or_404(selectors.panel_for(user, reference, permission), "meeting")
    return found


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing."""
    return request.POST if request.method == "POST" else None
