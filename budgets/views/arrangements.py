"""The page of a PHB's arrangements, and the forms in which they are made."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.enums import Method
from budgets.exceptions import BudgetRefused
from budgets.forms import arrangements as forms
from budgets.forms.agreement import BudgetForm
from budgets.models import DirectPaymentArrangement, PersonalHealthBudget, ThirdPartyArrangement
from budgets.policies import agreement as policies
from budgets.presenters import arrangements as presenters
from budgets.presenters.sections import sections_of
from budgets.selectors import arrangements as selectors
from budgets.selectors.personal_health_budgets import budget_for
from budgets.services import arrangements as services
from budgets.services import other_arrangements, stopping
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404

FORMS = ["GET", "POST"]
TEMPLATE = "budgets/arrangements/form.html"


@requires(Permission.VIEW_BUDGETS)
@require_safe
def arrangements(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What is arranged for a PHB, what is missing before it is paid, and what was before. The read is logged."""
    phb, user, today = _budget(request, reference, Permission.VIEW_BUDGETS), request.user, clock.today()
    audit.record_read(user, phb, person=phb.person)  # type: ignore[arg-type]
    now, may_write = selectors.arranged_now(phb), policies.can_end(user, phb)
    tasks = {
        method: presenters.task_list(now, method, selectors.missing_for(phb, method, today), may_write=may_write)
        for method in now.methods
        if method != Method.NOTIONAL
    }
    context = {
        "phb": phb,
        "sections": sections_of(user, phb.referral, "arrangements", phb=phb),  # type: ignore[arg-type]
        "tasks": [(method.label, tasks[method]) for method in tasks],
        "is_notional": now.methods == [Method.NOTIONAL],
        "current": presenters.current_lists(now),
        "stops": [presenters.stop_rows(stop) for stop in now.stops],
        "history": presenters.history_table(now),
        "buttons": presenters.buttons(now) if may_write else [],
    }
    return TemplateResponse(request, "budgets/arrangements/arrangements.html", context)


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def arrange_direct_payment(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record to whom a direct payment goes, and by whose consent."""
    phb = _budget(request, reference)
    people = selectors.acting_for(phb)
    form = forms.ArrangeDirectPaymentForm(_posted(request), today=clock.today(), representatives=people)
    return _act(
        request,
        phb,
        form,
        "Arrange a direct payment",
        lambda by: services.arrange_direct_payment(
            phb=phb, by=by, starts_on=form.cleaned_data["starts_on"], given=form.given()
        ),
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def complete_direct_payment(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Add what an arrangement lacks: consent, the agreements about a nominee, the DBS certificate."""
    found = _arrangement(request, DirectPaymentArrangement, reference)
    form = forms.CompleteDirectPaymentForm(_posted(request), today=clock.today(), arrangement=found)
    if not form.fields:
        messages.info(request, "Nothing is missing of this arrangement")
        return redirect(presenters.arrangements_url(found.phb))
    return _act(
        request,
        found.phb,
        form,
        "Add what was missing",
        lambda by: services.complete_direct_payment(arrangement=found, by=by, **form.cleaned_data),
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def approve_account(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Approve the account that a direct payment goes into."""
    found = _arrangement(request, DirectPaymentArrangement, reference)
    holders = selectors.organisations_for(found.phb, clock.today())
    form = forms.ApproveAccountForm(_posted(request), today=clock.today(), organisations=holders)
    return _act(
        request,
        found.phb,
        form,
        "Approve the account",
        lambda by: services.approve_account(arrangement=found, by=by, account=form.given()),
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def withdraw_nomination(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that a nomination was withdrawn."""
    found = _arrangement(request, DirectPaymentArrangement, reference)
    form = forms.WithdrawNominationForm(_posted(request), today=clock.today())
    return _act(
        request,
        found.phb,
        form,
        "Record that the nomination is withdrawn",
        lambda by: services.withdraw_nomination(arrangement=found, by=by, **form.cleaned_data),
        note="Nothing more is paid to the nominee from that day, and a review of the budget is asked for.",
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def arrange_third_party(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record the organisation that holds a third-party part."""
    phb = _budget(request, reference)
    holders = selectors.third_parties_for(phb, clock.today())
    form = forms.ThirdPartyForm(_posted(request), today=clock.today(), organisations=holders)
    return _act(
        request,
        phb,
        form,
        "Arrange a third party",
        lambda by: other_arrangements.arrange_third_party(phb=phb, by=by, **form.given()),
        note="Also called an individual service fund. An organisation that is not in the list is added first.",
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def sign_third_party(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that the agreement with a third party was signed."""
    found = _arrangement(request, ThirdPartyArrangement, reference)
    form = forms.SignThirdPartyForm(_posted(request), today=clock.today())
    return _act(
        request,
        found.phb,
        form,
        "Record the signed agreement",
        lambda by: other_arrangements.sign_third_party(arrangement=found, by=by, **form.cleaned_data),
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def arrange_wheelchair(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record a wheelchair of a personal wheelchair budget."""
    phb = _budget(request, reference)
    suppliers = selectors.organisations_for(phb, clock.today())
    form = forms.WheelchairForm(_posted(request), today=clock.today(), organisations=suppliers)
    return _act(
        request,
        phb,
        form,
        "Record a wheelchair",
        lambda by: other_arrangements.arrange_wheelchair(phb=phb, by=by, **form.given()),
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def stop_direct_payment(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Stop a direct payment; the budget goes on in another way."""
    phb = _budget(request, reference)
    form = forms.StopDirectPaymentForm(_posted(request), today=clock.today())
    return _act(
        request,
        phb,
        form,
        "Stop the direct payment",
        lambda by: stopping.stop_direct_payment(phb=phb, by=by, **form.given()),
        note="The personal health budget goes on with the same amount. Only how the money is managed changes.",
    )


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def finish_stop(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Manage the money in the other way, now that a direct payment has stopped."""
    phb = _budget(request, reference)
    stop = selectors.stop_to_finish(phb, clock.today())
    if stop is None and request.method == "GET":
        messages.info(request, "No direct payment of this budget waits to be replaced")
        return redirect(presenters.arrangements_url(phb))
    form = forms.FinishStopForm(_posted(request), today=clock.today())
    note = presenters.finish_words(stop) if stop else ""
    return _act(request, phb, form, "Go on in another way", lambda by: stopping.finish_stop(phb=phb, by=by), note=note)


def _act(
    request: HttpRequest,
    phb: PersonalHealthBudget,
    form: BudgetForm,
    title: str,
    act: Callable[[Any], Any],
    *,
    note: str = "",
) -> HttpResponse:
    """Show the form, or do what it says and go to the page of arrangements. What is refused stands on the form."""
    form.cancel_url = presenters.arrangements_url(phb)
    if form.is_valid():
        try:
            act(request.user)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "Saved")
            return redirect(form.cancel_url)
    context = {"phb": phb, "title": title, "note": note, "back_url": form.cancel_url}
    return form_page(request, TEMPLATE, form, context)


def _budget(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.MANAGE_BUDGETS
) -> PersonalHealthBudget:
    user: Any = request.user
    found: PersonalHealthBudget = or_404(budget_for(user, reference, permission), "personal health budget")
    return found


def _arrangement(request: HttpRequest, kind: Any, reference: uuid.UUID) -> Any:
    user: Any = request.user
    return or_404(selectors.arrangement_for(user, kind, reference), "arrangement")


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
