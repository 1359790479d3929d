"""Recording that somebody was offered a personal health budget, what they said, and putting a record right."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from eligibility.enums import AsksFor, OfferChannel, OfferInformation, OfferResponse, WhyNot
from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import BudgetOffer, Referral
from phb_register import audit, clock, scope
from phb_register.exceptions import Refused
from phb_register.models import CommunicationFormat, Person, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import accountable_on
from phb_register.services.people import counted_person

NOT_WANTED = (OfferResponse.NOT_NOW, OfferResponse.DECLINED)


@dataclass(frozen=True)
class OfferAnswer:
    """What the person said to an offer. Where they do not want a budget, or not yet, it says why."""

    response: str = OfferResponse.NOT_ANSWERED
    responded_on: dt.date | None = None
    why_not: str = ""
    why_not_note: str = ""
    next_offer_on: dt.date | None = None


@dataclass(frozen=True)
class OfferMade:
    """How a budget was offered, and with what information."""

    offered_on: dt.date
    offered_by: User
    channel: str
    information_given: Sequence[str]
    communication_format: str
    methods_discussed: Sequence[str] = ()
    other_information: str = ""


NOT_ANSWERED = OfferAnswer()


@transaction.atomic
def record_offer(
    *,
    person: Person,
    made: OfferMade,
    by: User,
    answer: OfferAnswer = NOT_ANSWERED,
    referral: Referral | None = None,
) -> BudgetOffer:
    """Record an offer of a budget. Whoever was responsible for the person that day made it.

    The same offer again, by the same user, is the same record: somebody pressed twice.

    Raises ``PermissionDenied`` or ``Refused``.
    """
    held = _person(person, by)
    _check_made(held, made)
    _check_answer(answer, made.offered_on)
    if referral is not None and referral.person_id != held.pk:
        raise Refused("This referral is somebody else’s. Select one of this person", field="referral")
    told = _columns(made, answer)
    before = BudgetOffer.objects.filter(person=held, referral=referral, recorded_by=by, is_current=True, **told).first()
    if before is not None:
        return before
    offer = _create(held, made, answer, by=by, referral=referral)
    audit.record(actor=by, action="record-budget-offer", subject=offer, detail={"response": offer.response})
    return offer


@transaction.atomic
def record_answer(*, offer: BudgetOffer, answer: OfferAnswer, by: User) -> BudgetOffer:
    """Record what the person said to an offer, once.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    held = _offer(offer, by)
    if held.response != OfferResponse.NOT_ANSWERED:
        raise TransitionNotAllowed("The answer is recorded already. Correct it if it is wrong")
    if answer.response == OfferResponse.NOT_ANSWERED:
        raise Refused("Select what the person said", field="response")
    _check_answer(answer, held.offered_on)
    held.response, held.responded_on = answer.response, answer.responded_on
    held.why_not, held.why_not_note = answer.why_not, answer.why_not_note.strip()
    held.next_offer_on = answer.next_offer_on
    held.save(update_fields=["response", "responded_on", "why_not", "why_not_note", "next_offer_on"])
    audit.record(actor=by, action="answer-budget-offer", subject=held, detail={"response": held.response})
    return held


@transaction.atomic
def correct_offer(*, offer: BudgetOffer, made: OfferMade, answer: OfferAnswer, note: str, by: User) -> BudgetOffer:
    """Put another record in the place of a wrong one, which stays readable. ``note`` says what was wrong.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    held = _offer(offer, by)
    if not note.strip():
        raise Refused("Enter what was wrong", field="correction_note")
    _check_made(held.person, made)
    _check_answer(answer, made.offered_on)
    held.is_current = False
    held.save(update_fields=["is_current"])
    correction = _create(held.person, made, answer, by=by, referral=held.referral, corrects=held, note=note)
    audit.record(actor=by, action="correct-budget-offer", subject=correction, detail={"corrects": held.pk})
    return correction


def _person(person: Person, by: User) -> Person:
    held = counted_person(person)
    scope.check(by, Permission.MAKE_REFERRALS, held.commissioner)
    return held


def _offer(offer: BudgetOffer, by: User) -> BudgetOffer:
    rows = BudgetOffer.objects.select_related("person", "commissioner", "referral")
    held = rows.select_for_update(of=("self",)).get(pk=offer.pk)
    scope.check(by, Permission.MAKE_REFERRALS, held.commissioner)
    if not held.is_current:
        raise TransitionNotAllowed("This record was corrected already. Open the one that took its place")
    return held


def _create(
    person: Person,
    made: OfferMade,
    answer: OfferAnswer,
    *,
    by: User,
    referral: Referral | None,
    corrects: BudgetOffer | None = None,
    note: str = "",
) -> BudgetOffer:
    commissioner = corrects.commissioner if corrects else accountable_on(person.commissioner, made.offered_on)
    return BudgetOffer.objects.create(
        person=person,
        commissioner=commissioner,
        referral=referral,
        corrects=corrects,
        correction_note=note.strip(),
        recorded_by=by,
        **_columns(made, answer),
    )


def _columns(made: OfferMade, answer: OfferAnswer) -> dict[str, Any]:
    """What was told of an offer and its answer, as the record keeps it."""
    return {
        "offered_on": made.offered_on,
        "offered_by": made.offered_by,
        "channel": made.channel,
        "information_given": sorted(set(made.information_given)),
        "other_information": made.other_information.strip(),
        "communication_format": made.communication_format,
        "methods_discussed": sorted(set(made.methods_discussed)),
        "response": answer.response,
        "responded_on": answer.responded_on,
        "why_not": answer.why_not,
        "why_not_note": answer.why_not_note.strip(),
        "next_offer_on": answer.next_offer_on,
    }


def _check_made(person: Person, made: OfferMade) -> None:
    if made.offered_on > clock.today():
        raise Refused("Date of the offer must be today or in the past", field="offered_on")
    if made.offered_on < person.born_on:
        raise Refused("Date of the offer must be on or after the person’s date of birth", field="offered_on")
    if person.died_on and made.offered_on > person.died_on:
        raise Refused("This person died before that day. Check the date", field="offered_on")
    if made.channel not in OfferChannel.values:
        raise Refused("Select how the budget was offered", field="channel")
    if not made.information_given or set(made.information_given) - set(OfferInformation.values):
        raise Refused("Select what information the person was given", field="information_given")
    if OfferInformation.OTHER in made.information_given and not made.other_information.strip():
        raise Refused("Enter what else the person was given", field="other_information")
    if made.communication_format not in CommunicationFormat.values:
        raise Refused("Select the format", field="communication_format")
    if set(made.methods_discussed) - set(AsksFor.values):
        raise Refused("Select which ways of holding the money were discussed", field="methods_discussed")


def _check_answer(answer: OfferAnswer, offered_on: dt.date) -> None:
    if answer.response not in OfferResponse.values:
        raise Refused("Select what the person said", field="response")
    is_answered = answer.response != OfferResponse.NOT_ANSWERED
    if is_answered and answer.responded_on is None:
        raise Refused("Enter the date the person answered", field="responded_on")
    if answer.responded_on is not None and not offered_on <= answer.responded_on <= clock.today():
        raise Refused("Date the person answered must be between the day of the offer and today", field="responded_on")
    if answer.response in NOT_WANTED and answer.why_not not in WhyNot.values:
        raise Refused("Select why the person does not want a budget now", field="why_not")
    if answer.why_not == WhyNot.OTHER and not answer.why_not_note.strip():
        raise Refused("Enter why the person does not want a budget now", field="why_not_note")
    if answer.next_offer_on is not None and answer.next_offer_on <= (answer.responded_on or offered_on):
        raise Refused("Date to offer again must be later than the answer", field="next_offer_on")
