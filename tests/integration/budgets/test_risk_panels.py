"""The risk panel decides above the delegated limit or by exception, with reasons, and never on its own work."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from budgets.exceptions import BudgetRefused
from budgets.models import AgreedBudget, BudgetProposal, PanelItem, PersonalHealthBudget, RiskPanel
from budgets.rules.panel_states import PanelDecision
from budgets.services.budget_proposals import approve_proposal, refer_proposal, withdraw_proposal
from budgets.services.risk_panels import (
    Present,
    add_items,
    cancel_panel,
    decide_item,
    hold_panel,
    plan_panel,
    remove_item,
)
from phb_register.models import Commissioner, PartnershipMember, User
from phb_register.roles import Role
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory
from tests.factories.proposals import (
    LIMIT,
    PREPARED,
    make_held_panel,
    make_lead_nurse,
    make_panellist,
    make_proposal,
    with_limit,
)

pytestmark = pytest.mark.django_db

MEETS = dt.date(2026, 11, 10)
ABOVE = LIMIT + 1


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return with_limit(CommissionerFactory())


@pytest.fixture
def panellist(commissioner: Commissioner) -> User:
    return make_panellist(commissioner)


def on_agenda(
    commissioner: Commissioner, panellist: User, *, by: User | None = None, members: list[Present] | None = None
) -> PanelItem:
    """A proposal above the limit, on the agenda of a meeting that was held."""
    panel = make_held_panel(commissioner, by=panellist, members=members or [])
    (item,) = add_items(panel=panel, proposals=[make_proposal(commissioner, amount=ABOVE, by=by)], by=panellist)
    return item


def test_above_the_limit_the_lead_nurse_does_not_decide(commissioner: Commissioner) -> None:
    proposal = make_proposal(commissioner, amount=ABOVE)
    with pytest.raises(BudgetRefused, match="with the risk panel"):
        approve_proposal(proposal=proposal, by=make_lead_nurse(commissioner))


def test_panel_approves_with_conditions_and_the_budget_is_agreed_on_the_day_it_met(
    commissioner: Commissioner, panellist: User
) -> None:
    item = on_agenda(commissioner, panellist)
    given = {"item": item, "decision": PanelDecision.APPROVE_WITH_CONDITIONS, "reasons": "It is safe", "by": panellist}
    with pytest.raises(BudgetRefused, match="conditions"):
        decide_item(**given)
    decided = decide_item(**given, conditions="Look again in March")
    agreed = AgreedBudget.objects.get()
    assert (agreed.annual_amount, agreed.phb.agreed_on, agreed.phb.agreed_by) == (ABOVE, MEETS, panellist)
    assert (agreed.proposal.conditions, decided.took_no_part) == ("Look again in March", "")
    with pytest.raises(BudgetRefused):
        decide_item(**given, conditions="Once more")


def test_panel_declines_with_reasons_and_the_route(commissioner: Commissioner, panellist: User) -> None:
    item = on_agenda(commissioner, panellist)
    given = {"item": item, "decision": PanelDecision.DECLINE, "by": panellist}
    with pytest.raises(BudgetRefused, match="reasons"):
        decide_item(**given, reasons="", reconsideration_route="Write to us")
    with pytest.raises(BudgetRefused, match="looked at again"):
        decide_item(**given, reasons="Too high")
    decide_item(**given, reasons="Too high", reconsideration_route="Write to us")
    proposal = BudgetProposal.objects.get()
    assert (proposal.status, proposal.decided_on, proposal.reconsideration_route) == ("declined", MEETS, "Write to us")


def test_deferred_item_waits_for_a_later_meeting(commissioner: Commissioner, panellist: User) -> None:
    item = on_agenda(commissioner, panellist)
    decide_item(item=item, decision=PanelDecision.DEFER, reasons="The plan is missing", by=panellist)
    with pytest.raises(BudgetRefused, match="later agenda"):
        add_items(panel=item.panel, proposals=[item.proposal], by=panellist)
    later = make_held_panel(commissioner, by=panellist, meets_on=MEETS + dt.timedelta(days=7))
    (again,) = add_items(panel=later, proposals=[item.proposal], by=panellist)
    decide_item(item=again, decision=PanelDecision.APPROVE, reasons="It is here now", by=panellist)
    assert PersonalHealthBudget.objects.get().agreed_on == MEETS + dt.timedelta(days=7)


def test_lead_nurse_sends_it_up_by_exception_with_a_reason(commissioner: Commissioner, panellist: User) -> None:
    proposal, lead = make_proposal(commissioner), make_lead_nurse(commissioner)
    with pytest.raises(BudgetRefused, match="why the risk panel"):
        refer_proposal(proposal=proposal, by=lead, reason=" ")
    refer_proposal(proposal=proposal, by=lead, reason="A first of its kind")
    panel = make_held_panel(commissioner, by=panellist)
    (item,) = add_items(panel=panel, proposals=[proposal], by=panellist)
    decide_item(item=item, decision=PanelDecision.APPROVE, reasons="Right", by=panellist)
    assert AgreedBudget.objects.get().proposal == proposal


def test_nobody_on_a_panel_decides_what_they_prepared(commissioner: Commissioner, panellist: User) -> None:
    team = make_team(commissioner)
    MembershipFactory(user=team, role=Role.RISK_PANEL, commissioner=commissioner)
    own = Present(str(team), "PHB manager", user=team)
    item = on_agenda(commissioner, panellist, by=team, members=[own])
    given = {"item": item, "decision": PanelDecision.APPROVE, "reasons": "Right"}
    team.__dict__.pop("_scope", None)
    with pytest.raises(BudgetRefused, match="somebody else must decide"):
        decide_item(**given, by=team)
    assert decide_item(**given, by=panellist).took_no_part == str(team)


def test_panel_with_too_few_who_may_decide_defers(commissioner: Commissioner, panellist: User) -> None:
    team = make_team(commissioner)
    panel = plan_panel(commissioner=commissioner, meets_on=MEETS, by=panellist)
    present = [
        Present(str(panellist), "Director", user=panellist, is_chair=True),
        Present(str(team), "PHB manager", user=team),
    ]
    hold_panel(panel=panel, present=present, by=panellist)
    (item,) = add_items(panel=panel, proposals=[make_proposal(commissioner, amount=ABOVE, by=team)], by=panellist)
    with pytest.raises(BudgetRefused, match="Too few"):
        decide_item(item=item, decision=PanelDecision.APPROVE, reasons="Right", by=panellist)


def test_decision_needs_a_meeting_that_was_held(commissioner: Commissioner, panellist: User) -> None:
    panel = plan_panel(commissioner=commissioner, meets_on=MEETS, by=panellist)
    (item,) = add_items(panel=panel, proposals=[make_proposal(commissioner, amount=ABOVE)], by=panellist)
    with pytest.raises(BudgetRefused, match="who was present first"):
        decide_item(item=item, decision=PanelDecision.APPROVE, reasons="Right", by=panellist)
    for present in ([], [Present("A", "B")], [Present("A", "B"), Present("C", "D")]):
        with pytest.raises(BudgetRefused):
            hold_panel(panel=panel, present=present, by=panellist)
    ahead = plan_panel(commissioner=commissioner, meets_on=dt.date(2026, 12, 1), by=panellist)
    with pytest.raises(BudgetRefused, match="on that day or later"):
        hold_panel(panel=ahead, present=[Present("A", "B", is_chair=True), Present("C", "D")], by=panellist)


def test_agenda_keeps_its_order_and_gives_up_what_is_taken_off(commissioner: Commissioner, panellist: User) -> None:
    panel = plan_panel(commissioner=commissioner, meets_on=MEETS, by=panellist)
    first, second, third = (make_proposal(commissioner, amount=ABOVE) for _ in range(3))
    add_items(panel=panel, proposals=[second, first], by=panellist)
    with pytest.raises(BudgetRefused, match="Select again"):
        add_items(panel=panel, proposals=[first], by=panellist)
    add_items(panel=panel, proposals=[third], by=panellist)
    withdraw_proposal(proposal=first, by=first.prepared_by, reason="They moved")
    remove_item(item=PanelItem.objects.get(proposal=second), by=panellist)
    assert [(each.proposal, each.position) for each in panel.items.all()] == [(third, 1)]
    cancel_panel(panel=panel, by=panellist)
    other = plan_panel(commissioner=commissioner, meets_on=MEETS, by=panellist)
    assert add_items(panel=other, proposals=[third], by=panellist)[0].position == 1


def test_panel_of_a_partnership_decides_for_its_members_and_nobody_else(panellist: User) -> None:
    partnership = CommissionerFactory(kind="partnership")
    member, stranger = with_limit(CommissionerFactory()), with_limit(CommissionerFactory())
    PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=dt.date(2020, 1, 1))
    theirs = make_panellist(partnership)
    panel = plan_panel(commissioner=partnership, meets_on=MEETS, by=theirs)
    assert add_items(panel=panel, proposals=[make_proposal(member, amount=ABOVE)], by=theirs)
    with pytest.raises(BudgetRefused, match="not of a body"):
        add_items(panel=panel, proposals=[make_proposal(stranger, amount=ABOVE)], by=theirs)
    with pytest.raises(PermissionDenied):
        plan_panel(commissioner=partnership, meets_on=MEETS, by=panellist)


def test_meeting_is_planned_held_and_minuted_in_the_browser(
    client: Client, commissioner: Commissioner, panellist: User
) -> None:
    proposal = make_proposal(commissioner, amount=ABOVE)
    client.force_login(panellist)
    day = {"meets_on_day": "10", "meets_on_month": "11", "meets_on_year": "2026"}
    plan = {"commissioner": commissioner.code, "place": "Room 2", **day}
    assert client.post(reverse("budgets:plan-risk-panel"), {}).status_code == 422
    for _ in range(2):
        client.post(reverse("budgets:plan-risk-panel"), plan)
    panel = RiskPanel.objects.get()
    address = reverse("budgets:risk-panel", args=[panel.reference])
    answer = client.post(f"{address}agenda/", {"proposals": [str(proposal.reference)]}, follow=True)
    assert "£60,001.00" in answer.content.decode()
    present = {"members": [str(panellist.pk)], "others": "Sam Heron, finance manager", "chair": "Sam Heron"}
    assert client.post(f"{address}present/", {**present, "chair": "Nobody"}).status_code == 422
    assert client.post(f"{address}present/", {**present, "others": "Sam Heron"}).status_code == 422
    assert (
        "Sam Heron, finance manager (chair)" in client.post(f"{address}present/", present, follow=True).content.decode()
    )
    decide = f"{address}items/{panel.items.get().pk}/decide/"
    assert client.post(decide, {"decision": "approve", "reasons": ""}).status_code == 422
    answer = client.post(decide, {"decision": "approve", "reasons": "Right"}, follow=True)
    assert "Approved" in answer.content.decode()
    assert PersonalHealthBudget.objects.get().annual_amount == Decimal(ABOVE)
    assert client.get(reverse("budgets:risk-panels")).status_code == 200


def test_list_of_proposals_costs_the_same_however_many(
    client: Client, commissioner: Commissioner, panellist: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        make_proposal(commissioner, on=PREPARED)
    client.force_login(panellist)
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("budgets:budget-proposals"), {"status": "submitted", "kind": "first"})
    assert answer.content.decode().count("With the lead nurse") == 4
    assert client.get(reverse("budgets:budget-proposals"), {"status": "nonsense"}).status_code == 422
