"""What happens when two requests come at one moment, on the real database with real threads."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections

from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import Decision, Referral, ReferralDraft, ReferralPause, ReferralTransition, Screening
from eligibility.services.allocation import Allocated, allocate_referrals
from eligibility.services.clocks import pause_referral
from eligibility.services.drafts import answer_questions, describe_person, start_draft, submit_draft
from eligibility.services.referrals import accept_referral, decline_referral, submit_referral
from offers.models import Cohort
from phb_register import clock, reference
from phb_register.models import Commissioner, Person, User
from tests.factories.eligibility import CHC_ADULT, make_draft, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = dict.fromkeys(("chc_fast_track", "lives_in", "joint_funded", "asks_for", "drug_or_alcohol_order"))


@pytest.fixture
def icb() -> Iterator[Commissioner]:
    """A commissioner on a database with its reference data, which a test that commits finds emptied."""
    reference.load_all(plan=[])
    return CommissionerFactory()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread of its own, started together; return what each gave or raised."""
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=10)
            results[place] = act()
        except Exception as raised:
            results[place] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    connections.close_all()
    return results


def new_person_draft(nurse: User, number: str) -> ReferralDraft:
    draft = start_draft(by=nurse, search={"nhs_number": number})
    details = {
        "given_name": "Testa",
        "family_name": "Kestrel",
        "born_on": "1970-06-15",
        "sex": "female",
        "postcode": "",
        "communication_format": "standard",
    }
    draft = describe_person(draft=draft, by=nurse, details=details)
    return answer_questions(draft=draft, by=nurse, answers={**CHC_ADULT, **BUDGET})


def test_draft_submitted_in_two_tabs_at_once_makes_one_referral(icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    draft = make_draft(nurse, PersonFactory(commissioner=icb))
    results = at_once(*[lambda: submit_draft(draft=draft, by=nurse)] * 4)
    assert [type(each) for each in results] == [Referral] * 4, results
    assert len({each.pk for each in results}) == 1
    assert (Referral.objects.count(), Screening.objects.count(), ReferralTransition.objects.count()) == (1, 1, 1)


def test_referral_submitted_twice_at_once_with_one_key_is_one(icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    draft = make_draft(nurse, PersonFactory(commissioner=icb))

    def submit() -> Referral:
        return submit_referral(
            person=Person.objects.select_related("commissioner").get(),
            commissioner=icb,
            received_on=dt.date(2026, 11, 2),
            facts=CHC_ADULT,
            by=nurse,
            key=draft.reference,
        )

    results = at_once(submit, submit, submit)
    assert [type(each) for each in results] == [Referral] * 3, results
    assert (Referral.objects.count(), Screening.objects.count()) == (1, 1)


def test_two_nurses_with_one_new_nhs_number_make_one_person(icb: Commissioner) -> None:
    nurses = [make_nurse(icb) for _ in range(3)]
    drafts = [new_person_draft(nurse, "9990000018") for nurse in nurses]

    def submitting(draft: ReferralDraft, nurse: User) -> Callable[[], Referral]:
        return lambda: submit_draft(draft=draft, by=nurse)

    results = at_once(*[submitting(draft, nurse) for draft, nurse in zip(drafts, nurses, strict=True)])
    assert [type(each) for each in results] == [Referral] * 3, results
    assert Person.objects.count() == 1
    assert Referral.objects.count() == 3
    assert {each.person_id for each in Referral.objects.all()} == {Person.objects.get().pk}


def test_referral_accepted_and_declined_at_once_is_decided_once(icb: Commissioner) -> None:
    referral = make_referral(icb)
    first, second = make_team(icb), make_team(icb)
    chc = Cohort.objects.get(code="chc")
    results = at_once(
        lambda: accept_referral(referral=referral, cohort=chc, by=first),
        lambda: decline_referral(
            referral=referral,
            reason_code="not_appropriate",
            reasons="Because",
            reconsideration_route="Write to us",
            by=second,
        ),
    )
    assert sorted(type(each).__name__ for each in results) == ["Referral", TransitionNotAllowed.__name__], results
    assert Decision.objects.count() == 1
    assert ReferralTransition.objects.count() == 2


def test_referrals_allocated_by_two_at_once_each_go_to_one_and_none_is_taken_over(icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    referrals = [make_referral(icb, by=nurse) for _ in range(6)]
    first, second = make_team(icb), make_team(icb)
    seen = {referral.reference: None for referral in referrals}
    backwards = dict(reversed(seen.items()))
    results = at_once(
        lambda: allocate_referrals(seen=seen, to=first, by=first),
        lambda: allocate_referrals(seen=backwards, to=second, by=second),
    )
    assert [type(each) for each in results] == [Allocated] * 2, results
    for user, result in zip((first, second), results, strict=True):
        assert set(Referral.objects.filter(allocated_to=user)) == set(result.done)
    assert sorted((len(each.done), len(each.taken)) for each in results) == [(0, 6), (6, 0)]


def test_referral_paused_twice_at_once_has_one_pause(icb: Commissioner) -> None:
    referral, users = make_referral(icb), [make_team(icb), make_team(icb)]
    until = clock.today() + dt.timedelta(days=7)

    def pausing(by: User) -> Callable[[], Referral]:
        return lambda: pause_referral(referral=referral, reason="information", follow_up_on=until, by=by)

    results = at_once(*[pausing(user) for user in users])
    assert sorted(type(each).__name__ for each in results) == ["Referral", TransitionNotAllowed.__name__], results
    assert ReferralPause.objects.count() == 1
