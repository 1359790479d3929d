"""The pages of merges, of a record that was merged, and of people alike when one is corrected."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from phb_register.models import AccessLogEntry, Commissioner, Person, PersonMerge, User
from phb_register.roles import Role
from phb_register.services.merges import approve_merge, propose_merge
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

BORN_ON = dt.date(1961, 7, 4)


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner)


@pytest.fixture
def lead(commissioner: Commissioner) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner)


@pytest.fixture
def kept(commissioner: Commissioner) -> Person:
    return PersonFactory(commissioner=commissioner, family_name="Kestrel", given_name="Testa", born_on=BORN_ON)


@pytest.fixture
def double(commissioner: Commissioner) -> Person:
    return PersonFactory(commissioner=commissioner, family_name="Kestral", given_name="Testa", born_on=BORN_ON)


def page(name: str, *arguments: object) -> str:
    return reverse(f"phb_register:{name}", args=arguments)


def test_merge_is_proposed_reviewed_and_reversed_on_its_pages(
    client: Client, kept: Person, double: Person, team: User, lead: User
) -> None:
    client.force_login(team)
    found = client.get(page("find-other-record", kept.reference))
    assert list(found.context["form"].people.values()) == [double]
    chosen = client.post(page("find-other-record", kept.reference), {"other": str(double.reference)})
    assert chosen["Location"] == page("propose-merge", kept.reference, double.reference)
    assert client.get(chosen["Location"]).status_code == 200
    answers = {"keep": str(kept.reference), "reason": "Same address"}
    refused = client.post(chosen["Location"], answers)
    assert (refused.status_code, b"Confirm that you have checked both NHS numbers" in refused.content) == (422, True)
    client.post(chosen["Location"], {**answers, "has_two_numbers_confirmed": "on"})
    merge = PersonMerge.objects.get()
    assert (merge.kept, merge.merged, merge.proposed_by) == (kept, double, team)

    own = client.get(page("merge", merge.reference)).content.decode()
    assert "somebody else of the team has to review it" in own
    assert client.post(page("merge", merge.reference), {"answer": "approve"}).status_code == 422

    client.force_login(lead)
    shown = client.get(page("merge", merge.reference)).content.decode()
    assert "They are one person: merge the records" in shown
    assert "Different" in shown
    assert "Nothing hangs on either record" in shown
    assert client.post(page("merge", merge.reference), {"answer": "leave"}).status_code == 422
    assert client.post(page("merge", merge.reference), {"answer": "approve"}).status_code == 302
    double.refresh_from_db()
    assert double.merged_into == kept

    assert client.post(page("reverse-merge", merge.reference), {"reason": ""}).status_code == 422
    client.post(page("reverse-merge", merge.reference), {"reason": "Twins"})
    client.force_login(team)
    assert "They are two people: reverse the merge" in client.get(page("merge", merge.reference)).content.decode()
    client.post(page("merge", merge.reference), {"answer": "approve"})
    double.refresh_from_db()
    merge.refresh_from_db()
    assert (double.merged_into, merge.status) == (None, "reversed")


def test_other_record_is_looked_for_by_name_or_number(client: Client, kept: Person, team: User) -> None:
    other = PersonFactory(commissioner=kept.commissioner, family_name="Wagtail")
    PersonFactory(family_name="Wagtail")
    client.force_login(team)
    for words in ("\x00", "wagt " * 100):
        assert not client.post(page("find-other-record", kept.reference), {"words": words}).context["has_found"]
    for words in ("wagt", other.nhs_number):
        found = client.post(page("find-other-record", kept.reference), {"words": words})
        assert list(found.context["form"].people.values()) == [other]
    nobody = client.post(page("find-other-record", kept.reference), {"words": "nobody"})
    assert b"Nobody you may see is found" in nobody.content


def test_merged_record_leads_to_the_kept_one_with_a_note(
    client: Client, kept: Person, double: Person, team: User, lead: User
) -> None:
    approve_merge(
        merge=propose_merge(kept=kept, merged=double, by=team, reason="One", has_two_numbers_confirmed=True), by=lead
    )
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=kept.commissioner))
    for name in ("person", "timeline", "correct-person", "add-representative"):
        answer = client.get(page(name, double.reference), follow=True)
        assert answer.request["PATH_INFO"] == page("person", kept.reference)
        assert "was merged into this one" in answer.content.decode()
    listed = client.get(page("people")).content.decode()
    assert "KESTREL" in listed
    assert "KESTRAL" not in listed
    assert client.post(page("people"), {"words": double.nhs_number}, follow=True).context["page"][0] == kept


def test_merge_is_for_those_who_merge_people(client: Client, kept: Person, double: Person, team: User) -> None:
    merge = propose_merge(kept=kept, merged=double, by=team, reason="One", has_two_numbers_confirmed=True)
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=kept.commissioner))
    for address in (page("merges"), page("merge", merge.reference), page("find-other-record", kept.reference)):
        assert client.get(address).status_code == 403
    assert "another record of this person" not in client.get(page("person", kept.reference)).content.decode()


def test_list_of_merges_and_the_worklist_of_who_reviews(
    client: Client, kept: Person, double: Person, team: User, lead: User, django_assert_max_num_queries: object
) -> None:
    client.force_login(lead)
    assert b"No records were merged yet" in client.get(page("merges")).content
    merge = propose_merge(kept=kept, merged=double, by=team, reason="One", has_two_numbers_confirmed=True)
    assert page("merge", merge.reference) in client.get(page("merges")).content.decode()
    assert AccessLogEntry.objects.filter(action="list", detail__what="Merges").exists()
    assert page("merge", merge.reference) in client.get("/").content.decode()
    client.force_login(team)
    assert page("merge", merge.reference) not in client.get("/").content.decode()


# ── Correcting somebody who is like another ───────────────────────────────────────────────────────────────────


def correction(person: Person, **changed: str) -> dict[str, str]:
    return {
        "nhs_number": person.nhs_number or "",
        "given_name": person.given_name,
        "family_name": person.family_name,
        "born_on_day": "4",
        "born_on_month": "7",
        "born_on_year": "1961",
        "sex": person.sex,
        "ethnic_category": person.ethnic_category,
        "communication_format": "standard",
        "postcode": "LE1 6TF",
        **changed,
    }


def test_correction_that_makes_two_people_alike_asks_before_it_saves(
    client: Client, kept: Person, commissioner: Commissioner
) -> None:
    other = PersonFactory(commissioner=commissioner, family_name="Wagtail", given_name="Nora", born_on=BORN_ON)
    PersonFactory(family_name="Kestrell", born_on=BORN_ON)
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner))
    typed = correction(other, family_name="Kestral")
    asked = client.post(page("correct-person", other.reference), typed)
    other.refresh_from_db()
    assert (asked.status_code, other.family_name) == (422, "Wagtail")
    shown = asked.content.decode()
    assert "Is it one of these people?" in shown
    assert "KESTREL" in shown
    assert "KESTRELL" not in shown
    assert 'value="Kestral"' in shown
    assert 'value="LE1 6TF"' in shown
    assert client.post(page("correct-person", other.reference), {**typed, "same_as": "nobody"}).status_code == 302
    other.refresh_from_db()
    assert (other.family_name, other.postcode) == ("Kestral", "LE1 6TF")


def test_correction_of_the_same_person_saves_and_goes_on_to_the_merge(
    client: Client, kept: Person, commissioner: Commissioner, team: User
) -> None:
    other = PersonFactory(commissioner=commissioner, family_name="Wagtail", given_name="Nora", born_on=BORN_ON)
    typed = {**correction(other, family_name="Kestral"), "same_as": str(kept.reference)}
    client.force_login(team)
    answer = client.post(page("correct-person", other.reference), typed)
    assert answer["Location"] == page("propose-merge", other.reference, kept.reference)
    other.refresh_from_db()
    assert other.family_name == "Kestral"


def test_number_of_another_record_leads_to_both_side_by_side(
    client: Client, kept: Person, double: Person, team: User
) -> None:
    client.force_login(team)
    typed = correction(double, nhs_number=str(kept.nhs_number))
    answer = client.post(page("correct-person", double.reference), typed)
    assert answer.status_code == 422
    assert page("propose-merge", double.reference, kept.reference) in answer.content.decode()
