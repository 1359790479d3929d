"""Birthdays to review: whose, when, and how they leave the list."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from eligibility.demonstration import birthdays
from eligibility.models import BirthdayReview, Referral
from eligibility.rules.birthdays import REVIEWED
from eligibility.selectors.birthdays import BirthdaysToReview, people_to_review
from eligibility.services.birthdays import review_birthday
from eligibility.services.referrals import accept_referral, decline_referral
from offers.models import Cohort
from phb_register import clock, demonstration
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, PersonMerge, User
from phb_register.roles import Role
from phb_register.services.merges import approve_merge
from phb_register.services.settings import change_settings
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
RECEIVED = dt.date(2026, 1, 5)
IN_CARE = {"continuing_care": "eligible"}
WITH_PLAN = {"ehc_plan": True}


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


def referred(
    icb: Commissioner, born_on: dt.date, facts: dict[str, Any] | None = None, *, received_on: dt.date = RECEIVED
) -> Person:
    person = PersonFactory(commissioner=icb, born_on=born_on)
    make_referral(icb, person=person, received_on=received_on, facts=facts or {"wheelchair_need": "none"})
    return person


def listed(user: User, today: dt.date = TODAY) -> list[tuple[Person, int, dt.date]]:
    return [(task.person, task.reviewed.age, task.on) for task in BirthdaysToReview(user, today)[:99]]


def test_birthdays_are_listed_six_months_ahead_and_until_they_are_reviewed(icb: Commissioner, team: User) -> None:
    soon = referred(icb, dt.date(2011, 5, 22))
    referred(icb, dt.date(2011, 5, 23))
    past = referred(icb, dt.date(2010, 2, 1))
    assert listed(team) == [(past, 16, dt.date(2026, 2, 1)), (soon, 16, dt.date(2027, 5, 22))]
    review_birthday(person=past, age=16, by=team, reviewed_on=TODAY, outcome="Consents herself from now on")
    assert listed(team) == [(soon, 16, dt.date(2027, 5, 22))]


def test_notice_is_the_commissioners_own_setting(icb: Commissioner, team: User) -> None:
    person = referred(icb, dt.date(2011, 11, 22))
    assert listed(team) == []
    change_settings(commissioner=icb, by=None, birthday_notice_months=12)
    assert listed(team) == [(person, 16, dt.date(2027, 11, 22))]
    # Another commissioner's longer notice is not everybody's.
    other = CommissionerFactory()
    referred(other, dt.date(2011, 11, 22))
    assert listed(make_team(other)) == []


def test_eighteenth_concerns_continuing_care_and_the_twenty_fifth_an_ehc_plan(icb: Commissioner, team: User) -> None:
    in_care = referred(icb, dt.date(2009, 1, 1), IN_CARE)
    referred(icb, dt.date(2009, 1, 1))
    with_plan = referred(icb, dt.date(2002, 1, 2), WITH_PLAN)
    referred(icb, dt.date(2002, 1, 2), {"ehc_plan": False})
    assert listed(team) == [(in_care, 18, dt.date(2027, 1, 1)), (with_plan, 25, dt.date(2027, 1, 2))]


def test_group_of_an_accepted_referral_tells_what_the_facts_do_not(icb: Commissioner, team: User) -> None:
    person = referred(icb, dt.date(2009, 1, 1))
    cohort = Cohort.objects.get(code="continuing-care")
    accept_referral(referral=Referral.objects.get(person=person), cohort=cohort, by=team, on=RECEIVED, note="Known")
    assert listed(team) == [(person, 18, dt.date(2027, 1, 1))]


def test_who_came_after_the_birthday_was_declined_or_died_is_not_listed(icb: Commissioner, team: User) -> None:
    referred(icb, dt.date(2010, 1, 4))
    declined = referred(icb, dt.date(2011, 1, 1))
    decline_referral(
        referral=Referral.objects.get(person=declined),
        reason_code="criteria_not_met",
        reasons="In no group",
        by=team,
        on=RECEIVED,
    )
    died = referred(icb, dt.date(2011, 1, 1))
    Person.objects.filter(pk=died.pk).update(died_on=TODAY)
    assert listed(team) == []


def test_birthday_of_the_29th_of_february_is_the_1st_of_march(icb: Commissioner, team: User) -> None:
    person = referred(icb, dt.date(2008, 2, 29), IN_CARE, received_on=dt.date(2023, 6, 1))
    assert listed(team, dt.date(2025, 9, 1)) == [
        (person, 16, dt.date(2024, 2, 29)),
        (person, 18, dt.date(2026, 3, 1)),
    ]
    assert (person, 18, dt.date(2026, 3, 1)) not in listed(team, dt.date(2025, 8, 31))


def test_birthdays_of_others_are_not_listed(icb: Commissioner) -> None:
    referred(icb, dt.date(2011, 1, 1))
    assert listed(make_team(CommissionerFactory())) == []
    assert listed(make_nurse(icb)) == []


def test_review_is_refused_with_its_remedy(icb: Commissioner, team: User) -> None:
    person = referred(icb, dt.date(2011, 1, 1))
    given: dict[str, Any] = {"person": person, "age": 16, "by": team, "reviewed_on": TODAY, "outcome": "Seen"}
    for changed, match in (
        ({"age": 17}, "16th, 18th or 25th"),
        ({"reviewed_on": dt.date(2030, 1, 1)}, "today or in the past"),
        ({"reviewed_on": dt.date(2010, 1, 1)}, "after the person’s date of birth"),
        ({"outcome": " "}, "Enter what was found"),
    ):
        with pytest.raises(Refused, match=match):
            review_birthday(**{**given, **changed})
    with pytest.raises(PermissionDenied):
        review_birthday(**{**given, "by": make_nurse(icb)})
    review_birthday(**given)
    with pytest.raises(Refused, match="reviewed already"):
        review_birthday(**given)


def test_review_is_neither_changed_nor_removed(icb: Commissioner, team: User) -> None:
    person = referred(icb, dt.date(2011, 1, 1))
    review_birthday(person=person, age=16, by=team, reviewed_on=TODAY, outcome="Seen")
    for statement in (
        "UPDATE eligibility_birthdayreview SET outcome = 'Other'",
        "DELETE FROM eligibility_birthdayreview",
        "TRUNCATE eligibility_birthdayreview",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="birthday_of_a_reviewed_age"), transaction.atomic():
        BirthdayReview.objects.create(person=person, age=21, reviewed_on=TODAY, reviewed_by=team, outcome="Seen")


def test_birthday_is_reviewed_on_its_page(client: Client, icb: Commissioner, team: User) -> None:
    person = referred(icb, dt.date(2011, 1, 1))
    address = reverse("eligibility:review-birthday", args=[person.reference, 16])
    client.force_login(team)
    assert address in client.get(reverse("phb_register:home")).content.decode()
    assert address in client.get(reverse("eligibility:birthdays")).content.decode()
    assert b"parental responsibility" in client.get(address).content
    typed = {"reviewed_on_day": "22", "reviewed_on_month": "11", "reviewed_on_year": "2026", "outcome": ""}
    refused = client.post(address, typed)
    assert (refused.status_code, b"Enter what was found and agreed" in refused.content) == (422, True)
    assert client.post(address, {**typed, "outcome": "Consents herself"}).status_code == 302
    assert address not in client.get(reverse("eligibility:birthdays")).content.decode()
    assert b"Consents herself" in client.get(address).content
    assert client.get(reverse("eligibility:review-birthday", args=[person.reference, 17])).status_code == 404
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=icb))
    assert client.get(address).status_code == 403


def test_list_takes_as_many_reads_for_many_as_for_one(
    icb: Commissioner, team: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        referred(icb, dt.date(2011, 1, 1))
    with django_assert_max_num_queries(16):
        assert len(listed(team)) == 8


def test_dates_of_birth_are_read_by_their_index(icb: Commissioner, team: User) -> None:
    Person.objects.bulk_create(PersonFactory.build_batch(1000, commissioner=icb))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE phb_register_person")
    assert "person_by_birth" in people_to_review(team, REVIEWED[16], TODAY).explain()


def test_demonstration_has_birthdays_to_review_and_a_merge_and_makes_each_once() -> None:
    demonstration.load(lambda done, total: None)
    for _ in range(2):
        birthdays.load(lambda done, total: None)
    team = User.objects.get(email="team@llr.example.nhs.uk")
    tasks = BirthdaysToReview(team, clock.today())[:99]
    assert [task.reviewed.age for task in tasks] == [16, 16, 18, 25]
    assert tasks[0].on < clock.today() < tasks[1].on
    merge = PersonMerge.objects.get()
    assert (merge.status, merge.proposed_by) == ("proposed", team)
    approve_merge(merge=merge, by=User.objects.get(email="lead@llr.example.nhs.uk"))
