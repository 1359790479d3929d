"""The nurse's journey, page by page, through its addresses."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.models import Referral, ReferralDraft, ReferralTransition, Screening
from phb_register import clock
from phb_register.models import AccessLogEntry, Commissioner, Person, User
from phb_register.roles import Role
from tests.factories.eligibility import NOTHING, make_draft, make_nurse, make_referral
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

NUMBER = "9990000018"
DETAILS: dict[str, str] = {
    "given_name": "Testa",
    "family_name": "Kestrel",
    "born_on_day": "15",
    "born_on_month": "6",
    "born_on_year": "1970",
    "sex": "female",
    "postcode": "le1 6tf",
    "communication_format": "large_print",
}


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


def draft_of(user: User) -> ReferralDraft:
    return ReferralDraft.objects.get(user=user)


def page(draft: ReferralDraft, name: str, *more: str) -> str:
    return reverse(f"eligibility:draft-{name}", args=[draft.reference, *more])


def send(client: Client, url: str, data: dict[str, Any] | None = None) -> Any:
    """Post a page's form and follow to the next page, which must open."""
    answered = client.post(url, data or {}, follow=True)
    assert answered.status_code == 200, answered.content.decode()
    return answered


def where(answered: Any) -> str:
    return answered.request["PATH_INFO"]


def test_referral_of_a_known_chc_adult_takes_few_interactions(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    """Counted as a user does them: each page's typed or chosen answer is one, each button or link is one."""
    person = PersonFactory(commissioner=llr, nhs_number=NUMBER, family_name="Kestrel")
    interactions = 1  # the link on the home page
    answered = send(signed_in, reverse("eligibility:new"), {"nhs_number": "999 000 0018"})
    interactions += 2
    draft = draft_of(nurse)
    assert where(answered) == page(draft, "person")
    assert "KESTREL, Testa" in answered.content.decode()
    answered = send(signed_in, page(draft, "person"), {"person": str(person.reference)})
    interactions += 1
    assert where(answered) == page(draft, "question", "chc")
    answered = send(signed_in, where(answered), {"chc": "eligible"})
    interactions += 2
    assert where(answered) == page(draft, "question", "budget")
    answered = send(signed_in, where(answered), {"chc_fast_track": "no", "lives_in": "home"})
    interactions += 3
    assert where(answered) == page(draft, "answer")
    assert "This person has a right to have a personal health budget" in answered.content.decode()
    assert signed_in.get(page(draft, "check")).status_code == 200
    interactions += 1
    answered = send(signed_in, page(draft, "check"), {"note": ""})
    interactions += 1
    referral = Referral.objects.get()
    assert where(answered) == reverse("eligibility:submitted", args=[referral.reference])
    assert referral.short_reference in answered.content.decode()
    assert interactions <= 12
    assert (referral.person, referral.commissioner, referral.referred_by) == (person, llr, nurse)
    assert referral.decision_due_on == referral.received_on + dt.timedelta(days=28)


def test_referral_keeps_its_screening_transition_and_access_log_entry(nurse: User, llr: Commissioner) -> None:
    referral = make_referral(llr, by=nurse)
    screening = Screening.objects.get(referral=referral)
    assert screening.outcome == "right_to_have"
    assert screening.facts["chc"] == "eligible"
    assert screening.answer["bases"][0]["cohort"] == "chc"
    assert screening.rule_versions
    assert screening.assessed_on == referral.received_on
    transition = ReferralTransition.objects.get(referral=referral)
    assert (transition.from_status, transition.to_status, transition.made_by) == ("", "submitted", nurse)
    assert AccessLogEntry.objects.filter(action="referral-submit", subject_id=str(referral.pk), actor=nurse).exists()


def test_unknown_person_is_described_and_registered_on_submission(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    answered = send(signed_in, reverse("eligibility:new"), {"nhs_number": NUMBER})
    draft = draft_of(nurse)
    assert where(answered) == page(draft, "details")
    answered = send(signed_in, page(draft, "details"), DETAILS)
    assert where(answered) == page(draft, "question", "chc")
    assert not Person.objects.exists()
    send(signed_in, page(draft, "question", "chc"), {"chc": "eligible"})
    send(signed_in, page(draft, "question", "budget"))
    send(signed_in, page(draft, "check"))
    person = Person.objects.get()
    assert (person.nhs_number, person.family_name, person.commissioner) == (NUMBER, "Kestrel", llr)
    assert (person.postcode, person.communication_format) == ("LE1 6TF", "large_print")
    assert Referral.objects.get().person == person


def test_submitted_draft_keeps_nothing_of_the_person(nurse: User, llr: Commissioner, signed_in: Client) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    send(signed_in, page(draft, "check"), {"note": "Please be quick"})
    draft.refresh_from_db()
    assert (draft.details, draft.facts, draft.note) == ({}, {}, "")
    assert Referral.objects.get().note == "Please be quick"


@pytest.mark.parametrize("typed", ["", "999 000 0019", "111 111 1111", "12345", "abc"])
def test_wrong_nhs_number_is_answered_422_and_kept(signed_in: Client, typed: str) -> None:
    answered = signed_in.post(reverse("eligibility:new"), {"nhs_number": typed})
    assert answered.status_code == 422
    content = answered.content.decode()
    assert "There is a problem" in content
    assert "#id_nhs_number" in content
    assert f'value="{typed}"' in content or not typed
    assert not ReferralDraft.objects.exists()


def test_person_of_another_commissioner_is_not_revealed(signed_in: Client, nurse: User) -> None:
    PersonFactory(nhs_number=NUMBER, family_name="Secret", given_name="Very")
    answered = signed_in.post(reverse("eligibility:new"), {"nhs_number": NUMBER})
    assert answered.status_code == 422
    content = answered.content.decode()
    assert "another commissioner" in content
    assert "SECRET" not in content.upper()
    assert AccessLogEntry.objects.filter(action="look-up-held-elsewhere", actor=nurse).exists()
    assert not ReferralDraft.objects.exists()


NAMED = {
    "nhs_number_missing_reason": "not_registered",
    "given_name": "Testa",
    "family_name": "Kestrell",
    "born_on_day": "15",
    "born_on_month": "6",
    "born_on_year": "1970",
}


def test_person_without_nhs_number_shows_similar_people_first(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    like = PersonFactory(commissioner=llr, family_name="Kestrel", born_on=dt.date(1970, 6, 15))
    PersonFactory(commissioner=llr, family_name="Kestrel", born_on=dt.date(1970, 6, 16))
    PersonFactory(family_name="Kestrel", born_on=dt.date(1970, 6, 15))
    answered = send(signed_in, reverse("eligibility:new-without-number"), NAMED)
    draft = draft_of(nurse)
    assert where(answered) == page(draft, "person")
    assert answered.context["form"].people == {str(like.reference): like}
    assert AccessLogEntry.objects.filter(action="read", subject_id=str(like.pk), actor=nurse).exists()
    assert signed_in.post(page(draft, "person"), {}).status_code == 422
    answered = send(signed_in, page(draft, "person"), {"person": "nobody"})
    assert where(answered) == page(draft, "details")
    content = answered.content.decode()
    assert "Kestrell" in content
    assert "15 June 1970" in content
    assert not {"given_name", "family_name", "born_on"} & answered.context["form"].fields.keys()


def test_person_without_nhs_number_can_be_one_of_those_shown(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    like = PersonFactory(commissioner=llr, family_name="Kestrel", born_on=dt.date(1970, 6, 15))
    send(signed_in, reverse("eligibility:new-without-number"), NAMED)
    answered = send(signed_in, page(draft_of(nurse), "person"), {"person": str(like.reference)})
    assert where(answered) == page(draft_of(nurse), "question", "chc")
    assert draft_of(nurse).person == like


def test_person_without_nhs_number_and_without_likeness_is_registered_with_the_reason(
    signed_in: Client, nurse: User
) -> None:
    answered = send(signed_in, reverse("eligibility:new-without-number"), NAMED)
    draft = draft_of(nurse)
    assert where(answered) == page(draft, "details")
    unnamed = {name: value for name, value in DETAILS.items() if name not in NAMED}
    send(signed_in, page(draft, "details"), unnamed)
    send(signed_in, page(draft, "question", "chc"), {"chc": "eligible"})
    send(signed_in, page(draft, "question", "budget"))
    send(signed_in, page(draft, "check"))
    person = Person.objects.get()
    assert (person.nhs_number, person.nhs_number_missing_reason) == (None, "not_registered")
    assert (person.family_name, person.born_on) == ("Kestrell", dt.date(1970, 6, 15))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("family_name", ""),
        ("born_on_month", "13"),
        ("born_on_year", "2099"),
        ("born_on_year", "1800"),
        ("postcode", "nowhere"),
        ("sex", ""),
    ],
)
def test_wrong_details_are_answered_422_and_nothing_typed_is_lost(
    signed_in: Client, nurse: User, field: str, value: str
) -> None:
    send(signed_in, reverse("eligibility:new"), {"nhs_number": NUMBER})
    answered = signed_in.post(page(draft_of(nurse), "details"), {**DETAILS, field: value})
    assert answered.status_code == 422
    content = answered.content.decode()
    assert "There is a problem" in content
    assert 'value="Testa"' in content


def test_unanswered_question_is_answered_422_with_the_remedy(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    person = PersonFactory(commissioner=llr, nhs_number=NUMBER)
    send(signed_in, reverse("eligibility:new"), {"nhs_number": NUMBER})
    send(signed_in, page(draft_of(nurse), "person"), {"person": str(person.reference)})
    answered = signed_in.post(page(draft_of(nurse), "question", "chc"), {})
    assert answered.status_code == 422
    assert "#id_chc" in answered.content.decode()


def test_answer_not_known_yet_is_not_asked_again(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    person = PersonFactory(commissioner=llr, nhs_number=NUMBER)
    send(signed_in, reverse("eligibility:new"), {"nhs_number": NUMBER})
    send(signed_in, page(draft_of(nurse), "person"), {"person": str(person.reference)})
    answered = send(signed_in, page(draft_of(nurse), "question", "chc"), {"chc": "not_assessed"})
    assert where(answered) != page(draft_of(nurse), "question", "chc")
    assert draft_of(nurse).facts["chc"] == "not_assessed"


def test_age_is_never_asked(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    assert signed_in.get(page(draft, "question", "born_on")).status_code == 404
    assert signed_in.get(page(draft, "question", "no-such-fact")).status_code == 404


def test_page_that_stands_on_others_leads_to_the_first_one_left(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    PersonFactory(commissioner=llr, nhs_number=NUMBER)
    send(signed_in, reverse("eligibility:new"), {"nhs_number": NUMBER})
    draft = draft_of(nurse)
    for name in ("details", "received", "questions", "answer", "check"):
        assert signed_in.get(page(draft, name)).headers["Location"] == page(draft, "person")


def test_request_that_the_rules_give_nothing_needs_a_note_and_is_taken(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr), facts=NOTHING)
    answered = signed_in.get(page(draft, "answer"))
    assert "Neither the law nor the local offer" in answered.content.decode()
    answered = signed_in.post(page(draft, "check"), {"note": " "})
    assert answered.status_code == 422
    assert "Enter why you are asking" in answered.content.decode()
    send(signed_in, page(draft, "check"), {"note": "The family asks for it"})
    assert Screening.objects.get().outcome == "not_offered"


def test_change_on_the_last_page_comes_back_to_it(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    content = signed_in.get(page(draft, "check")).content.decode()
    change = page(draft, "question", "budget") + "?back=check"
    assert change in content
    answered = send(signed_in, change, {"lives_in": "care_home"})
    assert where(answered) == page(draft, "check")
    assert "In a care home" in answered.content.decode()


def test_referral_received_in_the_past_asks_for_the_commissioner_of_that_day(client: Client) -> None:
    partnership = Commissioner.objects.get(code="LLR")
    nurse = make_nurse(partnership)
    client.force_login(nurse)
    person = PersonFactory(commissioner=Commissioner.objects.get(code="QK1"))
    draft = make_draft(nurse, person)
    answered = send(
        client,
        page(draft, "received"),
        {"received_on_day": "1", "received_on_month": "6", "received_on_year": "2016"},
    )
    assert where(answered) == page(draft, "received")
    codes = [code for code, _ in answered.context["form"].fields["commissioner"].choices]
    assert sorted(codes) == ["03W", "04C", "04V"]
    dated = {"received_on_day": "1", "received_on_month": "6", "received_on_year": "2016"}
    assert client.post(page(draft, "received"), dated).status_code == 422
    send(client, page(draft, "received"), {**dated, "commissioner": "04C"})
    send(client, page(draft, "check"))
    referral = Referral.objects.get()
    assert (referral.received_on, referral.commissioner.code) == (dt.date(2016, 6, 1), "04C")


def test_referral_cannot_be_received_in_the_future(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    later = clock.today() + dt.timedelta(days=1)
    data = {"received_on_day": later.day, "received_on_month": later.month, "received_on_year": later.year}
    answered = signed_in.post(page(draft, "received"), data)
    assert answered.status_code == 422
    assert "must be today or in the past" in answered.content.decode()


def test_referral_received_before_birth_leads_back_to_the_date(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    person = PersonFactory(commissioner=llr, born_on=dt.date(2024, 6, 1))
    draft = make_draft(nurse, person, facts={"continuing_care": "eligible"})
    early = {"received_on_day": "1", "received_on_month": "5", "received_on_year": "2024"}
    answered = send(signed_in, page(draft, "received"), early)
    assert where(answered) == page(draft, "received")
    assert "The person was not born yet" in answered.content.decode()


def test_budget_page_is_passed_over_where_there_is_no_budget(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr), facts=NOTHING)
    assert where(signed_in.get(page(draft, "question", "budget"), follow=True)) == page(draft, "answer")


def test_commissioner_is_not_asked_where_there_is_one(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    assert "commissioner" not in signed_in.get(page(draft, "received")).context["form"].fields


def test_draft_outlives_sign_out_and_is_on_the_worklist(client: Client, nurse: User, llr: Commissioner) -> None:
    person = PersonFactory(commissioner=llr, nhs_number=NUMBER)
    client.force_login(nurse)
    send(client, reverse("eligibility:new"), {"nhs_number": NUMBER})
    send(client, page(draft_of(nurse), "person"), {"person": str(person.reference)})
    client.logout()
    client.force_login(nurse)
    content = client.get(reverse("phb_register:home")).content.decode()
    resume = reverse("eligibility:draft", args=[draft_of(nurse).reference])
    assert "Your unfinished referrals" in content
    assert resume in content
    assert where(client.get(resume, follow=True)) == page(draft_of(nurse), "question", "chc")


def test_draft_is_nobody_elses(client: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    client.force_login(make_nurse(llr))
    names = ("find", "find-without-number", "person", "details", "received", "questions", "answer", "check", "discard")
    urls = [page(draft, name) for name in names]
    urls += [reverse("eligibility:draft", args=[draft.reference]), page(draft, "question", "chc")]
    for url in urls:
        assert client.get(url).status_code == 404, url


def test_draft_can_be_deleted_after_asking(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    assert "Delete this unfinished referral" in signed_in.get(page(draft, "discard")).content.decode()
    assert ReferralDraft.objects.exists()
    send(signed_in, page(draft, "discard"))
    assert not ReferralDraft.objects.exists()


def test_draft_submitted_twice_leads_to_the_one_referral(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    first = send(signed_in, page(draft, "check"))
    second = send(signed_in, page(draft, "check"))
    assert where(first) == where(second)
    assert Referral.objects.count() == 1
    for name in ("find", "questions", "answer"):
        assert where(signed_in.get(page(draft, name), follow=True)) == where(first)


def test_nhs_number_corrected_puts_the_question_again(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    PersonFactory(commissioner=llr, nhs_number=NUMBER)
    other = PersonFactory(commissioner=llr, nhs_number="9990000026")
    draft = make_draft(nurse, Person.objects.get(nhs_number=NUMBER))
    answered = send(signed_in, page(draft, "find"), {"nhs_number": "999 000 0026"})
    assert where(answered) == page(draft, "person")
    assert list(answered.context["form"].people.values()) == [other]
    draft.refresh_from_db()
    assert draft.facts["chc"] == "eligible"


def test_same_nhs_number_again_changes_nothing(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    person = PersonFactory(commissioner=llr, nhs_number=NUMBER)
    draft = make_draft(nurse, person)
    answered = send(signed_in, page(draft, "find"), {"nhs_number": NUMBER})
    assert where(answered) == page(draft, "answer")


def test_person_registered_meanwhile_with_other_details_has_to_be_looked_at(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    send(signed_in, reverse("eligibility:new"), {"nhs_number": NUMBER})
    draft = draft_of(nurse)
    send(signed_in, page(draft, "details"), DETAILS)
    send(signed_in, page(draft, "question", "chc"), {"chc": "eligible"})
    send(signed_in, page(draft, "question", "budget"))
    PersonFactory(commissioner=llr, nhs_number=NUMBER, family_name="Heron")
    answered = send(signed_in, page(draft, "check"))
    assert where(answered) == page(draft, "person")
    assert "HERON" in answered.content.decode()
    assert not Referral.objects.exists()


def test_person_registered_elsewhere_meanwhile_is_refused_without_revealing(signed_in: Client, nurse: User) -> None:
    send(signed_in, reverse("eligibility:new"), {"nhs_number": NUMBER})
    draft = draft_of(nurse)
    send(signed_in, page(draft, "details"), DETAILS)
    send(signed_in, page(draft, "question", "chc"), {"chc": "eligible"})
    send(signed_in, page(draft, "question", "budget"))
    PersonFactory(nhs_number=NUMBER, family_name="Secret")
    answered = signed_in.post(page(draft, "check"), {"note": ""})
    assert answered.status_code == 422
    assert "another commissioner" in answered.content.decode()
    assert "SECRET" not in answered.content.decode().upper().replace("SECRETAR", "")


@pytest.mark.parametrize("role", [Role.FINANCE, Role.APPROVER, Role.GOVERNING_BODY, Role.AUDITOR, Role.ADMINISTRATOR])
def test_roles_without_the_permission_cannot_begin(client: Client, llr: Commissioner, role: Role) -> None:
    client.force_login(UserFactory(role=role, role__commissioner=llr))
    assert client.get(reverse("eligibility:new")).status_code == 403


def test_signed_out_visitor_is_sent_to_sign_in(client: Client) -> None:
    answered = client.get(reverse("eligibility:new"))
    assert answered.status_code == 302
    assert answered.headers["Location"].startswith("/accounts/login/")


def test_visited_pages_write_nothing_but_reads(signed_in: Client, nurse: User, llr: Commissioner) -> None:
    draft = make_draft(nurse, PersonFactory(commissioner=llr))
    before = ReferralDraft.objects.values().get()
    for name in ("find", "received", "answer", "check", "discard"):
        assert signed_in.get(page(draft, name)).status_code == 200
    assert signed_in.get(page(draft, "question", "chc")).status_code == 200
    assert ReferralDraft.objects.values().get() == before


def test_commissioner_of_another_nurse_makes_no_difference(client: Client) -> None:
    other = CommissionerFactory()
    client.force_login(make_nurse(other))
    assert client.get(reverse("eligibility:new")).status_code == 200
