"""What everybody may read, without signing in and without a cookie."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from offers.models import Edition, LocalOffer
from offers.presenters import public as presenter
from offers.presenters.notices import notices
from offers.selectors import pages
from offers.slots import reader_links_for
from offers.views.caching import cached_publicly
from phb_register import clock
from phb_register.access import public
from phb_register.views.support import or_404


@public
@require_safe
@cached_publicly
def local_offers(request: HttpRequest) -> HttpResponse:
    """Every local offer."""
    return TemplateResponse(request, "offers/local_offers.html", {"offers": pages.public_offers()})


@public
@require_safe
@cached_publicly
def local_offer(request: HttpRequest, slug: str) -> HttpResponse:
    """The published edition of an offer; where there is none yet, a page that says so."""
    edition = pages.current_edition(slug)
    if edition is None:
        offer = or_404(pages.public_offer(slug), "local offer")
        context = {"offer": offer, "reader_links": reader_links_for(offer)} | notices(offer, None, clock.today())
        return TemplateResponse(request, "offers/nothing_published.html", context)
    return _edition_page(request, edition, is_current=True)


@public
@require_safe
@cached_publicly
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An edition that is or was published."""
    found = or_404(pages.public_edition(slug, number), "edition")
    if not found.is_public:
        context = {"edition": found, "offer": found.local_offer, "withdrawal": pages.withdrawal_of(found)}
        return TemplateResponse(request, "offers/edition_withdrawn.html", context, status=410)
    return _edition_page(request, found, is_current=False)


@public
@require_safe
@cached_publicly
def editions(request: HttpRequest, slug: str) -> HttpResponse:
    """The editions of an offer that anybody may read."""
    offer: LocalOffer = or_404(pages.public_offer(slug), "local offer")
    context = {"offer": offer, "editions": pages.public_editions(offer)}
    return TemplateResponse(request, "offers/editions.html", context)


def _edition_page(request: HttpRequest, edition: Edition, *, is_current: bool) -> HttpResponse:
    context = presenter.edition_page(edition, is_current=is_current)
    context |= notices(edition.local_offer, edition, clock.today())
    return TemplateResponse(request, "offers/edition.html", context)
