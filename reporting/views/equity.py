"""The equity lens: who has a budget and for whom things are better, by group; and what that is divided by."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of, refuse
from reporting.asked import equity_asked, group_asked, lens_asked
from reporting.forms.equity import GroupCountsForm, GroupForm, start_of
from reporting.presenters import equity as words
from reporting.presenters.equity_pages import counts_page, equity_page, people_page
from reporting.selectors.areas import tables_of
from reporting.selectors.dashboard import profile_for
from reporting.selectors.denominators import cohorts_to_choose
from reporting.selectors.equity_lens import cohorts_compared
from reporting.selectors.equity_outcomes import GroupAsked
from reporting.selectors.group_counts import group_counts_of
from reporting.selectors.known import as_known
from reporting.selectors.scope import counted
from reporting.services.equity import record_group_counts
from reporting.views.support import showing, wrong_filter


@requires(Permission.VIEW_FIGURES)
@require_safe
def equity(request: HttpRequest, code: str) -> HttpResponse:
    """Uptake and outcomes by age, sex, ethnic category, deprivation and locality, as at a date."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    form, scope = equity_asked(request.user, request.GET, commissioner, clock.today())
    if scope is None:
        return wrong_filter(request, commissioner, form)
    lens = lens_asked(request.user, scope, form)
    profile = profile_for(request.user, scope)
    context = equity_page(lens, request.user, profile, only=form.narrowed_in_words())
    return form_page(request, "reporting/equity/equity.html", showing(form, scope), context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The people of one group, exactly as many. The read is logged with whose records were shown."""
    commissioner = commissioner_or_404(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    today = clock.today()
    form = GroupForm(request.GET, cohorts=cohorts_compared(commissioner, is_controlled=False), today=today)
    if not form.is_valid():
        return wrong_filter(request, commissioner, form)
    asked = or_404(group_asked(request.user, form, counted(commissioner, today)), "group of people")
    with as_known(asked.scope.known_on):
        page = page_of(request, asked.rows)
        page.object_list = list(page.object_list)
    _log_read(request, asked, form, [person.pk for person in page.object_list])
    context = people_page(asked, page, request.get_full_path(), only=form.only_in_words())
    return form_page(request, "reporting/equity/people.html", showing(form, asked.scope), context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def group_counts(request: HttpRequest, code: str) -> HttpResponse:
    """People counted by group, which uptake is divided by, and a form to record more."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    start = request.GET.get("start", "")
    initial = {"characteristic": start, "groups": start_of(start)}
    cohorts = cohorts_to_choose(commissioner)
    form = GroupCountsForm(request.POST or None, cohorts=cohorts, today=clock.today(), initial=initial)
    if form.is_valid():
        try:
            written = record_group_counts(commissioner=commissioner, by=cast(User, request.user), **form.counts())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, words.saved_words(len(written)))
            return redirect("reporting:group-counts", code)
    page = page_of(request, group_counts_of(commissioner))
    context = counts_page(commissioner, page, tables_of(commissioner), request.get_full_path())
    return form_page(request, "reporting/equity/counts.html", form, context)


def _log_read(request: HttpRequest, asked: GroupAsked, form: GroupForm, shown: list[int]) -> None:
    detail = {"what": "people of a group", **asked.scope.as_query(), **form.chosen(), "people": sorted(shown)}
    audit.record(actor=request.user, action=audit.READ, commissioner=asked.scope.commissioner, detail=detail)
