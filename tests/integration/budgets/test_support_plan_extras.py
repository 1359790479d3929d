"""Around support plans: their PDF, what a commissioner adds that cannot be bought, and the demonstration."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from budgets.demonstration import support_plans as demonstration
from budgets.enums import Method, PlanStatus
from budgets.exceptions import BudgetRefused
from budgets.models import PersonalHealthBudget, PlanDocument, PlanService, SupportPlan, TaskSignOff
from budgets.rules.agreement import MethodAmount
from budgets.rules.plan_money import check_sufficient
from budgets.selectors.plan_purchases import prohibited_for
from budgets.selectors.support_plans import lines_of
from budgets.services.plan_documents import request_pdf
from phb_register import clock, jobs
from phb_register.models import Commissioner, CommunicationFormat
from phb_register.roles import Role
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.support_plans import add_service, make_prohibited, make_proposed_plan, make_signed_plan, start_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


def test_pdf_of_a_signed_plan_is_made_once_in_the_format_of_the_person(
    client: Client, commissioner: Commissioner
) -> None:
    person = PersonFactory(commissioner=commissioner, communication_format=CommunicationFormat.LARGE_PRINT)
    nurse = make_nurse(commissioner)
    plan = make_proposed_plan(make_accepted_referral(commissioner, person=person), by=nurse)
    with pytest.raises(BudgetRefused):
        request_pdf(plan=plan, by=nurse)
    signed = make_signed_plan(make_accepted_referral(commissioner, person=PersonFactory(commissioner=commissioner)))
    signed.referral.person.communication_format = CommunicationFormat.LARGE_PRINT
    signed.referral.person.save()
    client.force_login(nurse)
    address = reverse("budgets:support-plan-pdf", args=[signed.referral.reference, signed.number])
    assert client.get(address).status_code == 302
    assert client.post(address)["Location"] == client.post(address)["Location"]
    job = request_pdf(plan=signed, by=nurse)
    for _ in range(2):
        jobs.run(job.pk)
    document = PlanDocument.objects.get(plan=signed)
    assert document.communication_format == CommunicationFormat.LARGE_PRINT
    answer = client.get(address)
    assert answer.content.startswith(b"%PDF-1.7")
    assert "Open the PDF (large print)" in client.get(address.removesuffix("pdf/")).content.decode()


def test_commissioner_adds_what_its_people_cannot_buy(client: Client, commissioner: Commissioner) -> None:
    team, nurse = make_team(commissioner), make_nurse(commissioner)
    client.force_login(team)
    address = reverse("budgets:prohibited-purchases", args=[commissioner.code])
    assert "Tobacco" in client.get(address).content.decode()
    typed = {
        "label": "Garden sheds",
        "words": "shed\nsummer house",
        "citation": "Our policy of 2020",
        "source": "Paper",
        "applies_from": "2020-01-01",
    }
    assert client.post(address, {**typed, "citation": ""}).status_code == 422
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed).status_code == 422
    plan = start_plan(referral=make_accepted_referral(commissioner), by=nurse)
    with pytest.raises(BudgetRefused, match="Our policy of 2020"):
        add_service(plan, nurse, description="Two sheds")
    [end] = client.get(address).context["ends"]
    for _ in range(2):
        assert client.post(end["url"]).status_code == 302
    assert add_service(plan, nurse, description="Two sheds").pk


def test_entry_of_a_partnership_holds_for_its_members_and_for_nobody_else() -> None:
    llr, icb = (Commissioner.objects.get(code=code) for code in ("LLR", "QK1"))
    make_prohibited(llr, by=make_team(llr))
    assert "garden-sheds" in {each.code for each in prohibited_for(icb, dt.date(2026, 1, 1))}
    assert "garden-sheds" not in {each.code for each in prohibited_for(icb, dt.date(2019, 12, 31))}
    other = Commissioner.objects.get(code="QSL")
    assert "garden-sheds" not in {each.code for each in prohibited_for(other, dt.date(2026, 1, 1))}
    assert {"tobacco", "alcohol", "gambling", "debt"} <= {
        each.code for each in prohibited_for(other, dt.date(2026, 1, 1))
    }


def test_demonstration_signs_plans_that_the_direct_payments_cover(monkeypatch: pytest.MonkeyPatch) -> None:
    icb = Commissioner.objects.get(code="QK1")
    for name, role in (("nurse", Role.REFERRING_NURSE), ("team", Role.PHB_TEAM), ("leadnurse", Role.LEAD_NURSE)):
        UserFactory(email=f"{name}@llr.example.nhs.uk", role=role, role__commissioner=icb)
    monkeypatch.setattr(demonstration, "_WITH_PROPOSAL", 2)
    team, agreed_on = make_team(icb), dt.date(2023, 5, 1)
    for turn in range(3):
        methods = [
            MethodAmount(Method.DIRECT_PAYMENT, Decimal("30000.00")),
            MethodAmount(Method.THIRD_PARTY, Decimal(4000)),
        ]
        person = PersonFactory(commissioner=icb)
        make_budget(
            icb,
            by=team,
            referral=make_accepted_referral(icb, person=person, by=team, received_on=agreed_on - dt.timedelta(days=8)),
            agreed_on=agreed_on,
            started_on=agreed_on + dt.timedelta(days=turn),
            annual_amount=Decimal("34000.00"),
            methods=methods,
            is_free_of_orders=True,
        )
    for _ in range(2):
        demonstration.load(lambda done, total: None)
    for phb in PersonalHealthBudget.objects.all():
        plan = SupportPlan.objects.in_force_on(clock.today()).get(referral=phb.referral)
        assert check_sufficient(lines_of(plan), methods) == []
    in_work = SupportPlan.objects.in_work().values_list("status", flat=True)
    assert sorted(in_work) == [PlanStatus.DRAFT, PlanStatus.PROPOSED]
    assert PlanService.objects.filter(approved_by__isnull=False).count() == 1
    assert TaskSignOff.objects.of_plans_in_force_on(clock.today()).count() == 2
