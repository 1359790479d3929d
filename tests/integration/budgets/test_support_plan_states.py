"""Any sequence of what may be done to a support plan: never two in force, and what was signed never changes."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from budgets.enums import PlanStatus
from budgets.exceptions import BudgetRefused
from budgets.models import SupportPlan
from budgets.rules.plan_sections import PlanSection
from budgets.selectors.support_plans import plan_in_force
from budgets.services.plan_signing import sign_for_commissioner, sign_for_holder
from budgets.services.support_plans import close_plans, propose_plan, start_plan, withdraw_plan
from tests.factories.budgets import make_accepted_referral
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.support_plans import STARTED_ON, fill_plan, write

LAST = STARTED_ON + dt.timedelta(days=18)


class PlansInAnyOrder(RuleBasedStateMachine):
    """One referral; time only goes on. What a model would allow is not said twice: the invariants are."""

    @initialize()
    def accept(self) -> None:
        commissioner = CommissionerFactory()
        self.nurse, self.team = make_nurse(commissioner), make_team(commissioner)
        self.referral = make_accepted_referral(commissioner)
        self.day = STARTED_ON
        self.signed: dict[int, Any] = {}

    def plan(self) -> SupportPlan | None:
        return SupportPlan.objects.filter(referral=self.referral).in_work().first()

    @rule(days=st.integers(0, 5))
    def wait(self, days: int) -> None:
        self.day = min(self.day + dt.timedelta(days=days), LAST)

    @rule()
    def start(self) -> None:
        try:
            plan = start_plan(referral=self.referral, by=self.nurse, on=self.day)
        except BudgetRefused:
            return
        if not plan.outcomes.exists():
            fill_plan(plan, self.nurse, on=self.day)
        advice = {"risk_advice": "As before", "risk_advice_by": "A nurse", "risk_advice_on": self.day}
        write(plan, self.nurse, PlanSection.RISK_ADVICE, **advice)

    @precondition(lambda self: self.plan())
    @rule()
    def propose(self) -> None:
        self.attempt(lambda plan: propose_plan(plan=plan, by=self.nurse, on=self.day))

    @precondition(lambda self: self.plan())
    @rule()
    def withdraw(self) -> None:
        self.attempt(lambda plan: withdraw_plan(plan=plan, reason="Another", by=self.nurse, on=self.day))

    @precondition(lambda self: self.plan())
    @rule(by_team=st.booleans())
    def sign_holder(self, by_team: bool) -> None:
        by = self.team if by_team else self.nurse
        self.attempt(lambda plan: sign_for_holder(plan=plan, by=by, signed_on=self.day, how="on_paper"))

    @precondition(lambda self: self.plan())
    @rule(later=st.integers(0, 9))
    def sign_commissioner(self, later: int) -> None:
        signed = {"signed_on": self.day, "how": "on_paper", "in_force_from": self.day + dt.timedelta(days=later)}
        self.attempt(lambda plan: sign_for_commissioner(plan=plan, by=self.team, **signed))

    @rule()
    def close(self) -> None:
        close_plans(referral=self.referral, on=self.day, by=self.team, reason="The budget ended")

    def attempt(self, act: Any) -> None:
        plan = self.plan()
        assert plan is not None
        try:
            act(plan)
        except BudgetRefused:
            return

    @invariant()
    def at_most_one_is_in_force(self) -> None:
        if not hasattr(self, "referral"):
            return
        rows = SupportPlan.objects.filter(referral=self.referral, in_force_from__isnull=False)
        spells = list(rows.values_list("pk", "in_force_from", "in_force_until"))
        for offset in range(30):
            day = STARTED_ON + dt.timedelta(days=offset)
            found = [pk for pk, begins, ends in spells if begins <= day and (ends is None or ends > day)]
            assert len(found) <= 1
            if day == self.day:
                in_force = plan_in_force(self.referral, day)
                assert ([in_force.pk] if in_force else []) == found

    @invariant()
    def what_was_signed_stays(self) -> None:
        if not hasattr(self, "referral"):
            return
        for plan in SupportPlan.objects.filter(referral=self.referral, in_force_from__isnull=False):
            said = (
                plan.health_needs,
                plan.in_force_from,
                list(plan.services.values_list("description", "amount", "key")),
                sorted(plan.signatures.values_list("side", "recorded_by")),
            )
            assert self.signed.setdefault(plan.pk, said) == said
            assert plan.status in (PlanStatus.SIGNED, PlanStatus.SUPERSEDED)
            assert len({by for _, by in said[3]}) == 2


@pytest.mark.django_db
def test_any_sequence_leaves_one_plan_in_force_and_signed_ones_unchanged() -> None:
    run_state_machine_as_test(
        PlansInAnyOrder,
        settings=settings(
            max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
