"""The pages of support plans: writing one without scripts, what is refused, signing, comparing, the worklists."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from budgets.enums import PlanStatus
from budgets.models import SupportPlan
from budgets.panels.support_plans import count_tasks, exceptions_to_approve, plans_to_sign, tasks_to_sign_off
from budgets.rules.plan_sections import PlanSection
from budgets.services.support_plans import start_plan
from eligibility.models import Referral
from phb_register import clock
from phb_register.models import AccessLogEntry, Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import make_accepted_referral
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.support_plans import (
    IN_FORCE_FROM,
    STARTED_ON,
    add_service,
    add_task,
    make_draft_plan,
    make_proposed_plan,
    make_signed_plan,
    sign_plan,
    write,
)

pytestmark = pytest.mark.django_db
SERVICE = {
    "description": "Help in the morning",
    "category": "care_agency",
    "outcome": "all",
    "provider": "not-listed",
    "provider_name": "Testing Care",
    "who": "not_connected",
    "method": "direct_payment",
    "amount": "400",
    "recurrence": "weekly",
}


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def nurse(commissioner: Commissioner) -> User:
    return make_nurse(commissioner)


@pytest.fixture
def referral(commissioner: Commissioner) -> Referral:
    return make_accepted_referral(commissioner)


@pytest.fixture
def draft(referral: Referral, nurse: User) -> SupportPlan:
    return start_plan(referral=referral, by=nurse, on=STARTED_ON)


def url(name: str, plan: SupportPlan, *more: Any) -> str:
    return reverse(f"budgets:support-plan{name}", args=[plan.referral.reference, plan.number, *more])


def fresh(client: Client, address: str) -> dict[str, Any]:
    """The tokens of a form as its page gives them."""
    form = client.get(address).context["form"]
    return {name: form.initial[name] for name in ("key", "revision") if name in form.initial}


def test_nurse_writes_a_plan_and_both_sides_sign_it(
    client: Client, referral: Referral, nurse: User, commissioner: Commissioner
) -> None:
    client.force_login(nurse)
    plans = reverse("budgets:support-plans", args=[referral.reference])
    assert "No version is in force today" in client.get(plans).content.decode()
    started = client.post(reverse("budgets:support-plans-start", args=[referral.reference]))
    plan = SupportPlan.objects.get(referral=referral)
    assert started["Location"] == url("-write", plan)
    tasks = client.get(url("-write", plan)).content.decode()
    assert tasks.count("Not started yet") == 7
    refused = client.post(url("-propose", plan))
    assert refused.status_code == 422
    assert [each["href"] for each in refused.context["problems"]] == [
        url("-section", plan, section)
        for section in ("health-needs", "outcomes", "services", "risks", "care-co-ordinator", "review", "features")
    ]
    pages: dict[str, dict[str, Any]] = {
        "health-needs": {"health_needs": "Breathing"},
        "no-risks": {"no_risks_reason": "None"},
        "risk-advice": {"risk_advice": "Employing", "risk_advice_by": "A nurse", "risk_advice_on": "2026-11-05"},
        "care-co-ordinator": {"coordinator_name": "Sam", "coordinator_contact": "01632 960001"},
        "review": {"review_arrangements": "In three months"},
        "payments": {"payments": "four_weekly"},
        "features": {feature.code: "yes" for feature in _features(client, plan)},
    }
    for section, typed in pages.items():
        address = url("-section", plan, section)
        assert client.post(address, {**fresh(client, address), **typed}).status_code == 302, section
    lines: dict[str, dict[str, Any]] = {
        "outcomes": {"statement": "I want to sing", "how_met": "A choir"},
        "services": SERVICE,
        "delegated-tasks": {"task": "Suction", "assistant_name": "Alex"},
    }
    for section, typed in lines.items():
        address = url("-add", plan, section)
        sent = {**fresh(client, address), **typed}
        for _ in range(2):
            assert client.post(address, sent)["Location"] == url("-section", plan, section)
    assert [plan.outcomes.count(), plan.services.count(), plan.delegated_tasks.count()] == [1, 1, 1]
    assert client.post(url("-propose", plan))["Location"] == url("", plan)
    holder = {"signed_as": "person", "how": "spoken", "witness": "A neighbour", "signed_on": clock.today().isoformat()}
    assert client.post(url("-holder-signs", plan), holder).status_code == 302
    client.force_login(make_team(commissioner))
    officer = {"how": "on_paper", "signed_on": holder["signed_on"], "in_force_from": holder["signed_on"]}
    assert client.post(url("-commissioner-signs", plan), officer).status_code == 302
    page = client.get(url("", plan)).content.decode()
    for words in ("I want to sing", "£400.00 a week", "£20,857.14 a year", "A neighbour", "Not signed off yet"):
        assert words in page
    assert AccessLogEntry.objects.filter(action="read", subject_type="budgets.SupportPlan").exists()
    assert "Version 1 is in force" in client.get(plans).content.decode()


def _features(client: Client, plan: SupportPlan) -> Any:
    return client.get(url("-section", plan, "features")).context["form"].checklist.features


def test_what_somebody_else_saved_meanwhile_is_shown_and_replaced_knowingly(
    client: Client, draft: SupportPlan, nurse: User
) -> None:
    client.force_login(nurse)
    address = url("-section", draft, "contingency")
    opened = fresh(client, address)
    other = make_team(draft.referral.commissioner)
    write(draft, other, PlanSection.CONTINGENCY, contingency="Call the agency")
    slower = client.post(address, {**opened, "contingency": "Call the neighbour"})
    page = slower.content.decode()
    assert slower.status_code == 422
    assert "Call the agency" in page
    assert "Call the neighbour" in page
    assert other.full_name in page
    again = {"revision": slower.context["form"].data["revision"], "contingency": "Call the neighbour"}
    assert client.post(address, again).status_code == 302
    draft.refresh_from_db()
    assert draft.contingency == "Call the neighbour"


def test_case_32_cigarettes_are_refused_on_the_page_and_nothing_typed_is_lost(
    client: Client, draft: SupportPlan, nurse: User
) -> None:
    client.force_login(nurse)
    address = url("-add", draft, "services")
    typed = {**SERVICE, **fresh(client, address), "description": "Cigarettes", "category": "other"}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "“tobacco”" in answer.content.decode()
    assert "why_not_prohibited" in answer.context["form"].fields
    answer = client.post(address, {**typed, "category": "prohibited:tobacco"})
    assert answer.status_code == 422
    assert "cannot buy this: tobacco" in answer.content.decode()
    assert not draft.services.exists()
    allowed = {**typed, "description": "Help to give up cigarettes", "why_not_prohibited": "A course"}
    assert client.post(address, allowed).status_code == 302


def test_case_32_household_exception_is_asked_for_and_approved_on_pages(
    client: Client, draft: SupportPlan, nurse: User, commissioner: Commissioner
) -> None:
    client.force_login(nurse)
    address = url("-add", draft, "services")
    typed = {**SERVICE, **fresh(client, address), "who": "family_at_home"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "regulation 8(5A) and (5B)" in refused.content.decode()
    asked = {"exception_reason": "meets_need", "exception_necessity": "Speaks the language"}
    assert client.post(address, {**typed, **asked}).status_code == 302
    service = draft.services.get()
    lead_nurse = UserFactory(role=Role.LEAD_NURSE, role__commissioner=commissioner)
    [item] = exceptions_to_approve(lead_nurse, clock.today())
    client.force_login(lead_nurse)
    assert "Speaks the language" in client.get(item.url).content.decode()
    assert client.post(item.url).status_code == 302
    service.refresh_from_db()
    assert service.approved_by == lead_nurse
    assert client.post(item.url).status_code == 422
    assert exceptions_to_approve(lead_nurse, clock.today()) == []


def test_line_is_changed_and_removed(client: Client, referral: Referral, nurse: User) -> None:
    plan = make_draft_plan(referral, by=nurse)
    client.force_login(nurse)
    service = plan.services.get()
    address = url("-line", plan, "services", service.key)
    shown = client.get(address).context["form"].initial
    typed = {**SERVICE, "key": shown["key"], "revision": shown["revision"], "amount": "350.50", "who": "friend"}
    assert client.post(address, typed).status_code == 302
    service.refresh_from_db()
    assert (service.amount, service.relationship) == (Decimal("350.50"), "friend")
    removal = url("-remove", plan, "services", service.key)
    assert "Help in the morning" in client.get(removal).content.decode()
    for _ in range(2):
        assert client.post(removal)["Location"] == url("-section", plan, "services")
    assert not plan.services.exists()
    assert client.get(address)["Location"] == url("-section", plan, "services")


def test_plan_that_is_no_draft_any_more_is_not_written(client: Client, referral: Referral, nurse: User) -> None:
    plan = make_proposed_plan(referral, by=nurse)
    client.force_login(nurse)
    for address in (url("-write", plan), url("-section", plan, "review"), url("-add", plan, "outcomes")):
        assert client.post(address, {"revision": 9}).status_code in (302, 405)
        assert client.get(address)["Location"] == url("", plan)
    assert client.post(url("-withdraw", plan), {"reason": ""}).status_code == 422
    assert client.post(url("-withdraw", plan), {"reason": "Another agency"}).status_code == 302
    plan.refresh_from_db()
    assert plan.status == PlanStatus.WITHDRAWN


def test_versions_are_compared_line_by_line(client: Client, referral: Referral, nurse: User) -> None:
    make_signed_plan(referral, by=nurse)
    draft = start_plan(referral=referral, by=nurse, on=IN_FORCE_FROM)
    write(draft, nurse, PlanSection.CONTINGENCY, contingency="Call the agency")
    add_service(draft, nurse, description="A course", recurrence="one_off", amount=Decimal("90.00"))
    client.force_login(nurse)
    page = client.get(url("-compare", draft, 1)).content.decode()
    for words in ("Call the agency", "A course", "£90.00 once", "Not there"):
        assert words in page
    assert "Breathe" not in page
    assert (
        "What changed from version 1 to version 2"
        in client.get(reverse("budgets:support-plans", args=[referral.reference])).content.decode()
    )


def test_address_of_no_section_is_not_found(client: Client, draft: SupportPlan, nurse: User) -> None:
    client.force_login(nurse)
    assert client.get(url("-section", draft, "shoes")).status_code == 404
    assert client.get(url("-add", draft, "review")).status_code == 404


def test_worklist_of_plans_to_sign_says_who_is_missing(referral: Referral, nurse: User) -> None:
    plan = make_proposed_plan(referral, by=nurse)
    [item] = plans_to_sign(nurse, clock.today())
    assert "for both sides" in item.why
    sign_plan(plan, by=nurse)
    assert plans_to_sign(nurse, clock.today()) == []


def test_delegated_tasks_that_run_out_stand_on_the_worklist(
    client: Client, referral: Referral, nurse: User, django_assert_max_num_queries: Any
) -> None:
    today = clock.today()
    plan = make_draft_plan(referral, by=nurse)
    soon = add_task(plan, nurse, valid_until=today + dt.timedelta(days=42), task="Suction")
    add_task(plan, nurse, valid_until=today + dt.timedelta(days=43), task="Dressing")
    add_task(plan, nurse, valid_until=today - dt.timedelta(days=1), task="Feeding")
    add_task(plan, nurse, task="Injection")
    assert tasks_to_sign_off(nurse, today) == []
    client.force_login(nurse)
    client.post(url("-propose", plan))
    sign_plan(plan, by=nurse, on=today)
    items = tasks_to_sign_off(nurse, today)
    assert [item.text.split(": ")[1].split(",")[0] for item in items] == ["Feeding", "Suction", "Injection"]
    assert count_tasks(nurse, today) == 3
    with django_assert_max_num_queries(14):
        page = client.get(reverse("budgets:delegated-tasks")).content.decode()
    assert "Ran out on" in page
    assert "Dressing" not in page
    address = url("-sign-off", plan, soon.key)
    typed = {
        "trained_by": "A nurse",
        "trained_on": today.isoformat(),
        "signed_off_by": "A nurse",
        "registration": "nmc",
        "registration_number": "00A0000E",
        "signed_off_on": today.isoformat(),
        "valid_until": today.isoformat(),
    }
    assert client.post(address, typed).status_code == 422
    typed["valid_until"] = (today + dt.timedelta(days=365)).isoformat()
    for _ in range(2):
        assert client.post(address, typed).status_code == 302
    assert count_tasks(nurse, today) == 2
    assert soon.sign_offs.count() == 2
