import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from budgets.enums import Method
from budgets.models import BudgetProposal, PersonalHealthBudget
from budgets.rules.agreement import MethodAmount
from budgets.services.budget_proposals import (
    approve_proposal,
    return_proposal,
    revise_proposal,
    submit_proposal,
)
from phb_register.models import AccessLogEntry, Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.proposals import make_lead_nurse, make_proposal, with_limit

pytestmark = pytest.mark.django_db

TODAY, STARTED = dt.date(2026, 11, 22), dt.date(2026, 11, 16)
COMPLETE: dict[str, Any] = {
    "key": "3b0c1f8e-6f0e-4f6b-9a57-0d7b7f5d2017",
    "applies_from_day": "10",
    "applies_from_month": "11",
    "applies_from_year": "2026",
    "annual_amount": "£52,000",
    "previous_annual_amount": "60000",
    "methods": ["notional", "third_party"],
    "notional_amount": "40000",
    "third_party_amount": "12000",
    "lives_in": "home",
    "nhs_percent": "70",
    "local_authority_percent": "30",
    "local_authority_name": "Testing Council",
}


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


@pytest.fixture
def signed_in(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


def page(phb: PersonalHealthBudget, name: str = "personal-health-budget") -> str:
    return reverse(f"budgets:{name}", args=[phb.reference])


def on(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def propose_page(referral: Any) -> str:
    return reverse("budgets:propose", args=[referral.reference])


def test_budget_is_proposed_approved_and_started_in_the_browser(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    referral, lead, approving = make_accepted_referral(commissioner, by=team), make_lead_nurse(commissioner), Client()
    with_limit(commissioner)
    assert signed_in.get(propose_page(referral)).status_code == 200
    answer = signed_in.post(propose_page(referral), COMPLETE, follow=True)
    proposal = BudgetProposal.objects.get()
    address = reverse("budgets:budget-proposal", args=[proposal.reference])
    assert answer.redirect_chain == [(address, 302)]
    for said in ("Draft", "£52,000.00", "Testing Council", "30%"):
        assert said in answer.content.decode()
    assert "With the lead nurse" in signed_in.post(f"{address}submit/", follow=True).content.decode()
    approving.force_login(lead)
    assert f"{address}approve/" in approving.get(address).content.decode()
    assert "The budget is approved" in approving.post(f"{address}approve/", {"note": ""}, follow=True).content.decode()
    phb = PersonalHealthBudget.objects.get()
    text = signed_in.get(page(phb)).content.decode()
    for said in ("Agreed, not started", "The budget is £8,000.00 less"):
        assert said in text
    answer = signed_in.post(page(phb, "start"), on("started_on", TODAY), follow=True)
    assert "In place" in answer.content.decode()
    phb.refresh_from_db()
    assert (phb.agreed_by, phb.agreed_on, phb.started_on) == (lead, TODAY, TODAY)


def test_propose_page_takes_over_what_the_referral_answers(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    facts = {"chc": "eligible", "chc_fast_track": True, "lives_in": "care_home", "drug_or_alcohol_order": False}
    referral = make_accepted_referral(commissioner, by=team, facts=facts)
    form = signed_in.get(propose_page(referral)).context_data["form"]
    assert form["lives_in"].value() == "care_home"
    assert "accepted on 3 November 2026" in signed_in.get(propose_page(referral)).content.decode()
    assert form["is_fast_track"].value() is True
    assert form["is_free_of_orders"].value() is True


def test_propose_page_answers_422_names_the_remedy_and_keeps_what_was_typed(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    answer = signed_in.post(propose_page(referral), {**COMPLETE, "third_party_amount": "11999.99"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a problem" in text
    assert text.count("The methods add to £51,999.99 and the annual amount is £52,000.00") == 2
    assert "£52,000" in text
    assert "11999.99" in text
    assert not BudgetProposal.objects.exists()


def test_propose_page_shows_what_the_service_refuses(signed_in: Client, commissioner: Commissioner, team: User) -> None:
    facts = {"chc": "eligible", "drug_or_alcohol_order": True}
    referral = make_accepted_referral(commissioner, by=team, facts=facts)
    data = {**COMPLETE, "methods": ["direct_payment"], "is_free_of_orders": "on"}
    answer = signed_in.post(propose_page(referral), data)
    assert answer.status_code == 422
    assert "Schedule to the NHS (Direct Payments) Regulations 2013" in answer.content.decode()


def test_propose_page_of_a_referral_with_an_open_proposal_leads_to_it(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    proposal = make_proposal(commissioner, by=team)
    for method in ("get", "post"):
        answer = getattr(signed_in, method)(propose_page(proposal.referral))
        assert answer["Location"] == reverse("budgets:budget-proposal", args=[proposal.reference])


def test_budget_entered_without_a_proposal_is_confirmed_in_the_browser(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    overview = reverse("budgets:proposals", args=[phb.referral.reference])
    assert "Nothing can be paid on it until a proposal confirms it" in signed_in.get(overview).content.decode()
    confirm = reverse("budgets:confirm", args=[phb.referral.reference])
    assert signed_in.post(confirm, {"key": COMPLETE["key"], "reason": ""}).status_code == 422
    answer = signed_in.post(confirm, {"key": COMPLETE["key"], "reason": "Agreed in 2025"}, follow=True)
    assert "A budget agreed elsewhere or before, to be confirmed" in answer.content.decode()
    assert BudgetProposal.objects.get().kind == "confirmation"


def test_change_of_a_budget_is_proposed_in_the_browser(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    form = signed_in.get(propose_page(phb.referral)).context_data["form"]
    assert (form["annual_amount"].value(), form["nhs_percent"].value()) == ("52000.00", "100")
    data = {**COMPLETE, **on("applies_from", dt.date(2027, 4, 1)), "kind": "change", "reason": ""}
    assert signed_in.post(propose_page(phb.referral), data).status_code == 422
    signed_in.post(propose_page(phb.referral), {**data, "reason": "More nights"})
    assert BudgetProposal.objects.get().kind == "change"
    change = reverse("budgets:change-proposal", args=[BudgetProposal.objects.get().reference])
    assert signed_in.get(change).context_data["form"]["notional_amount"].value() == "40000.00"
    signed_in.post(change, {**data, "reason": "Fewer nights"})
    assert BudgetProposal.objects.get().reason == "Fewer nights"


def test_propose_page_of_a_referral_that_waits_leads_back_with_the_reason(
    signed_in: Client, commissioner: Commissioner
) -> None:
    referral = make_referral(commissioner)
    answer = signed_in.get(propose_page(referral), follow=True)
    assert "Accept the referral first" in answer.content.decode()


def test_methods_are_changed_in_the_browser(signed_in: Client, commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    data = {**on("changed_on", dt.date(2026, 11, 20)), "methods": "third_party"}
    answer = signed_in.post(page(phb, "change-methods"), data, follow=True)
    assert "Third-party budget" in answer.content.decode()
    assert [part.method for part in phb.method_parts.filter(ends_on=None)] == ["third_party"]


def test_change_page_starts_from_how_the_money_is_managed_now(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    parts = [MethodAmount(Method.NOTIONAL, Decimal(40000)), MethodAmount(Method.THIRD_PARTY, Decimal(12000))]
    phb = make_budget(commissioner, by=team, started_on=STARTED, methods=parts)
    form = signed_in.get(page(phb, "change-methods")).context_data["form"]
    assert form["methods"].value() == ["notional", "third_party"]
    assert form["third_party_amount"].value() == "12000.00"
    assert "annual_amount" not in form.fields


@pytest.mark.parametrize("name", ["start", "end", "change-methods"])
def test_form_sent_with_nothing_answers_422(
    signed_in: Client, commissioner: Commissioner, team: User, name: str
) -> None:
    phb = make_budget(commissioner, by=team)
    answer = signed_in.post(page(phb, name))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_read_of_a_budget_is_logged_with_the_person(signed_in: Client, commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team)
    signed_in.get(page(phb))
    entry = AccessLogEntry.objects.get(action="read", subject_type="budgets.PersonalHealthBudget")
    assert (entry.actor, entry.subject_id, entry.detail) == (team, str(phb.pk), {"person": phb.person_id})


def test_history_says_who_recorded_what(signed_in: Client, commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team)
    signed_in.post(page(phb, "start"), on("started_on", STARTED))
    text = signed_in.get(page(phb)).content.decode()
    assert "started on 16 November 2026, before: not set" in text
    assert team.full_name in text


@pytest.mark.parametrize("name", ["personal-health-budget", "start", "end", "change-methods"])
def test_budget_of_another_commissioner_is_not_found(client: Client, commissioner: Commissioner, name: str) -> None:
    client.force_login(make_team(CommissionerFactory()))
    assert client.get(page(make_budget(commissioner), name)).status_code == 404


def test_propose_page_of_another_commissioner_is_not_found(client: Client, commissioner: Commissioner) -> None:
    client.force_login(make_team(CommissionerFactory()))
    referral = make_accepted_referral(commissioner)
    assert client.get(propose_page(referral)).status_code == 404


@pytest.mark.parametrize("role", [Role.REFERRING_NURSE, Role.FINANCE])
def test_those_who_only_view_see_no_buttons_and_cannot_act(
    client: Client, commissioner: Commissioner, role: Role
) -> None:
    phb = make_budget(commissioner)
    client.force_login(UserFactory(role=role, role__commissioner=commissioner))
    text = client.get(page(phb)).content.decode()
    assert page(phb, "start") not in text
    assert client.get(page(phb, "start")).status_code == 403


def test_worklists_empty_as_the_work_is_done(signed_in: Client, commissioner: Commissioner, team: User) -> None:
    referral, lead, approving = make_accepted_referral(commissioner, by=team), make_lead_nurse(commissioner), Client()
    approving.force_login(lead)
    assert propose_page(referral) in signed_in.get("/").content.decode()
    proposal = make_proposal(commissioner, by=team, referral=referral)
    address = reverse("budgets:budget-proposal", args=[proposal.reference])
    assert propose_page(referral) not in signed_in.get("/").content.decode()
    assert address in approving.get("/").content.decode()
    return_proposal(proposal=proposal, by=lead, reason="Say more")
    assert address in signed_in.get("/").content.decode()
    assert address not in approving.get("/").content.decode()
    submit_proposal(proposal=revise_proposal(proposal=proposal, by=team), by=team)
    phb = approve_proposal(proposal=proposal, by=lead).phb
    home = signed_in.get("/").content.decode()
    assert address not in home
    assert page(phb) in home
    signed_in.post(page(phb, "start"), on("started_on", TODAY))
    assert page(phb) not in signed_in.get("/").content.decode()


def test_worklists_hold_nothing_of_another_commissioner(client: Client, commissioner: Commissioner) -> None:
    client.force_login(make_team(CommissionerFactory()))
    phb, referral = make_budget(commissioner), make_accepted_referral(commissioner)
    home = client.get("/").content.decode()
    assert page(phb) not in home
    assert str(referral.reference) not in home


def test_referral_and_person_lead_to_the_budget(signed_in: Client, commissioner: Commissioner, team: User) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    address = reverse("eligibility:referral", args=[referral.reference])
    assert "Propose a personal health budget" in signed_in.get(address).content.decode()
    phb = make_budget(commissioner, by=team, referral=referral, annual_amount=Decimal("1234.50"))
    assert page(phb) in signed_in.get(address).content.decode()
    person = signed_in.get(reverse("phb_register:person", args=[phb.person.reference])).content.decode()
    assert page(phb) in person
    assert "£1,234.50" in person
