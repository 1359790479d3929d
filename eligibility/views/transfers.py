"""Transfers between commissioners: proposing, answering, cancelling; and confirming who is responsible."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.enums import TransferStatus
from eligibility.exceptions import TransitionNotAllowed
from eligibility.forms.decisions import DatedForm
from eligibility.forms.transfers import (
    AcceptTransferForm,
    CancelTransferForm,
    ConfirmResponsibleForm,
    ProposeTransferForm,
    RefuseTransferForm,
)
from eligibility.models import PersonTransfer
from eligibility.presenters.transfers import (
    FLASH,
    check_words,
    minimum_rows,
    step_buttons,
    transfer_history,
    transfer_rows,
    transfer_tag,
    transfers_table,
)
from eligibility.selectors.transfers import (
    commissioners_to_choose,
    may_see_person,
    moving_with,
    open_check_of,
    open_transfer_of,
    person_to_move,
    shows_name,
    shows_person,
    steps_for,
    transfer_for,
    transfers_for,
    transitions_of,
)
from eligibility.services import transfers as service
from eligibility.views.support import posted
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import Person
from phb_register.presenters import page_links, person_rows
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, page_of, refuse

FORMS = ["GET", "POST"]
FOLDER = "eligibility/transfers"


@requires(Permission.DECIDE_REFERRALS)
@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """Every transfer from and to the user's commissioners, the latest first. Who was named is logged."""
    user: Any = request.user
    page = page_of(request, transfers_for(user))
    named = [row.person for row in page if shows_name(user, row)]
    if named:
        audit.record_list(user, "Transfers", named)
    table = transfers_table(page, "Transfers, the latest first", shows_name=lambda row: shows_name(user, row))
    context = {"page": page, "table": table, "links": page_links(page, request.get_full_path())}
    return TemplateResponse(request, f"{FOLDER}/transfers.html", context)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def propose_transfer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Ask another commissioner to take responsibility for a person."""
    user: Any = request.user
    person = _person(request, reference)
    waiting = open_transfer_of(person)
    if waiting is not None:
        messages.warning(request, "A transfer of this person waits for an answer already")
        return redirect("eligibility:transfer", waiting.reference)
    form = ProposeTransferForm(
        posted(request), today=clock.today(), commissioners=commissioners_to_choose(person, clock.today())
    )
    if form.is_valid():
        try:
            transfer = service.propose_transfer(person=person, by=user, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The other commissioner is asked. Nothing moves until it accepts")
            return redirect("eligibility:transfer", transfer.reference)
    context = {"person": person, "rows": person_rows(person, clock.today())}
    return form_page(request, f"{FOLDER}/propose.html", form, context)


@requires(Permission.DECIDE_REFERRALS)
@require_safe
def transfer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One transfer. Before it accepts, the other side sees the least it needs to say whether it is responsible."""
    user: Any = request.user
    found = _found(request, reference)
    may_see = may_see_person(user, found.person)
    is_shown = shows_person(user, found)
    if is_shown:
        audit.record_read(user, found, person=found.person)
    context = {
        "transfer": found,
        "name": found.person.display_name if shows_name(user, found) else "",
        "tag": transfer_tag(found),
        "rows": transfer_rows(found),
        "minimum": minimum_rows(found.person, moving_with(found)) if is_shown else [],
        "history": transfer_history(transitions_of(found)),
        "buttons": step_buttons(found, steps_for(user, found)),
        "can_see_person": may_see,
    }
    return TemplateResponse(request, f"{FOLDER}/transfer.html", context)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def accept_transfer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take responsibility for a person; or record that a commissioner outside this register did."""
    found = _found(request, reference)
    is_sent = found.status == TransferStatus.SENT
    form = AcceptTransferForm(posted(request), today=clock.today(), is_for_another=is_sent)
    return _act(request, found, form, TransferStatus.ACCEPTED, service.accept_transfer)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def refuse_transfer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Refuse a transfer, saying why; or record that a commissioner outside this register did."""
    found = _found(request, reference)
    is_sent = found.status == TransferStatus.SENT
    form = RefuseTransferForm(posted(request), today=clock.today(), is_for_another=is_sent)
    return _act(request, found, form, TransferStatus.REFUSED, service.refuse_transfer)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def cancel_transfer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take back a transfer that was not answered yet."""
    form = CancelTransferForm(posted(request), today=clock.today())
    return _act(request, _found(request, reference), form, TransferStatus.CANCELLED, service.cancel_transfer)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(FORMS)
def check_responsible(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Confirm that the same commissioner is still responsible for a person, or go on to a transfer."""
    person = _person(request, reference)
    check = open_check_of(person)
    if check is None:
        messages.warning(request, "Nothing waits to be checked for this person")
        return redirect("phb_register:person", reference)
    form = ConfirmResponsibleForm(posted(request), today=clock.today())
    if form.is_valid():
        try:
            service.confirm_responsible(person=person, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "It is recorded that the same commissioner is responsible")
            return redirect("phb_register:person", reference)
    context = {"person": person, "rows": person_rows(person, clock.today()), "why": check_words(check)}
    return form_page(request, f"{FOLDER}/check.html", form, context)


def _person(request: HttpRequest, reference: uuid.UUID) -> Person:
    person: Person = or_404(person_to_move(request.user, reference), "person")  # type: ignore[arg-type]
    return person


def _found(request: HttpRequest, reference: uuid.UUID) -> PersonTransfer:
    found: PersonTransfer = or_404(transfer_for(request.user, reference), "transfer")  # type: ignore[arg-type]
    return found


def _act(
    request: HttpRequest,
    found: PersonTransfer,
    form: DatedForm,
    to_status: TransferStatus,
    act: Callable[..., PersonTransfer],
) -> HttpResponse:
    """Show the form, or do what it says. What cannot be done leads back to the page, which shows why."""
    user: Any = request.user
    step = next((each for each in steps_for(user, found) if each.to_status == to_status), None)
    if step is None:
        messages.warning(request, f"This transfer is: {found.get_status_display().lower()}. You cannot do that")
        return redirect("eligibility:transfer", found.reference)
    if form.is_valid():
        try:
            act(transfer=found, by=user, **form.decision())
        except TransitionNotAllowed as refusal:
            messages.warning(request, str(refusal))
            return redirect("eligibility:transfer", found.reference)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, FLASH[to_status])
            return redirect("eligibility:transfer", found.reference)
    context = {
        "transfer": found,
        "name": found.person.display_name,
        "heading": f"{step.label}: transfer of {found.person.display_name}",
        "rows": transfer_rows(found),
        "is_acceptance": to_status == TransferStatus.ACCEPTED,
    }
    return form_page(request, f"{FOLDER}/step.html", form, context)
