"""Snapshots of a commissioner's figures: the list, one with its figures, freezing, restating, comparing."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.presenters import page_links, spoken_date
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of, refuse
from reporting.forms.snapshots import CompareForm, FreezeForm, RestateForm
from reporting.frozen import side_by_side
from reporting.models import Snapshot
from reporting.presenters import snapshots as words
from reporting.presenters.pages import breadcrumbs
from reporting.selectors import snapshots as selectors
from reporting.selectors.scope import counted, may_see_people
from reporting.selectors.snapshot_changes import ChangedBudgets
from reporting.services import snapshots as service

FOLDER = "reporting/snapshots"
#: How many of the latest snapshots can be chosen to compare.
MOST_TO_COMPARE = 200
#: Up to how many budgets a page checks one by one: those of the largest commissioner, not of England.
MOST_TO_CHECK = 50_000


@requires(Permission.VIEW_FIGURES)
@require_safe
def snapshots(request: HttpRequest, code: str) -> HttpResponse:
    """The snapshots of a commissioner's figures, the latest date first."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    page = page_of(request, selectors.snapshots_of(commissioner))
    sees_people = can(request.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, commissioner)
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "page": page,
        "table": words.table(page, may_see_people=sees_people),
        "links": page_links(page, request.get_full_path()),
        "may_freeze": can(request.user, Permission.FREEZE_FIGURES, commissioner),
        "may_compare": sees_people and page.paginator.count > 1,
    }
    return TemplateResponse(request, f"{FOLDER}/list.html", context)


@requires(Permission.FREEZE_FIGURES)
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the figures of a date."""
    commissioner = commissioner_or_404(request, Permission.FREEZE_FIGURES, code)
    form = FreezeForm(request.POST if request.method == "POST" else None, today=clock.today())
    if form.is_valid():
        try:
            snapshot = service.freeze(commissioner=commissioner, by=cast(User, request.user), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"The figures as at {spoken_date(snapshot.as_at)} are frozen")
            return redirect(words.snapshot_url(snapshot))
    return _form(request, form, commissioner, "Freeze figures", words.list_url(commissioner))


@requires(Permission.FREEZE_FIGURES)
@require_http_methods(["GET", "POST"])
def restate(request: HttpRequest, code: str, reference: uuid.UUID) -> HttpResponse:
    """Freeze the figures of a snapshot's date anew, with a reason."""
    commissioner = commissioner_or_404(request, Permission.FREEZE_FIGURES, code)
    snapshot = or_404(selectors.snapshot_of(commissioner, reference), "snapshot")
    form = RestateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            again = service.restate(
                commissioner=commissioner,
                as_at=snapshot.as_at,
                by=cast(User, request.user),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"The figures are restated. Snapshot {again.number} counts now")
            return redirect(words.snapshot_url(again))
    heading = f"Restate the figures as at {spoken_date(snapshot.as_at)}"
    return _form(request, form, commissioner, heading, words.snapshot_url(snapshot))


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def snapshot(request: HttpRequest, code: str, reference: uuid.UUID) -> HttpResponse:
    """One snapshot with every figure as it was frozen, for those who may see the people behind them."""
    commissioner = commissioner_or_404(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    found: Snapshot = or_404(selectors.snapshot_of(commissioner, reference), "snapshot")
    _only_for_the_case_team(request, found)
    latest = selectors.latest_for(commissioner, found.as_at)
    context = words.snapshot_page(found, selectors.rows_in(found), latest=None if latest == found else latest)
    context["may_restate"] = can(request.user, Permission.FREEZE_FIGURES, commissioner) and latest == found
    context["is_whole"] = selectors.is_whole(found, most_records=MOST_TO_CHECK)
    context["snapshot"] = found
    return TemplateResponse(request, f"{FOLDER}/snapshot.html", context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two snapshots side by side: the figures that moved, and of one date the budgets that moved them. Logged."""
    commissioner = commissioner_or_404(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    choices = list(selectors.snapshots_of(commissioner)[:MOST_TO_COMPARE])
    form = CompareForm(request.GET or None, snapshots=choices)
    context = {
        "commissioner": commissioner,
        "breadcrumbs": words.crumbs(commissioner),
        "may_compare": len(choices) > 1,
    }
    if form.is_valid():
        before, after = (
            or_404(selectors.snapshot_of(commissioner, form.cleaned_data[name]), "snapshot")
            for name in ("before", "after")
        )
        context |= _comparison(request, before, after)
    return form_page(request, f"{FOLDER}/compare.html", form, context)


def _comparison(request: HttpRequest, before: Snapshot, after: Snapshot) -> dict[str, object]:
    for each in (before, after):
        _only_for_the_case_team(request, each)
    rows = side_by_side(selectors.rows_in(before), selectors.rows_in(after))
    moved = [row for row in rows if row.before != row.after]
    context: dict[str, object] = {"before": before, "after": after, "same": len(rows) - len(moved)}
    if moved:
        context["moved"] = words.moved_table(moved)
    if before.as_at != after.as_at:
        return context
    page = page_of(request, ChangedBudgets(before, after))
    people = sorted({row.phb.person_id for row in page if row.phb})
    audit.record(
        actor=request.user,
        action=audit.READ,
        commissioner=before.commissioner,
        detail={
            "what": "budgets that changed between snapshots",
            "as_at": before.as_at.isoformat(),
            "numbers": [before.number, after.number],
            "people": people,
        },
    )
    changed = words.changed_table(page, before.as_at) if page.paginator.count else None
    return context | {"page": page, "changed": changed, "links": page_links(page, request.get_full_path())}


def _only_for_the_case_team(request: HttpRequest, snapshot: Snapshot) -> None:
    if not may_see_people(request.user, counted(snapshot.commissioner, snapshot.as_at)):
        raise Http404("Some of the people behind these figures are another commissioner's")


def _form(
    request: HttpRequest, form: FreezeForm | RestateForm, commissioner: Commissioner, heading: str, back_url: str
) -> HttpResponse:
    context = {"commissioner": commissioner, "heading": heading, "back_url": back_url}
    return form_page(request, "reporting/snapshots/form.html", form, context)
