"""The steps on the way to a budget as bare rows with any dates; the database's own guards still look at each."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from budgets.models import LedgerEntry, PersonalHealthBudget, Review
from eligibility.models import BudgetOffer, Referral
from eligibility.models.referrals import Decision, Screening
from offers.models import Cohort
from phb_register.models import Commissioner, Person, User


def bare_referral(commissioner: Commissioner, person: Person, received_on: dt.date, by: User) -> Referral:
    """A referral waiting for a decision."""
    return Referral.objects.create(
        submission_key=uuid.uuid4(),
        person=person,
        commissioner=commissioner,
        status="submitted",
        received_on=received_on,
        decision_days=28,
        decision_days_counted="calendar",
        decision_due_on=received_on + dt.timedelta(days=28),
        referred_by=by,
    )


def bare_screening(referral: Referral, assessed_on: dt.date, outcome: str, by: User) -> Screening:
    """What the rules answered."""
    return Screening.objects.create(
        referral=referral,
        assessed_on=assessed_on,
        facts={},
        answer={},
        outcome=outcome,
        rule_versions=[],
        screened_by=by,
    )


def bare_decision(referral: Referral, decided_on: dt.date, outcome: str, by: User) -> Decision:
    """The first decision on a referral."""
    refused = {} if outcome == "accepted" else {"reason_code": "criteria_not_met", "reasons": "Not met"}
    if outcome == "accepted_in_part":
        refused["refused_part"] = "The physiotherapy"
    return Decision.objects.create(
        referral=referral,
        outcome=outcome,
        cohort=None if outcome == "declined" else Cohort.objects.get(code="chc"),
        is_right_to_have=False,
        decided_on=decided_on,
        decided_by=by,
        **refused,
    )


def bare_offer(
    commissioner: Commissioner,
    person: Person,
    offered_on: dt.date,
    by: User,
    *,
    response: str = "not_answered",
    answered_after: int = 0,
    **given: Any,
) -> BudgetOffer:
    """An offer, with what was said so many days later."""
    is_answered = response != "not_answered"
    return BudgetOffer.objects.create(
        commissioner=commissioner,
        person=person,
        offered_on=offered_on,
        offered_by=by,
        recorded_by=by,
        channel="phone",
        information_given=["talk"],
        communication_format="standard",
        methods_discussed=["notional"],
        response=response,
        responded_on=offered_on + dt.timedelta(days=answered_after) if is_answered else None,
        why_not="family" if response in {"declined", "not_now"} else "",
        **given,
    )


def bare_payment(phb: PersonalHealthBudget, on: dt.date, by: User, *, method: str = "notional") -> LedgerEntry:
    """A payment in the ledger, without the run it came of: the test must let the ledger have such."""
    return LedgerEntry.objects.create(
        phb=phb,
        commissioner=phb.commissioner,
        method=method,
        kind="payment",
        amount=Decimal(100),
        entered_on=on,
        entered_by=by,
        key=uuid.uuid4(),
    )


def undone(entry: LedgerEntry, on: dt.date, by: User) -> LedgerEntry:
    """The reversal of a payment."""
    return LedgerEntry.objects.create(
        phb=entry.phb,
        commissioner=entry.commissioner,
        method=entry.method,
        kind="reversal",
        amount=-entry.amount,
        entered_on=on,
        entered_by=by,
        reverses=entry,
        key=uuid.uuid4(),
    )


def bare_review(
    phb: PersonalHealthBudget, held_on: dt.date, by: User, *, due_on: dt.date | None = None, corrects: Any = None
) -> Review:
    """A review, held when it was due where nothing else is said."""
    return Review.objects.create(
        phb=phb,
        number=Review.objects.filter(phb=phb).count() + 1,
        corrects=corrects,
        kind="annual",
        due_on=due_on or held_on,
        held_on=held_on,
        held_by=by,
        way="phone",
        is_plan_right=True,
        is_used_well=True,
        is_amount_enough=True,
        is_complied_with=True,
        outcomes=["continue"],
        next_due_on=held_on + dt.timedelta(days=365),
        completed_on=held_on,
        completed_by=by,
    )
