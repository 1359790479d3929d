"""Offers of a budget: recording one, its page, the answer, and corrections."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.forms.budget_offers import AnswerOfferForm, CorrectOfferForm, RecordOfferForm
from eligibility.models import BudgetOffer
from eligibility.presenters.budget_offers import letter_url, offer_rows, response_tag
from eligibility.selectors.budget_offers import is_answered, may_record, may_write_letter, offer_for
from eligibility.selectors.referrals import referrals_of
from eligibility.selectors.transfers import may_see_person
from eligibility.services import budget_offers as service
from eligibility.views.support import posted
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.presenters import person_rows
from phb_register.roles import Permission
from phb_register.selectors.people import person_for
from phb_register.views.support import form_page, or_404, refuse

FORMS = ["GET", "POST"]
FOLDER = "eligibility/budget_offers"


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
def record_offer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that a person was offered a budget."""
    user: Any = request.user
    person = or_404(person_for(user, reference, Permission.MAKE_REFERRALS), "person")
    form = RecordOfferForm(
        posted(request),
        today=clock.today(),
        communication_format=person.communication_format,
        referrals=referrals_of(user, person),
    )
    if form.is_valid():
        try:
            offer = service.record_offer(
                person=person, made=form.made(user), answer=form.answer(), referral=form.referral(), by=user
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The offer is recorded")
            return redirect("eligibility:budget-offer", offer.reference)
    context = {"person": person, "rows": person_rows(person, clock.today())}
    return form_page(request, f"{FOLDER}/record.html", form, context)


@requires(Permission.VIEW_REFERRALS)
@require_safe
def budget_offer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One offer, with the record it corrects or the one that took its place. The read is logged."""
    user: Any = request.user
    offer = _found(request, reference)
    audit.record_read(user, offer, person=offer.person)
    context = {
        "offer": offer,
        "tag": response_tag(offer),
        "rows": offer_rows(offer),
        "corrects": offer.corrects,
        "corrected_by": getattr(offer, "corrected_by", None),
        "can_record": may_record(user, offer),
        "is_answered": is_answered(offer),
        "letter_url": letter_url(offer) if may_write_letter(user, offer) else "",
        "can_see_person": may_see_person(user, offer.person),
    }
    return TemplateResponse(request, f"{FOLDER}/budget_offer.html", context)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
def answer_offer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record what the person said to an offer."""
    offer = _found(request, reference)
    if not may_record(request.user, offer) or is_answered(offer):  # type: ignore[arg-type]
        messages.warning(request, "The answer to this offer is recorded already")
        return redirect("eligibility:budget-offer", reference)
    form = AnswerOfferForm(posted(request), today=clock.today())
    if form.is_valid():
        try:
            service.record_answer(offer=offer, answer=form.answer(), by=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The answer is recorded")
            return redirect("eligibility:budget-offer", reference)
    context = {"offer": offer, "rows": offer_rows(offer), "heading": "Record the answer"}
    return form_page(request, f"{FOLDER}/change.html", form, context)


@requires(Permission.MAKE_REFERRALS)
@require_http_methods(FORMS)
def correct_offer(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Put another record in the place of a wrong one."""
    user: Any = request.user
    offer = _found(request, reference)
    if not may_record(user, offer):
        messages.warning(request, "This record was corrected already. Open the one that took its place")
        return redirect("eligibility:budget-offer", reference)
    form = CorrectOfferForm(posted(request), today=clock.today(), offer=offer)
    if form.is_valid():
        try:
            correction = service.correct_offer(
                offer=offer, made=form.made(user), answer=form.answer(), note=form.note(), by=user
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The correction is saved")
            return redirect("eligibility:budget-offer", correction.reference)
    context = {"offer": offer, "rows": offer_rows(offer), "heading": "Correct this offer"}
    return form_page(request, f"{FOLDER}/change.html", form, context)


def _found(request: HttpRequest, reference: uuid.UUID) -> BudgetOffer:
    offer: BudgetOffer = or_404(offer_for(request.user, reference), "offer")  # type: ignore[arg-type]
    return offer
