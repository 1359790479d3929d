"""What the PHB team does about a referral until it is decided: allocate, acknowledge, pause, resume, ask again."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eligibility.exceptions import TransitionNotAllowed
from eligibility.forms.work import AcknowledgeForm, AllocateForm, FollowUpForm, PauseForm, ResumeForm
from eligibility.models import Referral
from eligibility.policies import can_work_on
from eligibility.presenters.clocks import allocated_words, clock_rows
from eligibility.selectors.referrals import referral_for
from eligibility.selectors.team import team_of
from eligibility.services import clocks as service
from eligibility.services.allocation import allocate_referrals
from eligibility.views.support import posted
from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.forms import NhsForm
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse

FORMS = ["GET", "POST"]


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def acknowledge(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that the referral was acknowledged."""
    form = AcknowledgeForm(posted(request), today=clock.today())
    return _act(request, reference, form, "Acknowledge this referral", "Recorded", service.acknowledge_referral)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def pause(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Pause the clock, with the reason and the day to ask again."""
    form = PauseForm(posted(request), today=clock.today())
    return _act(request, reference, form, "Pause the clock", "The clock is paused", service.pause_referral, False)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def resume(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Let the clock go on."""
    form = ResumeForm(posted(request), today=clock.today())
    return _act(request, reference, form, "Let the clock go on", "The clock goes on", service.resume_referral, True)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def ask_again(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Put off a paused referral to another day."""
    form = FollowUpForm(posted(request), today=clock.today())
    return _act(
        request, reference, form, "Ask again on another day", "The day is changed", service.follow_up_later, True
    )


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def allocate(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Give the referral to a member of the team, or back to nobody."""
    referral = _referral(request, reference)
    user: Any = request.user
    team = team_of(referral, clock.today())
    form = AllocateForm(posted(request), team=team, user=user, held_by=referral.allocated_to_id)
    if form.is_valid() and can_work_on(user, referral):
        try:
            given = allocate_referrals(seen={referral.reference: form.was_with}, to=form.chosen, by=user)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            for level, text in allocated_words(given, form.chosen):
                messages.add_message(request, level, text)
            return redirect("eligibility:referral", reference)
    return _page(request, referral, form, "Allocate this referral")


def _referral(request: HttpRequest, reference: uuid.UUID) -> Referral:
    """The referral, if it is the user's to decide."""
    user: Any = request.user
    found: Referral = or_404(referral_for(user, reference, Permission.DECIDE_REFERRALS), "referral")
    return found


def _act(
    request: HttpRequest,
    reference: uuid.UUID,
    form: NhsForm,
    heading: str,
    done: str,
    act: Callable[..., Referral],
    is_paused: bool | None = None,
) -> HttpResponse:
    """Show the form, or do what it says. What can no longer be done leads back to the referral, which shows why.

    ``is_paused`` is whether the clock has to be paused for it, None where that does not matter.
    """
    referral = _referral(request, reference)
    if form.is_valid():
        try:
            act(referral=referral, by=request.user, **form.cleaned_data)
        except TransitionNotAllowed as refusal:
            messages.warning(request, str(refusal))
            return redirect("eligibility:referral", reference)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect("eligibility:referral", reference)
    if is_paused not in (None, referral.is_paused) and can_work_on(request.user, referral):  # type: ignore[arg-type]
        said = "paused already" if referral.is_paused else "not paused"
        messages.warning(request, f"The clock of this referral is {said}")
        return redirect("eligibility:referral", reference)
    return _page(request, referral, form, heading)


def _page(request: HttpRequest, referral: Referral, form: NhsForm, heading: str) -> HttpResponse:
    """The form; the referral instead where it no longer waits for a decision."""
    if not can_work_on(request.user, referral):  # type: ignore[arg-type]
        messages.warning(request, f"This referral is {referral.get_status_display().lower()}: you cannot do that now")
        return redirect("eligibility:referral", referral.reference)
    context = {"referral": referral, "heading": heading, "rows": clock_rows(referral, clock.today())}
    return form_page(request, "eligibility/work.html", form, context)
