"""Lists as files: CSV at once, a workbook by a job."""

import uuid
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from phb_register import audit, clock
from phb_register.access import signed_in
from phb_register.list_files import Asked, ListFile, list_file
from phb_register.models import User
from phb_register.selectors.list_workbooks import workbook_for
from phb_register.services.list_workbooks import ask_for_workbook
from phb_register.tables import csv_stream
from phb_register.views.support import or_404
from phb_register.workbooks import MEDIA_TYPE


def search_key(code: str) -> str:
    """Where the session keeps the words that a list is searched by: they name people, so no address has them."""
    return f"{code}-search"


def _asked(request: HttpRequest, code: str) -> Asked:
    words = str(request.session.get(search_key(code), ""))
    return Asked(cast(User, request.user), request.GET.copy(), words, clock.now())


def _file(user: Any, code: str) -> ListFile:
    found: ListFile = or_404(list_file(code), "list")
    if not found.may_be_taken_by(user):
        raise PermissionDenied(f"{found.title}: the file is for those who may export it")
    return found


@signed_in
@require_safe
def list_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """A list as CSV: exactly the rows that its page counts. The export is logged."""
    file, asked = _file(request.user, code), _asked(request, code)
    found = file.rows(asked)
    if found is None:
        return redirect(file.url(request.GET.dict()))
    audit.record_export(
        asked.user,
        file.code,
        commissioner=found.commissioner,
        rows=found.total,
        filters=file.codes(found, asked),
    )
    stream = csv_stream(found.columns, found.each(), file.head(found, asked))
    headers = {"Content-Disposition": f'attachment; filename="{file.filename(found, asked, "csv")}"'}
    return StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8", headers=headers)


@signed_in
@require_POST
def list_workbook(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the same rows as a workbook, and go where its making can be watched."""
    file, asked = _file(request.user, code), _asked(request, code)
    found = file.rows(asked)
    if found is None:
        return redirect(file.url(request.GET.dict()))
    job = ask_for_workbook(
        by=asked.user,
        list_code=file.code,
        query=asked.query.urlencode(),
        words=asked.words,
        filename=file.filename(found, asked, "xlsx"),
        at=asked.at,
    )
    return redirect("phb_register:job", job.reference)


@signed_in
@require_safe
def list_workbook_file(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """A workbook that the user asked for, as long as it is kept."""
    found = or_404(workbook_for(request.user, reference), "file")
    if found.content is None:
        raise Http404("The file was taken away a day after it was made. Ask for it again from the list.")
    headers = {"Content-Disposition": f'attachment; filename="{found.filename}"'}
    return HttpResponse(bytes(found.content), content_type=MEDIA_TYPE, headers=headers)
