"""The pages of arrangements, court orders and support organisations, through their addresses."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.enums import Method
from budgets.models import (
    CourtOrder,
    DirectPaymentArrangement,
    DirectPaymentStop,
    PersonalHealthBudget,
    SupportOrganisation,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.rules.agreement import MethodAmount
from phb_register.models import AccessLogEntry, Commissioner, User
from phb_register.roles import Role
from phb_register.slots import worklists
from tests.factories.arrangements import (
    SupportOrganisationFactory,
    make_arrangement,
    nominated,
)
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.payments import payable_budget
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

STARTED, LATER = dt.date(2026, 11, 10), dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def phb(icb: Commissioner, team: User) -> PersonalHealthBudget:
    return make_budget(
        icb,
        by=team,
        started_on=STARTED,
        methods=[MethodAmount(Method.DIRECT_PAYMENT, Decimal("52000.00"))],
        is_free_of_orders=True,
    )


@pytest.fixture
def signed_in(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


def page(thing: Any, name: str = "arrangements") -> str:
    return reverse(f"budgets:{name}", args=[thing.reference])


def on(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_direct_payment_is_arranged_to_a_nominee_step_by_step(signed_in: Client, phb: PersonalHealthBudget) -> None:
    said = text_of(signed_in.get(page(phb)))
    assert "Before the next payment: direct payment" in said
    assert "nobody is recorded to receive it" in said
    form = {
        **on("starts_on", STARTED),
        **on("consent_given_on", STARTED),
        **on("nominated_on", STARTED),
        "capacity_basis": "presumed",
        "payee": "nominee",
        "nominee_name": "Pat Testfamily",
        "nominee_relationship": "Friend",
        "nominee_is_close": "no",
    }
    answer = signed_in.post(page(phb, "arrange-direct-payment"), form, follow=True)
    made = DirectPaymentArrangement.objects.get()
    assert answer.redirect_chain == [(page(phb), 302)]
    assert "Pat Testfamily (a nominee)" in text_of(answer)
    assert "both agreed" in text_of(answer)
    dates = {**on("nominee_agreed_on", LATER), **on("commissioner_agreed_on", LATER), **on("dbs_seen_on", LATER)}
    signed_in.post(page(made, "complete-direct-payment"), dates)
    account = {
        "account_kind": "dedicated",
        "account_last_four": "1234",
        "account_names": "Pat Testfamily\nTesta Testfamily",
        "payee_reference": "P1",
        **on("account_approved_on", LATER),
    }
    said = text_of(signed_in.post(page(made, "approve-account"), account, follow=True))
    assert "An account for direct payments alone, ending 1234" in said
    assert "both agreed" not in said
    made.refresh_from_db()
    assert (made.dbs_seen_on, made.account_names) == (LATER, ["Pat Testfamily", "Testa Testfamily"])
    signed_in.post(page(made, "withdraw-nomination"), {**on("withdrawn_on", LATER), "note": "The friend moved"})
    assert "the nomination was withdrawn" in text_of(signed_in.get(page(phb)))


def test_form_that_is_not_right_answers_422_and_keeps_what_was_typed(
    signed_in: Client, phb: PersonalHealthBudget
) -> None:
    form = {
        "capacity_basis": "lacks",
        "payee": "patient",
        **on("starts_on", STARTED),
        **on("lacks_assessed_on", STARTED),
    }
    answer = signed_in.post(page(phb, "arrange-direct-payment"), form)
    assert answer.status_code == 422
    assert "Select who consents for the person" in text_of(answer)
    made = make_arrangement(phb, signed_in_user(signed_in))
    answer = signed_in.post(page(made, "approve-account"), {"account_last_four": "12a4", "account_kind": "own"})
    assert answer.status_code == 422
    assert 'value="12a4"' in text_of(answer)
    answer = signed_in.post(page(phb, "stop-direct-payment"), {"reason": "fraud", "explanation": "Kept"})
    assert answer.status_code == 422
    assert "Kept" in text_of(answer)


def signed_in_user(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_third_party_and_wheelchair_are_arranged(signed_in: Client, icb: Commissioner, team: User) -> None:
    fund = SupportOrganisationFactory(commissioner=icb)
    phb = make_budget(
        icb,
        by=team,
        referral=make_accepted_referral(icb, cohort="wheelchair", by=team),
        methods=[MethodAmount(Method.THIRD_PARTY, Decimal("52000.00"))],
        started_on=STARTED,
    )
    signed_in.post(page(phb, "arrange-third-party"), {"organisation": str(fund.pk), **on("starts_on", STARTED)})
    held = ThirdPartyArrangement.objects.get()
    assert page(held, "sign-third-party") in text_of(signed_in.get(page(phb)))
    signed_in.post(page(held, "sign-third-party"), on("agreed_on", LATER))
    chair = {"option": "contribution", "contribution_amount": "450", **on("starts_on", STARTED)}
    said = text_of(signed_in.post(page(phb, "arrange-wheelchair"), chair, follow=True))
    assert "£450.00, not part of the budget" in said
    assert "10 November 2031" in said
    held.refresh_from_db()
    assert (held.agreed_on, WheelchairArrangement.objects.count()) == (LATER, 1)


def test_case_35_withdrawn_consent_stops_the_direct_payment_and_the_budget_goes_on(
    signed_in: Client, phb: PersonalHealthBudget, team: User
) -> None:
    made = make_arrangement(phb, team)
    form = {
        "reason": "consent_withdrawn",
        **on("stops_on", LATER),
        **on("notice_given_on", LATER),
        "explanation": "You told us that you do not want it any more",
        "alternatives": ["notional", "third_party"],
        "instead": "third_party",
    }
    said = text_of(signed_in.post(page(phb, "stop-direct-payment"), form, follow=True))
    assert "The commissioner had to stop it" in said
    assert "Notional budget, Third-party budget" in said
    phb.refresh_from_db()
    made.refresh_from_db()
    assert (phb.ended_on, phb.annual_amount) == (None, Decimal("52000.00"))
    part = phb.method_parts.in_force_on(LATER).get()
    assert (part.method, part.starts_on, part.annual_amount) == ("third_party", LATER, Decimal("52000.00"))
    assert (made.ends_on, made.end_reason) == (LATER, "stopped")
    # Sent twice, it is done once.
    signed_in.post(page(phb, "stop-direct-payment"), form)
    assert DirectPaymentStop.objects.count() == 1


def test_stop_that_lies_ahead_is_finished_on_its_day(signed_in: Client, phb: PersonalHealthBudget, team: User) -> None:
    make_arrangement(phb, team)
    ahead = dt.date(2026, 12, 14)
    form = {
        "reason": "off_plan_use",
        **on("stops_on", ahead),
        **on("notice_given_on", LATER),
        "explanation": "The money went on something else",
        "alternatives": ["notional"],
        "instead": "notional",
    }
    signed_in.post(page(phb, "stop-direct-payment"), form)
    assert phb.method_parts.get(ends_on=None).method == Method.DIRECT_PAYMENT
    assert rows_of("direct-payments-stopped", team, ahead - dt.timedelta(days=1)) == []
    with time_machine.travel(dt.datetime(2026, 12, 15, 12, tzinfo=dt.UTC), tick=False):
        signed_in.force_login(team)
        assert rows_of("direct-payments-stopped", team, dt.date(2026, 12, 15)) == [page(phb, "finish-stop")]
        assert signed_in.post(page(phb, "finish-stop"), {}).status_code == 302
        assert signed_in.get(page(phb, "finish-stop")).status_code == 302
    assert phb.method_parts.get(ends_on=None).starts_on == ahead


def rows_of(code: str, user: User, today: dt.date) -> list[str]:
    """The addresses on one worklist."""
    found = next(each for each in worklists if each.code == code)
    return [item.url for item in found.rows(user, today)]


def test_worklists_name_what_waits(icb: Commissioner, team: User) -> None:
    today = dt.date(2026, 11, 22)
    unarranged = payable_budget(icb, by=team, method=Method.DIRECT_PAYMENT)
    payable_budget(icb, by=team, method=Method.NOTIONAL)
    done = payable_budget(icb, by=team, method=Method.DIRECT_PAYMENT)
    make_arrangement(done, team, starts_on=dt.date(2026, 4, 1))
    payable_budget(CommissionerFactory(), method=Method.DIRECT_PAYMENT)
    with CaptureQueriesContext(connection) as reads:
        assert rows_of("arrangements-missing", team, today) == [page(unarranged)]
    assert len([each for each in reads if "methodpart" in each["sql"]]) == 1
    made = make_arrangement(done, team, starts_on=LATER, given=nominated(LATER))
    assert rows_of("nominations-withdrawn", team, today) == []
    made.nomination_withdrawn_on, made.withdrawal_note = LATER, "Gone"
    made.save()
    assert rows_of("nominations-withdrawn", team, today) == [page(done)]
    chairs = payable_budget(icb, by=team)
    referral = make_accepted_referral(icb, cohort="wheelchair", by=team)
    chairs = make_budget(icb, by=team, referral=referral, started_on=STARTED)
    WheelchairArrangement.objects.create(
        phb=chairs,
        starts_on=STARTED,
        expires_on=dt.date(2027, 2, 22),
        option="notional",
        owner="nhs",
        repairer="nhs",
        recorded_by=team,
    )
    assert rows_of("wheelchairs-expiring", team, today) == [page(chairs)]
    assert rows_of("wheelchairs-expiring", team, today - dt.timedelta(days=1)) == []


def test_page_reads_as_often_for_a_long_history(signed_in: Client, phb: PersonalHealthBudget, team: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as reads:
            assert signed_in.get(page(phb)).status_code == 200
        return len(reads)

    make_arrangement(phb, team)
    once = count()
    for number in range(1, 5):
        make_arrangement(phb, team, starts_on=LATER + dt.timedelta(days=number))
    assert count() == once


# ── Court orders ──────────────────────────────────────────────────────────────────────────────────────────────


def test_order_is_recorded_changed_and_withdrawn_and_each_look_is_logged(
    signed_in: Client, phb: PersonalHealthBudget
) -> None:
    person = phb.person
    form = {"kind": "alcohol_treatment", **on("first_day", STARTED), **on("evidence_seen_on", STARTED)}
    said = text_of(signed_in.post(page(person, "record-court-order"), form, follow=True))
    assert "Prohibited today" in said
    order = CourtOrder.objects.get()
    assert AccessLogEntry.objects.filter(action="court-orders-read").count() == 1
    signed_in.post(page(order, "change-court-order"), on("last_day", dt.date(2026, 11, 21)))
    assert "Allowed today" in text_of(signed_in.get(page(person, "court-orders")))
    signed_in.post(page(order, "withdraw-court-order"), {"reason": "Somebody else of that name"})
    assert "entered in error" in text_of(signed_in.get(page(person, "court-orders")))
    assert signed_in.get(page(order, "change-court-order")).status_code == 404
    assert "alcohol" not in str(list(AccessLogEntry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("role", [Role.FINANCE, Role.REFERRING_NURSE, Role.RISK_PANEL])
def test_others_read_that_a_direct_payment_is_not_possible_and_never_why(
    client: Client, icb: Commissioner, phb: PersonalHealthBudget, team: User, role: Role
) -> None:
    make_arrangement(phb, team)
    order = arranged_order(phb, team)
    client.force_login(UserFactory(role=role, role__commissioner=icb))
    said = text_of(client.get(page(phb)))
    assert "A direct payment is not possible at present" in said
    for address in (
        page(phb),
        page(phb, "personal-health-budget"),
        reverse("phb_register:person", args=[phb.person.reference]),
        reverse("phb_register:timeline", args=[phb.person.reference]),
        reverse("phb_register:home"),
    ):
        seen = text_of(client.get(address)).lower()
        assert not any(word in seen for word in ("alcohol", "court", "licence", "schedule to")), address
    for address in (page(phb.person, "court-orders"), page(order, "change-court-order")):
        assert client.get(address).status_code == 403
    client.force_login(team)
    assert "A direct payment is prohibited today" in text_of(
        client.get(reverse("phb_register:person", args=[phb.person.reference]))
    )


def arranged_order(phb: PersonalHealthBudget, team: User) -> CourtOrder:
    return CourtOrder.objects.create(
        person=phb.person,
        kind="alcohol_treatment",
        first_day=STARTED,
        evidence_seen_on=STARTED,
        recorded_by=team,
    )


def test_lead_nurse_sees_orders_and_records_none(client: Client, icb: Commissioner, phb: PersonalHealthBudget) -> None:
    client.force_login(UserFactory(role=Role.LEAD_NURSE, role__commissioner=icb))
    said = text_of(client.get(page(phb.person, "court-orders")))
    assert "Record an order" not in said
    form = {"kind": "alcohol_treatment", **on("first_day", STARTED), **on("evidence_seen_on", STARTED)}
    assert client.post(page(phb.person, "record-court-order"), form).status_code == 403
    assert not CourtOrder.objects.exists()


# ── Support organisations ─────────────────────────────────────────────────────────────────────────────────────


def test_organisation_is_added_found_and_changed(signed_in: Client, icb: Commissioner) -> None:
    form = {"commissioner": icb.code, "name": "Testing Fund", "kinds": ["broker", "third_party"], "is_public": "on"}
    add = reverse("budgets:add-support-organisation")
    assert signed_in.post(add, form).status_code == 422
    answer = signed_in.post(add, {**form, "description": "Holds budgets"}, follow=True)
    made = SupportOrganisation.objects.get()
    assert made.kinds == ["third_party", "broker"]
    assert "Third party (individual service fund), Broker" in text_of(answer)
    again = signed_in.post(add, {**form, "name": "TESTING fund", "description": "Again"})
    assert "There is an organisation with this name already" in text_of(again)
    listed = reverse("budgets:support-organisations")
    assert "Testing Fund" in text_of(signed_in.get(listed, {"kind": "broker", "state": "open"}))
    assert "Testing Fund" not in text_of(signed_in.get(listed, {"kind": "payroll"}))
    change = {"name": "Testing Fund", "kinds": ["broker"], **on("closed_on", LATER)}
    signed_in.post(page(made, "change-support-organisation"), change)
    assert "Testing Fund" not in text_of(signed_in.get(listed, {"state": "open"}))
    made.refresh_from_db()
    assert (made.kinds, made.closed_on, made.is_public) == (["broker"], LATER, False)


def test_organisations_are_seen_by_members_of_the_partnership_and_nobody_else(
    client: Client, icb: Commissioner, team: User
) -> None:
    partnership = CommissionerFactory(kind="partnership")
    partnership.members.create(member=icb, starts_on=dt.date(2020, 1, 1))
    shared, others = SupportOrganisationFactory(commissioner=partnership), SupportOrganisationFactory()
    nurse = make_nurse(icb)
    client.force_login(nurse)
    said = text_of(client.get(reverse("budgets:support-organisations")))
    assert shared.name in said
    assert others.name not in said
    assert "Add an organisation" not in said
    assert client.get(page(others, "support-organisation")).status_code == 404
    assert client.get(page(shared, "change-support-organisation")).status_code == 403
    client.force_login(team)
    assert client.get(page(shared, "change-support-organisation")).status_code == 200


def test_list_of_organisations_is_paged_in_as_many_reads(signed_in: Client, icb: Commissioner) -> None:
    SupportOrganisationFactory.create_batch(51, commissioner=icb)
    with CaptureQueriesContext(connection) as reads:
        answer = signed_in.get(reverse("budgets:support-organisations"))
    assert len(answer.context_data["page"].object_list) == 50
    assert len([each for each in reads if "supportorganisation" in each["sql"]]) == 2
