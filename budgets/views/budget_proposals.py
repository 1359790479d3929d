"""Proposing a budget, the page of a proposal, and each step it takes."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms import budget_proposals as forms
from budgets.forms.agreement import BudgetForm
from budgets.models import BudgetProposal
from budgets.policies import agreement as policies
from budgets.presenters import budget_proposals as words
from budgets.presenters.sections import sections_of
from budgets.rules import proposal_states as steps
from budgets.rules.proposal_states import ProposalKind, ProposalStep
from budgets.rules.proposals import Terms
from budgets.selectors import budget_proposals as selectors
from budgets.selectors.agreed_budgets import agreed_before, agreed_budgets_of
from budgets.selectors.personal_health_budgets import budget_from
from budgets.selectors.proposal_starts import confirmation_terms, start_of
from budgets.services import budget_proposals as service
from eligibility.models import Referral
from eligibility.selectors.referrals import reconsideration_route
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import person_rows
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, page_of

FORMS = ["GET", "POST"]
FOLDER = "budgets/proposals"
SECTION = "proposals"
LIST = "budget-proposals"


@requires(Permission.VIEW_BUDGETS)
@require_safe
def budget_proposals(request: HttpRequest) -> HttpResponse:
    """Every proposal the user may see, by status and kind; the one that changed last first."""
    user: Any = request.user
    form = forms.ProposalFilterForm(request.GET if request.GET else {})
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = selectors.filtered(user, chosen.get("status", ""), chosen.get("kind", ""))
    page = page_of(request, rows)
    audit.record_list(user, LIST, [each.referral.person for each in page])
    context = {
        "filter_form": form,
        "table": words.proposals_table(page, clock.today()),
        "page": page,
        "links": words.page_links(page, request.GET.copy()),
    }
    return TemplateResponse(request, f"{FOLDER}/list.html", context, status=422 if form.errors else 200)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def proposals_of_referral(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What was proposed and agreed from a referral, and the button that proposes. The read is logged."""
    user: Any = request.user
    referral = or_404(selectors.referral_of_proposals(user, reference), "referral")
    audit.record_read(user, referral, person=referral.person)
    phb, proposals = budget_from(referral), selectors.proposals_of(referral)
    agreed = agreed_budgets_of(phb) if phb else []
    context = {
        "referral": referral,
        "sections": sections_of(user, referral, SECTION, phb=phb),
        "proposals": words.numbered_table(proposals) if proposals else None,
        "agreed": words.agreed_table(agreed) if agreed else None,
        "is_unconfirmed": bool(agreed) and agreed[0].proposal_id is None,
        "can_propose": policies.can_propose(user, referral),
        "can_confirm": policies.can_confirm(user, referral),
    }
    return TemplateResponse(request, f"{FOLDER}/of_referral.html", context)


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def propose(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Propose a first budget from an accepted referral, or a change or correction of the one there is."""
    user: Any = request.user
    referral = or_404(selectors.referral_to_propose(user, reference), "referral")
    if not policies.can_propose(user, referral):
        return _instead_of_proposing(request, referral)
    start = start_of(referral, clock.today())
    initial = forms.ProposalForm.initial_of(start.given, start.methods, start.shares)
    form = forms.ProposalForm(_posted(request), today=clock.today(), is_first=start.is_first, initial=initial)
    if form.is_valid():
        made = _prepared(request, referral, form, form.proposed_kind, form.terms())
        if made is not None:
            return made
    context = {"referral": referral, "rows": person_rows(referral.person, clock.today()), **words.beside(start)}
    return form_page(request, f"{FOLDER}/propose.html", form, context)


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def confirm(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Propose that a budget that was agreed elsewhere or before be approved here as it stands."""
    user: Any = request.user
    referral = or_404(selectors.referral_to_propose(user, reference), "referral")
    phb = budget_from(referral)
    if phb is None or not policies.can_confirm(user, referral):
        return _instead_of_proposing(request, referral)
    form = forms.ConfirmForm(_posted(request), today=clock.today(), initial={"key": uuid.uuid4()})
    if form.is_valid():
        told = form.cleaned_data
        terms = confirmation_terms(phb, told["reason"], is_free_of_orders=told["is_free_of_orders"])
        made = _prepared(request, referral, form, ProposalKind.CONFIRMATION, terms)
        if made is not None:
            return made
    context = {"referral": referral, "rows": words.standing_rows(phb)}
    return form_page(request, f"{FOLDER}/confirm.html", form, context)


def _prepared(
    request: HttpRequest, referral: Referral, form: BudgetForm, kind: ProposalKind, terms: Terms
) -> HttpResponse | None:
    """To the page of the proposal that was kept; None where it was refused, which the form then shows."""
    given: dict[str, Any] = {"kind": kind, "terms": terms, "by": request.user, "key": form.cleaned_data["key"]}
    made = _kept(form, lambda: service.prepare_proposal(referral=referral, **given))
    if made is None:
        return None
    messages.success(request, "The proposal is saved. Submit it when it is complete")
    return redirect(words.proposal_url(made))


def _instead_of_proposing(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The proposal that is open, or the page that says what was agreed, or the referral with the reason."""
    open_one = selectors.open_proposal_of(referral)
    if open_one is not None:
        return redirect(words.proposal_url(open_one))
    if budget_from(referral) is not None:
        return redirect("budgets:proposals", referral.reference)
    messages.error(request, "Accept the referral first. A budget is proposed from an accepted referral")
    return redirect("eligibility:referral", referral.reference)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def budget_proposal(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One proposal: what is proposed, what it is measured by, what was decided. The read is logged."""
    user: Any = request.user
    found = _found(request, reference)
    audit.record_read(user, found, person=found.referral.person)
    context = {
        "proposal": found,
        "referral": found.referral,
        "sections": sections_of(user, found.referral, SECTION),
        "tag": words.status_tag(found),
        "rows": _rows(found),
        "methods": words.methods_table(found),
        "shares": words.shares_table(found),
        "decision": words.decision_rows(found),
        "panels": words.items_table(selectors.items_of(found)),
        "history": words.history(selectors.transitions_of(found)),
        "buttons": words.step_buttons(found, selectors.steps_for(user, found)),
        "is_own": words.is_for_somebody_else(found, user.pk in selectors.authors_of(found)),
    }
    return TemplateResponse(request, f"{FOLDER}/proposal.html", context)


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def change(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Change a draft. A confirmation has nothing to change."""
    found = _found(request, reference)
    if steps.CHANGE not in selectors.steps_for(request.user, found) or found.kind == ProposalKind.CONFIRMATION:  # type: ignore[arg-type]
        messages.warning(request, "This proposal cannot be changed now")
        return redirect(words.proposal_url(found))
    initial = forms.ProposalForm.initial_of(
        forms.initial_of_proposal(found), selectors.methods_of(found), selectors.shares_of(found)
    )
    is_first = found.kind == ProposalKind.FIRST
    form = forms.ProposalForm(_posted(request), today=clock.today(), is_first=is_first, initial=initial)
    user: Any = request.user
    act = service.change_proposal
    return _act(request, found, form, steps.CHANGE, lambda: act(proposal=found, terms=form.terms(), by=user))


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def submit(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Send the proposal to the lead nurse, or to the risk panel where it is above the delegated limit."""
    found, user = _found(request, reference), request.user
    form = forms.SubmitForm(_posted(request))
    return _act(request, found, form, steps.SUBMIT, lambda: service.submit_proposal(proposal=found, by=user))  # type: ignore[arg-type]


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def revise(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take up again what was sent back."""
    found, user = _found(request, reference), request.user
    form = forms.ReviseForm(_posted(request))
    return _act(request, found, form, steps.REVISE, lambda: service.revise_proposal(proposal=found, by=user))  # type: ignore[arg-type]


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(FORMS)
def withdraw(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take the proposal back."""
    return _with_reason(request, reference, steps.WITHDRAW, "Why is it withdrawn?", service.withdraw_proposal)


@requires(Permission.APPROVE_BUDGETS)
@require_http_methods(FORMS)
def approve(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Approve a proposal within the delegated limit."""
    found = _found(request, reference)
    form = forms.ApproveForm(_posted(request))
    user: Any = request.user
    act = service.approve_proposal
    return _act(request, found, form, steps.APPROVE, lambda: act(proposal=found, by=user, **form.cleaned_data))


@requires(Permission.APPROVE_BUDGETS)
@require_http_methods(FORMS)
def return_(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Send the proposal back to the team."""
    return _with_reason(request, reference, steps.RETURN, "What is to be changed?", service.return_proposal)


@requires(Permission.APPROVE_BUDGETS)
@require_http_methods(FORMS)
def refer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Send the proposal to the risk panel, by exception."""
    return _with_reason(request, reference, steps.REFER, "Why should the risk panel decide?", service.refer_proposal)


@requires(Permission.APPROVE_BUDGETS)
@require_http_methods(FORMS)
def decline(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Decline the proposal, with reasons and how to have it looked at again."""
    found = _found(request, reference)
    form = forms.DeclineForm(_posted(request), initial={"reconsideration_route": reconsideration_route(found.referral)})
    user: Any = request.user
    act = service.decline_proposal
    return _act(request, found, form, steps.DECLINE, lambda: act(proposal=found, by=user, **form.cleaned_data))


def _with_reason(
    request: HttpRequest, reference: uuid.UUID, step: ProposalStep, label: str, act: Callable[..., Any]
) -> HttpResponse:
    """A step that says why."""
    found = _found(request, reference)
    form = forms.ReasonForm(_posted(request), label=label, submit_text=step.label)
    return _act(request, found, form, step, lambda: act(proposal=found, by=request.user, **form.cleaned_data))


def _act(
    request: HttpRequest, found: BudgetProposal, form: BudgetForm, step: ProposalStep, act: Callable[[], Any]
) -> HttpResponse:
    """Show the form, or do what it says. What cannot be done leads back to the page, which shows why."""
    if step not in selectors.steps_for(request.user, found):  # type: ignore[arg-type]
        messages.warning(request, f"You cannot do that. This proposal is: {found.get_status_display().lower()}")
        return redirect(words.proposal_url(found))
    if form.is_valid() and _kept(form, act) is not None:
        messages.success(request, words.DONE[step.action])
        return redirect(words.proposal_url(found))
    context = {
        "proposal": found,
        "heading": step.label,
        "rows": _rows(found),
        "is_change": step is steps.CHANGE,
    }
    return form_page(request, f"{FOLDER}/step.html", form, context)


def _rows(found: BudgetProposal) -> list[dict[str, Any]]:
    conditions = selectors.conditions_on_direct_payment(found.referral)
    return words.proposal_rows(found, conditions, before=agreed_before(found))


def _kept(form: BudgetForm, act: Callable[[], Any]) -> Any:
    """What the service made; None where it refused, which the form then shows."""
    try:
        return act()
    except BudgetRefused as refusal:
        form.show(refusal)
        return None


def _found(request: HttpRequest, reference: uuid.UUID) -> BudgetProposal:
    user: Any = request.user
    found: BudgetProposal = or_404(selectors.proposal_for(user, reference), "budget proposal")
    return found


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing."""
    return request.POST if request.method == "POST" else None
