"""The feed of support organisations in Open Referral UK's form: open to everybody, from any page on the web."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from offers import support_directory
from offers.forms.open_referral import PageQuery, ServiceQuery
from offers.presenters import open_referral as shapes
from offers.selectors.open_referral import offer_slugs
from offers.support_directory import SupportEntry, SupportSearch
from offers.views.caching import cached_publicly
from phb_register import clock
from phb_register.access import public


def open_data(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Answer everybody with JSON: what the view gives, or why not."""

    @public
    @require_safe
    @cached_publicly
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer, status = view(request, *args, **kwargs), 200
        except Http404 as missing:
            answer, status = {"error": str(missing)}, 404
        except QueryRefused as refused:
            answer, status = {"error": "Some parameters are not right", "parameters": refused.problems}, 400
        response = JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
        # The standard asks for it: a page anywhere may read this feed.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answered


class QueryRefused(Exception):
    """Parameters that cannot be used. `problems` says what is wrong, by parameter."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("Some parameters are not right")
        self.problems = problems


@open_data
def root(request: HttpRequest) -> Any:
    """What this feed is."""
    return shapes.about()


@open_data
def services(request: HttpRequest) -> Any:
    """A page of the services."""
    url_of = _url_of(request)
    return _entries(request, lambda entry: shapes.service_in_list(entry, url_of))


@open_data
def organizations(request: HttpRequest) -> Any:
    """A page of the organisations."""
    return _entries(request, shapes.organization)


@open_data
def service(request: HttpRequest, reference: uuid.UUID) -> Any:
    """One service, with all that is told of it."""
    return shapes.service(_entry(reference), support_directory.directory().kinds(), _url_of(request))


@open_data
def organization(request: HttpRequest, reference: uuid.UUID) -> Any:
    """One organisation."""
    return shapes.organization(_entry(reference))


@open_data
def taxonomies(request: HttpRequest) -> Any:
    """A page of the one taxonomy."""
    return _page(request, [shapes.taxonomy()])


@open_data
def taxonomy(request: HttpRequest, reference: uuid.UUID) -> Any:
    """The taxonomy, with its terms."""
    if reference != shapes.TAXONOMY_ID:
        raise Http404("There is no such taxonomy")
    return shapes.taxonomy() | {"taxonomy_terms": [shapes.term(kind) for kind in support_directory.directory().kinds()]}


@open_data
def taxonomy_terms(request: HttpRequest) -> Any:
    """A page of the kinds of support."""
    return _page(request, [shapes.term(kind) for kind in support_directory.directory().kinds()])


@open_data
def taxonomy_term(request: HttpRequest, reference: uuid.UUID) -> Any:
    """One kind of support."""
    for kind in support_directory.directory().kinds():
        if shapes.term_id(kind.code) == reference:
            return shapes.term(kind)
    raise Http404("There is no such taxonomy term")


@open_data
def service_at_locations(request: HttpRequest) -> Any:
    """No place is kept of any service, so the list is always empty."""
    return _page(request, [])


@open_data
def service_at_location(request: HttpRequest, reference: uuid.UUID) -> Any:
    """And there is none to be found."""
    raise Http404("There is no such service at a location")


def _entries(request: HttpRequest, shape: Callable[[SupportEntry], dict[str, Any]]) -> dict[str, Any]:
    query = _clean(ServiceQuery(request.GET))
    page, per_page = query["page"], query["per_page"]
    search = _search(query)
    if search is None:
        return shapes.page_of([], 0, page=page, per_page=per_page)
    directory, today = support_directory.directory(), clock.today()
    total = directory.count(search, on=today)
    start = (page - 1) * per_page
    found = directory.entries(search, on=today, start=start, stop=start + per_page) if start < total else ()
    return shapes.page_of([shape(each) for each in found], total, page=page, per_page=per_page)


def _search(query: dict[str, Any]) -> SupportSearch | None:
    """What to look for; None where nothing can match."""
    kinds = {shapes.term_id(kind.code): kind.code for kind in support_directory.directory().kinds()}
    term = query["taxonomy_term_id"]
    if (term and term not in kinds) or query["taxonomy_id"] not in (None, shapes.TAXONOMY_ID):
        return None
    return SupportSearch(
        words=query["search"],
        kind=kinds.get(term, ""),
        reference=query["organization_id"],
        changed_since=query["modified_after"],
    )


def _entry(reference: uuid.UUID) -> SupportEntry:
    found = support_directory.directory().entries(SupportSearch(reference=reference), on=clock.today(), start=0, stop=1)
    if not found:
        raise Http404("There is no such organisation")
    return found[0]


def _page(request: HttpRequest, items: list[dict[str, Any]]) -> dict[str, Any]:
    query = _clean(PageQuery(request.GET))
    page, per_page = query["page"], query["per_page"]
    start = (page - 1) * per_page
    return shapes.page_of(items[start : start + per_page], len(items), page=page, per_page=per_page)


def _clean(form: PageQuery) -> dict[str, Any]:
    if not form.is_valid():
        raise QueryRefused(form.problems())
    return form.cleaned_data


def _url_of(request: HttpRequest) -> Callable[[SupportEntry], str]:
    """Where people can read on, for an organisation without a website: the local offer it helps with."""
    slugs = offer_slugs()

    def url_of(entry: SupportEntry) -> str:
        slug = slugs.get(entry.commissioner_code)
        place = reverse("offers:local-offer", args=[slug]) if slug else reverse("offers:local-offers")
        return request.build_absolute_uri(place)

    return url_of
