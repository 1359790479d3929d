"""What tests that ask for hundreds of pages have in common."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal without its page, which others look at: only whether it is one counts here."""

    def handler_of(resolver: URLResolver, status: int) -> object:
        def answer(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
            return HttpResponse(status=status)

        return answer

    monkeypatch.setattr(URLResolver, "resolve_error_handler", handler_of)
