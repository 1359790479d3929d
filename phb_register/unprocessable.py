"""A form with errors answers 422, in the libraries' views as in ours."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse


class UnprocessableFormMiddleware:
    """Turns the 200 of a page that shows a form with errors into 422, so that a script or a test can tell."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> HttpResponseBase:
        """Run after the view, before its template is rendered."""
        context: dict[str, Any] = response.context_data or {}
        form = context.get("form")
        is_sent = request.method == "POST" and response.status_code == 200
        if is_sent and isinstance(form, BaseForm) and form.is_bound and form.errors:
            response.status_code = 422
        return response
