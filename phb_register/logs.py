"""The log: one event a request, and no personal data in any of them."""

import re
from typing import Any

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

# PostgreSQL says here which values broke a rule: "Key (nhs_number)=(…) already exists".
_VALUES = re.compile(r"^(DETAIL|CONTEXT|QUERY|STATEMENT):.*$", re.MULTILINE)


class RequestLogMiddleware(RequestMiddleware):
    """Names the request by method and path only: a query string may hold a name or an NHS number."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """What was asked for."""
        return f"{request.method} {request.path}"


def without_values(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take out of messages and tracebacks what the database says about the values of a row."""
    for key in ("event", "exception"):
        if isinstance(event.get(key), str):
            event[key] = _VALUES.sub(r"\1: left out", event[key])
    return event
