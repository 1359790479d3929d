"""By direct SQL: no submitted proposal changes, nobody approves their own, and nothing is approved without a budget."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, transaction

from budgets.exceptions import BudgetRefused
from budgets.models import AgreedBudget, BudgetProposal, PersonalHealthBudget
from budgets.rules.panel_states import PanelDecision
from budgets.services.budget_proposals import approve_proposal, submit_proposal, withdraw_proposal
from budgets.services.risk_panels import add_items, decide_item
from phb_register.models import Commissioner, User
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.proposals import (
    LIMIT,
    make_held_panel,
    make_lead_nurse,
    make_panellist,
    make_proposal,
    with_limit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return with_limit(CommissionerFactory())


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """The block, and what it deferred to the commit, are refused by this constraint and no other."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():  # noqa: PT012  the block is the caller's
        yield
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert refusal.value.__cause__.diag.constraint_name == constraint


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def change(proposal: BudgetProposal, assignment: str, *values: object) -> None:
    sql(f"UPDATE budgets_budgetproposal SET {assignment} WHERE id = %s", *values, proposal.pk)  # noqa: S608


@pytest.mark.parametrize(
    "assignment", ["annual_amount = 1", "applies_from = '2027-01-01'", "reason = 'x'", "prepared_by_id = 1"]
)
def test_submitted_proposal_never_changes(commissioner: Commissioner, assignment: str) -> None:
    proposal = make_proposal(commissioner)
    with refused_by("proposal_frozen"):
        change(proposal, assignment)
    with refused_by("proposal_method_of_a_draft"):
        sql("UPDATE budgets_proposalmethod SET annual_amount = 1 WHERE proposal_id = %s", proposal.pk)
    with refused_by("proposal_share_of_a_draft"):
        sql("DELETE FROM budgets_proposalshare WHERE proposal_id = %s", proposal.pk)


APPROVED = "status = 'approved', decided_by_id = %s, decided_on = '2026-11-10'"


def test_nobody_approves_their_own_by_sql(commissioner: Commissioner) -> None:
    team = make_team(commissioner)
    proposal = make_proposal(commissioner, by=team)
    with refused_by("proposal_decided_by_another"):
        change(proposal, APPROVED, team.pk)


def test_approval_without_an_agreed_budget_is_refused(commissioner: Commissioner) -> None:
    with refused_by("proposal_approved_is_agreed"):
        change(make_proposal(commissioner), APPROVED, make_lead_nurse(commissioner).pk)


def test_panels_proposal_is_not_approved_without_its_decision(commissioner: Commissioner) -> None:
    with refused_by("proposal_decided_at_panel"):
        change(make_proposal(commissioner, amount=LIMIT + 1), APPROVED, make_panellist(commissioner).pk)


def test_draft_is_not_approved_nor_submitted_above_the_limit(commissioner: Commissioner) -> None:
    draft = make_proposal(commissioner, amount=LIMIT + 1, is_submitted=False)
    with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
        change(draft, "status = 'approved'")
    with refused_by("proposal_above_the_limit"):
        change(
            draft,
            "status = 'submitted', submitted_by_id = prepared_by_id, submitted_on = prepared_on, delegated_limit = %s",
            LIMIT,
        )


def test_draft_whose_parts_do_not_add_up_is_not_submitted(commissioner: Commissioner) -> None:
    draft = make_proposal(commissioner, is_submitted=False)
    submit = "status = 'referred', submitted_by_id = prepared_by_id, submitted_on = prepared_on"
    for statement, constraint in (
        ("UPDATE budgets_proposalmethod SET annual_amount = 1", "proposal_methods_add_up"),
        ("UPDATE budgets_proposalshare SET percent = 99", "proposal_shares_add_up"),
    ):
        with refused_by(constraint):
            sql(f"{statement} WHERE proposal_id = %s", draft.pk)
            change(draft, submit)


def test_agreed_budget_says_what_was_approved(commissioner: Commissioner) -> None:
    agreed = approve_proposal(proposal=make_proposal(commissioner), by=make_lead_nurse(commissioner))
    with refused_by("agreed_as_approved"):
        sql(
            "INSERT INTO budgets_agreedbudget (phb_id, number, applies_from, annual_amount, one_off_amount, "
            "one_off_method, reason, recorded_by_id, recorded_at, proposal_id) "
            "SELECT phb_id, 2, applies_from, annual_amount + 1, 0, '', '', recorded_by_id, now(), proposal_id "
            "FROM budgets_agreedbudget WHERE id = %s",
            agreed.pk,
        )


def test_decided_item_of_a_panel_never_changes(commissioner: Commissioner) -> None:
    panellist = make_panellist(commissioner)
    panel = make_held_panel(commissioner, by=panellist)
    (item,) = add_items(panel=panel, proposals=[make_proposal(commissioner, amount=LIMIT + 1)], by=panellist)
    decide_item(item=item, decision=PanelDecision.APPROVE, reasons="Right", by=panellist)
    with pytest.raises(InternalError, match="panel_item_decided_once"), transaction.atomic():
        sql("UPDATE budgets_panelitem SET reasons = 'other' WHERE id = %s", item.pk)
    with pytest.raises(InternalError, match="panel_held_stays"), transaction.atomic():
        sql("UPDATE budgets_riskpanel SET meets_on = '2027-01-01' WHERE id = %s", panel.pk)


def together(*acts: Callable[[], object]) -> list[str]:
    """Do these at once, each on a connection of its own; "done" or the refusal of each."""
    gate, outcomes = threading.Barrier(len(acts)), []

    def press(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
            outcomes.append("done")
        except BudgetRefused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    presses = [threading.Thread(target=press, args=[act]) for act in acts]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_what_is_done_at_once_is_done_once() -> None:
    commissioner = with_limit(CommissionerFactory())
    team, leads = make_team(commissioner), [make_lead_nurse(commissioner) for _ in range(2)]

    def fresh(user: User) -> User:
        return User.objects.get(pk=user.pk)

    # Two who approve
    proposal = make_proposal(commissioner, by=team)
    outcomes = together(*(lambda lead=lead: approve_proposal(proposal=proposal, by=fresh(lead)) for lead in leads))
    assert outcomes[1] == "done"
    assert "It is now: approved" in outcomes[0]
    assert AgreedBudget.objects.count() == PersonalHealthBudget.objects.count() == 1

    # One who approves, one who withdraws
    other = make_proposal(commissioner, by=team)
    outcomes = together(
        lambda: approve_proposal(proposal=other, by=fresh(leads[0])),
        lambda: withdraw_proposal(proposal=other, by=fresh(team), reason="They moved"),
    )
    assert outcomes.count("done") == 1
    other.refresh_from_db()
    assert PersonalHealthBudget.objects.filter(referral=other.referral).exists() == (other.status == "approved")

    # One who submits twice
    third = make_proposal(commissioner, by=team, is_submitted=False)
    outcomes = together(*[lambda: submit_proposal(proposal=third, by=fresh(team))] * 2)
    assert outcomes.count("done") == 1
    assert third.transitions.filter(action="submit").count() == 1
