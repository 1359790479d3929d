"""Importing another register: the list, the upload, what the check found, and the steps that follow."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.forms.register_imports import ColumnsForm, UndoForm, UploadForm
from budgets.models import RegisterImport
from budgets.presenters import register_imports as words
from phb_register.file_import_states import ImportStatus
from budgets.selectors import register_imports as selectors
from budgets.services import register_imports as service
from phb_register import audit
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.forms import ConfirmForm
from phb_register.models import User
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners
from phb_register.tables import csv_stream, table_params
from phb_register.views.support import PAGE_LENGTH, form_page, or_404, page_of, refuse

FORMS = ["GET", "POST"]
PAGES = "budgets/register_imports"


@requires(Permission.IMPORT_REGISTER)
@require_safe
def register_imports(request: HttpRequest) -> HttpResponse:
    """The imports the user may see, the latest first."""
    page = page_of(request, selectors.imports_of(cast(User, request.user)))
    context = {
        "table": table_params(words.IMPORT_COLUMNS, page.object_list, caption="Imports, the latest first"),
        "has_rows": bool(page.object_list),
        "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
    }
    return TemplateResponse(request, f"{PAGES}/list.html", context)


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; a job checks it, and nothing is imported yet."""
    user = cast(User, request.user)
    commissioners = list(named_commissioners(user, Permission.IMPORT_REGISTER))
    form = UploadForm(_posted(request), request.FILES or None, commissioners=commissioners)
    if form.is_valid():
        file = form.cleaned_data["file"]
        chosen = next(each for each in commissioners if each.code == form.cleaned_data["commissioner"])
        try:
            taken = service.upload(commissioner=chosen, filename=file.name, content=file.read(), by=user)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(words.import_url(taken))
    return form_page(request, f"{PAGES}/upload.html", form, {"columns": words.column_guide()})


@requires(Permission.IMPORT_REGISTER)
@require_safe
def template(request: HttpRequest) -> StreamingHttpResponse:
    """A file to start from: the columns, and a row as it may look."""
    response = StreamingHttpResponse(words.template_file(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response


@requires(Permission.IMPORT_REGISTER)
@require_safe
def register_import(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Where an import stands, what was found, and what can be done now."""
    found = _found(request, reference)
    page = Paginator(found.problems, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "import": found,
        "tag": {"text": found.get_status_display(), "classes": words.TAGS[found.status]},
        "facts": words.facts(found),
        "lines": words.counted_lines(found),
        "is_at_work": words.is_at_work(found),
        "problems": words.problems_table(found, list(page.object_list)) if found.problems else None,
        "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
        "columns": words.columns_table(found),
        "buttons": words.buttons(found),
    }
    return TemplateResponse(request, f"{PAGES}/import.html", context)


@requires(Permission.IMPORT_REGISTER)
@require_safe
def problems(request: HttpRequest, reference: uuid.UUID) -> StreamingHttpResponse:
    """What is to be put right, as a file for whoever puts it right."""
    found = _found(request, reference)
    user = cast(User, request.user)
    audit.record_export(user, "faults of an import", commissioner=found.commissioner, rows=len(found.problems))
    lines = [("What is to be put right in", found.filename)]
    content = csv_stream(words.PROBLEM_COLUMNS, found.problems, lines)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="to-put-right-{found.reference}.csv"'
    return response


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def columns(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say which heading is which column, and have the file checked again."""
    found = _found(request, reference)
    form = ColumnsForm(_posted(request), header=found.header, initial=found.columns)
    return _step(
        request,
        found,
        form,
        lambda given: service.choose_columns(register_import=found, columns=given, by=cast(User, request.user)),
        heading="Which heading is which column?",
        done="The file is being checked again",
    )


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def confirm(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say once more what will happen, then have it imported."""
    found = _found(request, reference)
    is_partly = found.status == ImportStatus.FAULTY
    form = ConfirmForm(_posted(request), button="Import")
    return _step(
        request,
        found,
        form,
        lambda given: service.ask_to_import(register_import=found, by=cast(User, request.user), is_partly=is_partly),
        heading="Import the rows without faults" if is_partly else "Import the register",
        done="The register is being imported",
        lines=words.counted_lines(found),
        said="The rows that are to be put right are left out." if is_partly else "",
    )


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def undo(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take an import back, with the reason."""
    found = _found(request, reference)
    form = UndoForm(_posted(request))
    return _step(
        request,
        found,
        form,
        lambda given: service.ask_to_undo(register_import=found, by=cast(User, request.user), **given),
        heading="Undo the import",
        done="The import is being undone",
        lines=words.counted_lines(found),
        said="What came of this file is taken out of the register, as long as nobody has worked on it since.",
    )


@requires(Permission.IMPORT_REGISTER)
@require_http_methods(FORMS)
def discard(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Throw away a file that was not imported."""
    found = _found(request, reference)
    form = ConfirmForm(_posted(request), button="Discard the file")
    return _step(
        request,
        found,
        form,
        lambda given: service.discard(register_import=found, by=cast(User, request.user)),
        heading="Discard the file",
        done="The file is discarded",
        said="Nothing of it was imported. The file itself is removed.",
    )


def _step(
    request: HttpRequest,
    found: RegisterImport,
    form: Any,
    act: Callable[[dict[str, Any]], RegisterImport],
    *,
    done: str,
    **context: Any,
) -> HttpResponse:
    """The page of a step, and the step itself; then back to the import."""
    form.cancel_url = words.import_url(found)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect(words.import_url(found))
    return form_page(request, f"{PAGES}/step.html", form, {"import": found, **context})


def _found(request: HttpRequest, reference: uuid.UUID) -> RegisterImport:
    found: RegisterImport = or_404(selectors.import_of(cast(User, request.user), reference), "import")
    return found


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
