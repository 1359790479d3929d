"""Merging two records of one person: proposed by one user, reviewed by another, and reversed the same way."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.forms.merges import OtherRecordForm, ProposeMergeForm, ReversalForm, ReviewMergeForm
from phb_register.merge_presenters import (
    MERGE_COLUMNS,
    STATUS_TAGS,
    hanging_table,
    merge_history,
    merge_url,
    side_by_side,
)
from phb_register.merge_states import ASK_REVERSAL, MergeStatus
from phb_register.models import Person, PersonMerge
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.selectors.merges import (
    hanging_on,
    has_two_numbers,
    merge_for,
    merges_of,
    obstacles,
    others_like,
)
from phb_register.selectors.people import people_found, person_for
from phb_register.services import merges as service
from phb_register.tables import table_params
from phb_register.views.support import form_page, or_404, page_of, refuse

from .people import person_page

FOUND_BY_WORDS = 20
THIS_AND_OTHER = ("This record", "The other record")
KEPT_AND_MERGED = ("Record to keep", "Record to merge")


@requires(Permission.MERGE_PEOPLE)
@require_safe
def merges(request: HttpRequest) -> HttpResponse:
    """Every merge of the user's commissioners, the latest first."""
    page = page_of(request, merges_of(request.user))  # type: ignore[arg-type]
    if page.object_list:
        people = [person for each in page for person in (each.kept, each.merged)]
        audit.record_list(request.user, "Merges", people)  # type: ignore[arg-type]
    context = {
        "page": page,
        "table": table_params(MERGE_COLUMNS, page, caption="Merges", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
    }
    return TemplateResponse(request, "phb_register/merges.html", context)


@requires(Permission.MERGE_PEOPLE)
@require_http_methods(["GET", "POST"])
@person_page(Permission.MERGE_PEOPLE)
def find_other(request: HttpRequest, person: Person) -> HttpResponse:
    """Which other record is of the same person? Those alike are shown; others are looked for."""
    posted = request.POST if request.method == "POST" else None
    people = others_like(request.user, person)  # type: ignore[arg-type]
    words = request.POST.get("words", "").strip()
    if words:
        found = people_found(request.user, words).exclude(pk=person.pk)[:FOUND_BY_WORDS]
        people = [*people, *(each for each in found if each not in people)]
    form = OtherRecordForm(posted, people=people)
    if form.is_valid() and form.chosen:
        return redirect("phb_register:propose-merge", person.reference, form.chosen.reference)
    if people:
        audit.record_list(request.user, "People like another", people)  # type: ignore[arg-type]
    context = {"person": person, "has_found": bool(people), "words": words}
    return form_page(request, "phb_register/merge_find.html", form, context)


@requires(Permission.MERGE_PEOPLE)
@require_http_methods(["GET", "POST"])
@person_page(Permission.MERGE_PEOPLE)
def propose(request: HttpRequest, person: Person, other: uuid.UUID) -> HttpResponse:
    """Propose to merge two records, with both of them side by side."""
    second: Person = or_404(person_for(request.user, other, Permission.MERGE_PEOPLE), "person")
    if second == person:
        raise Http404("A record is not merged with itself")
    posted = request.POST if request.method == "POST" else None
    form = ProposeMergeForm(posted, people=(person, second), has_two_numbers=has_two_numbers(person, second))
    if form.is_valid():
        try:
            merge = service.propose_merge(by=request.user, **form.proposal())  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The merge is proposed. Somebody else reviews it before anything changes")
            return redirect(merge_url(merge))
    context = {"person": person, **_both(request, person, second, THIS_AND_OTHER)}
    return form_page(request, "phb_register/merge_propose.html", form, context)


def _both(request: HttpRequest, first: Person, second: Person, headings: tuple[str, str]) -> dict[str, Any]:
    """Two records with everything that hangs on each. To show them is to read them, which is logged."""
    for each in (first, second):
        audit.record_read(request.user, each)  # type: ignore[arg-type]
    return {
        "people": [first, second],
        "records": side_by_side(first, second, headings),
        "hanging": hanging_table(hanging, headings) if (hanging := hanging_on(first, second)) else None,
    }


@requires(Permission.MERGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One merge: both records, what happened, and the review where it waits for this user's."""
    found: PersonMerge = or_404(merge_for(request.user, reference), "merge")  # type: ignore[arg-type]
    is_reversal = found.status == MergeStatus.REVERSAL_ASKED
    form = ReviewMergeForm(request.POST if request.method == "POST" else None, is_reversal=is_reversal)
    if form.is_valid() and (done := _reviewed(request, found, form)):
        return done
    context = {
        "merge": found,
        "tag": STATUS_TAGS[found.status],
        "history": merge_history(found),
        "obstacles": _obstacles(found),
        "may_review": _asked_by(found) not in (None, request.user),
        "is_own": _asked_by(found) == request.user,
        "is_reversal": is_reversal,
        "may_ask_reversal": found.status == ASK_REVERSAL.from_status,
        **_both(request, found.kept, found.merged, KEPT_AND_MERGED),
    }
    return form_page(request, "phb_register/merge.html", form, context)


def _reviewed(request: HttpRequest, found: PersonMerge, form: ReviewMergeForm) -> HttpResponse | None:
    """Do what the review says; None where it is refused and the form says why."""
    if found.status == MergeStatus.REVERSAL_ASKED:
        act = service.reverse_merge if form.is_approved else service.keep_merged
    else:
        act = service.approve_merge if form.is_approved else service.decline_merge
    try:
        act(merge=found, by=request.user, note=form.cleaned_data["note"])  # type: ignore[arg-type]
    except Refused as refusal:
        refuse(form, refusal)
        return None
    messages.success(request, "The review is saved")
    return redirect(merge_url(found))


def _obstacles(found: PersonMerge) -> list[str]:
    """What stands against a merge that waits, so that the reviewer need not find out by trying."""
    if found.status != MergeStatus.PROPOSED:
        return []
    return obstacles(found.kept, found.merged, today=clock.today(), but_for=found)


def _asked_by(found: PersonMerge) -> Any:
    """Who asked for what waits for a review; None where nothing does."""
    asked = {MergeStatus.PROPOSED: found.proposed_by, MergeStatus.REVERSAL_ASKED: found.reversal_asked_by}
    return asked.get(MergeStatus(found.status))


@requires(Permission.MERGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def ask_reversal(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Ask for the reversal of a merge, which somebody else reviews."""
    found: PersonMerge = or_404(merge_for(request.user, reference), "merge")  # type: ignore[arg-type]
    form = ReversalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            service.ask_reversal(merge=found, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The reversal is asked for. Somebody else reviews it before anything changes")
            return redirect(merge_url(found))
    return form_page(request, "phb_register/merge_reverse.html", form, {"merge": found})
