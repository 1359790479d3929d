"""How a form that anybody may send is answered."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from phb_register.access import public
from phb_register.forms.public import TOO_MANY, PublicForm
from phb_register.public_forms import may_send
from phb_register.views.support import form_page


class FilesPassedOver(FileUploadHandler):
    """Lets every file pass: a form without one holds none in memory and writes none to disk, whatever is sent."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Take no file."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing."""

    def file_complete(self, file_size: int) -> None:
        """There is none."""


def public_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page with such a form: no sign-in, no cookie, kept by nobody's cache and found by no search engine.

    The form's token stands in the place of the cookie against forged requests (see ``phb_register.public_forms``).
    Files are passed over, unless the view says what takes them.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Before anything of the request's body is read.
        request.upload_handlers = [FilesPassedOver(request)]
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return public(csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(answered))))


def is_taken(request: HttpRequest, form: PublicForm) -> bool:
    """Whether a form that was sent is right, and not one too many from where it comes."""
    if not form.is_valid():
        return False
    if not may_send(request):
        form.refuse_as_too_many()
        return False
    return True


def public_form_page(request: HttpRequest, template: str, form: PublicForm, context: dict[str, Any]) -> HttpResponse:
    """The page with the form: 422 where it is not right, 429 where too many were sent."""
    response = form_page(request, template, form, context)
    if form.is_bound and TOO_MANY in form.errors.get(NON_FIELD_ERRORS, []):
        response.status_code = 429
    return response
