"""The files of a list, under it: `{% list_files "register" %}`."""

from typing import Any

from django import template
from django.middleware.csrf import get_token

from phb_register.list_files import file_links
from phb_register.models import Commissioner

register = template.Library()


@register.inclusion_tag("phb_register/_list_files.html", takes_context=True)
def list_files(
    context: dict[str, Any], code: str, of: Commissioner | None = None, what: str = "this list", **also: object
) -> dict[str, Any]:
    """Links to the files of the list `code` with the filters of this page, for those who may take them.

    `of` is the commissioner, `also` are further filters, that stand in the path of the page and not behind it.
    `what` says what is downloaded.
    """
    request = context["request"]
    filters = request.GET.dict() | {name: str(value) for name, value in also.items()}
    links = file_links(code, request.user, filters, of)
    return {"list_files": links, "what": what, "csrf_token": get_token(request) if links else ""}
