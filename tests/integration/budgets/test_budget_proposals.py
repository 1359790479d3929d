"""A budget is prepared by one and approved by another; nothing else changes what is agreed."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from budgets.enums import Funder, Method
from budgets.exceptions import BudgetRefused
from budgets.models import AgreedBudget, BudgetProposal, FundingShare, PersonalHealthBudget
from budgets.presenters.budget_proposals import proposal_rows
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.proposal_states import ProposalKind
from budgets.selectors.agreed_budgets import agreed_before, agreed_on
from budgets.services import agree_budget, change_methods, start_budget
from budgets.services.budget_proposals import (
    approve_proposal,
    change_proposal,
    decline_proposal,
    prepare_proposal,
    refer_proposal,
    return_proposal,
    revise_proposal,
    submit_proposal,
    withdraw_proposal,
)
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import NHS_ONLY, make_accepted_referral, make_budget
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory
from tests.factories.proposals import AMOUNT, LIMIT, PREPARED, make_lead_nurse, make_proposal, terms, with_limit
from tests.factories.support_plans import make_signed_plan

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
AGREED, STARTED = dt.date(2026, 11, 10), dt.date(2026, 11, 16)
ROUTE = "Write to the personal health budgets team"


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return with_limit(CommissionerFactory())


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return make_team(commissioner)


@pytest.fixture
def lead(commissioner: Commissioner) -> User:
    return make_lead_nurse(commissioner)


def budget_of(proposal: BudgetProposal) -> PersonalHealthBudget:
    return PersonalHealthBudget.objects.get(referral=proposal.referral)


def confirmed(commissioner: Commissioner, team: User, lead: User, **given: Any) -> PersonalHealthBudget:
    """A PHB that was proposed, approved on AGREED and started."""
    phb = approve_proposal(proposal=make_proposal(commissioner, by=team, **given), by=lead, on=AGREED).phb
    return start_budget(phb=phb, by=team, started_on=STARTED)


def test_approval_agrees_the_budget_with_its_parts_and_shares(
    commissioner: Commissioner, team: User, lead: User
) -> None:
    shares = [Share(Funder.NHS, Decimal(75)), Share(Funder.LOCAL_AUTHORITY, Decimal(25), "Testing Council")]
    proposal = make_proposal(commissioner, by=team, shares=shares, previous_annual_amount=Decimal(60000))
    agreed = approve_proposal(proposal=proposal, by=lead, on=AGREED)
    phb = budget_of(proposal)
    assert (phb.agreed_on, phb.agreed_by, phb.annual_amount) == (AGREED, lead, AMOUNT)
    assert (agreed.number, agreed.applies_from, agreed.proposal) == (1, AGREED, proposal)
    assert [(part.method, part.annual_amount) for part in phb.method_parts.all()] == [("notional", AMOUNT)]
    assert [(share.funder, share.percent) for share in agreed.shares.all()] == [
        ("nhs", Decimal(75)),
        ("local_authority", Decimal(25)),
    ]
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by, proposal.prepared_by) == ("approved", lead, team)


def test_nobody_approves_what_they_prepared_whatever_their_roles(commissioner: Commissioner, team: User) -> None:
    MembershipFactory(user=team, role=Role.LEAD_NURSE, commissioner=commissioner)
    proposal = make_proposal(commissioner, by=team)
    team.__dict__.pop("_scope", None)
    for act in (approve_proposal, lambda **given: return_proposal(**given, reason="Look again")):
        with pytest.raises(BudgetRefused, match="somebody else must decide"):
            act(proposal=proposal, by=team)
    assert not AgreedBudget.objects.exists()


def test_whoever_changed_a_draft_does_not_approve_it(commissioner: Commissioner, team: User, lead: User) -> None:
    MembershipFactory(user=lead, role=Role.PHB_TEAM, commissioner=commissioner)
    lead.__dict__.pop("_scope", None)
    proposal = make_proposal(commissioner, by=team, is_submitted=False)
    change_proposal(proposal=proposal, terms=terms(Decimal(51000)), by=lead, on=PREPARED)
    submit_proposal(proposal=proposal, by=team, on=PREPARED)
    with pytest.raises(BudgetRefused, match="somebody else must decide"):
        approve_proposal(proposal=proposal, by=lead)
    approve_proposal(proposal=proposal, by=make_lead_nurse(commissioner))
    assert budget_of(proposal).annual_amount == 51000


@pytest.mark.parametrize(
    ("amount", "one_off", "status"),
    [
        (LIMIT, Decimal(0), "submitted"),
        (LIMIT + Decimal("0.01"), Decimal(0), "referred"),
        (LIMIT - 1000, Decimal("1000.01"), "referred"),
    ],
)
def test_what_the_first_year_costs_decides_who_approves(
    commissioner: Commissioner, amount: Decimal, one_off: Decimal, status: str
) -> None:
    method = "notional" if one_off else ""
    assert make_proposal(commissioner, amount=amount, one_off_amount=one_off, one_off_method=method).status == status


def test_without_a_limit_everything_goes_to_the_panel() -> None:
    assert make_proposal(with_limit(CommissionerFactory(), None), amount=Decimal(1)).status == "referred"


def test_limit_lowered_meanwhile_is_asked_again(commissioner: Commissioner, lead: User) -> None:
    proposal = make_proposal(commissioner)
    with_limit(commissioner, AMOUNT - 1)
    with pytest.raises(BudgetRefused, match="Send it to the risk panel"):
        approve_proposal(proposal=proposal, by=lead)
    assert refer_proposal(proposal=proposal, by=lead, reason="Above the limit now").status == "referred"


def test_proposal_sent_back_is_changed_and_submitted_again(commissioner: Commissioner, team: User, lead: User) -> None:
    proposal = make_proposal(commissioner, by=team)
    return_proposal(proposal=proposal, by=lead, reason="Leave out the second carer")
    with pytest.raises(BudgetRefused, match="sent back"):
        change_proposal(proposal=proposal, terms=terms(), by=team)
    revise_proposal(proposal=proposal, by=team)
    change_proposal(proposal=proposal, terms=terms(Decimal(40000)), by=team)
    submit_proposal(proposal=proposal, by=team)
    said = [each.proposed.get("annual_amount") for each in proposal.transitions.all() if each.proposed]
    assert said == ["52000.00", "40000.00"]
    approve_proposal(proposal=proposal, by=lead)
    assert budget_of(proposal).annual_amount == 40000


def test_decline_gives_reasons_and_the_route(commissioner: Commissioner, lead: User) -> None:
    proposal = make_proposal(commissioner)
    for given in ({"reasons": " "}, {"reconsideration_route": ""}):
        with pytest.raises(BudgetRefused):
            decline_proposal(
                proposal=proposal, by=lead, **{"reasons": "Too high", "reconsideration_route": ROUTE, **given}
            )
    declined = decline_proposal(proposal=proposal, by=lead, reasons="Too high", reconsideration_route=ROUTE)
    assert (declined.status, declined.reconsideration_route) == ("declined", ROUTE)
    assert not PersonalHealthBudget.objects.exists()


def test_withdrawn_proposal_leaves_room_for_another(commissioner: Commissioner, team: User) -> None:
    proposal = make_proposal(commissioner, by=team)
    with pytest.raises(BudgetRefused, match="Proposal 1 is open"):
        make_proposal(commissioner, by=team, referral=proposal.referral)
    withdraw_proposal(proposal=proposal, by=team, reason="They moved away")
    assert make_proposal(commissioner, by=team, referral=proposal.referral).number == 2


def test_same_form_sent_twice_prepares_one(commissioner: Commissioner, team: User) -> None:
    referral, key = make_accepted_referral(commissioner, by=team), uuid.uuid4()
    given = {"referral": referral, "kind": ProposalKind.FIRST, "terms": terms(), "by": team, "key": key}
    assert prepare_proposal(**given) == prepare_proposal(**given)
    assert BudgetProposal.objects.count() == 1


def test_change_applies_from_its_day_and_replaces_parts_and_shares(
    commissioner: Commissioner, team: User, lead: User
) -> None:
    phb = confirmed(commissioner, team, lead)
    april = dt.date(2027, 4, 1)
    shares = [Share(Funder.NHS, Decimal(60)), Share(Funder.LOCAL_AUTHORITY, Decimal(40), "Testing Council")]
    proposal = make_proposal(
        commissioner,
        by=team,
        referral=phb.referral,
        kind=ProposalKind.CHANGE,
        amount=Decimal(55000),
        methods=[MethodAmount(Method.THIRD_PARTY, Decimal(55000))],
        shares=shares,
        applies_from=april,
        reason="More nights",
        on=STARTED,
    )
    first = agreed_before(proposal)
    second = approve_proposal(proposal=proposal, by=lead)
    phb.refresh_from_db()
    assert (second.number, phb.annual_amount) == (2, 55000)
    # Before and after its approval a proposal is shown beside what it changes.
    assert first is not None
    assert first.number == 1
    assert agreed_before(proposal) == first
    said = str(proposal_rows(proposal, before=first))
    assert "£52,000.00 a year, from " in said
    assert "£3,000.00 more is proposed" in said
    before, after = april - dt.timedelta(days=1), april
    for day, amount, method, nhs in ((before, AMOUNT, "notional", 100), (after, 55000, "third_party", 60)):
        held = agreed_on(phb, day)
        assert held is not None
        assert held.annual_amount == amount
        assert [part.method for part in phb.method_parts.in_force_on(day)] == [method]
        assert {share.funder: share.percent for share in phb.funding_shares.in_force_on(day)}["nhs"] == nhs


def test_correction_on_the_first_day_leaves_no_day_to_what_was_wrong(
    commissioner: Commissioner, team: User, lead: User
) -> None:
    phb = confirmed(commissioner, team, lead)
    proposal = make_proposal(
        commissioner,
        by=team,
        referral=phb.referral,
        kind=ProposalKind.CORRECTION,
        amount=Decimal(25000),
        applies_from=STARTED,
        reason="The amount was typed twice",
        on=STARTED,
    )
    approve_proposal(proposal=proposal, by=lead)
    parts = [(part.annual_amount, part.starts_on, part.ends_on) for part in phb.method_parts.order_by("pk")]
    assert parts == [(AMOUNT, STARTED, STARTED), (25000, STARTED, None)]
    assert [part.annual_amount for part in phb.method_parts.in_force_on(STARTED)] == [25000]


def test_confirmation_keeps_the_parts_and_makes_the_budget_payable(
    commissioner: Commissioner, team: User, lead: User
) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    given = {"by": team, "referral": phb.referral, "kind": ProposalKind.CONFIRMATION, "reason": "Agreed in 2025"}
    with pytest.raises(BudgetRefused, match="Confirm the budget as it was entered"):
        make_proposal(commissioner, amount=Decimal(51999), applies_from=AGREED, on=STARTED, **given)
    agreed = approve_proposal(proposal=make_proposal(commissioner, applies_from=AGREED, on=STARTED, **given), by=lead)
    assert (agreed.number, agreed.applies_from, agreed_on(phb, AGREED)) == (2, AGREED, agreed)
    assert phb.method_parts.count() == 1
    assert FundingShare.objects.filter(phb=phb).in_force_on(AGREED).get().agreed_budget == agreed
    with pytest.raises(BudgetRefused, match="approved here already"):
        make_proposal(commissioner, applies_from=AGREED, on=STARTED, **given)


def test_change_before_what_holds_now_began_is_refused(commissioner: Commissioner, team: User, lead: User) -> None:
    phb = confirmed(commissioner, team, lead)
    change_methods(
        phb=phb, by=team, changed_on=dt.date(2026, 11, 20), methods=[MethodAmount(Method.THIRD_PARTY, AMOUNT)]
    )
    with pytest.raises(BudgetRefused, match="on or after 20 November 2026"):
        make_proposal(
            commissioner,
            by=team,
            referral=phb.referral,
            kind=ProposalKind.CHANGE,
            applies_from=dt.date(2026, 11, 19),
            reason="More nights",
            on=STARTED,
        )


def test_budget_entered_meanwhile_is_not_agreed_twice(commissioner: Commissioner, team: User, lead: User) -> None:
    proposal = make_proposal(commissioner, by=team)
    agree_budget(
        referral=proposal.referral,
        by=team,
        agreed_on=AGREED,
        annual_amount=AMOUNT,
        methods=[MethodAmount(Method.NOTIONAL, AMOUNT)],
        shares=NHS_ONLY,
    )
    with pytest.raises(BudgetRefused, match="was agreed from this referral already"):
        approve_proposal(proposal=proposal, by=lead)
    proposal.refresh_from_db()
    assert proposal.status == "submitted"


def direct(amount: Decimal) -> dict[str, Any]:
    return {"amount": amount, "methods": [MethodAmount(Method.DIRECT_PAYMENT, amount)], "is_free_of_orders": True}


def test_case_33_direct_payment_below_the_plan_is_refused_when_it_is_submitted(
    commissioner: Commissioner, team: User
) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    make_signed_plan(referral, on=AGREED, method=Method.DIRECT_PAYMENT, amount=Decimal(410))
    a_year_of_400, a_year_of_410 = Decimal("20857.14"), Decimal("21378.57")
    given = {"by": team, "referral": referral, "on": AGREED}
    proposal = make_proposal(commissioner, is_submitted=False, **given, **direct(a_year_of_400))
    with pytest.raises(BudgetRefused, match=r"regulation 13\(1\)"):
        submit_proposal(proposal=proposal, by=team)
    enough = terms(a_year_of_410, methods=direct(a_year_of_410)["methods"], is_free_of_orders=True)
    change_proposal(proposal=proposal, terms=enough, by=team)
    assert submit_proposal(proposal=proposal, by=team).support_plan is not None


def test_direct_payment_without_a_plan_is_not_submitted(commissioner: Commissioner, team: User) -> None:
    proposal = make_proposal(commissioner, by=team, is_submitted=False, **direct(AMOUNT))
    with pytest.raises(BudgetRefused, match="regulation 8"):
        submit_proposal(proposal=proposal, by=team)


def test_lower_direct_payment_needs_notice(commissioner: Commissioner, team: User, lead: User) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    make_signed_plan(referral, on=AGREED, method=Method.DIRECT_PAYMENT, amount=Decimal(100))
    phb = confirmed(commissioner, team, lead, referral=referral, on=AGREED, **direct(AMOUNT))
    lower = {"by": team, "referral": referral, "kind": ProposalKind.CHANGE, "reason": "Fewer hours", "on": STARTED}
    later = {**lower, **direct(Decimal(50000)), "applies_from": dt.date(2027, 4, 1)}
    with pytest.raises(BudgetRefused, match="regulation 13"):
        make_proposal(commissioner, **later)
    assert make_proposal(commissioner, **later, notice_given_on=STARTED).status == "submitted"
    assert phb.pk


def llr_facts() -> dict[str, Any]:
    """An adult with a learning disability whom the LLR offer reaches, and no right does."""
    return {
        "learning_disability": True,
        "chc": "not_eligible",
        "needs_above_local_authority": True,
        "drug_or_alcohol_order": False,
    }


def test_case_41_no_direct_payment_for_block_funded_therapy_of_the_local_offer_and_notional_yes() -> None:
    qk1 = with_limit(Commissioner.objects.get(code="QK1"))
    team = make_team(qk1)
    person = PersonFactory(commissioner=qk1, born_on=dt.date(1980, 5, 5))
    referral = make_accepted_referral(qk1, person=person, by=team, cohort="ld-autism-adult", facts=llr_facts())
    therapy = {"by": team, "referral": referral, "is_block_funded": True, "is_submitted": False}
    with pytest.raises(BudgetRefused, match="para 11"):
        make_proposal(qk1, **therapy, **direct(AMOUNT))
    assert make_proposal(qk1, **therapy).status == "draft"


def test_case_41_block_contract_never_narrows_a_right(commissioner: Commissioner, team: User) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    proposal = make_proposal(
        commissioner, by=team, referral=referral, is_block_funded=True, is_submitted=False, **direct(AMOUNT)
    )
    assert proposal.status == "draft"


def test_acts_of_somebody_elses_people_are_denied(commissioner: Commissioner, team: User) -> None:
    elsewhere = CommissionerFactory()
    proposal = make_proposal(commissioner, by=team)
    with pytest.raises(PermissionDenied):
        approve_proposal(proposal=proposal, by=make_lead_nurse(elsewhere))
    with pytest.raises(PermissionDenied):
        withdraw_proposal(proposal=proposal, by=make_team(elsewhere), reason="Not ours")
    with pytest.raises(PermissionDenied):
        approve_proposal(proposal=proposal, by=make_team(commissioner))
