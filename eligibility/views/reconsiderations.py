"""Looking at a refusal again: recording that somebody asked, its page, and the steps it takes."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.exceptions import TransitionNotAllowed
from eligibility.forms.decisions import DatedForm
from eligibility.forms.reconsiderations import (
    DecideReconsiderationForm,
    NoticeForm,
    RequestReconsiderationForm,
    WithdrawReconsiderationForm,
)
from eligibility.models import Reconsideration
from eligibility.presenters.reconsiderations import (
    letter_url,
    reconsideration_history,
    reconsideration_rows,
    reconsideration_tag,
    refusal_words,
    step_buttons,
)
from eligibility.presenters.referrals import decision_rows
from eligibility.rules import reconsideration_states as steps
from eligibility.selectors.reconsiderations import (
    acting_for,
    decision_to_reconsider,
    may_write_letter,
    reconsideration_for,
    refusals_of,
    steps_for,
    transitions_of,
)
from eligibility.selectors.referrals import (
    cohorts_to_choose,
    has_right_to_have,
    latest_screening,
    reconsideration_route,
    referral_for,
)
from eligibility.services import reconsiderations as service
from eligibility.views.support import posted
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse

FORMS = ["GET", "POST"]
DONE = {
    "decide": "The reconsideration is decided",
    "give_notice": "The notice is recorded",
    "withdraw": "The request is withdrawn",
}


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
def request_reconsideration(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that somebody asked for the decision on a referral to be looked at again."""
    user: Any = request.user
    referral = or_404(referral_for(user, reference, Permission.MAKE_REFERRALS), "referral")
    decision = decision_to_reconsider(user, referral)
    if decision is None:
        messages.warning(request, "There is no refusal that can be looked at again now")
        return redirect("eligibility:referral", reference)
    form = RequestReconsiderationForm(
        posted(request),
        today=clock.today(),
        refusals=[(kind.value, refusal_words(decision, kind)) for kind in refusals_of(decision)],
        representatives=acting_for(referral.person),
    )
    if form.is_valid():
        try:
            asked = service.request_reconsideration(decision=decision, by=user, **form.decision())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The request is recorded")
            return redirect("eligibility:reconsideration", asked.reference)
    context = {"referral": referral, "decision": decision_rows(decision)}
    return form_page(request, "eligibility/reconsiderations/request.html", form, context)


@requires(Permission.VIEW_REFERRALS)
@require_safe
def reconsideration(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One reconsideration: what was asked, what became of it, what can be done. The read is logged."""
    user: Any = request.user
    found = _found(request, reference)
    audit.record_read(user, found, person=found.decision.referral.person)
    context = {
        "reconsideration": found,
        "referral": found.decision.referral,
        "tag": reconsideration_tag(found),
        "rows": reconsideration_rows(found, clock.today()),
        "decision": decision_rows(found.decision),
        "history": reconsideration_history(transitions_of(found)),
        "buttons": step_buttons(found, steps_for(user, found)),
        "is_own": found.decision.decided_by_id == user.pk and steps.DECIDE in steps.steps_from(found.status),
        "letter_url": letter_url(found) if may_write_letter(user, found) else "",
    }
    return TemplateResponse(request, "eligibility/reconsiderations/reconsideration.html", context)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def decide(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Uphold the refusal, or change it."""
    found = _found(request, reference)
    referral = found.decision.referral
    screening = latest_screening(referral)
    form = DecideReconsiderationForm(
        posted(request),
        today=clock.today(),
        refusal=found.refusal,
        cohorts=cohorts_to_choose(referral, screening),
        is_right_to_have=has_right_to_have(screening),
        route=found.decision.reconsideration_route or reconsideration_route(referral),
    )
    return _act(request, found, form, steps.DECIDE, service.decide_reconsideration)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def give_notice(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that the person was told the outcome in writing."""
    form = NoticeForm(posted(request), today=clock.today())
    return _act(request, _found(request, reference), form, steps.GIVE_NOTICE, service.give_notice)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
def withdraw(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that whoever asked no longer wants it looked at again."""
    form = WithdrawReconsiderationForm(posted(request), today=clock.today())
    return _act(request, _found(request, reference), form, steps.WITHDRAW, service.withdraw_reconsideration)


def _found(request: HttpRequest, reference: uuid.UUID) -> Reconsideration:
    found: Reconsideration = or_404(reconsideration_for(request.user, reference), "reconsideration")  # type: ignore[arg-type]
    return found


def _act(
    request: HttpRequest,
    found: Reconsideration,
    form: DatedForm,
    step: steps.ReconsiderationStep,
    act: Callable[..., Reconsideration],
) -> HttpResponse:
    """Show the form, or do what it says. What cannot be done leads back to the page, which shows why."""
    user: Any = request.user
    if step not in steps_for(user, found):
        messages.warning(request, f"This reconsideration is: {found.get_status_display().lower()}. You cannot do that")
        return redirect("eligibility:reconsideration", found.reference)
    if form.is_valid():
        try:
            act(reconsideration=found, by=user, **form.decision())
        except TransitionNotAllowed as refusal:
            messages.warning(request, str(refusal))
            return redirect("eligibility:reconsideration", found.reference)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, DONE[step.action])
            return redirect("eligibility:reconsideration", found.reference)
    context = {
        "reconsideration": found,
        "heading": step.label,
        "rows": reconsideration_rows(found, clock.today()),
        "is_decision": step is steps.DECIDE,
    }
    return form_page(request, "eligibility/reconsiderations/step.html", form, context)
