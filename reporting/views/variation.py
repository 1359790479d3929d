"""How monthly figures vary, how commissioners compare, and from when limits are worked out anew."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.forms import ConfirmForm
from phb_register.models import Commissioner, User
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.tables import table_params
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of, refuse
from reporting.asked import variation_asked
from reporting.forms.variation import RecalculationForm, VariationPeopleForm
from reporting.presenters.pages import breadcrumbs
from reporting.presenters.variation.page import recalculations_table, variation_page
from reporting.presenters.variation.people import columns_behind, people_page
from reporting.rules.variation import Behind
from reporting.selectors.dashboard import cohorts
from reporting.selectors.known import as_known
from reporting.selectors.people import removed_since
from reporting.selectors.scope import counted
from reporting.selectors.variation import recalculation_of, recalculations_of, variation_for
from reporting.selectors.variation_people import PeopleBehind
from reporting.services.first_showings import FirstShowing
from reporting.services.variation import record_recalculation, release_variation, remove_recalculation
from reporting.variation_people_asked import behind_asked
from reporting.views.support import being_fixed, showing, wrong_filter

PAGES = "reporting/variation"
PEOPLE_ON_A_PAGE = 200


@requires(Permission.VIEW_FIGURES)
@require_safe
def variation(request: HttpRequest, code: str) -> HttpResponse:
    """XmR charts of a commissioner's months, funnel plots of commissioners, and one year beside another."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    form, scope = variation_asked(request.user, request.GET, commissioner, clock.today())
    if scope is None:
        return wrong_filter(request, commissioner, form)
    if waiting := being_fixed(request, scope, FirstShowing.VARIATION):
        return waiting
    release_variation(cast(User, request.user), scope, purpose="variation")
    found = variation_for(request.user, scope)
    context = variation_page(found, form.chosen_months(), request.user, only=form.only_in_words())
    return form_page(request, f"{PAGES}/page.html", form.showing(scope.as_at), context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def people(request: HttpRequest, code: str, which: str) -> HttpResponse:
    """The people behind a number of the page, exactly as many. The read is logged with whose records were shown."""
    commissioner = commissioner_or_404(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    behind = or_404(Behind(which) if which in set(Behind) else None, "list")
    today = clock.today()
    form = VariationPeopleForm(request.GET, behind=behind, cohorts=cohorts(counted(commissioner, today)), today=today)
    if not form.is_valid():
        return wrong_filter(request, commissioner, form)
    asked = or_404(behind_asked(request.user, behind, form, commissioner), "list of people")
    with as_known(asked.scope.known_on):
        page = page_of(request, asked.rows, PEOPLE_ON_A_PAGE)
        shown = list(page.object_list)
    return _people_page(request, asked, form, page, shown)


def _people_page(
    request: HttpRequest, asked: PeopleBehind, form: VariationPeopleForm, page: Page[Any], shown: list[Any]
) -> HttpResponse:
    what = f"people behind variation: {asked.behind.value}"
    audit.record(
        actor=request.user,
        action=audit.READ,
        commissioner=asked.body,
        detail={"what": what, **asked.as_query(), "people": sorted({row.person_id for row in shown})},
    )
    context = people_page(asked, page, only=form.only_in_words())
    removed = removed_since(shown) if asked.scope.known_on else frozenset[int]()
    columns = columns_behind(asked.behind, asked.last, removed=removed)
    context["table"] = table_params(columns, shown, caption=context["heading"])
    context["links"] = page_links(page, request.get_full_path())
    shown_form = showing(form.showing(asked.first, asked.last), asked.scope)
    return form_page(request, f"{PAGES}/people.html", shown_form, context)


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


def _context(commissioner: Commissioner) -> dict[str, object]:
    return {"commissioner": commissioner, "breadcrumbs": breadcrumbs(commissioner)}
