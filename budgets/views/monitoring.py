"""The monitoring of a PHB: how often returns are due, what is put by, what is unspent and what is to happen with it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.enums import Method
from budgets.forms.monitoring import (
    DecideSurplusForm,
    EndSavingForm,
    RiskLevelForm,
    SavingForm,
    StartMonitoringForm,
)
from budgets.models import Surplus
from budgets.presenters import monitoring as words
from budgets.presenters import recoveries as money_words
from budgets.presenters.sections import sections_of
from budgets.rules.surplus import SurplusDecision
from budgets.selectors import monitoring as selectors
from budgets.selectors.offsets import offsets_of
from budgets.selectors.recoveries import recoveries_of
from budgets.services import monitoring as service
from budgets.services import surplus as surplus_service
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import page_links, spoken_date
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import or_404, page_of

from .monitoring_support import FORMS, LIST_PAGE, RECORD_PAGE, act, found_budget, posted


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def monitoring(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What is known of the money of a PHB since it was paid. The read is logged."""
    user: Any = request.user
    phb, today = found_budget(request, reference, Permission.VIEW_PAYMENTS), clock.today()
    audit.record_read(user, phb, person=phb.person)
    may = can(user, Permission.MONITOR_BUDGETS, phb.commissioner)
    unspent, surpluses = selectors.surplus_of(phb, today), selectors.surpluses_of(phb)
    page = page_of(request, selectors.budget_returns(phb))
    context = {
        "phb": phb,
        "sections": sections_of(user, phb.referral, "monitoring", phb=phb),
        "schedules": words.schedule_table(selectors.schedules_of(phb), may_change=may),
        "methods": selectors.methods_to_monitor(phb) if may else [],
        "unspent": words.unspent_rows(unspent) if unspent else None,
        "is_over": any(not each.decision for each in surpluses),
        "surpluses": words.surpluses_table(surpluses, has_names=False),
        "returns": words.returns_table(page, today, has_names=False, caption="Monitoring returns"),
        "page": page,
        "pagination": page_links(page, request.get_full_path()),
        "savings": words.savings_table(selectors.savings_of(phb), may_end=may),
        "offsets": money_words.offsets_table(offsets_of(phb)),
        "recoveries": money_words.recoveries_table(recoveries_of(phb), today),
        "may_monitor": may,
    }
    return TemplateResponse(request, "budgets/monitoring/monitoring.html", context)


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def start_monitoring(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say how often returns are due."""
    user: Any = request.user
    phb = found_budget(request, reference)
    methods = selectors.methods_to_monitor(phb)
    first = selectors.first_paid_on(phb, methods[0]) if methods else None
    form = StartMonitoringForm(
        posted(request), today=clock.today(), methods=methods, initial={"starts_on": first or phb.started_on}
    )
    return act(
        request,
        form,
        lambda given: service.start_monitoring(phb=phb, by=user, **given),
        done="Returns are scheduled",
        to=words.monitoring_url(phb),
        page={"heading": "Schedule returns", "caption": phb.person, "back_url": words.monitoring_url(phb)},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def risk_level(request: HttpRequest, reference: uuid.UUID, method: str) -> HttpResponse:
    """Look at the money more closely, or less."""
    user: Any = request.user
    schedule = or_404(selectors.schedule_for(user, reference, method), "schedule of returns")
    phb = found_budget(request, reference)
    form = RiskLevelForm(posted(request), today=clock.today())
    said = f"{Method(schedule.method).label}, now: {schedule.get_risk_level_display()}"
    return act(
        request,
        form,
        lambda given: service.change_risk_level(schedule=schedule, by=user, **given),
        done="The risk level has changed",
        to=words.monitoring_url(phb),
        page={
            "heading": "Change the risk level",
            "caption": phb.person,
            "lead": said,
            "back_url": words.monitoring_url(phb),
        },
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def ring_fence(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Put money by for an agreed purpose."""
    user: Any = request.user
    phb = found_budget(request, reference)
    form = SavingForm(posted(request), today=clock.today(), initial={"key": uuid.uuid4()})
    return act(
        request,
        form,
        lambda given: surplus_service.ring_fence(phb=phb, by=user, **given),
        done="The money is put by",
        to=words.monitoring_url(phb),
        page={"heading": "Ring-fence a saving", "caption": phb.person, "back_url": words.monitoring_url(phb)},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def end_ring_fence(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """End a saving that was used or given up."""
    user: Any = request.user
    saving = or_404(selectors.saving_for(user, reference, pk), "ring-fenced saving")
    back = words.monitoring_url(saving.phb)
    form = EndSavingForm(posted(request), today=clock.today())
    return act(
        request,
        form,
        lambda given: surplus_service.end_ring_fence(saving=saving, by=user, **given),
        done="The saving has ended",
        to=back,
        page={"heading": f"End the saving: {saving.purpose}", "caption": saving.phb.person, "back_url": back},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_safe
def surpluses(request: HttpRequest) -> HttpResponse:
    """Every surplus that waits for a decision."""
    user: Any = request.user
    page = page_of(request, selectors.all_surpluses(user))
    audit.record_list(user, "surpluses", [row.monitoring_return.schedule.phb.person for row in page])
    context = {
        "heading": "Surpluses to look at",
        "list_code": "surpluses",
        "lead": "More is unspent than the commissioner’s threshold. A flag decides nothing: you do.",
        "table": words.surpluses_table(page) if page.object_list else None,
        "empty": "No surplus waits for a decision.",
        "page": page,
        "pagination": page_links(page, request.get_full_path()),
    }
    return TemplateResponse(request, LIST_PAGE, context)


@requires(Permission.VIEW_PAYMENTS)
@require_http_methods(FORMS)
def surplus(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One surplus: its figures, and the decision where it waits for one. The read is logged."""
    user: Any = request.user
    found: Surplus = or_404(selectors.surplus_for(user, reference), "surplus")
    phb = found.monitoring_return.schedule.phb
    context = {
        "heading": f"Surplus of {spoken_date(found.monitoring_return.last_on)}",
        "caption": phb.person,
        "back_url": words.monitoring_url(phb),
        "rows": words.surplus_rows(found),
        "links": [{"text": "The return it comes from", "href": words.return_url(found.monitoring_return)}],
    }
    may = can(user, Permission.MONITOR_BUDGETS, phb.commissioner)
    if not may or found.decision or not found.is_over:
        audit.record_read(user, found, person=phb.person)
        context["buttons"] = _next_steps(found) if may else []
        return TemplateResponse(request, RECORD_PAGE, context)
    form = DecideSurplusForm(posted(request), today=clock.today())
    if request.method == "GET":
        audit.record_read(user, found, person=phb.person)
    return act(
        request,
        form,
        lambda given: surplus_service.decide_surplus(surplus=found, by=user, **given),
        done="The decision is recorded",
        to=_next_url,
        page=context,
    )


def _next_url(decided: Surplus) -> str:
    """What follows from a decision: drafting, proposing, or nothing."""
    buttons = _next_steps(decided)
    return buttons[0]["href"] if buttons else words.surplus_url(decided)


def _next_steps(found: Surplus) -> list[dict[str, str]]:
    phb = found.monitoring_return.schedule.phb
    if found.decision == SurplusDecision.OFFSET:
        return [
            {"text": "Set it off against payments", "href": money_words.new_offset_url(phb, found.reference)},
        ]
    if found.decision == SurplusDecision.RECOVER:
        return [{"text": "Draft a recovery", "href": money_words.new_recovery_url(phb, found.reference)}]
    return []
