import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from phb_register.exceptions import HeldElsewhere, Refused
from phb_register.models import AccessLogEntry, Commissioner, Person, User
from phb_register.roles import Role
from phb_register.services.people import add_representative, correct_person, register_person
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

DETAILS: dict[str, Any] = {
    "family_name": "Kestrel",
    "given_name": "Testa",
    "born_on": dt.date(1970, 6, 15),
    "nhs_number": "999 000 0018",
}


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def nurse(commissioner: Commissioner) -> User:
    return UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner)


@pytest.fixture
def signed_in(client: Client, nurse: User) -> Client:
    client.force_login(nurse)
    return client


def test_person_is_registered_with_the_digits_of_the_nhs_number(commissioner: Commissioner, nurse: User) -> None:
    person, is_new = register_person(commissioner=commissioner, by=nurse, **DETAILS)
    assert is_new
    assert person.nhs_number == "9990000018"
    assert person.display_nhs_number == "999 000 0018"
    assert AccessLogEntry.objects.filter(action="register-person", subject_id=str(person.pk), actor=nurse).exists()


def test_person_known_by_nhs_number_is_found_and_not_changed(commissioner: Commissioner, nurse: User) -> None:
    first, _ = register_person(commissioner=commissioner, by=nurse, **DETAILS)
    second, is_new = register_person(commissioner=commissioner, by=nurse, **{**DETAILS, "family_name": "Other"})
    assert (second, is_new) == (first, False)
    assert Person.objects.get().family_name == "Kestrel"


def test_person_of_another_commissioner_is_neither_shown_nor_doubled(nurse: User, commissioner: Commissioner) -> None:
    PersonFactory(nhs_number="9990000018", family_name="Secret")
    with pytest.raises(HeldElsewhere) as refusal:
        register_person(commissioner=commissioner, by=nurse, **DETAILS)
    assert "Secret" not in str(refusal.value)
    assert Person.objects.count() == 1


def test_person_needs_an_nhs_number_or_a_reason(commissioner: Commissioner) -> None:
    for number, reason in ((None, ""), ("9990000018", "awaited")):
        with pytest.raises(IntegrityError, match="person_nhs_number_or_reason"), transaction.atomic():
            PersonFactory(commissioner=commissioner, nhs_number=number, nhs_number_missing_reason=reason)


def test_person_of_a_partnership_is_refused_by_the_service_and_the_database(nurse: User) -> None:
    partnership = CommissionerFactory(kind="partnership")
    with pytest.raises(IntegrityError, match="Only a CCG or an ICB can be accountable"), transaction.atomic():
        PersonFactory(commissioner=partnership)
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=partnership)
    with pytest.raises(Refused, match="not the partnership"):
        register_person(commissioner=partnership, by=team, **DETAILS)


def test_person_is_not_registered_by_somebody_without_the_role(commissioner: Commissioner) -> None:
    auditor = UserFactory(role=Role.AUDITOR, role__commissioner=commissioner)
    with pytest.raises(PermissionDenied):
        register_person(commissioner=commissioner, by=auditor, **DETAILS)


def test_person_cannot_be_deleted_even_by_sql() -> None:
    person = PersonFactory()
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM phb_register_person WHERE id = %s", [person.pk])


def test_correction_keeps_what_stood_there_before(commissioner: Commissioner, nurse: User) -> None:
    person = PersonFactory(commissioner=commissioner, family_name="Before")
    correct_person(person=person, by=nurse, family_name="After")
    names = person.events.order_by("pgh_id").values_list("family_name", flat=True)  # type: ignore[attr-defined]
    assert list(names) == ["Before", "After"]


def test_correction_to_somebody_elses_nhs_number_is_refused(commissioner: Commissioner, nurse: User) -> None:
    PersonFactory(commissioner=commissioner, nhs_number="9990000018")
    person = PersonFactory(commissioner=commissioner, nhs_number="9990000026")
    with pytest.raises(Refused, match="Check both records"):
        correct_person(person=person, by=nurse, nhs_number="999 000 0018")


def test_parental_responsibility_ends_at_sixteen(commissioner: Commissioner, nurse: User) -> None:
    young = PersonFactory(commissioner=commissioner, born_on=dt.date(2004, 5, 17))
    details = {"by": nurse, "name": "Pat Parent", "relationship": "Mother", "evidence_seen_on": dt.date(2018, 1, 1)}
    basis = "parental_responsibility"
    add_representative(person=young, legal_basis=basis, starts_on=dt.date(2020, 5, 16), **details)
    with pytest.raises(Refused, match="until the person is 16"):
        add_representative(person=young, legal_basis=basis, starts_on=dt.date(2020, 5, 17), **details)


@pytest.mark.django_db(transaction=True)
def test_two_nurses_entering_one_nhs_number_at_once_make_one_person() -> None:
    commissioner = CommissionerFactory()
    nurses = [UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner) for _ in range(4)]
    start = threading.Barrier(len(nurses))
    results: list[tuple[int, bool]] = []

    def enter(nurse: User) -> None:
        try:
            start.wait()
            person, is_new = register_person(commissioner=commissioner, by=nurse, **DETAILS)
            results.append((person.pk, is_new))
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=(nurse,)) for nurse in nurses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({pk for pk, _ in results}) == 1
    assert sorted(is_new for _, is_new in results) == [False, False, False, True]
    assert Person.objects.count() == 1


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_page_finds_by_part_of_a_name_without_the_words_in_the_address(
    signed_in: Client, commissioner: Commissioner
) -> None:
    PersonFactory(commissioner=commissioner, family_name="Kestrel", nhs_number="9990000018")
    PersonFactory(commissioner=commissioner, family_name="Wagtail")
    address = reverse("phb_register:people")
    answer = signed_in.post(address, {"words": "estr"}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "KESTREL" in answer.text
    assert "WAGTAIL" not in answer.text
    assert "KESTREL" in signed_in.post(address, {"words": "999 000 0018"}, follow=True).text
    assert "Nobody you may see" in signed_in.post(address, {"words": "nothing like it"}, follow=True).text


def test_people_page_shows_an_empty_register(signed_in: Client) -> None:
    assert "nobody on the register yet" in signed_in.get(reverse("phb_register:people")).text


def test_person_page_logs_the_read(signed_in: Client, nurse: User, commissioner: Commissioner) -> None:
    person = PersonFactory(commissioner=commissioner)
    answer = signed_in.get(reverse("phb_register:person", args=[person.reference]))
    assert answer.status_code == 200
    entry = AccessLogEntry.objects.get(action="read")
    assert (entry.actor, entry.subject_id, entry.commissioner) == (nurse, str(person.pk), commissioner)


def test_person_of_a_ccg_that_closed_is_shown_with_who_answers_for_them_now(client: Client) -> None:
    llr = Commissioner.objects.get(code="LLR")
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=llr))
    person = PersonFactory(commissioner=Commissioner.objects.get(code="04C"))
    page = client.get(reverse("phb_register:person", args=[person.reference])).text
    assert "NHS Leicester, Leicestershire and Rutland ICB (until 30 June 2022: NHS Leicester City CCG)" in page


@pytest.mark.parametrize("name", ["person", "correct-person", "add-representative"])
def test_person_of_another_commissioner_is_not_found(signed_in: Client, name: str) -> None:
    other = PersonFactory()
    assert signed_in.get(reverse(f"phb_register:{name}", args=[other.reference])).status_code == 404
    assert not AccessLogEntry.objects.filter(action="read").exists()


def test_correction_page_says_what_is_wrong_and_keeps_what_was_typed(
    signed_in: Client, commissioner: Commissioner
) -> None:
    person = PersonFactory(commissioner=commissioner)
    typed = {
        "nhs_number": "999 000 0019",
        "given_name": "Typed Name",
        "family_name": "",
        "born_on_day": "31",
        "born_on_month": "2",
        "born_on_year": "1980",
        "sex": "female",
        "ethnic_category": "Z",
        "postcode": "nonsense",
        "communication_format": "large_print",
    }
    answer = signed_in.post(reverse("phb_register:correct-person", args=[person.reference]), typed)
    assert answer.status_code == 422
    for words in ("not a valid NHS number", "Enter family name", "must be a real date", "full UK postcode"):
        assert answer.text.count(words) == 2, f"{words} belongs in the summary and beside the field"
    for value in ("999 000 0019", "Typed Name", "nonsense"):
        assert value in answer.text
    assert signed_in.post(answer.request["PATH_INFO"], {**typed, "nhs_number": "999\x00"}).status_code == 422
    person.refresh_from_db()
    assert person.given_name == "Testa"


def test_correction_page_saves_only_what_was_changed(signed_in: Client, commissioner: Commissioner) -> None:
    person = PersonFactory(commissioner=commissioner, nhs_number="9990000018", postcode="LE1 1AA")
    typed = {
        "nhs_number": "999 000 0018",
        "given_name": "Testa",
        "family_name": "Changed",
        "born_on_day": "15",
        "born_on_month": "6",
        "born_on_year": "1970",
        "sex": "not_known",
        "ethnic_category": "99",
        "postcode": "le11aa",
        "communication_format": "standard",
    }
    answer = signed_in.post(reverse("phb_register:correct-person", args=[person.reference]), typed)
    assert answer.status_code == 302, answer.text
    person.refresh_from_db()
    assert (person.family_name, person.postcode) == ("Changed", "LE1 1AA")
