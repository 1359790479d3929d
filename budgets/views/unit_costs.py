"""What a week costs, and what organisations are paid: pages and files of a commissioner."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgets.forms.money import YearForm
from budgets.presenters import unit_costs as presenters
from budgets.presenters.money import period_words
from budgets.selectors import money as money_selectors
from budgets.selectors import unit_costs as selectors
from budgets.selectors.money import Period
from offers.selectors import cohorts_for
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import Commissioner, User
from phb_register.presenters import file_head
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import table_params
from phb_register.views.support import commissioner_or_404, form_page

from .money import csv_file


@requires(Permission.VIEW_MONEY)
@require_safe
def unit_costs(request: HttpRequest, code: str) -> HttpResponse:
    """The average and spread of a week's cost by cohort, method and care type."""
    commissioner, form, period = _asked(request, code)
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    rows = _costs(request, commissioner, period)
    tables = presenters.cost_tables(rows)
    name, as_at = str(commissioner), period_words(period)
    context = {
        **_head(request, commissioner, period, "unit-costs-file"),
        "tables": tables,
        "chart": presenters.cost_chart(rows, name=name, as_at=as_at, table=tables[1]) if len(tables) > 1 else None,
        "definition": presenters.DEFINITION,
    }
    return form_page(request, "budgets/money/unit_costs.html", form, context)


@requires(Permission.EXPORT_FIGURES)
@require_safe
def unit_costs_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same as a file. The export is logged."""
    commissioner, form, period = _asked(request, code, Permission.EXPORT_FIGURES)
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    rows = _costs(request, commissioner, period)
    head = _file_head(request, commissioner, period, "Unit costs: what a week costs", len(rows), "unit-costs")
    return csv_file(f"unit-costs-{commissioner.code}-{period.as_at}", presenters.FILE_COLUMNS, rows, head)


@requires(Permission.VIEW_MONEY)
@require_safe
def organisations(request: HttpRequest, code: str) -> HttpResponse:
    """Support organisations and brokers with what they are paid in a financial year."""
    commissioner, form, period = _asked(request, code)
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    rows = _organisations(request, commissioner, period)
    caption = f"Organisations and what they are paid, {period.year.label}"
    table = table_params(presenters.ORGANISATION_COLUMNS, rows, caption=caption)
    context = {
        **_head(request, commissioner, period, "money-organisations-file"),
        "table": table,
        "has_rows": bool(rows),
    }
    return form_page(request, "budgets/money/organisations.html", form, context)


@requires(Permission.EXPORT_FIGURES)
@require_safe
def organisations_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same as a file. The export is logged."""
    commissioner, form, period = _asked(request, code, Permission.EXPORT_FIGURES)
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    rows = _organisations(request, commissioner, period)
    head = _file_head(request, commissioner, period, "Organisations and what they are paid", len(rows), "organisations")
    name = f"organisations-{commissioner.code}-{period.year.begins}"
    return csv_file(name, presenters.ORGANISATION_COLUMNS, rows, head)


def _asked(request: HttpRequest, code: str, further: Permission | None = None) -> tuple[Commissioner, YearForm, Period]:
    """Of whom and when; 404 without the permission to see money there, and the further one."""
    commissioner = commissioner_or_404(request, Permission.VIEW_MONEY, code)
    if further is not None:
        commissioner_or_404(request, further, code)
    form = YearForm(request.GET, years=money_selectors.years_to_choose(clock.today()))
    last_day = money_selectors.last_day_for(money_selectors.profile_for(request.user, commissioner))
    return commissioner, form, money_selectors.period_of(form.begins() if form.is_valid() else form.latest, last_day)


def _costs(request: HttpRequest, commissioner: Commissioner, period: Period) -> list[presenters.CostRow]:
    ids = money_selectors.counted_in(commissioner, period)
    cohorts = cohorts_for(request.user, Permission.VIEW_MONEY)
    profile = money_selectors.profile_for(request.user, commissioner)
    return presenters.cost_rows(selectors.unit_costs(ids, period.as_at), cohorts, profile)


def _organisations(
    request: HttpRequest, commissioner: Commissioner, period: Period
) -> list[presenters.OrganisationRow]:
    ids = money_selectors.counted_in(commissioner, period)
    profile = money_selectors.profile_for(request.user, commissioner)
    return presenters.organisation_rows(selectors.organisations_paid(ids, period), profile)


def _head(request: HttpRequest, commissioner: Commissioner, period: Period, file_name: str) -> dict[str, Any]:
    """What the two pages share."""
    profile = money_selectors.profile_for(request.user, commissioner)
    address = reverse(f"budgets:{file_name}", args=[commissioner.code])
    return {
        "commissioner": commissioner,
        "as_at": period_words(period),
        "control": profile.explanation if profile else "",
        "back": f"{reverse('budgets:money', args=[commissioner.code])}?year={period.year.begins}",
        "file_url": f"{address}?year={period.year.begins}"
        if can(request.user, Permission.EXPORT_FIGURES, commissioner)
        else "",
    }


def _file_head(
    request: HttpRequest, commissioner: Commissioner, period: Period, title: str, rows: int, what: str
) -> list[list[str]]:
    """The lines above a file; the export is logged."""
    user = cast(User, request.user)
    audit.record_export(user, what, commissioner=commissioner, rows=rows, filters={"year": period.year.begins})
    words = [("Commissioner", str(commissioner)), ("Figures", period_words(period))]
    return file_head(title, words, searched="", made_at=clock.now(), made_by=user)
