"""Offers of a budget: recording, answering, correcting, and who still has to be offered one."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import Count

from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import BudgetOffer
from eligibility.panels.follow_up import offers_open, people_to_offer
from eligibility.services.budget_offers import OfferAnswer, correct_offer, record_answer, record_offer
from eligibility.services.referrals import accept_referral, decline_referral
from offers.models import Cohort
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, User
from tests.factories.aftermath import ASKED, REFUSAL, make_offer, offer_made
from tests.factories.budgets import make_budget
from tests.factories.eligibility import NOTHING, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db

ANSWERED = dt.date(2026, 11, 15)
NOT_NOW = OfferAnswer("not_now", ANSWERED, "family", "After the move", dt.date(2027, 3, 1))


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def nurse(icb: Commissioner) -> User:
    return make_nurse(icb)


def test_offer_is_recorded_with_what_was_given_and_said(icb: Commissioner, nurse: User) -> None:
    person = PersonFactory(commissioner=icb)
    offer = record_offer(person=person, made=offer_made(nurse), answer=NOT_NOW, by=nurse)
    offer.refresh_from_db()
    assert (offer.commissioner, offer.response, offer.why_not) == (icb, "not_now", "family")
    assert offer.information_given == ["talk", "written_guide"]
    assert AccessLogEntry.objects.get(action="record-budget-offer").commissioner == icb


def test_offer_that_is_sent_twice_is_one_record(icb: Commissioner, nurse: User) -> None:
    person = PersonFactory(commissioner=icb)
    first = record_offer(person=person, made=offer_made(nurse), answer=NOT_NOW, by=nurse)
    assert record_offer(person=person, made=offer_made(nurse), answer=NOT_NOW, by=nurse) == first
    assert AccessLogEntry.objects.filter(action="record-budget-offer").count() == 1
    assert record_offer(person=person, made=offer_made(nurse), by=nurse) != first


def test_offer_of_somebody_of_a_closed_ccg_is_its_successors() -> None:
    ccg, successor = Commissioner.objects.get(code="04C"), Commissioner.objects.get(code="QK1")
    nurse = make_nurse(successor)
    person = PersonFactory(commissioner=ccg)
    assert record_offer(person=person, made=offer_made(nurse), by=nurse).commissioner == successor
    before = offer_made(nurse, dt.date(2017, 3, 1))
    assert record_offer(person=person, made=before, by=nurse).commissioner == ccg


@pytest.mark.parametrize(
    ("made", "answer", "field"),
    [
        ({"offered_on": dt.date(2999, 1, 1)}, {}, "offered_on"),
        ({"offered_on": dt.date(1970, 6, 14)}, {}, "offered_on"),
        ({"channel": "pigeon"}, {}, "channel"),
        ({"information_given": []}, {}, "information_given"),
        ({"information_given": ["rumour"]}, {}, "information_given"),
        ({"information_given": ["other"]}, {}, "other_information"),
        ({"communication_format": "shouting"}, {}, "communication_format"),
        ({"methods_discussed": ["cash"]}, {}, "methods_discussed"),
        ({}, {"response": "perhaps"}, "response"),
        ({}, {"response": "accepted", "responded_on": None}, "responded_on"),
        ({}, {"responded_on": ASKED - dt.timedelta(days=1)}, "responded_on"),
        ({}, {"responded_on": dt.date(2999, 1, 1)}, "responded_on"),
        ({}, {"why_not": ""}, "why_not"),
        ({}, {"why_not": "other", "why_not_note": " "}, "why_not_note"),
        ({}, {"next_offer_on": ANSWERED}, "next_offer_on"),
    ],
)
def test_offer_that_lacks_something_is_refused(
    icb: Commissioner, nurse: User, made: dict[str, Any], answer: dict[str, Any], field: str
) -> None:
    person = PersonFactory(commissioner=icb)
    with pytest.raises(Refused) as refusal:
        record_offer(
            person=person, made=replace(offer_made(nurse), **made), answer=replace(NOT_NOW, **answer), by=nurse
        )
    assert refusal.value.field == field
    assert not BudgetOffer.objects.exists()


def test_offer_goes_with_a_referral_of_the_same_person_only(icb: Commissioner, nurse: User) -> None:
    referral = make_referral(icb)
    with pytest.raises(Refused):
        record_offer(person=PersonFactory(commissioner=icb), made=offer_made(nurse), referral=referral, by=nurse)
    with pytest.raises(PermissionDenied):
        make_offer(icb, by=make_nurse(CommissionerFactory()))


def test_answer_is_recorded_once_and_corrected_by_another_record(icb: Commissioner, nurse: User) -> None:
    offer = make_offer(icb)
    with pytest.raises(Refused):
        record_answer(offer=offer, answer=OfferAnswer(), by=nurse)
    assert record_answer(offer=offer, answer=OfferAnswer("accepted", ANSWERED), by=nurse).response == "accepted"
    with pytest.raises(TransitionNotAllowed):
        record_answer(offer=offer, answer=NOT_NOW, by=nurse)
    with pytest.raises(Refused) as refusal:
        correct_offer(offer=offer, made=offer_made(nurse), answer=NOT_NOW, note=" ", by=nurse)
    assert refusal.value.field == "correction_note"
    correction = correct_offer(offer=offer, made=offer_made(nurse), answer=NOT_NOW, note="Wrong box", by=nurse)
    assert (correction.corrects, correction.person, correction.is_current) == (offer, offer.person, True)
    with pytest.raises(TransitionNotAllowed):
        correct_offer(offer=offer, made=offer_made(nurse), answer=NOT_NOW, note="Again", by=nurse)
    # Each offer is counted once, as it is now known.
    counted = BudgetOffer.objects.current().order_by().values("response", "why_not").annotate(offers=Count("pk"))
    assert list(counted) == [{"response": "not_now", "why_not": "family", "offers": 1}]


@pytest.mark.parametrize(
    ("sql", "match"),
    [
        ("UPDATE eligibility_budgetoffer SET information_given = '{}'", "Cannot update"),
        ("UPDATE eligibility_budgetoffer SET offered_on = offered_on - 1", "Cannot update"),
        ("UPDATE eligibility_budgetoffer SET response = 'accepted'", "budget_offer_answer_dated"),
        ("UPDATE eligibility_budgetoffer SET response = 'declined', responded_on = offered_on", "budget_offer_why_not"),
        ("UPDATE eligibility_budgetoffer SET why_not = 'family'", "budget_offer_why_not"),
        ("UPDATE eligibility_budgetoffer SET next_offer_on = offered_on", "budget_offer_next_is_later"),
        ("DELETE FROM eligibility_budgetoffer", "Cannot delete"),
    ],
)
def test_database_refuses(icb: Commissioner, sql: str, match: str) -> None:
    make_offer(icb)
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_database_keeps_an_answer_and_a_correction_for_good(icb: Commissioner, nurse: User) -> None:
    offer = make_offer(icb, answer=NOT_NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        BudgetOffer.objects.update(why_not="too_ill")
    correct_offer(offer=offer, made=offer_made(nurse), answer=NOT_NOW, note="Wrong box", by=nurse)
    with pytest.raises(DatabaseError), transaction.atomic():
        BudgetOffer.objects.filter(pk=offer.pk).update(is_current=True)


# ── Who still has to be offered one ───────────────────────────────────────────────────────────────────────────


def names(items: list[Any]) -> list[str]:
    return [item.url.split("/")[2] for item in items]


def test_people_to_offer_are_those_who_must_be_and_were_not(icb: Commissioner, nurse: User) -> None:
    team, today = make_team(icb), clock.today()
    waiting = make_referral(icb)
    accepted = make_referral(icb, received_on=dt.date(2026, 10, 1))
    accept_referral(referral=accepted, cohort=Cohort.objects.get(code="chc"), by=team)
    long_ago = make_referral(icb, received_on=dt.date(2025, 1, 6))
    make_offer(icb, person=long_ago.person, on=today - dt.timedelta(days=366))
    # None of these.
    make_offer(icb, person=make_referral(icb).person)
    decline_referral(referral=make_referral(icb), by=team, **REFUSAL)
    make_referral(icb, facts=NOTHING, note="They ask")
    make_referral(icb, person=PersonFactory(commissioner=icb, died_on=today))
    holder = make_budget(icb)
    make_referral(icb, person=holder.person)
    held = make_budget(icb, started_on=dt.date(2026, 11, 10), ended_on=dt.date(2026, 11, 20))
    assert held.agreed_on >= held.referral.received_on
    make_referral(CommissionerFactory())
    expected = [str(each.person.reference) for each in (long_ago, accepted, waiting)]
    assert names(people_to_offer(nurse, today)) == expected
    assert people_to_offer(make_nurse(CommissionerFactory()), today) == []


def test_latest_referral_of_a_person_decides_whether_to_offer(icb: Commissioner, nurse: User) -> None:
    person = PersonFactory(commissioner=icb)
    make_referral(icb, person=person, received_on=dt.date(2026, 9, 1))
    assert names(people_to_offer(nurse, clock.today())) == [str(person.reference)]
    make_referral(icb, person=person, facts=NOTHING, note="They ask", received_on=dt.date(2026, 10, 1))
    assert people_to_offer(nurse, clock.today()) == []


def test_people_to_offer_take_as_many_reads_however_many(
    icb: Commissioner, nurse: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        make_referral(icb)
    people_to_offer(nurse, clock.today())
    with django_assert_max_num_queries(1):
        assert len(people_to_offer(nurse, clock.today())) == 4


def test_offer_without_an_answer_or_to_be_made_again_is_followed_up(icb: Commissioner, nurse: User) -> None:
    make_offer(icb, answer=OfferAnswer("accepted", ANSWERED))
    unanswered = make_offer(icb)
    again = make_offer(icb, answer=replace(NOT_NOW, next_offer_on=clock.today()))
    make_offer(icb, answer=NOT_NOW)
    items = offers_open(nurse, clock.today())
    assert [item.url for item in items] == [
        f"/budget-offers/{unanswered.reference}/",
        f"/people/{again.person.reference}/budget-offers/new/",
    ]
    make_offer(icb, person=again.person, on=ANSWERED, answer=OfferAnswer("accepted", ANSWERED))
    assert len(offers_open(nurse, clock.today())) == 1
