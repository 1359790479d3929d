"""People: finding them, their page, and who acts for them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit, clock, slots
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.forms.people import EndRepresentativeForm, PersonForm, PersonSearchForm, RepresentativeForm
from phb_register.models import Person
from phb_register.presenters import (
    END_COLUMN,
    PEOPLE_COLUMNS,
    REPRESENTATIVE_COLUMNS,
    page_links,
    person_rows,
)
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.selectors.commissioners import accountable_on
from phb_register.selectors.people import people_found, person_for, representative_for, representatives_of
from phb_register.services import people as service
from phb_register.tables import table_params
from phb_register.views.support import form_page, or_404, page_of, refuse

SEARCH_KEPT = "people-search"


@requires(Permission.VIEW_PEOPLE)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """People the user may see. What is searched for is posted and kept in the session, never in an address."""
    form = PersonSearchForm(request.POST if request.method == "POST" else None, initial=_kept(request))
    if request.method == "POST" and form.is_valid():
        request.session[SEARCH_KEPT] = form.cleaned_data["words"]
        return redirect("phb_register:people")
    words = request.session.get(SEARCH_KEPT, "")
    page = page_of(request, people_found(request.user, words))
    if page.object_list:
        audit.record_list(request.user, "People", page)  # type: ignore[arg-type]
    context = {
        "page": page,
        "words": words,
        "table": table_params(PEOPLE_COLUMNS, page, caption="People on the register", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
    }
    return form_page(request, "phb_register/people.html", form, context)


def _kept(request: HttpRequest) -> dict[str, str]:
    return {"words": request.session.get(SEARCH_KEPT, "")}


@requires(Permission.VIEW_PEOPLE)
@require_safe
def person(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One person: details, who acts for them, and what the other rooms hold. The read is logged."""
    found = _person(request, reference)
    audit.record_read(request.user, found)  # type: ignore[arg-type]
    can_edit = can(request.user, Permission.EDIT_PEOPLE, found.commissioner)
    columns = [*REPRESENTATIVE_COLUMNS, END_COLUMN] if can_edit else REPRESENTATIVE_COLUMNS
    representatives = representatives_of(found)
    today = clock.today()
    context = {
        "person": found,
        "rows": person_rows(found, today, accountable_on(found.commissioner, today)),
        "representatives": representatives,
        "representatives_table": table_params(columns, representatives, caption="Who acts for this person"),
        "panels": slots.person_panels_for(request.user, found),
        "can_edit": can_edit,
    }
    return TemplateResponse(request, "phb_register/person.html", context)


@requires(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def correct_person(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Correct a person's details."""
    found = _person(request, reference, Permission.EDIT_PEOPLE)
    form = PersonForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            service.correct_person(person=found, by=request.user, **form.changes())  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The details are saved")
            return redirect("phb_register:person", reference)
    return form_page(request, "phb_register/person_form.html", form, {"person": found})


@requires(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def add_representative(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record somebody who acts for the person."""
    found = _person(request, reference, Permission.EDIT_PEOPLE)
    form = RepresentativeForm(request.POST or None)
    if form.is_valid():
        try:
            service.add_representative(person=found, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The representative is recorded")
            return redirect("phb_register:person", reference)
    return form_page(request, "phb_register/representative_form.html", form, {"person": found})


@requires(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def end_representative(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """Record that somebody no longer acts for the person."""
    found = _person(request, reference, Permission.EDIT_PEOPLE)
    representative = or_404(representative_for(found, pk), "representative")
    form = EndRepresentativeForm(request.POST or None)
    if form.is_valid():
        try:
            service.end_representative(representative=representative, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{representative.name} no longer acts for {found}")
            return redirect("phb_register:person", reference)
    context = {"person": found, "representative": representative}
    return form_page(request, "phb_register/end_representative.html", form, context)


def _person(request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_PEOPLE) -> Person:
    found: Person = or_404(person_for(request.user, reference, permission), "person")
    return found
