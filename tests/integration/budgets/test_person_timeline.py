"""A person's timeline: everything that happened, from every room, for those who may see it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from budgets.enums import EndReason, Method
from budgets.rules.agreement import MethodAmount
from budgets.rules.court_orders import KINDS
from budgets.services import change_methods, end_budget
from budgets.services.court_orders import record_order
from budgets.services.ending import take_back_end
from eligibility.services.birthdays import review_birthday
from phb_register.models import AccessLogEntry, Commissioner, Person, User
from phb_register.roles import Role
from phb_register.services.merges import approve_merge, propose_merge
from phb_register.services.people import add_representative, correct_person, end_representative
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.payments import make_finance, payable_budget, released, scheduled
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def person(icb: Commissioner) -> Person:
    return PersonFactory(commissioner=icb, family_name="Kestrel", given_name="Testa")


def live(person: Person, team: User) -> None:
    """A referral accepted, a budget that starts, is managed in another way and ends."""
    icb = person.commissioner
    referral = make_accepted_referral(icb, person=person, by=team, received_on=dt.date(2025, 11, 3))
    phb = make_budget(icb, by=team, referral=referral, agreed_on=dt.date(2025, 11, 10), started_on=dt.date(2025, 12, 1))
    third_party = [MethodAmount(Method.THIRD_PARTY, phb.annual_amount)]
    change_methods(phb=phb, by=team, changed_on=dt.date(2026, 2, 1), methods=third_party)
    end_budget(phb=phb, by=team, ended_on=dt.date(2026, 3, 1), reason=EndReason.DIED)


def timeline(client: Client, user: User, person: Person, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(reverse("phb_register:timeline", args=[person.reference]) + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def in_order(page: str, *words: str) -> bool:
    places = [page.find(each) for each in words]
    assert -1 not in places, dict(zip(words, places, strict=True))
    return places == sorted(places)


def test_everything_is_on_one_page_newest_first_and_oldest_first(client: Client, person: Person, team: User) -> None:
    live(person, team)
    words = [
        "Personal health budget ended",
        "Personal health budget managed in another way",
        "Personal health budget started",
        "Personal health budget agreed",
        "Referral accepted",
        "Referral submitted",
    ]
    page = timeline(client, team, person)
    assert in_order(page, ">2026</h2>", *words[:2], ">2025</h2>", *words[2:])
    assert "Third-party budget £52,000.00 a year" in page
    assert f"by {team}" in page
    assert "Screened: right to have" in page
    assert in_order(timeline(client, team, person, "?order=oldest"), *reversed(words))
    assert AccessLogEntry.objects.filter(action="read", actor=team, subject_id=str(person.pk)).count() == 2


def test_corrections_are_said_with_what_stood_there_before(client: Client, person: Person, team: User) -> None:
    correct_person(person=person, by=team, family_name="Kite", postcode="LE1 6TF", born_on=dt.date(1971, 2, 3))
    acting = add_representative(
        person=person,
        by=team,
        name="Pat Kite",
        relationship="Sister",
        legal_basis="deputy",
        evidence_seen_on=dt.date(2020, 1, 1),
        starts_on=dt.date(2020, 1, 1),
    )
    end_representative(representative=acting, by=team, ends_on=dt.date(2021, 1, 1))
    review_birthday(person=person, age=18, by=team, reviewed_on=dt.date(2026, 11, 2), outcome="Moved to CHC")
    page = timeline(client, team, person)
    assert "Family name was “Kestrel”, is “Kite”" in page
    assert "Postcode was empty, is “LE1 6TF”" in page
    assert "is 3 February 1971" in page
    assert in_order(page, "18th birthday reviewed", "Pat Kite ceased to act", "Pat Kite began to act")


def test_each_source_is_for_those_with_its_permission(client: Client, person: Person, team: User) -> None:
    live(person, team)
    finance = timeline(client, UserFactory(role=Role.FINANCE, role__commissioner=person.commissioner), person)
    assert "Personal health budget started" in finance
    assert "Registered" in finance
    assert "Referral submitted" not in finance
    assert "Screened" not in finance
    # Nor is it said that there is such a thing.
    assert "personal health budgets; " in finance
    assert "referrals and decisions" not in finance
    assert "referrals and decisions" in timeline(client, team, person)


def test_events_of_a_merged_record_say_where_they_were_recorded(
    client: Client, icb: Commissioner, person: Person, team: User
) -> None:
    double = PersonFactory(commissioner=icb, family_name="Kestral")
    live(double, team)
    merge = propose_merge(kept=person, merged=double, by=team, reason="Same", has_two_numbers_confirmed=True)
    approve_merge(merge=merge, by=make_team(icb))
    page = timeline(client, team, person)
    assert "Personal health budget started" in page
    # The referral's three events, the budget's four, that the record was registered, and the date of death.
    assert page.count("Recorded before the merge under KESTRAL") == 9
    assert "Merge approved" in page
    assert reverse("phb_register:merge", args=[merge.reference]) in page
    nurse = UserFactory(role=Role.REFERRING_NURSE, role__commissioner=icb)
    assert reverse("phb_register:merge", args=[merge.reference]) not in timeline(client, nurse, person)


def test_timeline_takes_as_many_reads_for_much_as_for_little(
    client: Client, icb: Commissioner, person: Person, team: User, django_assert_max_num_queries: Any
) -> None:
    address = reverse("phb_register:timeline", args=[person.reference])
    live(person, team)
    for name in ("A", "B", "C", "D", "E", "F"):
        correct_person(person=person, by=team, given_name=name)
    client.force_login(team)
    client.get(address)
    with django_assert_max_num_queries(46):
        client.get(address)


def test_money_of_a_budget_is_told_to_those_who_may_see_payments_and_orders_to_those_who_may_see_orders(
    client: Client, icb: Commissioner, team: User
) -> None:
    phb = payable_budget(icb)
    finance = make_finance(icb)
    scheduled(phb, finance)
    released(icb, finance, make_finance(icb))
    record_order(
        person=phb.person, kind=KINDS[0].code, first_day=dt.date(2026, 5, 1), last_day=None,
        evidence_seen_on=dt.date(2026, 5, 1), by=team,
    )  # fmt: skip
    end_budget(phb=phb, by=team, ended_on=dt.date(2026, 6, 1), reason=EndReason.MOVED)
    take_back_end(phb=phb, by=team, reason="It was somebody else")
    page = timeline(client, team, phb.person)
    assert in_order(page, "End of a budget taken back", "Order in force", "Paid in April 2026", "£1,000.00")
    paying = timeline(client, finance, phb.person)
    assert "Paid in April 2026" in paying
    assert "Order in force" not in paying
    assert "court orders" not in paying
    nurse = timeline(client, make_nurse(icb), phb.person)
    assert "Paid in" not in nurse
    assert "Order" not in nurse


def test_persons_page_shows_what_happened_lately(client: Client, person: Person, team: User) -> None:
    live(person, team)
    client.force_login(team)
    page = client.get(reverse("phb_register:person", args=[person.reference])).content.decode()
    assert "What happened lately" in page
    assert page.count('class="app-timeline__entry"') == 5
    assert reverse("phb_register:timeline", args=[person.reference]) in page
