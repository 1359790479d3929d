"""Indicative budgets of a referral: the list, one with its working, and the sheet a further one is worked out from."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.indicative_budgets import Sheet, sheet_initial
from budgets.models import IndicativeBudget
from budgets.presenters import indicative_budgets as presenters
from budgets.presenters.rate_cards import card_url
from budgets.presenters.sections import sections_of
from budgets.selectors import indicative_budgets as selectors
from budgets.services.indicative_budgets import keep_indicative_budget
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import or_404, page_of

NOT_ACCEPTED = "Accept the referral first. A budget is planned from an accepted referral"


@requires(Permission.VIEW_BUDGETS)
@require_safe
def indicative_budgets(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Every indicative budget of a referral, beside what was agreed and paid. The read is logged."""
    user: Any = request.user
    referral = _referral(request, reference)
    audit.record_read(user, referral, person=referral.person)
    page = page_of(request, selectors.indicative_budgets_of(user, referral))
    amounts = selectors.three_amounts(user, referral, clock.today())
    context = {
        "referral": referral,
        "sections": sections_of(user, referral, "indicative"),
        "links": page_links(page, request.get_full_path()) if page.has_other_pages() else None,
        "table": presenters.indicative_table(page) if page else None,
        "three": presenters.three_figures(amounts),
        "departure": presenters.departure_words(amounts),
        "work_out_url": presenters.work_out_url(referral) if _may_plan(user, referral) else None,
    }
    return TemplateResponse(request, "budgets/indicative_budgets/list.html", context)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def indicative_budget(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """One indicative budget, with every line of its working. The read is logged."""
    user: Any = request.user
    referral = _referral(request, reference)
    found: IndicativeBudget = or_404(selectors.indicative_budget_for(user, referral, number), "indicative budget")
    audit.record_read(user, found, person=referral.person)
    context = {
        "referral": referral,
        "budget": found,
        "sections": sections_of(user, referral, "indicative"),
        "rows": presenters.budget_summary(found),
        "figures": presenters.figures(found.annual_amount, found.one_off_amount),
        "week": presenters.week_table(found.as_worksheet()),
        "tables": presenters.working_tables(found.lines.all()),
        "replaced": presenters.replaced_rows(found.annual_amount, found.previous_annual_amount),
        "card_url": card_url(found.rate_card),
        "again_url": f"{presenters.work_out_url(referral)}?from={number}" if _may_plan(user, referral) else None,
    }
    return TemplateResponse(request, "budgets/indicative_budgets/budget.html", context)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(["GET", "POST"])
def work_out_indicative_budget(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The sheet: more rows, the working without keeping it, or the budget kept."""
    referral = _referral(request, reference, Permission.PLAN_BUDGETS)
    if referral.status != ReferralStatus.ACCEPTED:
        messages.warning(request, NOT_ACCEPTED)
        return redirect("eligibility:referral", reference)
    sheet = Sheet(request.POST if request.method == "POST" else None, initial=_initial(request, referral))
    preview = None
    if sheet.is_valid():
        try:
            if "keep" in request.POST:
                return _keep(request, referral, sheet)
            preview = _preview(referral, sheet)
        except BudgetRefused as refusal:
            sheet.show(refusal)
    return _sheet_page(request, referral, sheet, preview)


def _keep(request: HttpRequest, referral: Referral, sheet: Sheet) -> HttpResponse:
    user: Any = request.user
    given = {name: sheet.form.cleaned_data[name] for name in ("key", "rates_on", "previous_annual_amount", "note")}
    kept = keep_indicative_budget(referral=referral, by=user, worksheet=sheet.worksheet(), **given)
    messages.success(request, f"Indicative budget {kept.number} is worked out")
    return redirect("budgets:indicative-budget", referral.reference, kept.number)


def _preview(referral: Referral, sheet: Sheet) -> dict[str, Any]:
    worksheet, given = sheet.worksheet(), sheet.form.cleaned_data
    found = selectors.work_out_with_card(referral, worksheet, given["rates_on"])
    return presenters.preview_context(found.working, worksheet, found.card, given["previous_annual_amount"])


def _sheet_page(request: HttpRequest, referral: Referral, sheet: Sheet, preview: dict[str, Any] | None) -> HttpResponse:
    context = {
        "referral": referral,
        "sheet": sheet,
        "forms": [] if sheet.added else list(sheet.every_form()),
        "preview": preview,
        "buttons": presenters.SHEET_BUTTONS,
    }
    template = "budgets/indicative_budgets/work_out.html"
    return TemplateResponse(request, template, context, status=422 if sheet.has_errors() else 200)


def _initial(request: HttpRequest, referral: Referral) -> dict[str, Any]:
    """A sheet of the number in the address, else of the latest one; the first is empty but for what is known."""
    user: Any = request.user
    number = request.GET.get("from", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 5
    rows = selectors.indicative_budgets_of(user, referral)
    before = rows.filter(number=int(number)).first() if is_number else rows.first()
    return sheet_initial(before, rates_on=clock.today())


def _referral(request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS) -> Referral:
    user: Any = request.user
    found: Referral = or_404(selectors.planning_referral(user, reference, permission), "referral")
    return found


def _may_plan(user: Any, referral: Referral) -> bool:
    return referral.status == ReferralStatus.ACCEPTED and can(user, Permission.PLAN_BUDGETS, referral.commissioner)
