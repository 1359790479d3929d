"""No sequence of steps skips approval: what is agreed is always what was approved last, and its shares add to 100."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from budgets.enums import Funder, Method
from budgets.exceptions import BudgetRefused
from budgets.models import AgreedBudget, BudgetProposal, FundingShare, PersonalHealthBudget
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.panel_states import PanelDecision
from budgets.rules.proposal_states import ProposalKind
from budgets.services import budget_proposals as service
from budgets.services.risk_panels import add_items, decide_item
from tests.factories.budgets import AGREED_ON, make_accepted_referral
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.proposals import LIMIT, make_held_panel, make_lead_nurse, make_panellist, terms, with_limit

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


class Proposals(RuleBasedStateMachine):
    """One referral, and everything that anybody may try with its proposals, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.commissioner = with_limit(CommissionerFactory())
        self.team, self.lead = make_team(self.commissioner), make_lead_nurse(self.commissioner)
        self.panellist = make_panellist(self.commissioner)
        self.panel = make_held_panel(self.commissioner, by=self.panellist, meets_on=NOON.date())
        self.referral = make_accepted_referral(self.commissioner, by=self.team)
        self.approved: list[Decimal] = []

    def last(self) -> BudgetProposal | None:
        return BudgetProposal.objects.filter(referral=self.referral).order_by("-number").first()

    def try_to(self, act: Callable[[BudgetProposal], object]) -> bool:
        proposal = self.last()
        try:
            return proposal is not None and act(proposal) is not None
        except BudgetRefused:
            return False

    @rule(
        amount=st.sampled_from([Decimal(1000), LIMIT, LIMIT + 1]), nhs=st.sampled_from([Decimal(100), Decimal("66.67")])
    )
    def prepare(self, amount: Decimal, nhs: Decimal) -> None:
        shares = [Share(Funder.NHS, nhs)]
        if nhs != 100:
            shares.append(Share(Funder.LOCAL_AUTHORITY, 100 - nhs, "Testing Council"))
        has_one = PersonalHealthBudget.objects.filter(referral=self.referral).exists()
        proposed = terms(
            amount, methods=[MethodAmount(Method.NOTIONAL, amount)], shares=shares, reason="A reason",
            applies_from=NOON.date() if has_one else AGREED_ON,
        )  # fmt: skip
        kind = ProposalKind.CHANGE if has_one else ProposalKind.FIRST
        self.try_to_prepare(kind, proposed)

    def try_to_prepare(self, kind: ProposalKind, proposed: object) -> None:
        try:
            service.prepare_proposal(referral=self.referral, kind=kind, terms=proposed, by=self.team, key=uuid.uuid4())
        except BudgetRefused:
            assert BudgetProposal.objects.filter(referral=self.referral).open().exists()

    @rule()
    def submit(self) -> None:
        self.try_to(lambda it: service.submit_proposal(proposal=it, by=self.team))

    @rule()
    def approve(self) -> None:
        before = self.last()
        if self.try_to(lambda it: service.approve_proposal(proposal=it, by=self.lead)):
            assert before is not None
            assert before.status == "submitted"
            self.approved.append(before.annual_amount)

    @rule(decision=st.sampled_from([PanelDecision.APPROVE, PanelDecision.DECLINE]))
    def decide_at_panel(self, decision: PanelDecision) -> None:
        def act(proposal: BudgetProposal) -> object:
            (item,) = add_items(panel=self.panel, proposals=[proposal], by=self.panellist)
            return decide_item(
                item=item, decision=decision, reasons="Right", reconsideration_route="Write", by=self.panellist
            )

        before = self.last()
        if self.try_to(act) and decision == PanelDecision.APPROVE:
            assert before is not None
            assert before.status == "referred"
            self.approved.append(before.annual_amount)

    @rule(step=st.sampled_from(["return_proposal", "refer_proposal", "withdraw_proposal"]))
    def say_why(self, step: str) -> None:
        by = self.team if step == "withdraw_proposal" else self.lead
        self.try_to(lambda it: getattr(service, step)(proposal=it, reason="A reason", by=by))

    @rule()
    def revise(self) -> None:
        self.try_to(lambda it: service.revise_proposal(proposal=it, by=self.team))

    @invariant()
    def agreed_is_what_was_approved_last(self) -> None:
        agreed = list(AgreedBudget.objects.filter(phb__referral=self.referral).order_by("number"))
        assert [each.annual_amount for each in agreed] == self.approved
        phb = PersonalHealthBudget.objects.filter(referral=self.referral).first()
        assert (phb.annual_amount if phb else None) == (self.approved[-1] if self.approved else None)
        for each in agreed:
            shares = FundingShare.objects.filter(agreed_budget=each)
            assert sum(share.percent for share in shares) == 100
            assert len({share.ends_on for share in shares}) == 1


def test_no_sequence_of_steps_skips_approval() -> None:
    with time_machine.travel(NOON, tick=False):
        run_state_machine_as_test(
            Proposals,
            settings=settings(
                max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
