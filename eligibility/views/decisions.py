"""Deciding a referral: accept, accept in part, decline; withdrawing it, and reopening it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eligibility.exceptions import TransitionNotAllowed
from eligibility.forms.decisions import AcceptForm, AcceptInPartForm, DatedForm, DeclineForm, WithdrawForm
from eligibility.forms.work import ReopenForm
from eligibility.models import Referral
from eligibility.policies import actions_for
from eligibility.presenters.answers import answer_view
from eligibility.presenters.referrals import DONE, referral_rows
from eligibility.rules import Answer
from eligibility.rules import referral_states as states
from eligibility.selectors.referrals import (
    cohorts_found,
    cohorts_to_choose,
    has_right_to_have,
    latest_screening,
    reconsideration_route,
    referral_for,
)
from eligibility.services import referrals as service
from eligibility.views.support import posted
from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse

FORMS = ["GET", "POST"]
Act = Callable[..., Referral]


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def accept(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Accept a referral into a cohort."""
    referral = _referral(request, reference)
    screening = latest_screening(referral)
    form = AcceptForm(
        posted(request),
        today=clock.today(),
        cohorts=cohorts_to_choose(referral, screening),
        is_note_needed=not cohorts_found(screening),
        route=reconsideration_route(referral),
    )
    return _act(request, referral, form, states.ACCEPT, service.accept_referral)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def accept_in_part(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Accept a referral for part of the care, and refuse the rest with reasons."""
    referral = _referral(request, reference)
    screening = latest_screening(referral)
    form = AcceptInPartForm(
        posted(request),
        today=clock.today(),
        cohorts=cohorts_to_choose(referral, screening),
        is_right_to_have=has_right_to_have(screening),
        route=reconsideration_route(referral),
    )
    return _act(request, referral, form, states.ACCEPT_IN_PART, service.accept_referral_in_part)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def decline(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Decline all of a referral, with reasons."""
    referral = _referral(request, reference)
    form = DeclineForm(
        posted(request),
        today=clock.today(),
        is_right_to_have=has_right_to_have(latest_screening(referral)),
        route=reconsideration_route(referral),
    )
    return _act(request, referral, form, states.DECLINE, service.decline_referral)


@requires(Permission.VIEW_REFERRALS)
@require_http_methods(FORMS)
def withdraw(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Withdraw a referral that waits for a decision."""
    form = WithdrawForm(posted(request), today=clock.today())
    return _act(request, _referral(request, reference), form, states.WITHDRAW, service.withdraw_referral)


@requires(Permission.VIEW_REFERRALS)
@require_http_methods(FORMS)
def reopen(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Reopen a referral that was withdrawn: it waits for a decision again, and its clock goes on."""
    form = ReopenForm(posted(request), today=clock.today())
    return _act(request, _referral(request, reference), form, states.REOPEN, service.reopen_referral)


def _referral(request: HttpRequest, reference: uuid.UUID) -> Referral:
    found: Referral = or_404(referral_for(request.user, reference), "referral")  # type: ignore[arg-type]
    return found


def _act(
    request: HttpRequest, referral: Referral, form: DatedForm, transition: states.Transition, act: Act
) -> HttpResponse:
    """Show the form, or do what it says. What can no longer be done leads back to the referral, which shows why."""
    if transition not in actions_for(request.user, referral):  # type: ignore[arg-type]
        messages.warning(request, f"This referral is {referral.get_status_display().lower()}: you cannot do that now")
        return redirect("eligibility:referral", referral.reference)
    if form.is_valid():
        try:
            act(referral=referral, by=request.user, **form.decision())
        except TransitionNotAllowed as refusal:
            messages.warning(request, str(refusal))
            return redirect("eligibility:referral", referral.reference)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, DONE[transition.action])
            return redirect("eligibility:referral", referral.reference)
    return form_page(request, "eligibility/decide.html", form, _context(referral, transition))


def _context(referral: Referral, transition: states.Transition) -> dict[str, Any]:
    screening = latest_screening(referral)
    return {
        "referral": referral,
        "heading": f"{transition.label} this referral",
        "is_in_part": transition is states.ACCEPT_IN_PART,
        "rows": referral_rows(referral),
        "answer": answer_view(Answer.from_dict(screening.answer)) if screening else None,
        "is_refusal": transition in (states.DECLINE, states.ACCEPT_IN_PART),
        "is_right_to_have": has_right_to_have(screening),
    }
