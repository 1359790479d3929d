"""Importing another register: the list, the upload, what the check found, and the steps that follow."""

import uuid

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.forms.register_imports import RegisterUploadForm
from budgets.presenters.register_imports import WORDS
from budgets.services.register_imports import IMPORTS
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.file_imports import ImportPages

FORMS = ["GET", "POST"]
PAGES = ImportPages(IMPORTS, WORDS, RegisterUploadForm)


@requires(Permission.IMPORT_REGISTER)
@require_safe
def register_imports(request: HttpRequest) -> HttpResponse:
    """The imports the user may see, the latest first."""
    return PAGES.all(request)


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; a job checks it, and nothing is imported yet."""
    return PAGES.upload(request)


@requires(Permission.IMPORT_REGISTER)
@require_safe
def template(request: HttpRequest) -> StreamingHttpResponse:
    """A file to start from: the columns, and a row as it may look."""
    return PAGES.template(request)


@requires(Permission.IMPORT_REGISTER)
@require_safe
def register_import(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Where an import stands, what was found, and what can be done now."""
    return PAGES.one(request, reference)


@requires(Permission.IMPORT_REGISTER)
@require_safe
def problems(request: HttpRequest, reference: uuid.UUID) -> StreamingHttpResponse:
    """What is to be put right, as a file for whoever puts it right."""
    return PAGES.problems(request, reference)


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def columns(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say which heading is which column, and have the file checked again."""
    return PAGES.choose_columns(request, reference)


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def confirm(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say once more what will happen, then have it imported."""
    return PAGES.confirm(request, reference)


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def undo(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take an import back, with the reason."""
    return PAGES.undo(request, reference)


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def discard(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Throw away a file that was not imported."""
    return PAGES.discard(request, reference)
