"""Where an offer is written: the list of offers, one offer, its preview, its sections."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from offers import figures
from offers.exceptions import EditConflict
from offers.forms.offers import OfferForm
from offers.forms.sections import SectionForm
from offers.models import LocalOffer, OfferSection
from offers.presenters import pages as presenter
from offers.presenters.writing import figure_choices
from offers.rules.text import render
from offers.selectors import content, pages
from offers.services import sections as service
from offers.services.offers import create_offer
from offers.views.support import attempt, offer_or_404, user_of
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse


@requires(Permission.VIEW_OFFERS)
@require_safe
def your_offers(request: HttpRequest) -> HttpResponse:
    """The offers the user works on."""
    context = {
        "offers": pages.offers_of(request.user),
        "may_start": pages.commissioners_without_offer(request.user).exists(),
    }
    return TemplateResponse(request, "offers/your_offers.html", context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def start_offer(request: HttpRequest) -> HttpResponse:
    """Start the local offer of a commissioner that has none."""
    form = OfferForm(request.POST or None, user=request.user)
    if form.is_valid():
        offer = attempt(form, lambda: create_offer(by=user_of(request), **form.cleaned_data))
        if offer is not None:
            return redirect("offers:workshop", offer.slug)
    return form_page(request, "offers/start_offer.html", form)


@requires(Permission.VIEW_OFFERS)
@require_safe
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of one offer: its sections, its timeline, its editions."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    return TemplateResponse(request, "offers/workshop.html", presenter.workshop(offer, request.user))


@requires(Permission.VIEW_OFFERS)
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The offer as it would be published now."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    return TemplateResponse(request, "offers/preview.html", presenter.preview(offer, today=clock.today()))


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def write_section(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Write one section; the Preview button shows it without saving."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    section: OfferSection = or_404(pages.section_of(offer, kind), "section")
    initial = {"heading": section.heading, "body": section.body, "version": section.version}
    form = SectionForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return _section_page(request, offer, form)
    if "preview" in request.POST:
        values = content.figure_texts(offer, form.cleaned_data["body"], today=clock.today())
        return _section_page(request, offer, form, preview=render(form.cleaned_data["body"], values))
    return _save_section(request, offer, section, form)


def _save_section(request: HttpRequest, offer: LocalOffer, section: OfferSection, form: SectionForm) -> HttpResponse:
    cleaned = form.cleaned_data | {"expected_version": form.cleaned_data["version"], "by": user_of(request)}
    del cleaned["version"]
    try:
        saved = attempt(form, lambda: service.save_section(section=section, **cleaned))
    except EditConflict as conflict:
        form = SectionForm({**request.POST.dict(), "version": conflict.current_version})
        refuse(form, conflict)
        return _section_page(request, offer, form, theirs=section, status=409)
    if saved is None:
        return _section_page(request, offer, form)
    messages.success(request, f"“{saved.heading}” is saved")
    return redirect("offers:workshop", offer.slug)


def _section_page(
    request: HttpRequest, offer: LocalOffer, form: SectionForm, *, status: int | None = None, **more: Any
) -> HttpResponse:
    context = {"offer": offer, "form": form, "figures": figure_choices(figures.known()), **more}
    code = status or (422 if form.is_bound and form.errors else 200)
    return TemplateResponse(request, "offers/write_section.html", context, status=code)
