"""The national return: its quarters, one quarter, who stands behind each cell, what changed, submitting."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.presenters import counted, page_links, spoken_date
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import table_params
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of, refuse
from reporting.forms.returns import SubmitForm
from reporting.presenters import returns as words
from reporting.presenters.pages import breadcrumbs
from reporting.return_checks import Listed, Severity
from reporting.rules.quarters import quarter_with_code
from reporting.rules.returns import BASIS_LABELS, CELLS_BY_CODE, CHANGE_LABELS, CHANGE_WORDS, Basis, Cell, Change
from reporting.selectors import returns as selectors
from reporting.selectors.returns import ReturnOn
from reporting.selectors.scope import may_see_people
from reporting.services import returns as service
from reporting.services.return_release import released

FOLDER = "reporting/returns"
PEOPLE_ON_A_PAGE = 200


@requires(Permission.VIEW_FIGURES)
@require_safe
def returns(request: HttpRequest, code: str) -> HttpResponse:
    """The quarters of a commissioner, each with what became of its return."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    page = page_of(request, selectors.quarters_with_returns(commissioner, clock.today()))
    rows = [words.QuarterRow(commissioner, *each) for each in page]
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "page": page,
        "table": words.quarters_table(rows),
        "links": page_links(page, request.get_full_path()),
        "members": [] if commissioner.is_body else selectors.bodies_of(commissioner, clock.today()),
        "may_set": can(request.user, Permission.MANAGE_SETTINGS),
    }
    return TemplateResponse(request, f"{FOLDER}/list.html", context)


@requires(Permission.VIEW_FIGURES)
@require_safe
def national_return(request: HttpRequest, code: str, quarter: str) -> HttpResponse:
    """The return of one quarter: submitted, or as it would be now for those who may see the people."""
    found = asked_for(request, Permission.VIEW_FIGURES, code, quarter)
    sees_people = may_see_people(request.user, found.scope)
    commissioner = found.scope.commissioner
    context: dict[str, Any] = _head(found) | {"breadcrumbs": words.crumbs(commissioner), "sees_people": sees_people}
    if sees_people:
        checks = [] if found.submitted else selectors.findings_of(found, clock.today())
        context |= words.for_the_case_team(found, checks)
        context["may_submit"] = can(request.user, Permission.FREEZE_FIGURES, commissioner) and commissioner.is_body
    elif found.submitted:
        context |= words.for_others(released(cast(User, request.user), found, found.submitted))
    context["may_export"] = can(request.user, Permission.EXPORT_FIGURES, commissioner)
    return TemplateResponse(request, f"{FOLDER}/return.html", context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def people(request: HttpRequest, code: str, quarter: str, cell: str) -> HttpResponse:
    """The people whom a cell counts, or whom a check is about. The read is logged with whose records were shown."""
    found = _of_the_case_team(request, code, quarter)
    if cell not in CELLS_BY_CODE and cell not in set(Listed):
        raise Http404("There is no such cell")
    page = page_of(request, selectors.people_in(found, cell), PEOPLE_ON_A_PAGE)
    shown = list(page.object_list)
    _note_read(request, found, f"people of the return: {cell}", [person.pk for person in shown])
    heading = CELLS_BY_CODE[cell].label if cell in CELLS_BY_CODE else words.LISTED_WORDS[Listed(cell)]
    context = _list_context(request, found, heading, page) | {
        "file": {"code": "return-people", "cell": cell},
        "count": counted(page.paginator.count, "person", "people"),
        "table": table_params(words.person_columns(found.scope.as_at), shown, caption=heading, is_responsive=True),
    }
    return TemplateResponse(request, f"{FOLDER}/people.html", context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def changes(request: HttpRequest, code: str, quarter: str, basis: str) -> HttpResponse:
    """What changed in each row since the return of the quarter before; it adds up to the last person."""
    found = _of_the_case_team(request, code, quarter)
    counts = _basis_or_404(basis)
    context = _head(found) | {
        "breadcrumbs": words.crumbs(found.scope.commissioner, found.quarter),
        "heading": f"What changed: {BASIS_LABELS[counts].lower()}",
        "before": found.quarter.before,
        "before_url": words.return_url(found.scope.commissioner, found.quarter.before),
        "other_basis": words.other_basis(found, counts),
        "meanings": [{"label": CHANGE_LABELS[each], "text": CHANGE_WORDS[each]} for each in Change],
        "begins_anew": counts == Basis.YEAR_TO_DATE and found.quarter.number == 1,
        "table": words.changes_table(found, counts, selectors.changes(found, counts)),
    }
    return TemplateResponse(request, f"{FOLDER}/changes.html", context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def movers(request: HttpRequest, code: str, quarter: str, basis: str, row: str, change: str) -> HttpResponse:
    """Those who came into a row or out of it in one way. The read is logged with whose records were shown."""
    found = _of_the_case_team(request, code, quarter)
    cell = or_404(CELLS_BY_CODE.get(Cell(_basis_or_404(basis), row).code), "row")
    if change not in set(Change):
        raise Http404("There is no such change")
    page = page_of(request, selectors.movers(found, cell, Change(change)), PEOPLE_ON_A_PAGE)
    shown = list(page.object_list)
    _note_read(request, found, f"changes of the return: {cell.code}, {change}", [each.person.pk for each in shown])
    heading = f"{CHANGE_LABELS[Change(change)]}: {cell.label}"
    columns = words.mover_columns(found.policy.breakdown)
    context = _list_context(request, found, heading, page) | {
        "file": {"code": "return-movers", "basis": basis, "row": row, "change": change},
        "count": counted(page.paginator.count, "person", "people"),
        "definition": CHANGE_WORDS[Change(change)],
        "table": table_params(columns, shown, caption=heading, is_stacked=True),
    }
    return TemplateResponse(request, f"{FOLDER}/people.html", context)


@requires(Permission.FREEZE_FIGURES)
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, code: str, quarter: str) -> HttpResponse:
    """Submit the return of a quarter that is over."""
    found = asked_for(request, Permission.FREEZE_FIGURES, code, quarter)
    commissioner = found.scope.commissioner
    live = ReturnOn(found.quarter, found.scope, None)
    checks = selectors.findings_of(live, clock.today())
    form = SubmitForm(
        request.POST if request.method == "POST" else None,
        needs_reason=any(each.severity == Severity.WARNS for each in checks),
        is_correction=found.submitted is not None,
    )
    if form.is_valid():
        try:
            service.submit(
                commissioner=commissioner, quarter=found.quarter, by=cast(User, request.user), **form.cleaned_data
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"The return of {str(found.quarter).lower()} is submitted")
            return redirect(words.return_url(commissioner, found.quarter))
    return form_page(request, f"{FOLDER}/submit.html", form, _head(found) | words.submit_page(live, checks))


def asked_for(request: HttpRequest, permission: Permission, code: str, quarter: str) -> ReturnOn:
    """The return that an address names; not found where the quarter has not begun or is before the collection."""
    commissioner = commissioner_or_404(request, permission, code)
    found = quarter_with_code(quarter)
    if found is None or found not in selectors.quarters_of(commissioner, clock.today()):
        raise Http404("There is no return of this quarter")
    return selectors.return_on(commissioner, found, clock.today())


def _of_the_case_team(request: HttpRequest, code: str, quarter: str) -> ReturnOn:
    found = asked_for(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code, quarter)
    if not may_see_people(request.user, found.scope):
        raise Http404("Some of the people behind this return are another commissioner's")
    return found


def _basis_or_404(basis: str) -> Basis:
    if basis not in set(Basis):
        raise Http404("The return has no such count")
    return Basis(basis)


def _head(found: ReturnOn) -> dict[str, Any]:
    return {
        "commissioner": found.scope.commissioner,
        "quarter": found.quarter,
        "as_at": spoken_date(found.scope.as_at),
        "submitted": found.submitted,
        "return_url": words.return_url(found.scope.commissioner, found.quarter),
    }


def _list_context(request: HttpRequest, found: ReturnOn, heading: str, page: Any) -> dict[str, Any]:
    return _head(found) | {
        "heading": heading,
        "page": page,
        "breadcrumbs": words.crumbs(found.scope.commissioner, found.quarter),
        "links": page_links(page, request.get_full_path()),
    }


def _note_read(request: HttpRequest, found: ReturnOn, what: str, people: list[int]) -> None:
    detail = {"what": what, "quarter": found.quarter.code, "people": sorted(set(people))}
    audit.record(actor=request.user, action=audit.READ, commissioner=found.scope.commissioner, detail=detail)
