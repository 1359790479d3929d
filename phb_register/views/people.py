"""People: finding them, their page, and who acts for them."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock, slots
from phb_register.access import requires
from phb_register.exceptions import PossibleDuplicates, Refused
from phb_register.forms.people import SAME_AS, EndRepresentativeForm, PersonForm, PersonSearchForm, RepresentativeForm
from phb_register.models import Person
from phb_register.paging import MOST_COUNTED, MOST_FOUND
from phb_register.presenters import (
    END_COLUMN,
    PEOPLE_COLUMNS,
    REPRESENTATIVE_COLUMNS,
    merged_note,
    page_links,
    person_rows,
    person_url,
    spoken_moment,
    timeline_entries,
    timeline_years,
)
from phb_register.roles import Permission
from phb_register.rules import nhs_number_digits
from phb_register.scope import can
from phb_register.selectors.commissioners import accountable_on
from phb_register.selectors.merges import records_merged_into
from phb_register.selectors.people import (
    kept_record_of,
    people_found,
    person_for,
    person_with_number,
    representative_for,
    representatives_of,
)
from phb_register.selectors.timeline import timeline_of
from phb_register.services import people as service
from phb_register.tables import table_params
from phb_register.views.support import bounded_page_of, form_page, or_404, refuse

SEARCH_KEPT = "people-search"
# Of what happened, what a person's page itself shows.
LATEST = 5


@requires(Permission.VIEW_PEOPLE)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """People the user may see. What is searched for is posted and kept in the session, never in an address."""
    form = PersonSearchForm(request.POST if request.method == "POST" else None, initial=_kept(request))
    if request.method == "POST" and form.is_valid():
        request.session[SEARCH_KEPT] = form.cleaned_data["words"]
        return redirect("phb_register:people")
    words = request.session.get(SEARCH_KEPT, "")
    most = MOST_FOUND if words else MOST_COUNTED
    page = bounded_page_of(request, people_found(request.user, words), most=most)
    if page.object_list:
        audit.record_list(request.user, "People", page)  # type: ignore[arg-type]
    context = {
        "page": page,
        "words": words,
        "table": table_params(PEOPLE_COLUMNS, page, caption="People on the register", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
        "can_merge": can(request.user, Permission.MERGE_PEOPLE),
    }
    return form_page(request, "phb_register/people.html", form, context)


def _kept(request: HttpRequest) -> dict[str, str]:
    return {"words": request.session.get(SEARCH_KEPT, "")}


def person_page(permission: Permission) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Give the view the person of the address. A record that was merged leads to the one that is kept, with a note."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def run(request: HttpRequest, reference: uuid.UUID, **rest: Any) -> HttpResponse:
            found = person_for(request.user, reference, permission)
            if found is not None:
                return view(request, found, **rest)
            merged, kept = or_404(kept_record_of(request.user, reference), "person")
            messages.info(request, merged_note(merged))
            return redirect(person_url(kept))

        return run

    return decorate


@requires(Permission.VIEW_PEOPLE)
@require_safe
@person_page(Permission.VIEW_PEOPLE)
def person(request: HttpRequest, person: Person) -> HttpResponse:
    """One person: details, who acts for them, and what the other rooms hold. The read is logged."""
    audit.record_read(request.user, person)  # type: ignore[arg-type]
    can_edit = can(request.user, Permission.EDIT_PEOPLE, person.commissioner)
    columns = [*REPRESENTATIVE_COLUMNS, END_COLUMN] if can_edit else REPRESENTATIVE_COLUMNS
    representatives = representatives_of(person)
    today = clock.today()
    context = {
        "person": person,
        "rows": person_rows(person, today, accountable_on(person.commissioner, today)),
        "merged": [each.display_line for each in records_merged_into(person)],
        "representatives": representatives,
        "representatives_table": table_params(
            columns, representatives, caption="Who acts for this person", is_responsive=True
        ),
        "panels": slots.person_panels_for(request.user, person),
        "latest": timeline_entries(timeline_of(request.user, person, latest=LATEST)),  # type: ignore[arg-type]
        "can_edit": can_edit,
        "can_merge": can(request.user, Permission.MERGE_PEOPLE, person.commissioner),
    }
    return TemplateResponse(request, "phb_register/person.html", context)


@requires(Permission.VIEW_PEOPLE)
@require_safe
@person_page(Permission.VIEW_PEOPLE)
def timeline(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything that happened to a person, on one page that prints. The read is logged."""
    audit.record_read(request.user, person)  # type: ignore[arg-type]
    is_oldest_first = request.GET.get("order") == "oldest"
    happened = timeline_of(request.user, person)  # type: ignore[arg-type]
    today = clock.today()
    context = {
        "person": person,
        "rows": person_rows(person, today, accountable_on(person.commissioner, today)),
        "years": timeline_years(happened[::-1] if is_oldest_first else happened),
        "is_oldest_first": is_oldest_first,
        "made": spoken_moment(timezone.now()),
        "sources": [source.title for source in slots.timeline_sources_for(request.user, person)],
    }
    return TemplateResponse(request, "phb_register/person_timeline.html", context)


@requires(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
@person_page(Permission.EDIT_PEOPLE)
def correct_person(request: HttpRequest, person: Person) -> HttpResponse:
    """Correct a person's details. Others who are alike are shown before anything is saved."""
    form = PersonForm(request.POST or None, instance=person)
    context: dict[str, Any] = {"person": person}
    if form.is_valid():
        try:
            return _corrected(request, person, form)
        except PossibleDuplicates as others:
            audit.record_list(request.user, "People like another", others.people)  # type: ignore[arg-type]
            form.ask_about(others.people)
        except Refused as refusal:
            refuse(form, refusal)
    if "nhs_number" in form.errors:
        number = nhs_number_digits(request.POST.get("nhs_number", ""))
        context["holder"] = person_with_number(request.user, number, Permission.MERGE_PEOPLE)
    return form_page(request, "phb_register/person_form.html", form, context)


def _corrected(request: HttpRequest, person: Person, form: PersonForm) -> HttpResponse:
    """Save the details, once it is said of each person alike whether it is the same. Raises ``PossibleDuplicates``."""
    changes = form.changes()
    asking: dict[str, Any] = {"person": person, "by": request.user, **changes}
    try:
        service.correct_person(**asking)
    except PossibleDuplicates as others:
        if SAME_AS not in request.POST or not form.ask_about(others.people):
            raise
        service.correct_person(**asking, is_not=others.people)
    messages.success(request, "The details are saved")
    if form.same_as is None:
        return redirect(person_url(person))
    if can(request.user, Permission.MERGE_PEOPLE, person.commissioner):
        return redirect("phb_register:propose-merge", person.reference, form.same_as.reference)
    messages.warning(request, f"Tell your PHB team that this is also the record of {form.same_as.display_line}")
    return redirect(person_url(person))


@requires(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
@person_page(Permission.EDIT_PEOPLE)
def add_representative(request: HttpRequest, person: Person) -> HttpResponse:
    """Record somebody who acts for the person."""
    form = RepresentativeForm(request.POST or None)
    if form.is_valid():
        try:
            service.add_representative(person=person, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The representative is recorded")
            return redirect(person_url(person))
    return form_page(request, "phb_register/representative_form.html", form, {"person": person})


@requires(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
@person_page(Permission.EDIT_PEOPLE)
def end_representative(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Record that somebody no longer acts for the person."""
    representative = or_404(representative_for(person, pk), "representative")
    form = EndRepresentativeForm(request.POST or None)
    if form.is_valid():
        try:
            service.end_representative(representative=representative, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{representative.name} no longer acts for {person}")
            return redirect(person_url(person))
    context = {"person": person, "representative": representative}
    return form_page(request, "phb_register/end_representative.html", form, context)
