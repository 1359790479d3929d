"""The worklists of referrals, on the home page and on pages of their own, and allocating from them."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eligibility.models import Referral
from eligibility.selectors.worklists import WorklistCode, worklist_page
from eligibility.services.allocation import allocate_referrals
from eligibility.services.clocks import acknowledge_referral, follow_up_later, pause_referral, resume_referral
from eligibility.services.referrals import withdraw_referral
from phb_register import clock
from phb_register.models import AccessLogEntry, Commissioner, User
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
ALLOCATE = "eligibility:allocate-many"


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


def received(icb: Commissioner, month: int, day: int) -> Referral:
    return make_referral(icb, received_on=dt.date(2026, month, day))


def on_lists(user: User) -> dict[str, list[Referral]]:
    """What is on each worklist that is not empty."""
    pages = {code.value: worklist_page(code, user, TODAY).rows for code in WorklistCode}
    return {code: rows for code, rows in pages.items() if rows}


def why(client: Client, code: str) -> list[str]:
    page = client.get(reverse(f"eligibility:worklist-{code}"))
    return [item["work"].why for item in page.context["items"]]


def tick(referral: Referral) -> str:
    return f"{referral.reference}.{referral.allocated_to_id or ''}"


def test_worklists_empty_as_the_work_is_done(icb: Commissioner, team: User) -> None:
    overdue, near = received(icb, 10, 20), received(icb, 10, 30)
    make_referral(CommissionerFactory())
    assert on_lists(team) == {
        "overdue": [overdue],
        "due": [near],
        "unallocated": [overdue, near],
        "acknowledge": [overdue, near],
    }
    for referral in (overdue, near):
        acknowledge_referral(referral=referral, by=team)
    allocate_referrals(seen={overdue.reference: None, near.reference: None}, to=team, by=team)
    assert on_lists(team) == {"overdue": [overdue], "due": [near], "mine": [overdue, near]}
    pause_referral(referral=near, by=team, reason="information", follow_up_on=dt.date(2026, 11, 24))
    assert on_lists(team) == {"overdue": [overdue], "mine": [overdue]}
    withdraw_referral(referral=overdue, reason="Asked", by=team)
    assert on_lists(team) == {}


def test_paused_referral_comes_back_on_its_day_until_it_is_put_off(icb: Commissioner, team: User) -> None:
    referral = received(icb, 10, 30)
    acknowledge_referral(referral=referral, by=team)
    allocate_referrals(seen={referral.reference: None}, to=make_team(icb), by=team)
    pause_referral(referral=referral, by=team, reason="information", on=dt.date(2026, 11, 10), follow_up_on=TODAY)
    assert on_lists(team) == {"waiting": [referral]}
    follow_up_later(referral=referral, by=team, follow_up_on=TODAY + dt.timedelta(days=1))
    assert on_lists(team) == {}
    resume_referral(referral=referral, by=team)
    assert on_lists(team) == {}  # due on 7 December now


def test_each_item_says_why_it_is_here(signed_in: Client, icb: Commissioner, team: User) -> None:
    referral = received(icb, 10, 28)
    assert why(signed_in, "unallocated") == [
        "Nobody has taken it on. Due on 25 November 2026, 5 days left: 28 days from 28 October 2026"
    ]
    assert why(signed_in, "acknowledge") == ["Not acknowledged yet: due by 2 November 2026, 18 days ago"]
    allocate_referrals(seen={referral.reference: None}, to=team, by=team)
    pause_referral(
        referral=referral,
        by=team,
        reason="information",
        on=dt.date(2026, 11, 10),
        follow_up_on=dt.date(2026, 11, 19),
    )
    assert why(signed_in, "waiting") == [
        "Waiting for information since 10 November 2026, to be asked again on 19 November 2026"
    ]
    resume_referral(referral=referral, by=team, on=dt.date(2026, 11, 12))
    sentence = "Due on 27 November 2026, 7 days left: 28 days from 28 October 2026, plus 2 days paused"
    assert why(signed_in, "due") == [f"{sentence}. Allocated to {team}."]
    assert why(signed_in, "mine") == [f"Allocated to you. {sentence}"]


def test_home_page_counts_all_and_shows_the_first(signed_in: Client, icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    for day in range(1, 8):
        make_referral(icb, by=nurse, received_on=dt.date(2026, 11, day))
    page = signed_in.get(reverse("phb_register:home"))
    shown = {each.code: items for each, items in page.context["worklists"]}["referrals-unallocated"]
    assert (len(shown), shown.total) == (5, 7)
    assert [item.due_on for item in shown] == sorted(item.due_on for item in shown)
    content = page.content.decode()
    assert "Referrals to allocate (7)" in content
    assert reverse("eligibility:worklist-unallocated") in content
    assert "No referral is overdue." in content


def test_pages_follow_each_other_without_gap_or_repeat(icb: Commissioner, team: User) -> None:
    nurse = make_nurse(icb)
    everything = [
        make_referral(icb, by=nurse, received_on=dt.date(2026, 11, 1) + dt.timedelta(days=n // 3)) for n in range(11)
    ]
    for code in (WorklistCode.UNALLOCATED, WorklistCode.ACKNOWLEDGE):
        seen, after = [], None
        while True:
            page = worklist_page(code, team, TODAY, after, length=4)
            assert page.total == 11
            seen += page.rows
            after = page.next_after
            if after is None:
                break
        assert seen == everything


# The page: session, user, scope, the count, the rows, their pauses, the team, and one line of the access log.
WORKLIST_QUERIES = 13


def test_queries_do_not_grow_with_the_worklists(signed_in: Client, icb: Commissioner) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(address)
        return len(captured)

    page, home = reverse("eligibility:worklist-overdue"), reverse("phb_register:home")
    nurse = make_nurse(icb)
    for _ in range(2):
        make_referral(icb, by=nurse, received_on=dt.date(2026, 10, 1))
    queries(page)
    assert queries(page) == WORKLIST_QUERIES
    at_home = queries(home)
    for _ in range(10):
        make_referral(icb, by=nurse, received_on=dt.date(2026, 10, 1))
    # Three of the home page's lists are longer now than what is shown, and so are counted.
    assert (queries(page), queries(home)) == (WORKLIST_QUERIES, at_home + 3)


def test_worklist_page_logs_who_was_on_it_and_knows_no_other_code(
    signed_in: Client, icb: Commissioner, team: User
) -> None:
    referral = received(icb, 10, 1)
    signed_in.get(reverse("eligibility:worklist-overdue"))
    entry = AccessLogEntry.objects.get(action="list")
    assert (entry.actor, entry.detail) == (team, {"what": "referrals-overdue", "people": [referral.person_id]})
    assert signed_in.get("/referrals/worklists/nonsense/").status_code == 404


# ── Allocating ────────────────────────────────────────────────────────────────────────────────────────────────


def test_ticked_referrals_are_allocated_and_twice_is_once(signed_in: Client, icb: Commissioner, team: User) -> None:
    colleague = make_team(icb)
    first, second, left = received(icb, 11, 1), received(icb, 11, 2), received(icb, 11, 3)
    sent = {"ticked": [tick(first), tick(second)], "to": str(colleague.pk), "back": "/referrals/worklists/unallocated/"}
    answered = signed_in.post(reverse(ALLOCATE), sent)
    assert (answered.status_code, answered["Location"]) == (302, "/referrals/worklists/unallocated/")
    assert on_lists(team)["unallocated"] == [left]
    assert on_lists(colleague)["mine"] == [first, second]
    content = signed_in.post(reverse(ALLOCATE), sent, follow=True).content.decode()
    assert "2 referrals were so already" in content
    assert AccessLogEntry.objects.filter(action="referral-allocate").count() == 2


def test_what_changed_meanwhile_is_reported_and_left(signed_in: Client, icb: Commissioner, team: User) -> None:
    mine, taken, closed = received(icb, 11, 1), received(icb, 11, 2), received(icb, 11, 3)
    ticks = [tick(mine), tick(taken), tick(closed)]
    colleague = make_team(icb)
    allocate_referrals(seen={taken.reference: None}, to=colleague, by=colleague)
    withdraw_referral(referral=closed, reason="Asked", by=colleague)
    content = signed_in.post(reverse(ALLOCATE), {"ticked": ticks, "to": str(team.pk)}, follow=True).content.decode()
    assert f"was allocated to {colleague} meanwhile" in content
    assert "1 referral is allocated to" in content
    assert "is withdrawn, so nobody has to take it on" in content
    for each in (mine, taken, closed):
        each.refresh_from_db()
    assert (mine.allocated_to, taken.allocated_to, closed.allocated_to) == (team, colleague, None)


def test_another_commissioners_referrals_cannot_be_ticked(signed_in: Client, team: User) -> None:
    theirs = make_referral(CommissionerFactory())
    answered = signed_in.post(reverse(ALLOCATE), {"ticked": [tick(theirs)], "to": str(team.pk)})
    assert answered.status_code == 422
    assert theirs.person.display_name not in answered.content.decode()
    theirs.refresh_from_db()
    assert theirs.allocated_to is None


@pytest.mark.parametrize("nonsense", ["", "nonsense", "1.2.3", "."])
def test_nothing_ticked_or_chosen_is_answered_422_with_the_remedy(
    signed_in: Client, icb: Commissioner, nonsense: str
) -> None:
    content = signed_in.post(reverse(ALLOCATE), {"ticked": nonsense, "to": ""})
    assert content.status_code == 422
    assert "Tick the referrals to allocate" in content.content.decode()
    referral = received(icb, 11, 1)
    answered = signed_in.post(reverse(ALLOCATE), {"ticked": tick(referral), "to": "", "back": "https://elsewhere.org"})
    assert "Select who takes the referrals on" in answered.content.decode()
    assert referral.person.display_name in answered.content.decode()
    assert "elsewhere.org/" not in answered.context["back_url"]


def test_one_is_allocated_given_back_and_not_taken_from_under_somebody(
    signed_in: Client, icb: Commissioner, team: User
) -> None:
    referral, colleague = received(icb, 11, 1), make_team(icb)
    address = reverse("eligibility:allocate", args=[referral.reference])
    assert signed_in.post(address, {"to": ""}).status_code == 422
    assert signed_in.post(address, {"to": "nobody"}).status_code == 422
    signed_in.post(address, {"to": str(colleague.pk), "seen": ""})
    referral.refresh_from_db()
    assert referral.allocated_to == colleague
    content = signed_in.post(address, {"to": str(team.pk), "seen": ""}, follow=True).content.decode()
    assert f"was allocated to {colleague} meanwhile" in content
    signed_in.post(address, {"to": "nobody", "seen": str(colleague.pk)})
    referral.refresh_from_db()
    assert referral.allocated_to is None


def test_only_who_decides_there_can_be_given_a_referral(signed_in: Client, icb: Commissioner) -> None:
    referral, stranger, nurse = received(icb, 11, 1), make_team(CommissionerFactory()), make_nurse(icb)
    address = reverse("eligibility:allocate", args=[referral.reference])
    for user in (stranger, nurse):
        assert signed_in.post(address, {"to": str(user.pk)}).status_code == 422
        assert signed_in.post(reverse(ALLOCATE), {"ticked": tick(referral), "to": str(user.pk)}).status_code == 422
