"""Where an offer is written: the list of offers, one offer, its preview."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from offers.forms.offers import OfferForm
from offers.presenters import pages as presenter
from offers.selectors import pages
from offers.services.offers import create_offer
from offers.views.support import attempt, offer_or_404, user_of
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page


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
