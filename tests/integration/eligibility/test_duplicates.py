"""People alike, shown in the referral journey before anybody new is registered."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.exceptions import PersonDiffers
from eligibility.models import Referral, ReferralDraft
from eligibility.services.drafts import answer_questions, settle_person, start_draft, submit_draft
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, User
from tests.factories.eligibility import CHC_ADULT, make_nurse
from tests.factories.phb_register import PersonFactory
from tests.integration.eligibility.test_referral_journey import DETAILS, draft_of, page, send, where

pytestmark = pytest.mark.django_db

# Far from the numbers that the factory gives.
UNKNOWN = "9990900523"
BORN_ON = dt.date(1970, 6, 15)


@pytest.fixture
def llr() -> Commissioner:
    return Commissioner.objects.get(code="QK1")


@pytest.fixture
def nurse(llr: Commissioner) -> User:
    return make_nurse(llr)


@pytest.fixture
def signed_in(client: Client, nurse: User) -> Client:
    client.force_login(nurse)
    return client


def like(commissioner: Commissioner, **given: object) -> Person:
    details = {"family_name": "Kestrel", "given_name": "Testa", "born_on": BORN_ON, **given}
    return PersonFactory(commissioner=commissioner, **details)


def describe(client: Client, user: User, **changed: str) -> Any:
    """Say who the person is, having typed an NHS number that nobody has."""
    if not ReferralDraft.objects.filter(user=user).exists():
        send(client, reverse("eligibility:new"), {"nhs_number": UNKNOWN})
    return send(client, page(draft_of(user), "details"), {**DETAILS, **changed})


def test_unknown_nhs_number_shows_those_alike_before_the_person_is_new(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    known = like(llr, family_name="Kestral", nhs_number=None, nhs_number_missing_reason="awaited")
    like(llr, born_on=dt.date(1971, 6, 15))
    PersonFactory(family_name="Kestrel", given_name="Testa", born_on=BORN_ON)
    answered = describe(signed_in, nurse)
    assert where(answered) == page(draft_of(nurse), "person")
    assert list(answered.context["form"].people.values()) == [known]
    assert "Nobody on the register has the NHS number you typed, 999 090 0523" in answered.content.decode()
    assert signed_in.post(page(draft_of(nurse), "person"), {}).status_code == 422
    # What was typed can be looked at again, and is all there.
    assert 'value="Kestrel"' in signed_in.get(page(draft_of(nurse), "details")).content.decode()


def test_somebody_else_is_said_once_and_then_registered(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    known = like(llr)
    describe(signed_in, nurse)
    shown = {"person": "nobody", "shown": str(known.reference)}
    answered = send(signed_in, page(draft_of(nurse), "person"), shown)
    assert where(answered).startswith(page(draft_of(nurse), "question", "chc"))
    assert where(describe(signed_in, nurse)) != page(draft_of(nurse), "person")
    # Another name is another likeness.
    assert where(describe(signed_in, nurse, family_name="Kestrell")) == page(draft_of(nurse), "person")


def test_person_found_alike_gets_the_number_that_was_typed(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    known = like(llr, nhs_number=None, nhs_number_missing_reason="awaited")
    describe(signed_in, nurse)
    send(signed_in, page(draft_of(nurse), "person"), {"person": str(known.reference)})
    answer_all(nurse)
    assert "which is added to the record" in signed_in.get(page(draft_of(nurse), "check")).content.decode()
    referral = submit_draft(draft=draft_of(nurse), by=nurse)
    known.refresh_from_db()
    assert (referral.person, known.nhs_number, known.nhs_number_missing_reason) == (known, UNKNOWN, "")
    assert Person.objects.filter(commissioner=llr).count() == 1


def test_person_found_alike_with_another_number_is_not_taken_for_the_one(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    known = like(llr)
    describe(signed_in, nurse)
    answered = signed_in.post(page(draft_of(nurse), "person"), {"person": str(known.reference)})
    assert answered.status_code == 422
    assert f"The NHS number of this person is {known.display_nhs_number}" in answered.content.decode()


def test_nobody_that_came_since_the_page_was_shown_is_ruled_out(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    known = like(llr)
    describe(signed_in, nurse)
    like(llr, given_name="Testina")
    shown = {"person": "nobody", "shown": str(known.reference)}
    answered = signed_in.post(page(draft_of(nurse), "person"), shown)
    assert answered.status_code == 422
    assert "More people are found by now" in answered.content.decode()
    again = {"person": "nobody", "shown": answered.context["form"]["shown"].value()}
    assert where(send(signed_in, page(draft_of(nurse), "person"), again)) != page(draft_of(nurse), "person")


def test_somebody_alike_registered_before_submission_is_looked_at(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    describe(signed_in, nurse)
    answer_all(nurse)
    known = like(llr)
    with pytest.raises(PersonDiffers):
        submit_draft(draft=draft_of(nurse), by=nurse)
    assert not Referral.objects.exists()
    answered = signed_in.get(page(draft_of(nurse), "check"), follow=True)
    assert where(answered) == page(draft_of(nurse), "person")
    send(signed_in, page(draft_of(nurse), "person"), {"person": "nobody", "shown": str(known.reference)})
    assert submit_draft(draft=draft_of(nurse), by=nurse).person != known


def test_holder_of_the_typed_number_is_the_person_and_nobody_else(nurse: User, llr: Commissioner) -> None:
    known = like(llr, nhs_number=UNKNOWN)
    draft = start_draft(by=nurse, search={"nhs_number": UNKNOWN})
    with pytest.raises(Refused, match="Check the NHS number"):
        settle_person(draft=draft, by=nurse, person=None, others=[known])


def answer_all(user: User) -> None:
    budget = dict.fromkeys(("chc_fast_track", "lives_in", "joint_funded", "asks_for", "drug_or_alcohol_order"))
    answer_questions(draft=draft_of(user), by=user, answers={**CHC_ADULT, **budget})
