"""Letters, written through the service about referrals that were decided through theirs."""

import datetime as dt
import uuid
from typing import Any

from eligibility.enums import LetterKind, ReasonCode
from eligibility.models import Letter, Referral
from eligibility.services.letters import write_letter
from eligibility.services.referrals import accept_referral, accept_referral_in_part, decline_referral
from offers.models import Cohort
from phb_register.models import Commissioner, CommissionerSettings, Person, User
from tests.factories.eligibility import make_referral, make_team

CONTACT = "PHB team\n1 Example Street\n01632 960001"
DECIDED_ON = dt.date(2026, 11, 9)
REFUSAL: dict[str, Any] = {
    "reason_code": ReasonCode.NOT_APPROPRIATE,
    "reasons": "The care is given in one short stay.",
    "reconsideration_route": "Write to the PHB team and say why.",
}


def with_contact(commissioner: Commissioner) -> Commissioner:
    """A commissioner whose letters can say whom to ask."""
    CommissionerSettings.objects.update_or_create(commissioner=commissioner, defaults={"letter_contact": CONTACT})
    return commissioner


def decided(commissioner: Commissioner, kind: str, *, by: User, person: Person | None = None) -> Referral:
    """A referral about which a letter of this kind can be written."""
    referral = make_referral(commissioner, person=person)
    chc = Cohort.objects.get(code="chc")
    if kind == LetterKind.ACCEPTED:
        return accept_referral(referral=referral, cohort=chc, by=by, on=DECIDED_ON)
    if kind == LetterKind.ACCEPTED_IN_PART:
        return accept_referral_in_part(
            referral=referral, cohort=chc, refused_part="A gym", by=by, on=DECIDED_ON, **REFUSAL
        )
    if kind == LetterKind.DECLINED:
        return decline_referral(referral=referral, by=by, on=DECIDED_ON, **REFUSAL)
    return referral


def make_letter(
    commissioner: Commissioner,
    *,
    kind: str = LetterKind.DECLINED,
    by: User | None = None,
    person: Person | None = None,
    **more: Any,
) -> Letter:
    """A letter of this kind from the register's own wording, unless ``more`` says otherwise."""
    by = by or make_team(with_contact(commissioner))
    referral = decided(commissioner, kind, by=by, person=person)
    return write_letter(referral=referral, kind=kind, by=by, key=uuid.uuid4(), **more)
