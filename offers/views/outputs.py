"""An edition's outputs, and the feed of all editions: for everybody, without a cookie."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from offers.models import Edition
from offers.presenters import public as presenter
from offers.presenters.outputs import files, links
from offers.rules.outputs import BY_CODE, Output
from offers.selectors import outputs as selectors
from offers.selectors import pages
from offers.views.caching import cached_publicly
from phb_register.access import public
from phb_register.views.support import or_404, page_of

_Found = Callable[..., Edition]


def output_view(code: str, find: _Found) -> Callable[..., HttpResponse]:
    """The view of one output, of the edition that `find` gives for an address."""
    output = BY_CODE[code]

    @public
    @require_safe
    @cached_publicly
    def answered(request: HttpRequest, **address: Any) -> HttpResponse:
        return _file(output, find(**address))

    return answered


def easy_read_view(find: _Found) -> Callable[..., HttpResponse]:
    """The page of an edition in easy read."""

    @public
    @require_safe
    @cached_publicly
    def answered(request: HttpRequest, **address: Any) -> HttpResponse:
        context = or_404(presenter.easy_read_page(find(**address)), "easy read version")
        return TemplateResponse(request, "offers/edition_easy_read.html", context)

    return answered


def current(slug: str) -> Edition:
    """The published edition of an offer."""
    found: Edition = or_404(pages.current_edition(slug), "published edition")
    return found


def numbered(slug: str, number: int) -> Edition:
    """An edition by its number, if the public may read it."""
    found: Edition | None = pages.public_edition(slug, number)
    if found is None or not found.is_public:
        raise Http404("There is no such edition")
    return found


@public
@require_safe
@cached_publicly
def feed(request: HttpRequest) -> HttpResponse:
    """All editions of all local offers as a JSON Feed, the newest first."""
    page = page_of(request, selectors.feed_editions())
    answer = links.feed(list(page), page, request.build_absolute_uri)
    return _open(JsonResponse(answer, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False}))


def _file(output: Output, edition: Edition) -> HttpResponse:
    if output.field:
        document = selectors.documents_of(edition).get(output)
        if document is None:
            raise Http404("This edition does not have that")
        content, etag, filename = selectors.content_of(document), document.sha256, document.filename
    else:
        content = files.written(output, edition.snapshot or {}, edition.content_hash)
        etag = f"{edition.content_hash}-{output.code}"
        filename = output.filename(edition.local_offer.slug, edition.number)
    headers = {
        "Content-Disposition": f'inline; filename="{filename}"',
        "Content-Length": str(len(content)),
        "ETag": f'"{etag}"',
    }
    response = HttpResponse(content, content_type=output.media_type, headers=headers)
    return _open(response) if output.is_open_data else response


def _open(response: HttpResponse) -> HttpResponse:
    """Let pages of other sites read it."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
