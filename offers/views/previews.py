"""The offer as it stands, in the forms people read it in."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from offers.presenters import pages as presenter
from offers.presenters.easy_read import preview_sections
from offers.views.support import offer_or_404
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission


@requires(Permission.VIEW_OFFERS)
@require_safe
def large_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole offer in large print."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    context = presenter.preview(offer, today=clock.today())
    return TemplateResponse(request, "offers/previews/large_print.html", context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def easy_read(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole offer in easy read, with the sections that have no such version yet."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    context = presenter.preview(offer, today=clock.today())
    return TemplateResponse(request, "offers/previews/easy_read.html", context | preview_sections(context["reading"]))
