"""One log event a request, without personal data."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Names the request by method and path only: a query string may hold a name or an NHS number."""

    def format_request(self, request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
