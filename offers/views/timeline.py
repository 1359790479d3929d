"""Where the timeline is edited: all of it on one sheet."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from offers.exceptions import TimelineConflict
from offers.forms.timeline import TimelineGrid
from offers.models import LocalOffer
from offers.presenters.timeline_grid import grid_page
from offers.rules.timeline_sheet import merged
from offers.selectors import pages
from offers.selectors.timeline import sheet_of
from offers.services.timeline import save_timeline
from offers.views.support import attempt, offer_or_404, user_of
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import refuse


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet. Saved as a whole; what somebody else saved meanwhile is shown with what was typed, never replaced."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    sent = request.POST if request.method == "POST" else None
    saved, cohorts = sheet_of(offer), pages.cohorts(offer)
    grid = TimelineGrid(sent, saved=saved, version=offer.timeline_version, cohorts=cohorts)
    if grid.is_valid():
        save = partial(save_timeline, offer=offer, phases=grid.details(), expected_version=grid.version)
        try:
            kept = attempt(grid.form, partial(save, by=user_of(request)))
        except TimelineConflict as conflict:
            return _conflict(request, grid, conflict, slug)
        if kept is not None:
            messages.success(request, "The timeline is saved")
            return redirect("offers:workshop", offer.slug)
    return _page(request, offer, grid, status=422 if grid.has_errors() else 200)


def _conflict(request: HttpRequest, grid: TimelineGrid, conflict: TimelineConflict, slug: str) -> HttpResponse:
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    grid.bring_up_to(merged(grid.sheet, sheet_of(offer)), offer.timeline_version)
    refuse(grid.form, conflict)
    return _page(request, offer, grid, status=409)


def _page(request: HttpRequest, offer: LocalOffer, grid: TimelineGrid, *, status: int) -> HttpResponse:
    return TemplateResponse(request, "offers/timeline.html", grid_page(offer, grid), status=status)
