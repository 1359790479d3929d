"""The answer forming beside the questions, and what an earlier screening knew, through the pages' addresses."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.models import ReferralDraft
from eligibility.services.drafts import answer_questions, settle_person, start_draft
from phb_register.models import Commissioner, Person, User
from tests.factories.eligibility import make_nurse, make_referral
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


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


@pytest.fixture
def person(llr: Commissioner) -> Person:
    return PersonFactory(commissioner=llr, born_on=dt.date(1970, 6, 15))


def begin(nurse: User, person: Person, **facts: Any) -> ReferralDraft:
    draft = start_draft(by=nurse, search={"nhs_number": person.nhs_number or ""})
    draft = settle_person(draft=draft, by=nurse, person=person)
    return answer_questions(draft=draft, by=nurse, answers=facts)


def question(draft: ReferralDraft, code: str) -> str:
    return reverse("eligibility:draft-question", args=[draft.reference, code])


def so_far(draft: ReferralDraft, code: str) -> str:
    return reverse("eligibility:draft-so-far", args=[draft.reference, code])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_question_page_shows_what_is_settled_possible_and_left(signed_in: Client, nurse: User, person: Person) -> None:
    page = words(signed_in.get(question(begin(nurse, person), "chc")))
    assert "The answer so far" in page
    assert "Nothing is settled yet." in page
    assert "NHS continuing healthcare (CHC): right to have. Hangs on: NHS continuing healthcare (CHC)" in page
    assert "Left to answer with this page: 1 to" in page


def test_panel_names_what_is_settled_while_more_is_possible(signed_in: Client, nurse: User, person: Person) -> None:
    draft = begin(nurse, person, chc="not_eligible", chc_fast_track=False, needs_above_local_authority=True)
    draft = answer_questions(draft=draft, by=nurse, answers={"learning_disability": True, "autism": False})
    page = words(signed_in.get(question(draft, "s117_aftercare")))
    assert "Settled already: this person may request a personal health budget under the local offer, at least." in page
    assert "Adults with a learning disability or autism and significant health needs: may request" in page
    assert "Section 117 after-care: legal right: right to have. Hangs on: Section 117 after-care" in page


def test_picking_an_answer_shows_what_it_would_settle_and_keeps_nothing(
    signed_in: Client, nurse: User, person: Person
) -> None:
    draft = begin(nurse, person)
    page = words(signed_in.get(question(draft, "chc")))
    assert f'hx-post="{so_far(draft, "chc")}"' in page
    answered = signed_in.post(so_far(draft, "chc"), {"chc": "eligible"}, headers=HX)
    assert answered.status_code == 200
    fragment = words(answered)
    assert "<html" not in fragment
    assert "This person has a right to have a personal health budget" in fragment
    assert "No further answer can change this." in fragment
    assert "Left to answer after this page: 1 page of questions." in fragment
    draft.refresh_from_db()
    assert draft.facts == {}


@pytest.mark.parametrize("sent", [{}, {"chc": "perhaps"}, {"nothing": "here"}, {"chc": ""}])
def test_answer_so_far_stays_where_nothing_fit_is_picked(
    signed_in: Client, nurse: User, person: Person, sent: dict[str, str]
) -> None:
    fragment = words(signed_in.post(so_far(begin(nurse, person), "chc"), sent))
    assert "Nothing is settled yet." in fragment
    assert "with this page" in fragment


def test_answer_so_far_of_no_question_is_not_found(signed_in: Client, nurse: User, person: Person) -> None:
    draft = begin(nurse, person)
    assert signed_in.post(so_far(draft, "shoe-size")).status_code == 404
    assert signed_in.post(so_far(draft, "born_on")).status_code == 404
    assert signed_in.get(so_far(draft, "chc")).status_code == 405


def test_pages_left_are_as_many_as_follow(signed_in: Client, nurse: User, person: Person) -> None:
    """Nobody knows anything: the panel's most is how many pages come."""
    answered = signed_in.get(reverse("eligibility:draft-questions", args=[begin(nurse, person).reference]), follow=True)
    most = int(words(answered).split("with this page: 1 to ")[1].split(" ")[0])
    pages = 0
    while "/questions/" in (address := answered.request["PATH_INFO"]):
        pages += 1
        assert pages <= most
        form = answered.context["form"]
        sent = {code: "not_assessed" if code in ("chc", "continuing_care") else "unknown" for code in form.fields}
        answered = signed_in.post(address, sent, follow=True)
    assert pages == most


def test_facts_of_an_earlier_screening_wait_to_be_confirmed(signed_in: Client, nurse: User, person: Person) -> None:
    make_referral(
        person.commissioner, person=person, by=nurse, received_on=dt.date(2026, 5, 3), facts={"chc": "eligible"}
    )
    draft = begin(nurse, person)
    answered = signed_in.get(question(draft, "chc"))
    page = words(answered)
    assert "Known from the screening of 3 May 2026: check it." in page
    assert answered.context["form"].initial == {"chc": "eligible"}
    assert "Nothing is settled yet." in page
    draft.refresh_from_db()
    assert draft.facts == {}
    signed_in.post(question(draft, "chc"), {"chc": "eligible"})
    draft.refresh_from_db()
    assert draft.facts == {"chc": "eligible"}
    assert "Known from" not in words(signed_in.get(question(draft, "chc")))


def test_facts_of_a_screening_that_the_user_may_not_see_are_not_offered(
    signed_in: Client, nurse: User, person: Person
) -> None:
    other = CommissionerFactory()
    make_referral(other, person=PersonFactory(commissioner=other), facts={"chc": "eligible"})
    assert "Known from" not in words(signed_in.get(question(begin(nurse, person), "chc")))


def test_answers_survive_sign_out_and_an_expired_session(client: Client, nurse: User, person: Person) -> None:
    client.force_login(nurse)
    draft = begin(nurse, person)
    client.post(question(draft, "chc"), {"chc": "not_eligible"})
    client.session.flush()  # as it is after fifteen minutes without a request
    answered = client.post(question(draft, "chc_fast_track"), {"chc_fast_track": "no"})
    assert answered.status_code == 302
    assert answered["Location"].startswith(reverse("account_login"))
    client.force_login(nurse)
    assert reverse("eligibility:draft", args=[draft.reference]) in words(client.get("/"))
    client.post(reverse("account_logout"))
    client.force_login(nurse)
    answered = client.get(reverse("eligibility:draft", args=[draft.reference]), follow=True)
    assert answered.request["PATH_INFO"] == question(draft, "chc_fast_track")
    draft.refresh_from_db()
    assert draft.facts == {"chc": "not_eligible"}


def test_age_is_never_asked_on_a_question_page(signed_in: Client, nurse: User, person: Person) -> None:
    draft = begin(nurse, person)
    assert signed_in.get(question(draft, "born_on")).status_code == 404
    assert signed_in.get(question(draft, "age")).status_code == 404
