"""The life of an edition: started, submitted, returned, approved, published, withdrawn."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from offers import policies
from offers.forms import ConfirmForm, EditionForm, ReasonForm
from offers.models import Edition
from offers.presenters import editions as presenter
from offers.presenters.wording import CONFIRMATIONS
from offers.rules.editions import TRANSITIONS, Transition, Verb
from offers.selectors import pages
from offers.services import editions as service
from offers.services.publication import request_publication
from offers.views.writing import offer_or_404
from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import Job
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse

_SERVICES: dict[Verb, Callable[..., Edition | Job]] = {
    Verb.SUBMIT: service.submit,
    Verb.RETURN: service.return_to_author,
    Verb.APPROVE: service.approve,
    Verb.PUBLISH: request_publication,
    Verb.WITHDRAW: service.withdraw,
}


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def start_edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the next edition."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    form = EditionForm(request.POST or None, initial={"title": offer.title}, today=clock.today())
    if form.is_valid():
        try:
            edition = service.start_edition(offer=offer, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("offers:edition-progress", slug, edition.number)
    context = {"offer": offer, "heading": "Start a new edition", "back": reverse("offers:workshop", args=[slug])}
    return form_page(request, "offers/edition_form.html", form, context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def change_edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change a draft's title, or the day of its figures."""
    edition = _edition_or_404(request, Permission.WRITE_OFFERS, slug, number)
    initial = {"title": edition.title, "figures_as_at": edition.figures_as_at}
    form = EditionForm(request.POST or None, initial=initial, today=clock.today())
    if form.is_valid():
        try:
            service.change_edition(edition=edition, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("offers:edition-progress", slug, number)
    context = {
        "offer": edition.local_offer,
        "heading": f"Change edition {number}",
        "back": reverse("offers:edition-progress", args=[slug, number]),
    }
    return form_page(request, "offers/edition_form.html", form, context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def edition_progress(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Where an edition stands, what happened to it, and what the user may do now."""
    edition = _edition_or_404(request, Permission.VIEW_OFFERS, slug, number)
    running = pages.running_publication(edition)
    moves = [] if running else policies.possible_moves(request.user, edition)
    context = {
        "offer": edition.local_offer,
        "edition": edition,
        "tag": presenter.status_tag(edition),
        "facts": presenter.progress_facts(edition),
        "buttons": presenter.buttons(edition, moves),
        "may_change": any(move.verb == Verb.SUBMIT for move in moves),
        "failed": pages.failed_publication(edition),
        "job": running if running and running.requested_by_id == request.user.pk else None,
        "running": running,
        "history": presenter.history_table(pages.transitions_of(edition)),
    }
    return TemplateResponse(request, "offers/edition_progress.html", context)


def move_view(verb: Verb) -> Callable[..., HttpResponse]:
    """The confirm page of one move, for those with the permission that the transition table asks for."""
    permission = next(move.permission for move in TRANSITIONS if move.verb == verb)

    @requires(permission)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, slug: str, number: int) -> HttpResponse:
        edition = _edition_or_404(request, permission, slug, number)
        move = next((each for each in policies.possible_moves(request.user, edition) if each.verb == verb), None)
        if move is None and request.method != "POST":
            return redirect("offers:edition-progress", slug, number)
        return _confirm(request, edition, verb, move)

    return view


def _confirm(request: HttpRequest, edition: Edition, verb: Verb, move: Transition | None) -> HttpResponse:
    asks_why = any(each.needs_reason for each in TRANSITIONS if each.verb == verb)
    words = CONFIRMATIONS[verb]
    form_class = ReasonForm if asks_why else ConfirmForm
    form = form_class(request.POST if request.method == "POST" else None, button=_button(verb))
    if form.is_valid():
        try:
            result = _SERVICES[verb](edition=edition, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, words.done.format(number=edition.number))
            if isinstance(result, Job):
                return redirect("phb_register:job", result.reference)
            return redirect("offers:edition-progress", edition.local_offer.slug, edition.number)
    context: dict[str, Any] = {
        "offer": edition.local_offer,
        "edition": edition,
        "heading": words.heading.format(number=edition.number),
        "explanation": words.explanation,
    }
    return form_page(request, "offers/confirm.html", form, context)


def _button(verb: Verb) -> str:
    return next(move.button for move in TRANSITIONS if move.verb == verb)


def _edition_or_404(request: HttpRequest, permission: Permission, slug: str, number: int) -> Edition:
    offer = offer_or_404(request, permission, slug)
    found: Edition = or_404(pages.edition_of(offer, number), "edition")
    return found
