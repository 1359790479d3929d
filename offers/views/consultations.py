"""The team's side of a consultation: opened, lengthened, users invited, comments read and answered."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from offers import policies
from offers.forms.consultations import InviteForm, LengthenForm, OpenConsultationForm, form_for_step
from offers.models import Consultation, ConsultationComment
from offers.presenters import consultation_pages as pages
from offers.presenters import consultations as presenter
from offers.presenters.wording import CONFIRMATIONS
from offers.rules.editions import Verb
from offers.selectors import consultations as selector
from offers.services import comments as comment_service
from offers.services import consultations as service
from offers.views.support import attempt, edition_or_404, user_of
from phb_register import clock
from phb_register.access import requires
from phb_register.presenters import counted, page_links
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, page_of

STEPS: dict[str, Callable[..., ConsultationComment]] = {
    "show": comment_service.show_comment,
    "set-aside": comment_service.set_aside_comment,
    "answer": comment_service.answer_comment,
}


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def open_consultation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put a draft to the public."""
    edition = edition_or_404(request, Permission.WRITE_OFFERS, slug, number)
    possible = {move.verb for move in policies.possible_moves(request.user, edition)}
    if Verb.OPEN_CONSULTATION not in possible and request.method != "POST":
        return redirect("offers:edition-progress", slug, number)
    today, words = clock.today(), CONFIRMATIONS[Verb.OPEN_CONSULTATION]
    sent = request.POST if request.method == "POST" else None
    form = OpenConsultationForm(sent, initial={"opens_on": today}, today=today)
    if form.is_valid():
        act = partial(service.open_consultation, edition=edition, by=user_of(request), **form.cleaned_data)
        opened = attempt(form, act)
        if opened is not None:
            messages.success(request, words.done.format(number=number))
            return redirect("offers:run-consultation", slug, opened.number)
    context = {
        "back_url": reverse("offers:edition-progress", args=[slug, number]),
        "heading": words.heading.format(number=number),
        "explanation": words.explanation,
    }
    return form_page(request, "offers/consultations/form.html", form, context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def run_consultation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Where a consultation stands, who is invited, and what was said."""
    consultation = _consultation(request, Permission.VIEW_OFFERS, slug, number)
    found = page_of(request, selector.comments_of(consultation, request.GET.get("status", "")))
    context = pages.desk(consultation, list(found), request.user, clock.today())
    context |= {"pagination": page_links(found, request.get_full_path()) if found.has_other_pages() else None}
    context |= {"status": request.GET.get("status", "")}
    return TemplateResponse(request, "offers/consultations/desk.html", context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def lengthen(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give the public more time."""
    consultation = _consultation(request, Permission.WRITE_OFFERS, slug, number)
    sent = request.POST if request.method == "POST" else None
    form = LengthenForm(sent, initial={"closes_on": consultation.closes_on}, today=clock.today())
    if form.is_valid():
        act = partial(service.lengthen_consultation, consultation=consultation, by=user_of(request))
        longer = attempt(form, partial(act, **form.cleaned_data))
        if longer is not None:
            messages.success(request, f"Comments are taken {presenter.days(longer)}")
            return redirect("offers:run-consultation", slug, number)
    return _desk_form(request, form, consultation, "Give people more time", "The last day can only be made later.")


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask users for a comment."""
    consultation = _consultation(request, Permission.WRITE_OFFERS, slug, number)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = partial(service.invite, consultation=consultation, by=user_of(request), **form.cleaned_data)
        invited = attempt(form, act)
        if invited is not None:
            messages.success(request, f"{counted(len(invited), 'invitation is', 'invitations are')} on the way")
            return redirect("offers:run-consultation", slug, number)
    why = "Each user gets an e-mail with a link, and finds the consultation on their list of work."
    return _desk_form(request, form, consultation, "Invite users to comment", why)


@requires(Permission.VIEW_OFFERS)
@require_safe
def comment(request: HttpRequest, slug: str, reference: UUID) -> HttpResponse:
    """One comment: what was said, what is shown of it, and what was answered."""
    found = _comment(request, Permission.VIEW_OFFERS, slug, reference)
    return TemplateResponse(request, "offers/consultations/comment.html", pages.comment_page(found, request.user))


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def comment_step(request: HttpRequest, slug: str, reference: UUID, verb: str) -> HttpResponse:
    """Show a comment, set it aside, or answer it."""
    if verb not in STEPS:
        raise Http404("There is no such step")
    found = _comment(request, Permission.WRITE_OFFERS, slug, reference)
    form = form_for_step(verb, found, request.POST if request.method == "POST" else None)
    heading, done = presenter.STEP_WORDS[verb]
    if form.is_valid():
        taken = attempt(form, partial(STEPS[verb], comment=found, by=user_of(request), **form.cleaned_data))
        if taken is not None:
            messages.success(request, done)
            return redirect("offers:run-consultation", slug, found.consultation.number)
    context = pages.comment_page(found, request.user) | {
        "heading": heading,
        "back_url": reverse("offers:comment", args=[slug, reference]),
    }
    return form_page(request, "offers/consultations/step.html", form, context)


def _consultation(request: HttpRequest, permission: Permission, slug: str, number: int) -> Consultation:
    found: Consultation = or_404(selector.consultation_of(request.user, permission, slug, number), "consultation")
    return found


def _comment(request: HttpRequest, permission: Permission, slug: str, reference: UUID) -> ConsultationComment:
    found: ConsultationComment = or_404(selector.comment_of(request.user, permission, slug, reference), "comment")
    return found


def _desk_form(
    request: HttpRequest, form: Any, consultation: Consultation, heading: str, explanation: str
) -> HttpResponse:
    slug = consultation.local_offer.slug
    back = reverse("offers:run-consultation", args=[slug, consultation.number])
    context = {"back_url": back, "heading": heading, "explanation": explanation}
    return form_page(request, "offers/consultations/form.html", form, context)
