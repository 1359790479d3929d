"""What several views of every room need: to answer a form, to page a list, to refuse."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from phb_register.exceptions import Refused
from phb_register.models import Commissioner
from phb_register.paging import MOST_COUNTED, BoundedPaginator
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for

PAGE_LENGTH = 50


def form_page(
    request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page with its form: 422 where the form was sent and is not right, so that a script can tell."""
    status = 422 if form.is_bound and form.errors else 200
    return TemplateResponse(request, template, {**(context or {}), "form": form}, status=status)


def refuse(form: Any, refusal: Refused) -> None:
    """Show a service's refusal on the form, beside the field it is about where there is one."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def or_404(found: Any, what: str) -> Any:
    """``found``, or "page not found": a record of another commissioner answers as one that does not exist."""
    if found is None:
        raise Http404(f"There is no such {what}")
    return found


def commissioner_or_404(request: HttpRequest, permission: Permission, code: str) -> Commissioner:
    """The commissioner with this code, if the user has the permission for it."""
    found: Commissioner = or_404(commissioner_for(request.user, permission, code), "commissioner")
    return found


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], length: int = PAGE_LENGTH) -> Page[Any]:
    """The page of a list that the address asks for; the nearest one where there is no such page."""
    return Paginator(rows, length).get_page(request.GET.get("page"))


def bounded_page_of(
    request: HttpRequest, rows: QuerySet[Any], length: int = PAGE_LENGTH, most: int = MOST_COUNTED
) -> Page[Any]:
    """As `page_of`, of a list that may be longer than anybody pages through: counted and read up to `most`."""
    return BoundedPaginator(rows, length, most).get_page(request.GET.get("page"))
