"""Money at a glance: of one PHB, of a commissioner by cohort and method, and the PHBs behind a figure."""

import uuid
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from budgets.forms.money import YearForm
from budgets.money_list_file import money_form, shown_to
from budgets.presenters import money_pages as pages
from budgets.selectors import money as selectors
from budgets.selectors.personal_health_budgets import budget_for
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import User
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners
from phb_register.tables import csv_stream
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of


@requires(Permission.VIEW_MONEY)
@require_safe
def commissioners(request: HttpRequest) -> HttpResponse:
    """The commissioners whose money the user may see; with one of them, its page at once."""
    found = list(named_commissioners(request.user, Permission.VIEW_MONEY).order_by("-kind", "name"))
    if len(found) == 1:
        return redirect("budgets:money", found[0].code)
    return TemplateResponse(request, "budgets/money/commissioners.html", {"commissioners": found})


@requires(Permission.VIEW_MONEY)
@require_safe
def money(request: HttpRequest, code: str) -> HttpResponse:
    """A commissioner's money in a financial year, by cohort and method."""
    commissioner = commissioner_or_404(request, Permission.VIEW_MONEY, code)
    form = money_form(request.user, request.GET, clock.today())
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    context = pages.money_page(shown_to(request.user, commissioner, form), request.user)
    return form_page(request, "budgets/money/money.html", form, context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def budgets(request: HttpRequest, code: str) -> HttpResponse:
    """The PHBs that a figure of money is made of, each with its own. The read is logged with whose they are."""
    commissioner = commissioner_or_404(request, Permission.VIEW_MONEY, code)
    form = money_form(request.user, request.GET, clock.today())
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    period = selectors.period_of(form.begins(), clock.today())
    ids = selectors.counted_in(commissioner, period)
    if not selectors.may_see_budgets(request.user, commissioner, ids):
        raise Http404("Some of the people behind these figures are another commissioner's")
    chosen: dict[str, Any] = {"cohort": form.cohort_chosen, "method": form.cleaned_data["method"]}
    page = page_of(request, selectors.budgets_behind(ids, period, **chosen).for_display().newest_first())
    shown = list(page.object_list)
    audit.record_list(cast(User, request.user), "budgets behind money", [phb.person for phb in shown])
    found = selectors.money_of([phb.pk for phb in shown], period)
    context = {
        **pages.budgets_page(commissioner, period, shown, found, is_nhs=form.is_nhs, **chosen),
        "page": page,
        "links": page_links(page, request.get_full_path()),
    }
    return form_page(request, "budgets/money/budgets.html", form, context)


@requires(Permission.VIEW_MONEY)
@require_safe
def of_budget(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The money of one PHB in a financial year, with a chart by month. The read is logged."""
    user = cast(User, request.user)
    phb = or_404(budget_for(user, reference), "personal health budget")
    commissioner_or_404(request, Permission.VIEW_MONEY, phb.commissioner.code)
    form = YearForm(request.GET, years=selectors.years_to_choose(clock.today()))
    audit.record_read(user, phb, person=phb.person)
    begins = form.begins() if form.is_valid() else selectors.years_to_choose(clock.today())[0].begins
    context = pages.budget_page(phb, selectors.period_of(begins, clock.today()), user)
    return form_page(request, "budgets/money/of_budget.html", form, context)


def csv_file(name: str, columns: Any, rows: Any, head: Any) -> StreamingHttpResponse:
    """Rows as a file of that name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(
        csv_stream(columns, rows, head), content_type="text/csv; charset=utf-8", headers=headers
    )
