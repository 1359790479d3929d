"""What follows a decision, made through the services: reconsiderations, offers of a budget, transfers."""

import datetime as dt
from typing import Any

from eligibility.models import BudgetOffer, PersonTransfer, Reconsideration, Referral
from eligibility.selectors.referrals import current_decision
from eligibility.services.budget_offers import NOT_ANSWERED, OfferAnswer, OfferMade, record_offer
from eligibility.services.reconsiderations import request_reconsideration
from eligibility.services.referrals import decline_referral
from eligibility.services.transfers import propose_transfer
from phb_register.models import Commissioner, Person, User
from tests.factories.eligibility import make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory

REFUSAL: dict[str, Any] = {
    "reason_code": "not_appropriate",
    "reasons": "The care is given in one short stay",
    "reconsideration_route": "Write to the PHB team",
}
DECIDED = dt.date(2026, 11, 9)
ASKED = dt.date(2026, 11, 12)


def make_declined(commissioner: Commissioner, *, by: User | None = None) -> Referral:
    """A referral of somebody with a right to have, declined."""
    return decline_referral(
        referral=make_referral(commissioner), by=by or make_team(commissioner), on=DECIDED, **REFUSAL
    )


def make_reconsideration(
    commissioner: Commissioner, *, referral: Referral | None = None, refusal: str = "whole", on: dt.date = ASKED
) -> Reconsideration:
    """A declined referral that its person asked to be looked at again."""
    decision = current_decision(referral or make_declined(commissioner))
    assert decision is not None
    return request_reconsideration(
        decision=decision,
        refusal=refusal,
        asked_by="person",
        statement="I need help every day, and the hospital said so",
        by=make_team(commissioner),
        on=on,
    )


def offer_made(by: User, on: dt.date = ASKED, **changes: Any) -> OfferMade:
    """How an offer was made: a talk and a guide, in person."""
    given: dict[str, Any] = {
        "offered_on": on,
        "offered_by": by,
        "channel": "in_person",
        "information_given": ["written_guide", "talk"],
        "communication_format": "standard",
        "methods_discussed": ["notional", "direct_payment"],
        **changes,
    }
    return OfferMade(**given)


def make_offer(
    commissioner: Commissioner,
    *,
    person: Person | None = None,
    answer: OfferAnswer = NOT_ANSWERED,
    on: dt.date = ASKED,
    by: User | None = None,
) -> BudgetOffer:
    """An offer of a budget, not answered yet."""
    who = by or make_team(commissioner)
    person = person or PersonFactory(commissioner=commissioner)
    return record_offer(person=person, made=offer_made(who, on), answer=answer, by=who)


def make_transfer(
    commissioner: Commissioner,
    *,
    to: Commissioner | None = None,
    person: Person | None = None,
    by: User | None = None,
    **changes: Any,
) -> PersonTransfer:
    """A transfer that waits for the other commissioner, which uses the register, to accept it."""
    if to is None:
        to = CommissionerFactory()
        make_team(to)
    given: dict[str, Any] = {
        "reason": "gp_changed",
        "basis": "gp_practice",
        "effective_on": ASKED,
        "on": ASKED,
        **changes,
    }
    person = person or PersonFactory(commissioner=commissioner)
    return propose_transfer(person=person, to_commissioner=to, by=by or make_team(commissioner), **given)
