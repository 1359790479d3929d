"""The pace of a commissioner, and the sheet of what it plans to have in place."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import clock
from phb_register.access import requires
from phb_register.dates import financial_year
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page, refuse
from reporting.asked import figures_asked
from reporting.forms.trajectories import TrajectoryForm
from reporting.presenters.pace_page import pace_page
from reporting.presenters.trajectories import saved_words, trajectories_page, years_of_sheet
from reporting.selectors.dashboard import dashboard_for
from reporting.selectors.trajectories import plans_of
from reporting.services.first_showings import FirstShowing
from reporting.services.releases import release_for
from reporting.services.trajectories import save_trajectories
from reporting.views.support import being_fixed, showing, wrong_filter


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def trajectories(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet of trajectories of a commissioner."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    plans = years_of_sheet(plans_of(commissioner), financial_year(clock.today()))
    form = TrajectoryForm(request.POST if request.method == "POST" else None, plans=plans)
    if form.is_valid():
        user = cast(User, request.user)  # the permission needs somebody signed in
        try:
            changed = save_trajectories(commissioner=commissioner, by=user, plans=form.plans(), seen=form.seen())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, saved_words(changed))
            return redirect("reporting:trajectories", code)
    return form_page(request, "reporting/trajectories.html", form, trajectories_page(commissioner))


@requires(Permission.VIEW_FIGURES)
@require_safe
def pace(request: HttpRequest, code: str) -> HttpResponse:
    """How fast the number in place grows, and whether what is to be reached will be."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    form, scope = figures_asked(request.user, request.GET, commissioner, clock.today())
    if scope is None:
        return wrong_filter(request, commissioner, form)
    if waiting := being_fixed(request, scope, FirstShowing.FIGURES):
        return waiting
    found = dashboard_for(scope, release_for(cast(User, request.user), scope, purpose="pace"))
    context = pace_page(found, request.user, only=form.only_in_words())
    return form_page(request, "reporting/pace.html", showing(form, scope), context)
