"""A stored screening, unchanged; and screening a referral again."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eligibility import policies
from eligibility.forms.screening_again import ScreenAgainForm
from eligibility.models import Referral, ScreeningDraft
from eligibility.presenters.answers import answer_view
from eligibility.presenters.forming import forming_view
from eligibility.presenters.referrals import referral_url
from eligibility.presenters.screenings import (
    facts_as_kept,
    facts_to_ask,
    facts_to_check,
    not_known_as_kept,
    screening_rows,
    screening_url,
)
from eligibility.rules import Answer
from eligibility.rules.question_pages import BUDGET_PAGE
from eligibility.selectors.referrals import referral_for
from eligibility.selectors.screenings import (
    forming_again,
    screening_again,
    screening_draft_for,
    screening_draft_of,
    screening_for,
)
from eligibility.services import screening_again as service
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse

from .questions import is_question, questions_form, questions_of
from .support import posted

FORMS = ["GET", "POST"]


@requires(Permission.VIEW_REFERRALS)
@require_safe
def screening(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One stored answer, as it was given. The read is logged."""
    found = or_404(screening_for(request.user, reference), "screening")  # type: ignore[arg-type]
    audit.record_read(request.user, found, person=found.referral.person)  # type: ignore[arg-type]
    context = {
        "screening": found,
        "rows": screening_rows(found),
        "answer": answer_view(Answer.from_dict(found.answer)),
        "facts": facts_as_kept(found),
        "not_known": not_known_as_kept(found),
        "back_url": referral_url(found.referral),
    }
    return TemplateResponse(request, "eligibility/screenings/screening.html", context)


@requires(Permission.VIEW_REFERRALS)
@require_http_methods(FORMS)
def screen_again(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Begin: as on which day, and why. One that is half filled in goes on."""
    referral: Referral = or_404(referral_for(request.user, reference), "referral")  # type: ignore[arg-type]
    unfinished = screening_draft_of(request.user, referral)  # type: ignore[arg-type]
    initial = (
        {"assessed_on": unfinished.assessed_on, "reason": unfinished.reason}
        if unfinished
        else {"assessed_on": clock.today()}
    )
    form = ScreenAgainForm(posted(request), initial=initial, today=clock.today())
    if form.is_valid() and (done := _start(request, referral, form)):
        return done
    context = {
        "referral": referral,
        "is_possible": policies.may_screen_again(request.user, referral),  # type: ignore[arg-type]
        "back_url": referral_url(referral),
    }
    return form_page(request, "eligibility/screenings/start.html", form, context)


def _start(request: HttpRequest, referral: Referral, form: ScreenAgainForm) -> HttpResponse | None:
    try:
        draft = service.start_screening_again(referral=referral, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except Refused as refusal:
        refuse(form, refusal)
        return None
    return redirect("eligibility:screening-draft", draft.reference)


def own_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the user's own unfinished screening; one that is finished by now leads to its page."""

    @wraps(view)
    def run(request: HttpRequest, reference: uuid.UUID, **rest: Any) -> HttpResponse:
        draft = screening_draft_for(request.user, reference)  # type: ignore[arg-type]
        if draft is not None:
            return view(request, draft, **rest)
        return redirect(screening_url(or_404(screening_for(request.user, reference), "screening")))  # type: ignore[arg-type]

    return run


@requires(Permission.VIEW_REFERRALS)
@require_http_methods(FORMS)
@own_draft
def unfinished(request: HttpRequest, draft: ScreeningDraft) -> HttpResponse:
    """What is known now, what has changed, and the answer as it forms; the button stores it."""
    if request.method == "POST":
        return _finish(request, draft)
    again = screening_again(draft)
    context = {
        "draft": draft,
        "facts": facts_to_check(again),
        "questions": facts_to_ask(again),
        "so_far": forming_view(again.forming),
        "again_url": reverse("eligibility:screen-again", args=[draft.referral.reference]),
        "back_url": referral_url(draft.referral),
    }
    return TemplateResponse(request, "eligibility/screenings/unfinished.html", context)


def _finish(request: HttpRequest, draft: ScreeningDraft) -> HttpResponse:
    try:
        made = service.finish_screening_again(draft=draft, by=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(referral_url(draft.referral))
    messages.success(request, "The referral is screened again")
    return redirect(screening_url(made))


@requires(Permission.VIEW_REFERRALS)
@require_http_methods(FORMS)
@own_draft
def question(request: HttpRequest, draft: ScreeningDraft, code: str) -> HttpResponse:
    """One page of questions; back to what is known once it is answered."""
    overview = reverse("eligibility:screening-draft", args=[draft.reference])
    form, forming = _form(request, draft, code)
    if form.is_valid():
        service.answer_again(draft=draft, by=request.user, answers=form.answers())  # type: ignore[arg-type]
        return redirect(overview)
    context = {
        "caption": "Screening again:",
        "name": draft.referral.person.display_name,
        "is_budget": code == BUDGET_PAGE,
        "so_far": forming_view(forming, form.questions),
        "back_url": overview,
    }
    return form_page(request, "eligibility/questions.html", form, context)


@requires(Permission.VIEW_REFERRALS)
@require_POST
@own_draft
def so_far(request: HttpRequest, draft: ScreeningDraft, code: str) -> HttpResponse:
    """The answer so far with the answers picked on a page that is not sent yet. Nothing is kept."""
    form, _ = _form(request, draft, code)
    forming = forming_again(draft, {**draft.facts, **form.picked()})
    context = {"so_far": forming_view(forming, form.questions)}
    return TemplateResponse(request, "eligibility/includes/so_far.html", context)


def _form(request: HttpRequest, draft: ScreeningDraft, code: str) -> tuple[Any, Any]:
    forming = forming_again(draft, draft.facts)
    asked = questions_of(forming, code) if is_question(code) else []
    if not asked:
        raise Http404("There is no such question")
    so_far_url = reverse("eligibility:screening-draft-so-far", args=[draft.reference, code])
    return questions_form(request, code, asked, draft.facts, so_far_url=so_far_url), forming


@requires(Permission.VIEW_REFERRALS)
@require_http_methods(FORMS)
@own_draft
def discard(request: HttpRequest, draft: ScreeningDraft) -> HttpResponse:
    """Delete an unfinished screening, after asking."""
    if request.method == "POST":
        service.discard_screening_again(draft=draft, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "The unfinished screening is deleted")
        return redirect(referral_url(draft.referral))
    context = {"draft": draft, "back_url": reverse("eligibility:screening-draft", args=[draft.reference])}
    return TemplateResponse(request, "eligibility/screenings/discard.html", context)
