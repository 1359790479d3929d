"""Where an offer's own cohorts are added and described."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from offers.forms.cohorts import CohortForm
from offers.models import Cohort
from offers.selectors import pages
from offers.services.cohorts import add_cohort, change_cohort
from offers.views.support import attempt, offer_or_404, user_of
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a cohort that the shared list does not have."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    form = CohortForm(request.POST or None)
    if form.is_valid():
        saved = attempt(form, partial(add_cohort, offer=offer, by=user_of(request), **form.cleaned_data))
        if saved is not None:
            messages.success(request, f"{saved.name} can now be put on the timeline and given a rule set")
            return redirect("offers:workshop", offer.slug)
    return form_page(request, "offers/cohort.html", form, {"offer": offer})


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Change what one of them is called, and who belongs to it."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    found: Cohort = or_404(pages.own_cohort(offer, code), "cohort")
    form = CohortForm(request.POST or None, initial={"name": found.name, "description": found.description})
    if form.is_valid():
        act = partial(change_cohort, cohort=found, offer=offer, by=user_of(request), **form.cleaned_data)
        saved = attempt(form, act)
        if saved is not None:
            messages.success(request, f"{saved.name} is saved")
            return redirect("offers:workshop", offer.slug)
    return form_page(request, "offers/cohort.html", form, {"offer": offer, "cohort": found})
