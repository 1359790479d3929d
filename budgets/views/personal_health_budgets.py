"""The register, the page of a PHB, and what is done to one: agree, start, change methods, end."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets import services
from budgets.exceptions import BudgetRefused
from budgets.filters import RegisterFilter
from budgets.forms.agreement import ChangeMethodsForm, StartForm
from budgets.models import PersonalHealthBudget
from budgets.policies import agreement as policies
from budgets.policies.ending import can_take_back_end
from budgets.presenters import overview
from budgets.presenters import personal_health_budgets as presenters
from budgets.presenters.sections import sections_of
from budgets.selectors import personal_health_budgets as selectors
from budgets.selectors.closures import closure_of
from budgets.selectors.overview import overview_of
from budgets.selectors.register_pages import RegisterPage, register_page
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.forms.people import PersonSearchForm
from phb_register.paging import MOST_FOUND
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import table_params
from phb_register.views.list_files import search_key
from phb_register.views.saved_filters import saving_context
from phb_register.views.support import form_page, or_404

LIST = "register"
SEARCH_KEPT = search_key(LIST)


@requires(Permission.VIEW_BUDGETS)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The PHBs the user may see. Filters stand in the address; who is searched for is kept in the session."""
    search = PersonSearchForm(_posted(request), initial={"words": _words(request)})
    if request.method == "POST" and search.is_valid():
        request.session[SEARCH_KEPT] = search.cleaned_data["words"]
        return redirect(request.get_full_path())
    chosen = _filter(request)
    words = _words(request)
    rows, most = (chosen.qs.search(words), MOST_FOUND) if words else (chosen.qs, chosen.most_counted)
    older, newer = request.GET.get("older_than", ""), request.GET.get("newer_than", "")
    page = register_page(rows, bodies=chosen.bodies, older_than=older, newer_than=newer, most=most)
    audit.record_list(request.user, LIST, [phb.person for phb in page.rows])  # type: ignore[arg-type]
    context = _register_context(request, chosen, page) | {"search": search, "forms": [chosen.form, search]}
    status = 422 if chosen.form.errors or search.errors else 200
    return TemplateResponse(request, "budgets/register.html", context, status=status)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing."""
    return request.POST if request.method == "POST" else None


def _words(request: HttpRequest) -> str:
    return str(request.session.get(SEARCH_KEPT, ""))


def _filter(request: HttpRequest) -> RegisterFilter:
    user: Any = request.user
    return RegisterFilter(request.GET, selectors.register_of(user), user=user, today=clock.today())


def _register_context(request: HttpRequest, chosen: RegisterFilter, page: RegisterPage) -> dict[str, Any]:
    query = request.GET.copy()
    for name in ("older_than", "newer_than"):
        query.pop(name, None)
    columns = presenters.register_columns(chosen.as_at_date)
    return {
        "filter_form": chosen.form,
        "words": _words(request),
        "page": page,
        "as_at": spoken_date(chosen.as_at_date),
        "table": table_params(columns, page.rows, caption="Personal health budgets, the latest agreed first"),
        "links": presenters.page_links(page, query.urlencode()),
        "query": query.urlencode(),
        "is_filtered": bool(query),
        "can_import": can(request.user, Permission.IMPORT_REGISTER),
        **saving_context(request, LIST),
    }


@requires(Permission.VIEW_BUDGETS)
@require_safe
def personal_health_budget(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One PHB: what was agreed, how the money is managed over time, who pays, what happened. The read is logged."""
    phb, user, today = _budget(request, reference), request.user, clock.today()
    audit.record_read(user, phb, person=phb.person)  # type: ignore[arg-type]
    methods = table_params(presenters.METHOD_COLUMNS, phb.method_parts.all(), caption="How the money is managed")
    shares = table_params(
        presenters.share_columns(phb.annual_amount), presenters.shares_on(phb, today), caption="Who pays"
    )
    found = overview_of(user, phb, today)  # type: ignore[arg-type]
    history = table_params(presenters.HISTORY_COLUMNS, selectors.history_of(phb), caption="What was recorded")
    context = {
        "phb": phb,
        "sections": sections_of(request.user, phb.referral, "overview", phb=phb),  # type: ignore[arg-type]
        "state": presenters.state_tag(phb, today),
        "rows": presenters.budget_rows(phb, today),
        "methods": methods,
        "shares": shares,
        "history": history,
        "next_steps": overview.next_steps(phb, found, today),
        "money_line": overview.money_line(found),
        "can_start": policies.can_start(user, phb),
        "can_end": policies.can_end(user, phb),
        "can_take_back_end": can_take_back_end(user, phb),
        "has_closure": closure_of(phb) is not None,
        "can_view_person": can(user, Permission.VIEW_PEOPLE, phb.person.commissioner),
    }
    return TemplateResponse(request, "budgets/personal_health_budget.html", context)


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Start a PHB that was agreed."""
    phb = _budget(request, reference, Permission.MANAGE_BUDGETS)
    form = StartForm(_posted(request), today=clock.today())
    if form.is_valid():
        try:
            services.start_budget(phb=phb, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The personal health budget has started")
            return redirect("budgets:personal-health-budget", reference)
    return form_page(request, "budgets/start.html", form, {"phb": phb})


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(["GET", "POST"])
def change_methods(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Manage the money of a PHB in another way from a date on."""
    phb = _budget(request, reference, Permission.MANAGE_BUDGETS)
    initial = ChangeMethodsForm.initial_of(phb)
    form = ChangeMethodsForm(_posted(request), today=clock.today(), initial=initial, whole=phb.annual_amount)
    if form.is_valid():
        try:
            services.change_methods(phb=phb, by=request.user, **form.change())  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "How the money is managed has changed")
            return redirect("budgets:personal-health-budget", reference)
    return form_page(request, "budgets/change_methods.html", form, {"phb": phb})


def _budget(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS
) -> PersonalHealthBudget:
    user: Any = request.user
    found: PersonalHealthBudget = or_404(selectors.budget_for(user, reference, permission), "personal health budget")
    return found
