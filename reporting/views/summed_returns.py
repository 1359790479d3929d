"""Returns of a partnership's commissioners, or of England's, added up: the page, its files, and what a sum is of."""

import io
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import csv_stream
from phb_register.views.support import commissioner_or_404, or_404
from phb_register.workbooks import MEDIA_TYPE, Sheet, write_workbook
from reporting.presenters import summed_returns as words
from reporting.presenters.returns import crumbs
from reporting.rules.quarters import quarter_with_code
from reporting.rules.returns import CELLS_BY_CODE
from reporting.selectors.returns import quarters_of
from reporting.selectors.scope import counted, may_see_people
from reporting.selectors.summed_returns import SummedReturn, summed_return
from reporting.services.return_release import release_members

FOLDER = "reporting/returns"


@requires(Permission.VIEW_FIGURES)
@require_safe
def summed(request: HttpRequest, code: str, quarter: str) -> HttpResponse:
    """The sum of all that was submitted, and who has not."""
    found = _asked(request, Permission.VIEW_FIGURES, code, quarter)
    context = _head(found) | words.summed_page(found)
    context["may_export"] = bool(found.submitted) and can(request.user, Permission.EXPORT_FIGURES, found.commissioner)
    return TemplateResponse(request, f"{FOLDER}/summed.html", context)


@requires(Permission.VIEW_FIGURES)
@require_safe
def parts(request: HttpRequest, code: str, quarter: str, cell: str) -> HttpResponse:
    """Of what a sum is made: each commissioner's number, which leads to its people."""
    found = _asked(request, Permission.VIEW_FIGURES, code, quarter)
    if cell not in found.cells or not found.leads_to_its_parts:
        raise Http404("There is no such sum, or some of its numbers are not yours to see")
    asked = CELLS_BY_CODE[cell]
    context = _head(found) | {
        "heading": asked.label,
        "sum": found.cells[cell],
        "breadcrumbs": [
            *crumbs(found.commissioner, found.quarter),
            {"text": "Added up", "href": request.path.partition("cells/")[0]},
        ],
        "table": words.parts_table(found, asked),
    }
    return TemplateResponse(request, f"{FOLDER}/summed_parts.html", context)


@requires(Permission.EXPORT_FIGURES)
@require_safe
def summed_csv(request: HttpRequest, code: str, quarter: str) -> HttpResponseBase:
    """Every sum as CSV. The export is logged."""
    found = _asked(request, Permission.EXPORT_FIGURES, code, quarter)
    stream = csv_stream(words.file_columns(found), words.rows_of(found), _noted_head(request, found))
    return _named(StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8"), found, "csv")


@requires(Permission.EXPORT_FIGURES)
@require_safe
def summed_workbook(request: HttpRequest, code: str, quarter: str) -> HttpResponseBase:
    """The same as a workbook. The export is logged."""
    found = _asked(request, Permission.EXPORT_FIGURES, code, quarter)
    file = io.BytesIO()
    sheet = Sheet("National returns", words.file_columns(found), words.rows_of(found))
    write_workbook(file, [sheet], _noted_head(request, found), title=str(found.quarter))
    return _named(HttpResponse(file.getvalue(), content_type=MEDIA_TYPE), found, "xlsx")


def _asked(request: HttpRequest, permission: Permission, code: str, quarter: str) -> SummedReturn:
    """What an address asks for; not found of one commissioner, which makes its own return."""
    commissioner, today = commissioner_or_404(request, permission, code), clock.today()
    asked = or_404(quarter_with_code(quarter), "quarter")
    if commissioner.is_body or asked not in quarters_of(commissioner, today):
        raise Http404("There is nothing to add up of this quarter")
    is_controlled = not may_see_people(request.user, counted(commissioner, min(asked.end, today)))
    if is_controlled:
        release_members(cast(User, request.user), commissioner, asked, today)
    return summed_return(request.user, commissioner, asked, is_controlled=is_controlled)


def _head(found: SummedReturn) -> dict[str, Any]:
    return {
        "commissioner": found.commissioner,
        "quarter": found.quarter,
        "as_at": spoken_date(found.quarter.end),
        "control": words.control_words(found),
        "is_controlled": found.is_controlled,
        "breadcrumbs": crumbs(found.commissioner, found.quarter),
    }


def _noted_head(request: HttpRequest, found: SummedReturn) -> list[list[str]]:
    """What stands above a file, which is noted in the access log."""
    user = cast(User, request.user)
    said = {"quarter": found.quarter.code, "submitted": len(found.submitted)}
    audit.record_export(
        user, "national returns added up", commissioner=found.commissioner, rows=len(found.cells), filters=said
    )
    return words.file_lines(found, words.control_words(found), made_at=clock.now(), made_by=user)


def _named(response: HttpResponseBase, found: SummedReturn, ending: str) -> HttpResponseBase:
    filename = f"returns-{found.commissioner.code}-{found.quarter.code}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
