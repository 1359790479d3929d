"""Letters: writing one, its page, its PDF and text, and recording that it was sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eligibility.forms.letters import KindForm, LetterForm, SentForm
from eligibility.models import Letter
from eligibility.presenters import letters as presenter
from eligibility.rules.letter_kinds import asked_slots
from eligibility.selectors import letter_texts
from eligibility.selectors import letters as selectors
from eligibility.selectors.letters import LetterCase
from eligibility.services import letters as service
from eligibility.views.support import posted
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page, or_404, refuse

FORMS = ["GET", "POST"]


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def write_letter(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Write a letter about a referral."""
    return _choose_and_write(request, or_404(selectors.case_for(request.user, reference), "referral"))  # type: ignore[arg-type]


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def write_letter_to_person(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Write a letter to a person who was not referred."""
    return _choose_and_write(request, or_404(selectors.person_case_for(request.user, reference), "person"))  # type: ignore[arg-type]


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def replace_letter(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Write a letter in the place of one with a mistake in it."""
    letter = _letter(request, reference, Permission.DECIDE_REFERRALS)
    case = selectors.case_of_letter(letter)
    if letter.kind not in case.kinds or presenter.replacement_of(letter) is not None:
        messages.warning(request, "This letter cannot be replaced now. Look at what was decided and written since")
        return redirect("eligibility:letter", reference)
    return _write(request, case, letter.kind, replaces=letter)


@requires(Permission.VIEW_REFERRALS)
@require_safe
def letter(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One letter as it was written. The read is logged."""
    found = _letter(request, reference)
    audit.record_read(request.user, found, person=found.person)  # type: ignore[arg-type]
    job = selectors.pdf_job(found) if found.pdf_id is None else None
    context = presenter.letter_page(
        found, job=job, may_write=can(request.user, Permission.DECIDE_REFERRALS, found.commissioner)
    )
    return TemplateResponse(request, "eligibility/letters/letter.html", context)


@requires(Permission.VIEW_REFERRALS)
@require_safe
def letter_pdf(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The PDF of a letter. The read is logged."""
    found = _letter(request, reference)
    content = or_404(selectors.pdf_content(found), "PDF yet")
    return _file(request, found, content, "application/pdf", found.pdf.filename if found.pdf else "letter.pdf")


@requires(Permission.VIEW_REFERRALS)
@require_safe
def letter_text(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The words of a letter alone, for whoever transcribes it. The read is logged."""
    found = _letter(request, reference)
    filename = f"letter-{found.reference.hex[:8]}.txt"
    return _file(request, found, presenter.text_of(found).encode(), "text/plain; charset=utf-8", filename)


@requires(Permission.VIEW_REFERRALS)
@require_POST
def make_letter_pdf(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Ask again for a PDF that could not be made."""
    found = _letter(request, reference)
    if found.pdf_id is not None:
        return redirect("eligibility:letter", reference)
    service.request_pdf(letter=found, by=request.user)  # type: ignore[arg-type]
    messages.success(request, "The PDF is being made")
    return redirect("eligibility:letter", reference)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def letter_sent(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that a letter was sent."""
    found = _letter(request, reference, Permission.DECIDE_REFERRALS)
    today = clock.today()
    form = SentForm(posted(request), today=today, initial={"sent_on": today})
    if form.is_valid():
        try:
            service.record_sent(letter=found, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The letter is recorded as sent")
            return redirect("eligibility:letter", reference)
    return form_page(request, "eligibility/letters/sent.html", form, {"letter": found})


def _letter(request: HttpRequest, reference: uuid.UUID, permission: Permission | None = None) -> Letter:
    found: Letter = or_404(selectors.letter_for(request.user, reference, permission), "letter")  # type: ignore[arg-type]
    return found


def _file(request: HttpRequest, letter: Letter, content: bytes, media_type: str, filename: str) -> HttpResponse:
    audit.record_read(request.user, letter, person=letter.person)  # type: ignore[arg-type]
    headers = {"Content-Disposition": f'inline; filename="{filename}"', "Content-Length": str(len(content))}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _choose_and_write(request: HttpRequest, case: LetterCase) -> HttpResponse:
    """The letter that the address names; else the choice of those that fit the case."""
    kind = request.GET.get("kind", "")
    if kind in case.kinds:
        return _write(request, case, kind)
    choices = [(each.value, each.label) for each in case.kinds]
    form = KindForm(request.GET if kind else None, kinds=choices)
    context = {
        "about": presenter.about(case),
        "need": presenter.need_of(case.person),
        "back_url": presenter.case_url(case),
        "has_choice": bool(choices),
    }
    return form_page(request, "eligibility/letters/choose.html", form, context)


def _write(request: HttpRequest, case: LetterCase, kind: str, *, replaces: Letter | None = None) -> HttpResponse:
    """The page on which a letter is written: shown filled in, previewed, or saved."""
    template = letter_texts.template_for_case(case, kind, clock.today())
    initial = letter_texts.initial_of(case, template, by=request.user, on=clock.today(), replaces=replaces)  # type: ignore[arg-type]
    form = LetterForm(
        posted(request),
        today=clock.today(),
        initial={"key": uuid.uuid4(), **initial},
        asked=asked_slots(kind),
        is_replacement=replaces is not None,
    )
    acting = selectors.representatives_of(case.person, clock.today())
    context = {**presenter.writing_page(case, kind, template, initial["body"], acting), "replaces": replaces}
    if form.is_valid():
        try:
            if "preview" in request.POST:
                context["preview"] = presenter.preview(_finished(request, case, kind, form))
            else:
                return _saved(request, service.write_letter(**_arguments(request, case, kind, form, replaces)))
        except Refused as refusal:
            refuse(form, refusal)
    current = selectors.current_letter(case, kind) if replaces is None else None
    context["current_url"] = presenter.letter_url(current) if current else None
    return form_page(request, "eligibility/letters/write.html", form, context)


def _saved(request: HttpRequest, letter: Letter) -> HttpResponse:
    messages.success(request, "The letter is written. Its PDF is being made")
    return redirect("eligibility:letter", letter.reference)


def _finished(request: HttpRequest, case: LetterCase, kind: str, form: LetterForm) -> letter_texts.LetterText:
    cleaned = form.cleaned_data
    return letter_texts.finished_text(
        case,
        kind,
        heading=cleaned["heading"],
        body=cleaned["body"],
        address=cleaned["address"],
        asked=form.asked_values(),
        by=request.user,  # type: ignore[arg-type]
        on=clock.today(),
    )


def _arguments(
    request: HttpRequest, case: LetterCase, kind: str, form: LetterForm, replaces: Letter | None
) -> dict[str, Any]:
    cleaned = form.cleaned_data
    return {
        "kind": kind,
        "by": request.user,
        "key": cleaned["key"],
        "referral": case.referral,
        "person": case.person,
        "address": cleaned["address"],
        "heading": cleaned["heading"],
        "body": cleaned["body"],
        "asked": form.asked_values(),
        "template": selectors.template_by_pk(cleaned["template"], kind, case.wording),
        "replaces": replaces,
        "replacement_reason": cleaned.get("replacement_reason", ""),
    }
