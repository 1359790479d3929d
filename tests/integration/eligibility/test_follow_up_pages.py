"""The pages of what follows a decision, through their addresses."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.models import BudgetOffer, PersonTransfer, Reconsideration, Referral, ResponsibilityCheck
from eligibility.selectors.referrals import current_decision
from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.services.people import correct_person
from phb_register.slots import timeline_events
from tests.factories.aftermath import make_declined, make_offer, make_reconsideration, make_transfer
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


def day(name: str, on: dt.date) -> dict[str, int]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def url(name: str, row: Any) -> str:
    return reverse(f"eligibility:{name}", args=[row.reference])


def test_budget_is_accepted_without_a_direct_payment_on_the_page(client: Client, icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    client.force_login(team)
    sent = {"cohort": "chc", "note": "", "refuses": ["direct_payment"], **day("on", clock.today())}
    answered = client.post(url("accept", referral), sent)
    assert answered.status_code == 422
    assert "Select why a direct payment is refused" in answered.content.decode()
    sent |= {"direct_payment_reason": "no_consent", "direct_payment_explanation": "Nobody may consent yet"}
    content = client.post(url("accept", referral), sent, follow=True).content.decode()
    assert "Refused: Nobody who can consent to it asked for it" in content
    assert url("request-reconsideration", referral) in content
    decision = current_decision(referral)
    assert decision is not None
    assert "look at this decision again" in decision.reconsideration_route


def test_nurse_records_a_request_and_the_team_decides_it(client: Client, icb: Commissioner, team: User) -> None:
    referral = make_declined(icb)
    client.force_login(make_nurse(icb))
    sent = {"refusal": "whole", "asked_by": "person", **day("on", clock.today())}
    answered = client.post(url("request-reconsideration", referral), sent)
    assert answered.status_code == 422
    assert "Enter why they think the decision is wrong" in answered.content.decode()
    client.post(url("request-reconsideration", referral), {**sent, "statement": "It is needed"})
    asked = Reconsideration.objects.get()
    # A nurse sees it, and has no button to decide.
    page = client.get(url("reconsideration", asked)).content.decode()
    assert "It is needed" in page
    assert url("decide-reconsideration", asked) not in page
    client.force_login(team)
    assert url("decide-reconsideration", asked) in client.get(url("reconsideration", asked)).content.decode()
    decided = {"outcome": "changed", "reasons": "It is", "cohort": "chc", **day("on", clock.today())}
    without_group = client.post(url("decide-reconsideration", asked), {**decided, "cohort": ""})
    assert without_group.status_code == 422
    content = client.post(url("decide-reconsideration", asked), decided, follow=True).content.decode()
    assert "The reconsideration is decided" in content
    assert Referral.objects.get().status == "accepted"
    page = client.get(url("referral", referral)).content.decode()
    assert "before it was reconsidered" in page
    client.post(url("give-notice-reconsideration", asked), day("on", clock.today()))
    assert Reconsideration.objects.get().status == "notified"


def test_whoever_decided_first_is_led_back_with_the_reason(client: Client, icb: Commissioner, team: User) -> None:
    asked = make_reconsideration(icb, referral=make_declined(icb, by=team))
    client.force_login(team)
    assert "somebody else must look at it again" in client.get(url("reconsideration", asked)).content.decode()
    assert client.get(url("decide-reconsideration", asked)).status_code == 302


def test_nothing_refused_leaves_nothing_to_ask_again(client: Client, icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    client.force_login(team)
    answered = client.get(url("request-reconsideration", referral), follow=True)
    assert "There is no refusal that can be looked at again now" in answered.content.decode()


def test_offer_is_recorded_answered_and_corrected_on_the_pages(client: Client, icb: Commissioner) -> None:
    nurse, person = make_nurse(icb), PersonFactory(commissioner=icb, communication_format="easy_read")
    client.force_login(nurse)
    today = clock.today()
    page = client.get(url("record-budget-offer", person))
    assert page.context["form"].fields["communication_format"].initial == "easy_read"
    sent = {
        "channel": "phone",
        "information_given": ["talk"],
        "communication_format": "easy_read",
        "methods_discussed": ["notional"],
        "response": "not_answered",
        **day("offered_on", today),
    }
    assert client.post(url("record-budget-offer", person), {**sent, "information_given": []}).status_code == 422
    client.post(url("record-budget-offer", person), sent)
    offer = BudgetOffer.objects.get()
    answer = {"response": "declined", **day("responded_on", today)}
    answered = client.post(url("answer-budget-offer", offer), answer)
    assert answered.status_code == 422
    assert "Select why the person does not want a budget now" in answered.content.decode()
    client.post(url("answer-budget-offer", offer), {**answer, "why_not": "content"})
    assert client.get(url("answer-budget-offer", offer)).status_code == 302
    corrected = {**sent, **answer, "why_not": "too_ill", "correction_note": "Misheard"}
    content = client.post(url("correct-budget-offer", offer), corrected, follow=True).content.decode()
    assert "Too ill" in content
    assert "This record was wrong" in client.get(url("budget-offer", offer)).content.decode()
    assert BudgetOffer.objects.current().get().offered_by == nurse
    panel = client.get(reverse("phb_register:person", args=[person.reference])).content.decode()
    assert "Too ill" in panel
    assert url("record-budget-offer", person) in panel


def test_person_is_moved_on_the_pages(client: Client, icb: Commissioner, team: User) -> None:
    there = CommissionerFactory()
    receiver, person = make_team(there), PersonFactory(commissioner=icb)
    client.force_login(team)
    assert (
        url("propose-transfer", person)
        in client.get(reverse("phb_register:person", args=[person.reference])).content.decode()
    )
    sent = {
        "to_commissioner": there.code,
        "reason": "gp_changed",
        "basis": "gp_practice",
        "note": "",
        **day("effective_on", clock.today()),
    }
    assert client.post(url("propose-transfer", person), {**sent, "reason": "other"}).status_code == 422
    client.post(url("propose-transfer", person), sent)
    transfer = PersonTransfer.objects.get()
    assert client.get(url("propose-transfer", person)).status_code == 302
    assert client.get(url("accept-transfer", transfer)).status_code == 302
    client.force_login(receiver)
    assert client.post(url("refuse-transfer", transfer), {"note": "", **day("on", clock.today())}).status_code == 422
    accepted = client.post(url("accept-transfer", transfer), {"note": "", **day("on", clock.today())}, follow=True)
    assert "the person’s record has moved" in accepted.content.decode()
    person.refresh_from_db()
    assert person.commissioner == there


def test_referral_leads_to_an_offer_and_to_a_transfer(client: Client, icb: Commissioner, team: User) -> None:
    waiting, declined = make_referral(icb), make_declined(icb)
    client.force_login(team)
    page = client.get(url("referral", waiting)).content.decode()
    assert url("record-budget-offer", waiting.person) in page
    assert url("propose-transfer", waiting.person) in page
    assert url("propose-transfer", declined.person) not in client.get(url("referral", declined)).content.decode()
    client.force_login(make_nurse(icb))
    page = client.get(url("referral", waiting)).content.decode()
    assert url("record-budget-offer", waiting.person) in page
    assert url("propose-transfer", waiting.person) not in page


def test_check_is_shown_on_the_persons_page_and_confirmed(client: Client, icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb)
    correct_person(person=person, by=team, gp_practice="L85001")
    client.force_login(team)
    page = client.get(reverse("phb_register:person", args=[person.reference])).content.decode()
    assert "The GP practice of this person changed" in page
    assert client.post(url("check-responsible", person), {}).status_code == 422
    client.post(url("check-responsible", person), {"basis": "gp_practice", "note": ""})
    assert ResponsibilityCheck.objects.get().result == "same"
    assert client.get(url("check-responsible", person)).status_code == 302


def test_timeline_tells_what_followed(icb: Commissioner, team: User) -> None:
    asked = make_reconsideration(icb)
    person = asked.decision.referral.person
    make_offer(icb, person=person)
    make_transfer(icb, person=person)
    told = [event.title for event in timeline_events(team, person)]
    for title in ("Reconsideration asked for", "Personal health budget offered", "Transfer asked for"):
        assert told.count(title) == 1
    # A nurse reads that the person may move, and has no way to the transfer itself.
    (moving,) = [each for each in timeline_events(make_nurse(icb), person) if each.title == "Transfer asked for"]
    assert moving.url == ""
