"""Importing numbers of eligible people: the list, the upload, what the check found, and the steps that follow."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register.access import requires
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.file_imports import ImportPages
from reporting.forms.eligible_imports import EligibleUploadForm
from reporting.models import EligibleImport
from reporting.presenters.eligible_imports import WORDS, changes_table
from reporting.selectors.eligible_imports import changes_of
from reporting.services.eligible_imports import IMPORTS

FORMS = ["GET", "POST"]


def _preview(found: EligibleImport, user: User) -> dict[str, Any] | None:
    return changes_table(changes_of(found, user), is_imported=found.imported_at is not None)


PAGES = ImportPages(IMPORTS, WORDS, EligibleUploadForm, _preview)


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def eligible_imports(request: HttpRequest) -> HttpResponse:
    """The imports the user may see, the latest first."""
    return PAGES.all(request)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; a job checks it, and nothing is imported yet."""
    return PAGES.upload(request)


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def template(request: HttpRequest) -> StreamingHttpResponse:
    """A file to start from: the columns, and a row as it may look."""
    return PAGES.template(request)


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def eligible_import(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Where an import stands, what was found, and what can be done now."""
    return PAGES.one(request, reference)


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def problems(request: HttpRequest, reference: uuid.UUID) -> StreamingHttpResponse:
    """What is to be put right, as a file for whoever puts it right."""
    return PAGES.problems(request, reference)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def columns(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say which heading is which column, and have the file checked again."""
    return PAGES.choose_columns(request, reference)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def confirm(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say once more what will happen, then have it imported."""
    return PAGES.confirm(request, reference)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def undo(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take an import back, with the reason."""
    return PAGES.undo(request, reference)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def discard(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Throw away a file that was not imported."""
    return PAGES.discard(request, reference)
