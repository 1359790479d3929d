"""How monthly figures vary, how commissioners compare, and from when limits are worked out anew."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.dates import last_month_end
from phb_register.exceptions import Refused
from phb_register.forms import ConfirmForm
from phb_register.models import Commissioner, User
from phb_register.presenters import spoken_moment
from phb_register.roles import Permission
from phb_register.tables import csv_stream
from phb_register.views.support import commissioner_or_404, form_page, or_404, refuse
from reporting.forms.variation import RecalculationForm, VariationForm
from reporting.presenters.pages import breadcrumbs, default_as_at
from reporting.presenters.variation.files import FILE_COLUMNS, file_header, file_rows
from reporting.presenters.variation.page import recalculations_table, variation_page
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.selectors.variation import recalculation_of, recalculations_of, variation_for
from reporting.services.variation import record_recalculation, release_variation, remove_recalculation
from reporting.views.support import wrong_filter

PAGES = "reporting/variation"


@requires(Permission.VIEW_FIGURES)
@require_safe
def variation(request: HttpRequest, code: str) -> HttpResponse:
    """XmR charts of a commissioner's months, funnel plots of commissioners, and one year beside another."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    form, scope = _asked(request, commissioner)
    if scope is None:
        return wrong_filter(request, commissioner, form)
    release_variation(cast(User, request.user), scope, purpose="variation")
    context = variation_page(variation_for(request.user, scope), form.chosen_months(), request.user)
    return form_page(request, f"{PAGES}/page.html", form.showing(scope.as_at), context)


@requires(Permission.EXPORT_FIGURES)
@require_safe
def variation_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every point of the charts with its limits, as a file. The export is logged."""
    commissioner = commissioner_or_404(request, Permission.EXPORT_FIGURES, code)
    form, scope = _asked(request, commissioner)
    if scope is None:
        return wrong_filter(request, commissioner, form)
    length, user = form.chosen_months(), cast(User, request.user)
    release_variation(user, scope, purpose="variation.csv")
    found = variation_for(user, scope)
    rows = list(file_rows(found, length))
    filters = {"as_at": found.scope.as_at.isoformat(), "months": length}
    audit.record_export(user, "variation", commissioner=commissioner, rows=len(rows), filters=filters)
    header = file_header(found, length, made_at=spoken_moment(clock.now()), made_by=str(user))
    response = StreamingHttpResponse(csv_stream(FILE_COLUMNS, rows, header), content_type="text/csv; charset=utf-8")
    name = f"variation-{commissioner.code}-{found.scope.as_at.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def recalculations(request: HttpRequest, code: str) -> HttpResponse:
    """From when limits are worked out anew, and a form to record another known change."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    form = RecalculationForm(request.POST if request.method == "POST" else None, today=clock.today())
    if form.is_valid():
        try:
            record_recalculation(commissioner=commissioner, by=cast(User, request.user), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The limits are worked out anew from that month")
            return redirect("reporting:recalculations", code)
    context = _context(commissioner)
    context["table"] = recalculations_table(recalculations_of(commissioner), commissioner.code)
    return form_page(request, f"{PAGES}/recalculations.html", form, context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a recalculation back."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    found = or_404(recalculation_of(commissioner, pk), "recalculation")
    form = ConfirmForm(request.POST if request.method == "POST" else None, button="Take it back")
    if form.is_valid():
        remove_recalculation(recalculation=found, by=cast(User, request.user))
        messages.success(request, "It is taken back: the limits rest on the months before, too")
        return redirect("reporting:recalculations", code)
    return form_page(request, f"{PAGES}/remove.html", form, _context(commissioner) | {"recalculation": found})


def _asked(request: HttpRequest, commissioner: Commissioner) -> tuple[VariationForm, Counted | None]:
    """What the address asks for, with its form; None where the form says what is wrong with it."""
    form = VariationForm(request.GET, today=clock.today())
    if not form.is_valid():
        return form, None
    scope = counted(commissioner, form.as_at_or(default_as_at(commissioner, clock.today())))
    if not may_see_people(request.user, scope):
        form.for_everybody()
        if form.cleaned_data.get("as_at") is None:
            scope = counted(commissioner, last_month_end(scope.as_at))
    return form, None if form.errors else scope


def _context(commissioner: Commissioner) -> dict[str, object]:
    return {"commissioner": commissioner, "breadcrumbs": breadcrumbs(commissioner)}
