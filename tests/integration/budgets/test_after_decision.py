"""What follows a decision, as far as budgets go by it: reconsiderations, refused direct payments, transfers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from budgets.enums import Method
from budgets.exceptions import BudgetRefused
from budgets.rules.agreement import MethodAmount
from budgets.selectors.budget_proposals import awaiting_a_proposal
from budgets.services import agree_budget, change_methods
from eligibility.models import Referral
from eligibility.rules.refusals import RefusedBeside
from eligibility.services.decisions import Ruling
from eligibility.services.reconsiderations import decide_reconsideration
from eligibility.services.referrals import accept_referral
from eligibility.services.transfers import accept_transfer
from offers.models import Cohort
from phb_register.models import Commissioner, User
from tests.factories.aftermath import ASKED, DECIDED, make_reconsideration, make_transfer
from tests.factories.budgets import NHS_ONLY, make_accepted_referral
from tests.factories.eligibility import CHC_ADULT, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

CHANGED = dt.date(2026, 11, 18)
WHOLE = Decimal("52000.00")


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return make_team(commissioner)


def agree(referral: Referral, by: User, agreed_on: dt.date, method: Method = Method.NOTIONAL) -> Any:
    return agree_budget(
        referral=referral,
        by=by,
        agreed_on=agreed_on,
        annual_amount=WHOLE,
        methods=[MethodAmount(method, WHOLE)],
        shares=NHS_ONLY,
        is_free_of_orders=True,
    )


def without_payment(
    commissioner: Commissioner, team: User, reason: str, facts: dict[str, Any] | None = None
) -> Referral:
    return accept_referral(
        referral=make_referral(commissioner, facts=facts),
        cohort=Cohort.objects.get(code="chc"),
        by=team,
        on=DECIDED,
        beside=RefusedBeside(direct_payment_reason=reason, direct_payment_explanation="As we said"),
        reconsideration_route="Write to us",
    )


def test_budget_is_agreed_from_the_day_a_refusal_was_changed(commissioner: Commissioner, team: User) -> None:
    asked = make_reconsideration(commissioner)
    ruling = Ruling(cohort=Cohort.objects.get(code="chc"))
    decide_reconsideration(
        reconsideration=asked, outcome="changed", reasons="It is", by=team, on=CHANGED, ruling=ruling
    )
    referral = Referral.objects.get()
    assert awaiting_a_proposal(team, 50) == [(referral, CHANGED)]
    with pytest.raises(BudgetRefused) as refusal:
        agree(referral, team, CHANGED - dt.timedelta(days=1))
    assert [problem.field for problem in refusal.value.problems] == ["agreed_on"]
    assert agree(referral, team, CHANGED).cohort.code == "chc"
    assert awaiting_a_proposal(team, 50) == []


def test_budget_accepted_in_part_keeps_its_day_when_less_is_refused_later(
    commissioner: Commissioner, team: User
) -> None:
    referral = without_payment(commissioner, team, "cannot_manage")
    asked = make_reconsideration(commissioner, referral=referral, refusal="direct_payment")
    decide_reconsideration(
        reconsideration=asked, outcome="changed", reasons="It is", by=make_team(commissioner), on=CHANGED
    )
    assert agree(referral, team, DECIDED, Method.DIRECT_PAYMENT).agreed_on == DECIDED


def test_refused_direct_payment_leaves_the_other_methods_open(commissioner: Commissioner, team: User) -> None:
    referral = without_payment(commissioner, team, "cannot_manage")
    with pytest.raises(BudgetRefused) as refusal:
        agree(referral, team, ASKED, Method.DIRECT_PAYMENT)
    assert "was refused on 9 November 2026" in str(refusal.value)
    phb = agree(referral, team, ASKED, Method.THIRD_PARTY)
    payment = [MethodAmount(Method.DIRECT_PAYMENT, WHOLE)]
    with pytest.raises(BudgetRefused):
        change_methods(phb=phb, by=team, changed_on=CHANGED, methods=payment, is_free_of_orders=True)


def test_case_31_refusal_for_an_order_lasts_as_long_as_the_order(commissioner: Commissioner, team: User) -> None:
    ended = {**CHC_ADULT, "drug_or_alcohol_order": False}
    referral = without_payment(commissioner, team, "excluded", facts=ended)
    assert agree(referral, team, ASKED, Method.DIRECT_PAYMENT).annual_amount == WHOLE


def test_no_budget_is_agreed_for_somebody_who_moved(commissioner: Commissioner, team: User) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    there = CommissionerFactory(name="The other one")
    receiver = make_team(there)
    transfer = make_transfer(commissioner, to=there, person=referral.person, by=team)
    accept_transfer(transfer=transfer, by=receiver)
    assert awaiting_a_proposal(team, 50) == []
    with pytest.raises(BudgetRefused, match="The other one is responsible"):
        agree(referral, team, ASKED)
