"""What readers see while the database does not answer: the static copy of a public page; for the rest, why not."""

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from phb_register import slots
from phb_register.static_copy import COPYING, copied_response

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 60


class OutageMiddleware:
    """Answers for a view that the database failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Run when a view, or the template of its answer, failed."""
        return answer_without_database(request) if is_outage(request, exception) else None


def handler500(request: HttpRequest) -> HttpResponse:
    """The same where what failed was before or after the view, as the session; else the page for our own faults."""
    fault = sys.exception()
    if isinstance(fault, Exception) and is_outage(request, fault):
        return answer_without_database(request)
    return server_error(request)


def is_outage(request: HttpRequest, fault: BaseException | None) -> bool:
    """Whether it failed because the database does not answer. A page that is just copied is to fail as it does."""
    if request.META.get(COPYING):
        return False
    while fault is not None:
        if isinstance(fault, OperationalError | InterfaceError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def answer_without_database(request: HttpRequest) -> HttpResponse:
    """The copy of a public page; for anything else a page that says what is the matter and when to come back."""
    copied = copied_response(request)
    log.warning("The database does not answer: %s %s from the copy: %s", request.method, request.path, bool(copied))
    if copied is not None:
        return copied
    text = render_to_string("503.html", {"navigation": slots.public_navigation()})
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(text, status=503, headers=headers)
