"""The life of an edition: started, submitted, returned, approved, published, withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from offers import policies
from offers.forms.editions import ApproveForm, EditionForm, ReasonForm
from offers.models import Edition
from offers.presenters import pages as presenter
from offers.presenters.wording import CONFIRMATIONS
from offers.rules.editions import TRANSITIONS, Transition, Verb
from offers.services import editions as service
from offers.services.consultations import close_consultation
from offers.services.publication import request_publication
from offers.views.support import attempt, edition_or_404, offer_or_404, user_of
from phb_register import clock
from phb_register.access import requires
from phb_register.forms import ConfirmForm
from phb_register.models import Job
from phb_register.roles import Permission
from phb_register.views.support import form_page

_SERVICES: dict[Verb, Callable[..., Edition | Job]] = {
    Verb.CLOSE_CONSULTATION: close_consultation,
    Verb.SUBMIT: service.submit,
    Verb.RETURN: service.return_to_author,
    Verb.APPROVE: service.approve,
    Verb.PUBLISH: request_publication,
    Verb.WITHDRAW: service.withdraw,
}
#: Moves that ask for more than a reason.
_FORMS: dict[Verb, type[ConfirmForm]] = {Verb.APPROVE: ApproveForm}
#: The first row of the table with a verb says what holds for all of them: the permission, the button, the reason.
_RULES: dict[Verb, Transition] = {move.verb: move for move in reversed(TRANSITIONS)}


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def start_edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the next edition."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    form = EditionForm(request.POST or None, initial={"title": offer.title}, today=clock.today())
    if form.is_valid():
        started = attempt(form, lambda: service.start_edition(offer=offer, by=user_of(request), **form.cleaned_data))
        if started is not None:
            return redirect("offers:edition-progress", slug, started.number)
    context = {"offer": offer, "heading": "Start a new edition", "back": reverse("offers:workshop", args=[slug])}
    return form_page(request, "offers/edition_form.html", form, context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def change_edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change a draft's title, or the day of its figures."""
    edition = edition_or_404(request, Permission.WRITE_OFFERS, slug, number)
    initial = {"title": edition.title, "figures_as_at": edition.figures_as_at}
    form = EditionForm(request.POST or None, initial=initial, today=clock.today())
    if form.is_valid():
        changed = attempt(
            form, lambda: service.change_edition(edition=edition, by=user_of(request), **form.cleaned_data)
        )
        if changed is not None:
            return redirect("offers:edition-progress", slug, number)
    back = reverse("offers:edition-progress", args=[slug, number])
    context = {"offer": edition.local_offer, "heading": f"Change edition {number}", "back": back}
    return form_page(request, "offers/edition_form.html", form, context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def edition_progress(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Where an edition stands, what happened to it, and what the user may do now."""
    edition = edition_or_404(request, Permission.VIEW_OFFERS, slug, number)
    return TemplateResponse(request, "offers/edition_progress.html", presenter.progress(edition, request.user))


def move_view(verb: Verb) -> Callable[..., HttpResponse]:
    """The confirm page of one move, for those with the permission that the transition table asks for."""
    permission = _RULES[verb].permission

    @requires(permission)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, slug: str, number: int) -> HttpResponse:
        edition = edition_or_404(request, permission, slug, number)
        possible = {move.verb for move in policies.possible_moves(request.user, edition)}
        if verb not in possible and request.method != "POST":
            return redirect("offers:edition-progress", slug, number)
        return _confirm(request, edition, verb)

    return view


def _confirm(request: HttpRequest, edition: Edition, verb: Verb) -> HttpResponse:
    rule, words = _RULES[verb], CONFIRMATIONS[verb]
    form_class = _FORMS.get(verb, ReasonForm if rule.needs_reason else ConfirmForm)
    form = form_class(request.POST if request.method == "POST" else None, button=rule.button, today=clock.today())
    if form.is_valid():
        moved = attempt(form, lambda: _SERVICES[verb](edition=edition, by=user_of(request), **form.cleaned_data))
        if moved is not None:
            messages.success(request, words.done.format(number=edition.number))
            return _after(edition, moved)
    heading = words.heading.format(number=edition.number)
    context = {"offer": edition.local_offer, "edition": edition, "heading": heading, "explanation": words.explanation}
    return form_page(request, "offers/confirm.html", form, context)


def _after(edition: Edition, moved: Edition | Job) -> HttpResponse:
    """To the job where one was asked for, else to the edition."""
    if isinstance(moved, Job):
        return redirect("phb_register:job", moved.reference)
    return redirect("offers:edition-progress", edition.local_offer.slug, edition.number)
