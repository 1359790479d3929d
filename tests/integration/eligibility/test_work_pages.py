"""The pages on which a referral is worked on until it is decided."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.models import Referral
from eligibility.services.allocation import allocate_referrals
from phb_register import clock, slots
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
PAGES = ("allocate", "acknowledge", "pause", "resume", "ask-again")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def signed_in(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


@pytest.fixture
def referral(icb: Commissioner) -> Referral:
    return make_referral(icb, received_on=dt.date(2026, 11, 5))


def day(name: str, on: dt.date) -> dict[str, Any]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def send(client: Client, name: str, referral: Referral, **fields: Any) -> str:
    answered = client.post(reverse(f"eligibility:{name}", args=[referral.reference]), fields, follow=True)
    assert answered.status_code == 200, answered.context["form"].errors
    return answered.content.decode()


def test_referral_is_acknowledged_paused_put_off_resumed_withdrawn_and_reopened(
    signed_in: Client, referral: Referral, team: User
) -> None:
    page = signed_in.get(reverse("eligibility:referral", args=[referral.reference])).content.decode()
    assert "Due on 3 December 2026, 13 days left: 28 days from 5 November 2026" in page
    assert "Not acknowledged yet: due by 10 November 2026, 10 days ago" in page
    said = send(signed_in, "acknowledge", referral, **day("on", dt.date(2026, 11, 6)))
    assert f"On 6 November 2026 by {team}" in said
    paused = {"reason": "information", **day("follow_up_on", dt.date(2026, 11, 27)), **day("on", dt.date(2026, 11, 10))}
    said = send(signed_in, "pause", referral, note="", **paused)
    assert "Waiting for information since 10 November 2026, to be asked again on 27 November 2026" in said
    assert "Waiting, clock paused" in said
    said = send(signed_in, "ask-again", referral, **day("follow_up_on", dt.date(2026, 11, 30)))
    assert "to be asked again on 30 November 2026" in said
    said = send(signed_in, "resume", referral, **day("on", dt.date(2026, 11, 12)))
    assert "Due on 5 December 2026, 15 days left: 28 days from 5 November 2026, plus 2 days paused" in said
    assert "First due" in said
    send(signed_in, "withdraw", referral, reason="Asked", **day("on", dt.date(2026, 11, 15)))
    said = send(signed_in, "reopen", referral, reason="Asked again", **day("on", dt.date(2026, 11, 18)))
    assert "Due on 8 December 2026" in said
    assert "Withdrawn, then reopened" in said


@pytest.mark.parametrize(
    ("name", "sent", "remedy"),
    [
        ("pause", {}, "Select why the clock is paused"),
        ("pause", {"reason": "other", **day("follow_up_on", TODAY + dt.timedelta(days=1))}, "Enter date"),
        ("acknowledge", day("on", TODAY + dt.timedelta(days=1)), "must be today or in the past"),
        ("acknowledge", day("on", dt.date(2026, 11, 4)), "when it was received"),
        ("allocate", {"to": "999"}, "Select who takes the referral on"),
    ],
)
def test_wrong_form_is_answered_422_with_the_remedy(
    signed_in: Client, referral: Referral, name: str, sent: dict[str, Any], remedy: str
) -> None:
    answered = signed_in.post(reverse(f"eligibility:{name}", args=[referral.reference]), sent)
    assert answered.status_code == 422
    assert remedy in answered.content.decode()


def test_page_that_does_not_fit_the_clock_leads_back(signed_in: Client, referral: Referral) -> None:
    for name in ("resume", "ask-again"):
        address = reverse(f"eligibility:{name}", args=[referral.reference])
        assert "The clock of this referral is not paused" in signed_in.get(address, follow=True).content.decode()
    paused = {"reason": "information", **day("follow_up_on", dt.date(2026, 11, 27)), **day("on", dt.date(2026, 11, 10))}
    said = send(signed_in, "pause", referral, note="", **paused)
    assert "If the clock goes on today: due on 13 December 2026, 23 days left" in said
    address = reverse("eligibility:pause", args=[referral.reference])
    assert "The clock of this referral is paused already" in signed_in.get(address, follow=True).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_who_decides(client: Client, icb: Commissioner, referral: Referral, name: str) -> None:
    address = reverse(f"eligibility:{name}", args=[referral.reference])
    for user, status in ((make_nurse(icb), 403), (make_team(CommissionerFactory()), 404)):
        client.force_login(user)
        assert client.get(address).status_code == status
    client.force_login(UserFactory(role=Role.FINANCE, role__commissioner=icb))
    assert client.post(address).status_code == 403


def test_nurse_sees_the_clock_and_no_work(client: Client, icb: Commissioner, referral: Referral, team: User) -> None:
    allocate_referrals(seen={referral.reference: None}, to=team, by=team)
    client.force_login(make_nurse(icb))
    page = client.get(reverse("eligibility:referral", args=[referral.reference])).content.decode()
    assert "Due on 3 December 2026" in page
    assert team.full_name in page
    assert "/pause/" not in page


def test_decided_referral_leads_back_from_every_page(signed_in: Client, referral: Referral) -> None:
    send(signed_in, "withdraw", referral, reason="Asked", **day("on", TODAY))
    for name in PAGES:
        assert "you cannot do that now" in send(signed_in, name, referral, to="x")


def test_timeline_tells_of_pauses(signed_in: Client, referral: Referral, team: User) -> None:
    send(signed_in, "acknowledge", referral, **day("on", dt.date(2026, 11, 6)))
    paused = {"reason": "in_hospital", **day("follow_up_on", dt.date(2026, 11, 27)), **day("on", dt.date(2026, 11, 10))}
    send(signed_in, "pause", referral, note="After a fall", **paused)
    told = [(event.on.day, event.title, event.text) for event in slots.timeline_events(team, referral.person)]
    assert (10, "Clock paused: the person is in hospital", "After a fall") in told
    assert (6, "Referral acknowledged", "") in told
