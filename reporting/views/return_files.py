"""The national return as files, and the windows of the collection."""

import io
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.disclosure import Controlled
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.tables import csv_stream
from phb_register.views.support import form_page, refuse
from phb_register.workbooks import MEDIA_TYPE, Sheet, write_workbook
from reporting.forms.returns import WindowForm
from reporting.presenters import return_files as words
from reporting.presenters.returns import plain
from reporting.rules.quarters import Quarter, quarter_of
from reporting.selectors import returns as selectors
from reporting.selectors.returns import FIRST_QUARTER, ReturnOn
from reporting.selectors.scope import may_see_people
from reporting.services import returns as service
from reporting.services.return_release import released
from reporting.views.returns import asked_for

FOR_THE_TEAM = "None: for the case team only. Do not publish."


@requires(Permission.EXPORT_FIGURES)
@require_safe
def return_csv(request: HttpRequest, code: str, quarter: str) -> HttpResponseBase:
    """Every cell of a return as CSV. The export is logged."""
    found = asked_for(request, Permission.EXPORT_FIGURES, code, quarter)
    rows, head = _rows_and_head(request, found)
    stream = csv_stream(words.FILE_COLUMNS, rows, head)
    return _named(StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8"), found, "csv")


@requires(Permission.EXPORT_FIGURES)
@require_safe
def return_workbook(request: HttpRequest, code: str, quarter: str) -> HttpResponseBase:
    """The same as a workbook. The export is logged."""
    found = asked_for(request, Permission.EXPORT_FIGURES, code, quarter)
    rows, head = _rows_and_head(request, found)
    file = io.BytesIO()
    write_workbook(file, [Sheet("National return", words.FILE_COLUMNS, rows)], head, title=str(found.quarter))
    return _named(HttpResponse(file.getvalue(), content_type=MEDIA_TYPE), found, "xlsx")


def _rows_and_head(request: HttpRequest, found: ReturnOn) -> tuple[list[words.CellRow], list[list[str]]]:
    """What the reader may have of it, noted in the access log."""
    cells, control = _cells(request, found)
    rows = words.file_rows(cells)
    user = cast(User, request.user)
    filters = {"quarter": found.quarter.code, "submitted": "yes" if found.submitted else "no"}
    commissioner = found.scope.commissioner
    audit.record_export(user, "national return", commissioner=commissioner, rows=len(rows), filters=filters)
    return rows, words.file_head(found, control, made_at=clock.now(), made_by=str(user))


def _cells(request: HttpRequest, found: ReturnOn) -> tuple[dict[str, Controlled], str]:
    if may_see_people(request.user, found.scope):
        return plain(found.cells), FOR_THE_TEAM
    if not found.submitted:
        raise Http404("This return was not submitted yet")
    shown = released(cast(User, request.user), found, found.submitted)
    return shown.cells, shown.profile.explanation


def _named(response: HttpResponseBase, found: ReturnOn, ending: str) -> HttpResponseBase:
    filename = f"return-{found.scope.commissioner.code}-{found.quarter.code}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def windows(request: HttpRequest) -> HttpResponse:
    """When the collection takes returns: the days recorded, and recording more of them or putting them right."""
    form = WindowForm(request.POST if request.method == "POST" else None, quarters=_quarters())
    if form.is_valid():
        try:
            window = service.record_window(by=cast(User, request.user), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"The window of {str(Quarter(window.year, window.quarter)).lower()} is saved")
            return redirect("reporting:return-windows")
    crumbs = [{"text": "Home", "href": reverse("phb_register:home")}]
    crumbs.append({"text": "Dashboard", "href": reverse("reporting:dashboards")})
    context = {"table": words.windows_table(selectors.windows()), "breadcrumbs": crumbs}
    return form_page(request, "reporting/returns/windows.html", form, context)


def _quarters() -> list[Quarter]:
    """The quarters that a window can be of: from the first of the collection to the next one, the latest first."""
    found, last = [], quarter_of(clock.today()).next
    while last >= FIRST_QUARTER:
        found.append(last)
        last = last.before
    return found
