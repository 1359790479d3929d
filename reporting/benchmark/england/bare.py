"""A bare Django view: no middleware, no database, no template. What a web server can do at most with Django."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

import phb_register.wsgi  # noqa: F401  sets Django up as the site is


def hello(request: HttpRequest) -> HttpResponse:
    """Answer at once."""
    return HttpResponse("Hello")


urlpatterns = [path("hello/", hello)]


class _Bare(WSGIHandler):
    """Django's handler for this module's one address."""

    def load_middleware(self, is_async: bool = False) -> None:
        settings.MIDDLEWARE = []
        settings.ROOT_URLCONF = __name__
        super().load_middleware(is_async)


application = _Bare()
