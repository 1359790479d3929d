"""Merging two records of one person, and taking them apart: the services, and what the database refuses."""

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, Person, PersonMerge, User
from phb_register.roles import Role
from phb_register.selectors.merges import hanging_on, person_relations
from phb_register.selectors.people import people_found
from phb_register.services.merges import (
    approve_merge,
    ask_reversal,
    decline_merge,
    keep_merged,
    propose_merge,
    reverse_merge,
)
from phb_register.services.people import add_representative, correct_person, register_person
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

WHY = "Same name, address and mother"


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
    return PersonFactory(commissioner=commissioner, family_name="Kestrel")


@pytest.fixture
def double(commissioner: Commissioner) -> Person:
    return PersonFactory(
        commissioner=commissioner, family_name="Kestral", nhs_number=None, nhs_number_missing_reason="awaited"
    )


def representative(person: Person, by: User, name: str = "Pat Kestrel") -> Any:
    return add_representative(
        person=person,
        by=by,
        name=name,
        relationship="Sister",
        legal_basis="deputy",
        evidence_seen_on=dt.date(2020, 1, 1),
        starts_on=dt.date(2020, 1, 1),
    )


def merged(kept: Person, double: Person, team: User, lead: User, **given: Any) -> PersonMerge:
    merge = propose_merge(kept=kept, merged=double, by=team, reason=WHY, **given)
    return approve_merge(merge=merge, by=lead)


def at_commit() -> None:
    """What the database checks at the end of a transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_merge_is_proposed_by_one_and_done_by_another(kept: Person, double: Person, team: User, lead: User) -> None:
    acting = representative(double, team)
    merge = propose_merge(kept=kept, merged=double, by=team, reason=WHY)
    double.refresh_from_db()
    assert (merge.status, double.merged_into) == ("proposed", None)
    with pytest.raises(Refused, match="Somebody else has to review"):
        approve_merge(merge=merge, by=team)
    approve_merge(merge=merge, by=lead, note="Seen both")
    double.refresh_from_db()
    acting.refresh_from_db()
    merge.refresh_from_db()
    at_commit()
    assert (double.merged_into, acting.person) == (kept, kept)
    assert merge.moved == [{"model": "phb_register.representative", "field": "person", "ids": [acting.pk]}]
    assert [step.action for step in merge.transitions.all()] == ["propose", "approve"]
    assert AccessLogEntry.objects.filter(action="merge-approve").count() == 2


def test_merged_record_is_found_by_its_number_and_name_as_the_kept_one(
    commissioner: Commissioner, kept: Person, team: User, lead: User
) -> None:
    double = PersonFactory(commissioner=commissioner, family_name="Wagtail")
    merged(kept, double, team, lead, has_two_numbers_confirmed=True)
    for words in (kept.nhs_number, double.display_nhs_number, "Kestr", "wagtail"):
        assert list(people_found(team, words)) == [kept], words
    assert list(people_found(team, "")) == [kept]
    known, is_new = register_person(
        commissioner=commissioner,
        by=team,
        family_name="Wagtail",
        given_name="Testa",
        born_on=double.born_on,
        nhs_number=double.nhs_number,
    )
    assert (known, is_new) == (kept, False)
    like = Person.objects.like(family_name="Wagtail", given_name=double.given_name, born_on=double.born_on)
    assert double not in like


def test_reversal_moves_back_exactly_what_was_moved(kept: Person, double: Person, team: User, lead: User) -> None:
    own, moved = representative(kept, team, "Of the kept"), representative(double, team, "Of the double")
    merge = merged(kept, double, team, lead)
    since = representative(double, team, "Entered since")
    assert since.person == kept
    ask_reversal(merge=merge, by=lead, reason="Two sisters")
    with pytest.raises(Refused, match="Somebody else has to review"):
        reverse_merge(merge=merge, by=lead)
    reverse_merge(merge=merge, by=team)
    at_commit()
    double.refresh_from_db()
    assert double.merged_into is None
    assert list(double.representatives.all()) == [moved]
    assert set(kept.representatives.all()) == {own, since}


def test_reversal_that_is_not_approved_leaves_the_records_merged(
    kept: Person, double: Person, team: User, lead: User
) -> None:
    merge = merged(kept, double, team, lead)
    ask_reversal(merge=merge, by=team, reason="Not sure")
    keep_merged(merge=merge, by=lead, note="Checked with the practice")
    merge.refresh_from_db()
    double.refresh_from_db()
    assert (merge.status, double.merged_into) == ("merged", kept)


def test_declined_merge_changes_nothing_and_may_be_proposed_again(
    kept: Person, double: Person, team: User, lead: User
) -> None:
    merge = propose_merge(kept=kept, merged=double, by=team, reason=WHY)
    with pytest.raises(Refused, match="Enter why the records are not to be merged"):
        decline_merge(merge=merge, by=lead, note=" ")
    decline_merge(merge=merge, by=lead, note="Two sisters")
    double.refresh_from_db()
    assert double.merged_into is None
    merged(kept, double, lead, team)


def test_same_representative_on_both_records_stays_where_it_is(
    kept: Person, double: Person, team: User, lead: User
) -> None:
    mine, same = representative(kept, team), representative(double, team)
    merge = merged(kept, double, team, lead)
    assert merge.moved == []
    assert list(kept.representatives.all()) == [mine]
    same.refresh_from_db()
    assert same.person == double


def test_what_stands_against_a_merge_is_said_with_its_remedy(
    commissioner: Commissioner, kept: Person, double: Person, team: User, lead: User
) -> None:
    elsewhere = PersonFactory()
    both = UserFactory(role=Role.PHB_TEAM, role__commissioner=elsewhere.commissioner)
    both.memberships.create(role=Role.PHB_TEAM, commissioner=commissioner, starts_on=dt.date(2013, 4, 1))
    with pytest.raises(PermissionDenied):
        propose_merge(kept=kept, merged=elsewhere, by=team, reason=WHY)
    with pytest.raises(Refused, match="Transfer one of the two people first"):
        propose_merge(kept=kept, merged=elsewhere, by=both, reason=WHY)
    with pytest.raises(Refused, match="Keep that one instead"):
        propose_merge(kept=double, merged=kept, by=team, reason=WHY)
    with pytest.raises(Refused, match="Select two records"):
        propose_merge(kept=kept, merged=kept, by=team, reason=WHY)
    with pytest.raises(Refused, match="Enter why"):
        propose_merge(kept=kept, merged=double, by=team, reason="  ")
    numbered = PersonFactory(commissioner=commissioner)
    with pytest.raises(Refused, match="different NHS numbers"):
        propose_merge(kept=kept, merged=numbered, by=team, reason=WHY)
    propose_merge(kept=kept, merged=double, by=team, reason=WHY)
    with pytest.raises(Refused, match="Review that one first"):
        propose_merge(kept=kept, merged=numbered, by=team, reason=WHY, has_two_numbers_confirmed=True)


def test_merges_make_no_chains(
    commissioner: Commissioner, kept: Person, double: Person, team: User, lead: User
) -> None:
    merged(kept, double, team, lead)
    third = PersonFactory(commissioner=commissioner)
    for keep, merge in ((third, kept), (double, third), (third, double)):
        with pytest.raises(Refused, match=r"merged into"):
            propose_merge(kept=keep, merged=merge, by=team, reason=WHY, has_two_numbers_confirmed=True)
    # The other way round serves: the record with others behind it is kept.
    merged(kept, third, team, lead, has_two_numbers_confirmed=True)


def test_merged_record_takes_nothing_more(kept: Person, double: Person, team: User, lead: User) -> None:
    merged(kept, double, team, lead)
    with pytest.raises(Refused, match="was merged into another"):
        correct_person(person=double, by=team, given_name="Other")
    assert representative(double, team).person == kept


# ── What the database refuses, whoever writes ─────────────────────────────────────────────────────────────────


def refused(sql: str, parameters: list[Any], match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        _execute(sql, parameters)


def _execute(sql: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_record_is_merged_only_by_a_reviewed_merge(kept: Person, double: Person, team: User, lead: User) -> None:
    mark = "UPDATE phb_register_person SET merged_into_id = %s WHERE id = %s"
    refused(mark, [kept.pk, double.pk], "only after a review")
    refused(mark, [kept.pk, kept.pk], "chains|merged_into_another|only after")
    merge = propose_merge(kept=kept, merged=double, by=team, reason=WHY)
    refused(mark, [kept.pk, double.pk], "only after a review")
    approve = "UPDATE phb_register_personmerge SET status = 'merged', approved_by_id = %s WHERE id = %s"
    refused(approve, [team.pk, merge.pk], "merge_reviewed_by_another")
    refused(approve, [None, merge.pk], "merge_reviewed_by_another")
    refused(approve, [lead.pk, merge.pk], "the records say otherwise")
    approve_merge(merge=merge, by=lead)
    at_commit()
    refused(mark, [None, double.pk], "reversed only after a review")
    refused("UPDATE phb_register_personmerge SET kept_id = merged_id", [], "Cannot update|merge_of_two_records")
    refused("UPDATE phb_register_personmerge SET reason = 'Other'", [], "Cannot update")
    refused("UPDATE phb_register_personmerge SET status = 'reversed'", [], "Invalid transition|reversal")
    refused("DELETE FROM phb_register_personmerge", [], "Cannot delete")
    refused("UPDATE phb_register_personmergetransition SET note = ''", [], "Cannot update")
    refused("UPDATE phb_register_person SET given_name = 'Other' WHERE id = %s", [double.pk], "Cannot update")


def test_merge_begins_as_a_proposal_and_of_two_records(
    commissioner: Commissioner, kept: Person, double: Person, team: User, lead: User
) -> None:
    with pytest.raises(DatabaseError, match="begins with a proposal"), transaction.atomic():
        PersonMerge.objects.create(
            kept=kept, merged=double, reason=WHY, proposed_by=team, approved_by=lead, status="merged"
        )
    with pytest.raises(DatabaseError, match="merge_of_two_records"), transaction.atomic():
        PersonMerge.objects.create(kept=kept, merged=kept, reason=WHY, proposed_by=team)
    propose_merge(kept=kept, merged=double, by=team, reason=WHY)
    with pytest.raises(DatabaseError, match="merge_once_at_a_time"), transaction.atomic():
        PersonMerge.objects.create(
            kept=PersonFactory(commissioner=commissioner), merged=double, reason=WHY, proposed_by=team
        )


def test_row_moves_to_another_person_only_by_a_merge(kept: Person, double: Person, team: User, lead: User) -> None:
    acting = representative(double, team)
    move = "UPDATE phb_register_representative SET person_id = %s WHERE id = %s"
    refused(move, [kept.pk, acting.pk], "only by a merge")
    merged(kept, double, team, lead)
    refused(move, [double.pk, acting.pk], "was merged into another")
    with pytest.raises(DatabaseError, match="was merged into another"), transaction.atomic():
        double.representatives.create(
            name="A", relationship="B", legal_basis="deputy", evidence_seen_on="2020-01-01", starts_on="2020-01-01"
        )


def test_every_kind_of_row_that_hangs_on_a_person_follows_merges() -> None:
    """A room that hangs something new on a person says so by a guard; else a merge would leave or lose rows."""
    guarded = {model for model, trigger in pgtrigger.registered() if trigger.name.endswith("_follows_merges")}
    without = [relation.label for relation in person_relations() if relation.model not in guarded]
    assert without == []
    assert len(person_relations()) > 3


def test_everything_that_hangs_is_counted(kept: Person, double: Person, team: User) -> None:
    representative(double, team)
    counts = {each.title: (each.on_kept, each.on_merged) for each in hanging_on(kept, double)}
    assert counts["Representatives"] == (0, 1)
    assert set(counts.values()) == {(0, 1)}
