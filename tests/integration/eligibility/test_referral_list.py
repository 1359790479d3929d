"""The list of referrals, its filters and search, and what other pages show of referrals."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eligibility.models import Referral
from eligibility.selectors.referrals import page_of_referrals, referrals_for
from eligibility.services.referrals import accept_referral, withdraw_referral
from offers.models import Cohort
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.eligibility import make_draft, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
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


# The rows are one; the others read the session, the user, their scope, and the choices of the filters.
LIST_QUERIES = 12


def test_worklist_shows_what_is_due_first_until_it_is_decided(signed_in: Client, icb: Commissioner, team: User) -> None:
    late = make_referral(icb, received_on=dt.date(2026, 11, 10))
    early = make_referral(icb, received_on=dt.date(2026, 9, 1))
    make_referral(CommissionerFactory())
    worklists = {each.code: items for each, items in signed_in.get(reverse("phb_register:home")).context["worklists"]}
    items = worklists["referrals-to-decide"]
    assert [item.due_on for item in items] == [early.decision_due_on, late.decision_due_on]
    assert "overdue" in items[0].why
    withdraw_referral(referral=early, reason="Asked", by=team)
    worklists = {each.code: items for each, items in signed_in.get(reverse("phb_register:home")).context["worklists"]}
    assert len(worklists["referrals-to-decide"]) == 1


def test_long_worklist_leads_to_the_rest(signed_in: Client, icb: Commissioner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eligibility.panels.LONGEST_WORKLIST", 2)
    nurse = make_nurse(icb)
    for shown_items in (1, 2, 3, 3):
        make_referral(icb, by=nurse)
        worklists = signed_in.get(reverse("phb_register:home")).context["worklists"]
        items = next(items for each, items in worklists if each.code == "referrals-to-decide")
        assert len(items) == shown_items
    assert shown(signed_in, status="submitted") == signed_in.get(items[-1].url).context["page"].rows


def test_worklist_of_a_nurse_holds_her_drafts_only(client: Client, icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    make_draft(nurse, PersonFactory(commissioner=icb))
    make_draft(make_nurse(icb), PersonFactory(commissioner=icb))
    client.force_login(nurse)
    worklists = {each.code: items for each, items in client.get(reverse("phb_register:home")).context["worklists"]}
    assert set(worklists) == {"unfinished-referrals"}
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
