"""How long everybody's cache may keep what everybody may read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag

# A minute: a correction is seen soon, and a rush of readers costs one page.
MAX_AGE = 60


def cached_publicly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let everybody's cache keep the page for a minute, and answer 304 to whoever has it already."""

    @wraps(view)
    def cached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.render()
        patch_cache_control(response, public=True, max_age=MAX_AGE)
        if not response.has_header("ETag"):
            set_response_etag(response)
        conditional = get_conditional_response(request, etag=response["ETag"], response=response)
        return conditional if isinstance(conditional, HttpResponse) else response

    return cached
