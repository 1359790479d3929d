"""The referral journey, page by page: find the person, answer, see the answer, check, submit."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eligibility.exceptions import PersonDiffers
from eligibility.forms.journey import (
    ConfirmPersonForm,
    FindByNameForm,
    FindByNumberForm,
    PersonDetailsForm,
    ReceivedForm,
    SubmitForm,
)
from eligibility.presenters.answers import answer_view
from eligibility.presenters.forming import forming_view
from eligibility.presenters.journey import check_sections, found_person_rows, named_rows, number_words
from eligibility.presenters.referrals import draft_name
from eligibility.rules.question_pages import BUDGET_PAGE
from eligibility.rules.referral_steps import Step, next_step
from eligibility.selectors.drafts import Journey, draft_for, identity_in_search, screening_with
from eligibility.selectors.forming import earlier_screening
from eligibility.selectors.referrals import referral_for, referrals_of
from eligibility.services import drafts as service
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import HeldElsewhere, Refused
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse

from .questions import is_question, questions_form, questions_of
from .support import draft_page, journey_page, onward, posted, step_url, submitted_url

FORMS = ["GET", "POST"]


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin: whom is the referral for? A draft exists from the first answer on."""
    return _begin(request, FindByNumberForm(posted(request)), "eligibility/find_by_number.html")


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
def new_without_number(request: HttpRequest) -> HttpResponse:
    """Begin with a name and a date of birth, because the NHS number is not known."""
    form = FindByNameForm(posted(request), today=clock.today())
    return _begin(request, form, "eligibility/find_by_name.html")


def _begin(request: HttpRequest, form: FindByNumberForm | FindByNameForm, template: str) -> HttpResponse:
    if form.is_valid():
        try:
            draft = service.start_draft(by=request.user, search=form.details())  # type: ignore[arg-type]
        except HeldElsewhere as refusal:
            refuse(form, refusal)
        else:
            return onward(request, draft)
    return form_page(request, template, form)


@requires(Permission.MAKE_REFERRALS)
@require_safe
def draft(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Resume: to the page where the draft was left."""
    found = or_404(draft_for(request.user, reference), "unfinished referral")  # type: ignore[arg-type]
    if found.referral is not None:
        return redirect(submitted_url(found.referral.reference))
    return onward(request, found)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.FIND)
def find(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Correct the NHS number that was looked for."""
    form = FindByNumberForm(posted(request), initial=journey.draft.details)
    return _find_again(request, journey, form, "eligibility/find_by_number.html")


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.FIND)
def find_without_number(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Look for the person by name and date of birth instead, or correct what was typed."""
    form = FindByNameForm(posted(request), initial=journey.draft.details, today=clock.today())
    return _find_again(request, journey, form, "eligibility/find_by_name.html")


def _find_again(
    request: HttpRequest, journey: Journey, form: FindByNumberForm | FindByNameForm, template: str
) -> HttpResponse:
    if form.is_valid():
        try:
            held = service.look_for_person(draft=journey.draft, by=request.user, search=form.details())  # type: ignore[arg-type]
        except HeldElsewhere as refusal:
            refuse(form, refusal)
        else:
            return onward(request, held)
    return journey_page(request, journey, template, {}, form)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.PERSON)
def person(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Is it the person found, or one of those who look alike? Showing them is a read of their records."""
    if not journey.people:
        return onward(request, journey.draft)
    form = ConfirmPersonForm(posted(request), people=journey.people, is_by_number=journey.is_by_number)
    if form.is_valid() and (done := _settle(request, journey, form)):
        return done
    context = {"found": _shown(request, journey), **number_words(journey)}
    return journey_page(request, journey, "eligibility/confirm_person.html", context, form)


def _settle(request: HttpRequest, journey: Journey, form: ConfirmPersonForm) -> HttpResponse | None:
    """Keep who the person is, and say where to go; None where it is refused and the form says why."""
    try:
        held = service.settle_person(
            draft=journey.draft,
            by=request.user,  # type: ignore[arg-type]
            person=form.chosen,
            others=journey.people,
        )
    except Refused as refusal:
        refuse(form, refusal)
        return None
    return onward(request, held)


def _shown(request: HttpRequest, journey: Journey) -> list[list[dict[str, Any]]]:
    """The rows of each person found. To show them is to read their records, which is logged."""
    for each in journey.people:
        audit.record_read(request.user, each)  # type: ignore[arg-type]
    return [
        found_person_rows(each, referrals_of(request.user, each))  # type: ignore[arg-type]
        for each in journey.people
    ]


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.DETAILS)
def details(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Describe a person who is not on the register yet."""
    if journey.draft.person is not None:
        return onward(request, journey.draft)
    named = identity_in_search(journey.draft)
    form = PersonDetailsForm(posted(request), initial=journey.draft.details, is_named=bool(named), today=clock.today())
    if form.is_valid():
        known = {**named, **form.details()}
        held = service.describe_person(draft=journey.draft, by=request.user, details=known)  # type: ignore[arg-type]
        return onward(request, held)
    context = {"named": named_rows(journey.draft) if named else []}
    return journey_page(request, journey, "eligibility/person_details.html", context, form)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.RECEIVED)
def received(request: HttpRequest, journey: Journey) -> HttpResponse:
    """When the referral was received; by which commissioner, where there is a choice."""
    form = ReceivedForm(
        posted(request), initial=_receipt(journey), commissioners=journey.commissioners, today=clock.today()
    )
    if form.is_valid():
        held = service.record_receipt(
            draft=journey.draft,
            by=request.user,  # type: ignore[arg-type]
            received_on=form.cleaned_data["received_on"],
            commissioner=form.chosen,
        )
        return onward(request, held)
    return journey_page(request, journey, "eligibility/received.html", {}, form)


def _receipt(journey: Journey) -> dict[str, Any]:
    return {
        "received_on": journey.draft.received_on,
        "commissioner": journey.commissioner.code if journey.commissioner else None,
    }


@requires(Permission.MAKE_REFERRALS)
@require_safe
@draft_page(Step.QUESTIONS)
def questions(request: HttpRequest, journey: Journey) -> HttpResponse:
    """To the questions that come next; to the answer when none is left."""
    screening = journey.screening
    if screening is None or not screening.has_questions_left:
        return onward(request, journey.draft)
    code = screening.next_questions[0].code if screening.next_questions else BUDGET_PAGE
    return redirect("eligibility:draft-question", journey.draft.reference, code)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.QUESTIONS)
def question(request: HttpRequest, journey: Journey, code: str) -> HttpResponse:
    """One page of questions, with the answer so far beside it."""
    screening = journey.screening
    if screening is None or not is_question(code):
        raise Http404("There is no such question")
    asked = questions_of(screening, code)
    if not asked:
        return onward(request, journey.draft)
    so_far_url = reverse("eligibility:draft-so-far", args=[journey.draft.reference, code])
    earlier = earlier_screening(request.user, journey.draft.person)  # type: ignore[arg-type]
    form = questions_form(request, code, asked, journey.draft.facts, so_far_url=so_far_url, earlier=earlier)
    if form.is_valid():
        held = service.answer_questions(draft=journey.draft, by=request.user, answers=form.answers())  # type: ignore[arg-type]
        return onward(request, held)
    context = {"so_far": forming_view(screening, form.questions), "is_budget": code == BUDGET_PAGE}
    return journey_page(
        request, journey, "eligibility/questions.html", {**context, "name": draft_name(journey.draft)}, form
    )


@requires(Permission.MAKE_REFERRALS)
@require_POST
@draft_page(Step.QUESTIONS)
def so_far(request: HttpRequest, journey: Journey, code: str) -> HttpResponse:
    """The answer so far with the answers picked on a page that is not sent yet. Nothing is kept."""
    if journey.screening is None or not is_question(code):
        raise Http404("There is no such question")
    asked = questions_of(journey.screening, code)
    picked = questions_form(request, code, asked, journey.draft.facts).picked()
    screening = screening_with(journey, picked)
    context = {"so_far": forming_view(screening, [fact.code for fact in asked])}
    return TemplateResponse(request, "eligibility/includes/so_far.html", context)


@requires(Permission.MAKE_REFERRALS)
@require_safe
@draft_page(Step.ANSWER)
def answer(request: HttpRequest, journey: Journey) -> HttpResponse:
    """What the person is entitled to and why."""
    assert journey.screening is not None  # noqa: S101  the page cannot be reached without
    context = {
        "answer": answer_view(journey.screening.answer),
        "name": draft_name(journey.draft),
        "next_url": step_url(journey.draft, Step.CHECK),
    }
    return journey_page(request, journey, "eligibility/answer.html", context)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.CHECK)
def check(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Check what was entered, and submit. The button pressed twice makes one referral."""
    assert journey.screening is not None  # noqa: S101  the page cannot be reached without
    form = SubmitForm(
        posted(request),
        initial={"note": journey.draft.note},
        is_note_needed=journey.screening.is_note_needed,
    )
    if form.is_valid() and (done := _submit(request, journey, form)):
        return done
    context = {
        "sections": check_sections(journey),
        "answer": answer_view(journey.screening.answer),
        "name": draft_name(journey.draft),
    }
    return journey_page(request, journey, "eligibility/check.html", context, form)


def _submit(request: HttpRequest, journey: Journey, form: SubmitForm) -> HttpResponse | None:
    """Submit, and say where to go; None where it is refused and the form says why."""
    asking = {"draft": journey.draft, "by": request.user}
    service.write_note(**asking, note=form.cleaned_data["note"])  # type: ignore[arg-type]
    try:
        return redirect(submitted_url(service.submit_draft(**asking).reference))  # type: ignore[arg-type]
    except PersonDiffers as refusal:
        messages.warning(request, str(refusal))
        return onward(request, service.look_again(**asking))  # type: ignore[arg-type]
    except Refused as refusal:
        refuse(form, refusal)
        return None


@requires(Permission.MAKE_REFERRALS)
@require_POST
@draft_page(Step.FIND)
def keep_typed(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Keep what stands on a page while it is filled in, so that it survives a sign-out. Sent by the page itself."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    service.keep_typed(draft=journey.draft, by=request.user, page=request.GET.get("page", ""), typed=typed)  # type: ignore[arg-type]
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
@draft_page(Step.FIND)
def discard(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Delete a draft, after asking."""
    if request.method == "POST":
        service.discard_draft(draft=journey.draft, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "The unfinished referral is deleted")
        return redirect("phb_register:home")
    context = {"name": draft_name(journey.draft), "back_url": step_url(journey.draft, next_step(journey.progress))}
    return journey_page(request, journey, "eligibility/discard.html", context)


@requires(Permission.MAKE_REFERRALS)
@require_safe
def submitted(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The referral is made: its reference, and what happens next."""
    referral = or_404(referral_for(request.user, reference), "referral")  # type: ignore[arg-type]
    context = {"referral": referral, "decide_by": spoken_date(referral.decision_due_on)}
    return TemplateResponse(request, "eligibility/submitted.html", context)
