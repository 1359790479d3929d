"""Referrals and drafts, made through the services as the pages make them."""

import datetime as dt
import uuid
from typing import Any

from eligibility.models import Referral, ReferralDraft
from eligibility.services.drafts import answer_questions, settle_person, start_draft
from eligibility.services.referrals import submit_referral
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Role
from tests.factories.phb_register import PersonFactory, UserFactory

CHC_ADULT: dict[str, Any] = {"chc": "eligible"}
# Every fact that could give an adult a budget, answered so that nothing does.
NOTHING: dict[str, Any] = {
    "chc": "not_eligible",
    "chc_fast_track": False,
    "continuing_care": "not_eligible",
    "s117_aftercare": False,
    "wheelchair_need": "none",
    "learning_disability": False,
    "autism": False,
    "ehc_plan": False,
    "mental_health_need": False,
    "long_term_condition": False,
    "diabetes": False,
    "services_not_working": False,
    "end_of_life": False,
}


def make_nurse(commissioner: Commissioner) -> User:
    """A referring nurse of a commissioner."""
    return UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner)


def make_team(commissioner: Commissioner) -> User:
    """A member of a commissioner's PHB team."""
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner)


def make_referral(
    commissioner: Commissioner,
    *,
    person: Person | None = None,
    by: User | None = None,
    received_on: dt.date = dt.date(2026, 11, 2),
    facts: dict[str, Any] | None = None,
    note: str = "",
) -> Referral:
    """A referral of a CHC adult, waiting for a decision."""
    return submit_referral(
        person=person or PersonFactory(commissioner=commissioner),
        commissioner=commissioner,
        received_on=received_on,
        facts=CHC_ADULT if facts is None else facts,
        by=by or make_nurse(commissioner),
        key=uuid.uuid4(),
        note=note,
    )


def make_draft(by: User, person: Person, *, facts: dict[str, Any] | None = None) -> ReferralDraft:
    """A draft with everything answered, ready to be checked and submitted."""
    draft = start_draft(by=by, search={"nhs_number": person.nhs_number or ""})
    draft = settle_person(draft=draft, by=by, person=person)
    about_the_budget = dict.fromkeys(
        ("chc_fast_track", "lives_in", "joint_funded", "asks_for", "drug_or_alcohol_order")
    )
    return answer_questions(draft=draft, by=by, answers={**about_the_budget, **(facts or CHC_ADULT)})
