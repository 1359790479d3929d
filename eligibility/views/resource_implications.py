"""Resource implications of a version: asked for, shown, and the people behind them."""

import uuid
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.forms.resource_implications import PeopleFilterForm, TrialForm
from eligibility.models import ResourceImplications, RuleSetVersion
from eligibility.presenters import resource_implications as says
from eligibility.selectors.resource_implications import (
    commissioners_to_try,
    default_as_at,
    default_period,
    implications_for,
    implications_of,
    may_see_people,
    page_of_people,
    people_of,
    released_to,
    rows_of,
)
from eligibility.selectors.rule_set_pages import version_for
from eligibility.services.resource_implications import ask_for_resource_implications
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse


@requires(Permission.VIEW_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def resource_implications(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What was asked of a version so far, and the form to ask; the form is for those who write rules."""
    user = cast(User, request.user)  # the permission needs somebody signed in
    version: RuleSetVersion = or_404(version_for(user, code, number), "version")
    commissioners = commissioners_to_try(user, version.rule_set)
    context = {"version": version, "breadcrumbs": says.breadcrumbs(version)[:-1], "can_ask": bool(commissioners)}
    form = TrialForm(
        request.POST if request.method == "POST" else None,
        commissioners=commissioners,
        initial=_suggested(version),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(
                _after_asking(user, ask_for_resource_implications(version=version, by=user, **form.chosen()))
            )
        except Refused as refusal:
            refuse(form, refusal)
    runs = implications_of(user, version)
    context["runs"] = says.runs_table(runs) if runs else None
    return form_page(request, "eligibility/resource_implications/version.html", form, context)


def _suggested(version: RuleSetVersion) -> dict[str, Any]:
    today = clock.today()
    period = default_period(today)
    return {"as_at": default_as_at(version, today), "period_from": period.start, "period_to": period.end}


def _after_asking(user: User, run: ResourceImplications) -> str:
    """To the job while it is the user's own and not done; else to the result."""
    if run.is_finished or run.job.requested_by_id != user.pk:
        return says.result_url(run)
    return says.job_url(run)


@requires(Permission.VIEW_RULES)
@require_safe
def result(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What was worked out: counts and costs, under disclosure control for those who may not see the people."""
    user = cast(User, request.user)
    run: ResourceImplications = or_404(implications_for(user, reference), "result")
    context = {"version": run.version, "breadcrumbs": says.breadcrumbs(run.version)}
    if not run.is_finished:
        context["waiting"] = says.waiting(run, is_own=run.job.requested_by_id == user.pk)
        response = TemplateResponse(request, "eligibility/resource_implications/waiting.html", context)
        response["Refresh"] = "5"
        return response
    context |= says.result_page(released_to(user, run), run)
    return TemplateResponse(request, "eligibility/resource_implications/result.html", context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def people(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The people counted, a page at a time. The read is logged with whose records were shown."""
    user = cast(User, request.user)
    run = _run_with_people(user, reference)
    form = PeopleFilterForm(request.GET, rows_of(run))
    filters = form.chosen() if form.is_valid() else {}
    page = page_of_people(people_of(user, run, **filters), request.GET.get("after"))
    audit.record_list(user, "people behind resource implications", [row.person for row in page.rows])
    context = {
        "caption": says.heading(run),
        "breadcrumbs": [*says.breadcrumbs(run.version), {"text": "Result", "href": says.result_url(run)}],
        "table": says.people_table(page.rows, rows_of(run)) if page.rows else None,
        "pagination": says.next_links(request.GET, page.next_after),
        "run": run,
    }
    return form_page(request, "eligibility/resource_implications/people.html", form, context)


def _run_with_people(user: User, reference: uuid.UUID) -> ResourceImplications:
    run: ResourceImplications = or_404(implications_for(user, reference), "result")
    if not run.is_finished or not may_see_people(user, run):
        raise Http404("Some of the people counted are another commissioner's, or nobody is counted yet")
    return run
