"""The list of referrals, its filters and search, and what other pages show of referrals."""

import csv
import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eligibility.models import Referral
from eligibility.selectors.referrals import page_of_referrals, referrals_for
from eligibility.services.allocation import allocate_referrals
from eligibility.services.clocks import pause_referral
from eligibility.services.referrals import accept_referral
from offers.models import Cohort
from phb_register.models import AccessLogEntry, Commissioner, User
from phb_register.roles import Role
from tests.factories.eligibility import make_draft, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
FILE = "/lists/referrals.csv"
LIST = "eligibility:referrals"


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


def shown(client: Client, **query: str) -> list[Referral]:
    return client.get(reverse(LIST), query).context["page"].rows


def test_list_shows_own_commissioners_referrals_only(signed_in: Client, icb: Commissioner) -> None:
    mine = make_referral(icb)
    make_referral(CommissionerFactory())
    assert shown(signed_in) == [mine]


def test_filters_each_keep_what_they_name(signed_in: Client, icb: Commissioner, team: User) -> None:
    early = make_referral(icb, received_on=dt.date(2026, 10, 1))
    late = make_referral(icb, received_on=dt.date(2026, 11, 1))
    accept_referral(referral=early, cohort=Cohort.objects.get(code="chc"), by=team)
    assert shown(signed_in, status="accepted") == [early]
    assert shown(signed_in, status="submitted") == [late]
    assert shown(signed_in, cohort="chc") == [early]
    assert shown(signed_in, commissioner=icb.code) == [late, early]
    assert shown(signed_in, received_from_day="2", received_from_month="10", received_from_year="2026") == [late]
    assert shown(signed_in, received_to_day="1", received_to_month="10", received_to_year="2026") == [early]


@pytest.mark.parametrize(
    "query",
    [{"status": "nonsense"}, {"commissioner": "X99"}, {"received_from_day": "40"}, {"cohort": "abc"}],
)
def test_wrong_filter_is_answered_422_with_the_remedy(signed_in: Client, query: dict[str, str]) -> None:
    answered = signed_in.get(reverse(LIST), query)
    assert answered.status_code == 422
    assert "There is a problem" in answered.content.decode()


@pytest.mark.parametrize("after", ["nonsense", "2026-13-01.1", "2026-01-01.x", "."])
def test_wrong_page_key_shows_the_first_page(signed_in: Client, icb: Commissioner, after: str) -> None:
    assert shown(signed_in, after=after) == [make_referral(icb)] or shown(signed_in, after=after)


def test_filters_by_work_keep_what_they_name(
    signed_in: Client, icb: Commissioner, team: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phb_register.clock.today", lambda: dt.date(2026, 11, 20))
    other = make_team(icb)
    overdue = make_referral(icb, received_on=dt.date(2026, 10, 20))
    near = make_referral(icb, received_on=dt.date(2026, 10, 30))
    later = make_referral(icb, received_on=dt.date(2026, 11, 10))
    held = make_referral(icb, received_on=dt.date(2026, 10, 1))
    pause_referral(referral=held, by=team, reason="information", follow_up_on=dt.date(2026, 12, 1))
    allocate_referrals(seen={near.reference: None}, to=team, by=team)
    allocate_referrals(seen={later.reference: None}, to=other, by=team)
    assert shown(signed_in, due="overdue") == [overdue]
    assert shown(signed_in, due="week") == [near]
    assert shown(signed_in, due="later") == [later]
    assert shown(signed_in, paused="yes") == [held]
    assert shown(signed_in, paused="no") == [later, near, overdue]
    assert shown(signed_in, allocated_to="me") == [near]
    assert shown(signed_in, allocated_to=str(other.pk)) == [later]
    assert shown(signed_in, allocated_to="nobody") == [overdue, held]
    assert shown(signed_in, asks_for="notional") == []
    assert shown(signed_in, due="later", allocated_to="nobody") == []


def test_file_has_exactly_the_filtered_rows_and_is_logged(signed_in: Client, icb: Commissioner, team: User) -> None:
    wanted = make_referral(icb, person=PersonFactory(commissioner=icb, family_name="=Kestrel"))
    accepted = make_referral(icb)
    accept_referral(referral=accepted, cohort=Cohort.objects.get(code="chc"), by=team)
    make_referral(CommissionerFactory())
    answered = signed_in.get(
        reverse("phb_register:list-csv", args=["referrals"]), {"status": "submitted", "asks_for": ""}
    )
    lines = list(csv.reader(b"".join(answered.streaming_content).decode("utf-8-sig").splitlines()))  # type: ignore[attr-defined]
    head, rows = lines[: lines.index([])], lines[lines.index([]) + 2 :]
    assert [row[0] for row in rows] == [str(wanted.reference)]
    assert rows[0][2] == "'=Kestrel"
    assert ["Status", "Waiting for a decision"] in head
    entry = AccessLogEntry.objects.get(action="export")
    assert entry.detail == {"what": "referrals", "rows": 1, "filters": {"status": "submitted"}}


def test_file_is_for_those_who_may_export(client: Client, icb: Commissioner) -> None:
    client.force_login(make_nurse(icb))
    assert client.get(FILE).status_code == 403
    assert "referrals.csv" not in client.get(reverse(LIST)).content.decode()


def test_list_logs_who_was_on_it(signed_in: Client, icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    shown(signed_in)
    entry = AccessLogEntry.objects.get(action="list")
    assert (entry.actor, entry.detail) == (team, {"what": "referrals", "people": [referral.person_id]})


def test_search_is_posted_kept_and_forgotten_and_never_in_an_address(signed_in: Client, icb: Commissioner) -> None:
    wanted = make_referral(icb, person=PersonFactory(commissioner=icb, family_name="Kestrel", nhs_number="9990000018"))
    make_referral(icb)
    for words in ("kestr", "999 000 0018", "Testa kestrel"):
        answered = signed_in.post(reverse("eligibility:search"), {"words": words}, follow=True)
        assert answered.context["page"].rows == [wanted]
        assert "?" not in answered.redirect_chain[0][0]
    assert shown(signed_in) == [wanted]
    signed_in.post(reverse("eligibility:search"), {"words": ""})
    assert len(shown(signed_in)) == 2
    assert signed_in.get(reverse("eligibility:search")).status_code == 405


def test_pages_follow_each_other_without_gap_or_repeat(icb: Commissioner, team: User) -> None:
    nurse = make_nurse(icb)
    everything = [
        make_referral(icb, by=nurse, received_on=dt.date(2026, 11, 1) - dt.timedelta(days=n // 3)) for n in range(11)
    ]
    seen, after = [], None
    while True:
        page = page_of_referrals(referrals_for(team), after, length=4)
        seen += page.rows
        after = page.next_after
        if after is None:
            break
    assert seen == sorted(everything, key=lambda each: (each.received_on, each.pk), reverse=True)


def test_list_costs_the_same_queries_however_long(signed_in: Client, icb: Commissioner) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(signed_in)
        return len(captured)

    nurse = make_nurse(icb)
    make_referral(icb, by=nurse)
    queries()
    with_one = queries()
    for _ in range(9):
        make_referral(icb, by=nurse)
    assert queries() == with_one
    assert with_one == LIST_QUERIES


# The rows are one; the others read the session, the user, their scope, the choices of the filters, the team and the
# saved filters, and one writes to the access log.
LIST_QUERIES = 14


def test_worklist_of_a_nurse_holds_her_drafts_only(client: Client, icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    make_draft(nurse, PersonFactory(commissioner=icb))
    make_draft(make_nurse(icb), PersonFactory(commissioner=icb))
    client.force_login(nurse)
    worklists = {each.code: items for each, items in client.get(reverse("phb_register:home")).context["worklists"]}
    assert not [code for code in worklists if code.startswith("referrals-")]
    assert len(worklists["unfinished-referrals"]) == 1


def test_person_page_lists_their_referrals(signed_in: Client, icb: Commissioner) -> None:
    person = PersonFactory(commissioner=icb)
    referral = make_referral(icb, person=person)
    make_referral(icb)
    content = signed_in.get(reverse("phb_register:person", args=[person.reference])).content.decode()
    assert reverse("eligibility:referral", args=[referral.reference]) in content
    assert content.count("/referrals/") - content.count("/referrals/new/") <= 3


@pytest.mark.parametrize("role", [Role.FINANCE, Role.GOVERNING_BODY, Role.AUDITOR, Role.ADMINISTRATOR, Role.APPROVER])
def test_roles_without_the_permission_see_no_list(client: Client, icb: Commissioner, role: Role) -> None:
    client.force_login(UserFactory(role=role, role__commissioner=icb))
    assert client.get(reverse(LIST)).status_code == 403
