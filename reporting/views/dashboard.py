"""The dashboard, its file, and the people behind its figures."""

from typing import Any, cast

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import User
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.tables import table_params
from phb_register.views.support import commissioner_or_404, form_page, page_of
from reporting import measures as m
from reporting.asked import figures_asked, scope_of
from reporting.forms.figures import PeopleForm
from reporting.presenters.dashboard_page import dashboard_page
from reporting.presenters.pages import people_page
from reporting.presenters.people import columns_for
from reporting.selectors.commissioners import dashboards_of
from reporting.selectors.dashboard import cohorts
from reporting.selectors.known import as_known
from reporting.selectors.overview import overview_for
from reporting.selectors.people import people_rows, removed_since
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.services.first_showings import FirstShowing
from reporting.services.releases import release_for
from reporting.services.variation import release_members
from reporting.views.support import being_fixed, showing, wrong_filter

PEOPLE_ON_A_PAGE = 200


@requires(Permission.VIEW_FIGURES)
@require_safe
def dashboards(request: HttpRequest) -> HttpResponse:
    """The commissioners whose figures the user may see; with one of them, its dashboard at once."""
    found = list(dashboards_of(request.user))
    if len(found) == 1:
        return redirect("reporting:dashboard", found[0].code)
    return TemplateResponse(request, "reporting/dashboards.html", {"commissioners": found})


@requires(Permission.VIEW_FIGURES)
@require_safe
def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    """How a commissioner's uptake stands against its target, as at a date."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    form, scope = figures_asked(request.user, request.GET, commissioner, clock.today())
    if scope is None:
        return wrong_filter(request, commissioner, form)
    if waiting := being_fixed(request, scope, FirstShowing.FIGURES):
        return waiting
    user = cast(User, request.user)  # the permission needs somebody signed in
    release = release_for(user, scope, purpose="dashboard")
    if not commissioner.is_body:
        release_members(user, scope, purpose="dashboard")
    context = dashboard_page(overview_for(user, scope, release), user, only=form.only_in_words())
    return form_page(request, "reporting/dashboard.html", showing(form, scope), context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def people(request: HttpRequest, code: str, measure_code: str) -> HttpResponse:
    """The people or budgets that a figure counts, exactly as many. The read is logged with whose records were shown."""
    commissioner = commissioner_or_404(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    measure = m.MEASURES_BY_CODE.get(measure_code)
    if measure is None or not measure.has_people:
        raise Http404("No list of people stands behind this figure")
    now = counted(commissioner, clock.today())
    form = PeopleForm(request.GET, measure=measure, cohorts=cohorts(now), today=now.as_at)
    if not form.is_valid():
        return wrong_filter(request, commissioner, form)
    scope = scope_of(form, now)
    if not may_see_people(request.user, scope):
        raise Http404("Some of the people behind this figure are another commissioner's")
    with as_known(scope.known_on):
        page = page_of(request, people_rows(measure, scope, form.part_chosen()), PEOPLE_ON_A_PAGE)
        shown = list(page.object_list)
    return _people_page(request, measure, scope, form, page, shown)


def _people_page(
    request: HttpRequest, measure: m.Measure, scope: Counted, form: PeopleForm, page: Page[Any], shown: list[Any]
) -> HttpResponse:
    audit.record(
        actor=request.user,
        action=audit.READ,
        commissioner=scope.commissioner,
        detail={
            "what": f"people behind {measure.code}",
            **scope.as_query(),
            **({"part": form.part_chosen()} if form.part_chosen() else {}),
            "people": sorted({getattr(row, "person_id", row.pk) for row in shown}),
        },
    )
    context = people_page(measure, scope, page, form.part_in_words(), only=form.only_in_words())
    columns = columns_for(measure, scope.as_at, removed=removed_since(shown) if scope.known_on else frozenset())
    context["table"] = table_params(columns, shown, caption=context["heading"])
    context["links"] = page_links(page, request.get_full_path())
    return form_page(request, "reporting/people.html", showing(form, scope), context)
