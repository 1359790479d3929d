"""Money at a glance: of one PHB, of a commissioner by cohort and method, and the PHBs behind a figure."""

import uuid
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from budgets.forms.money import MoneyForm, YearForm
from budgets.presenters import money as presenters
from budgets.presenters import money_pages as pages
from budgets.presenters.money import Shown
from budgets.selectors import money as selectors
from budgets.selectors.money import Glance
from budgets.selectors.personal_health_budgets import budget_for
from offers.models import Cohort
from offers.selectors import cohorts_for
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import Commissioner, User
from phb_register.presenters import file_head, page_links
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners
from phb_register.tables import csv_stream
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of

MONEY = "money"


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
    form = _form(request)
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    context = pages.money_page(_shown(request, commissioner, form), request.user, form.in_codes())
    return form_page(request, "budgets/money/money.html", form, context)


@requires(Permission.EXPORT_FIGURES)
@require_safe
def money_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same figures by cohort and method as a file. The export is logged."""
    commissioner = commissioner_or_404(request, Permission.VIEW_MONEY, code)
    commissioner_or_404(request, Permission.EXPORT_FIGURES, code)
    form = _form(request)
    if not form.is_valid():
        return form_page(request, "budgets/money/wrong_filter.html", form, {"commissioner": commissioner})
    shown = _shown(request, commissioner, form)
    rows, user = shown.by_both(), cast(User, request.user)
    words = [
        ("Commissioner", str(commissioner)),
        ("Figures", presenters.period_words(shown.glance.period)),
        *form.in_words(),
    ]
    audit.record_export(user, MONEY, commissioner=commissioner, rows=len(rows), filters=form.in_codes())
    head = file_head("Money by cohort and method", words, searched="", made_at=clock.now(), made_by=user)
    return csv_file(f"money-{commissioner.code}-{shown.glance.period.year.begins}", presenters.FILE_COLUMNS, rows, head)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def budgets(request: HttpRequest, code: str) -> HttpResponse:
    """The PHBs that a figure of money is made of, each with its own. The read is logged with whose they are."""
    commissioner = commissioner_or_404(request, Permission.VIEW_MONEY, code)
    form = _form(request)
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


def _form(request: HttpRequest) -> MoneyForm:
    years = selectors.years_to_choose(clock.today())
    return MoneyForm(request.GET, years=years, cohorts=_cohorts(request))


def _cohorts(request: HttpRequest) -> list[Cohort]:
    return list(cohorts_for(cast(User, request.user), Permission.VIEW_MONEY))


def _shown(request: HttpRequest, commissioner: Commissioner, form: MoneyForm) -> Shown:
    """The figures that the form asks for, as this reader may see them."""
    profile = selectors.profile_for(request.user, commissioner)
    glance: Glance = selectors.glance_of(
        commissioner, selectors.period_of(form.begins(), selectors.last_day_for(profile))
    )
    return Shown.of(
        glance,
        selectors.cohorts_in(glance),
        cohort=form.cohort_chosen,
        method=form.cleaned_data["method"],
        is_nhs=form.is_nhs,
        profile=profile,
    )


def csv_file(name: str, columns: Any, rows: Any, head: Any) -> StreamingHttpResponse:
    """Rows as a file of that name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(
        csv_stream(columns, rows, head), content_type="text/csv; charset=utf-8", headers=headers
    )
