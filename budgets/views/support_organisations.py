"""The list of support organisations, the page of one, adding and changing them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.support_organisations import OrganisationFilter, OrganisationForm
from budgets.models import SupportOrganisation
from budgets.presenters import support_organisations as presenters
from budgets.selectors import support_organisations as selectors
from budgets.services import support_organisations as services
from phb_register import clock
from phb_register.access import requires
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page, or_404, page_of


@requires(Permission.VIEW_BUDGETS)
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """The support organisations of the user's commissioners and partnerships."""
    user: Any = request.user
    chosen = OrganisationFilter(request.GET, queryset=selectors.organisations_of(user), today=clock.today())
    page = page_of(request, chosen.qs if chosen.form.is_valid() else chosen.qs.none())
    context = {
        "page": page,
        "table": presenters.list_table(page.object_list),
        "links": page_links(page, request.get_full_path()),
        "may_write": can(user, Permission.MANAGE_BUDGETS),
        "is_open": bool(request.GET),
    }
    return form_page(request, "budgets/support_organisations/list.html", chosen.form, context)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def organisation(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One support organisation."""
    found = _organisation(request, reference, Permission.VIEW_BUDGETS)
    user: Any = request.user
    may_write = selectors.organisation_for(user, reference, Permission.MANAGE_BUDGETS) is not None
    context = {"organisation": found, "rows": presenters.organisation_rows(found), "may_write": may_write}
    return TemplateResponse(request, "budgets/support_organisations/organisation.html", context)


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a support organisation to the list of a commissioner or partnership."""
    user: Any = request.user
    form = OrganisationForm(_posted(request), commissioners=selectors.commissioners_to_write_for(user, clock.today()))
    if form.is_valid():
        try:
            made = services.add_organisation(by=user, **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The organisation is added")
            return redirect(presenters.organisation_url(made))
    return form_page(request, "budgets/support_organisations/form.html", form, {"title": "Add a support organisation"})


@requires(Permission.MANAGE_BUDGETS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Change what is known of a support organisation."""
    user: Any = request.user
    found = _organisation(request, reference, Permission.MANAGE_BUDGETS)
    form = OrganisationForm(_posted(request), initial=OrganisationForm.initial_of(found))
    if form.is_valid():
        try:
            services.change_organisation(organisation=found, by=user, **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The organisation is changed")
            return redirect(presenters.organisation_url(found))
    context = {"title": "Change a support organisation", "back_url": presenters.organisation_url(found)}
    return form_page(request, "budgets/support_organisations/form.html", form, context)


def _organisation(request: HttpRequest, reference: uuid.UUID, permission: Permission) -> SupportOrganisation:
    user: Any = request.user
    found: SupportOrganisation = or_404(selectors.organisation_for(user, reference, permission), "organisation")
    return found


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
