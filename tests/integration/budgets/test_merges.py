"""Merging two records with everything that the rooms hang on them: referrals, budgets, drafts, birthdays, letters."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.enums import EndReason
from budgets.models import PersonalHealthBudget
from budgets.services import end_budget
from eligibility.models import Referral
from eligibility.selectors.drafts import journey_of
from eligibility.services.birthdays import review_birthday
from eligibility.services.drafts import start_draft, submit_draft
from eligibility.services.transfers import accept_transfer, propose_transfer
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, PersonMerge, User
from phb_register.selectors.merges import hanging_on, merges_of, obstacles, person_relations
from phb_register.services.merges import approve_merge, ask_reversal, propose_merge, reverse_merge
from phb_register.services.people import add_representative
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_draft, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def lead(icb: Commissioner) -> User:
    return make_team(icb)


def two(icb: Commissioner) -> tuple[Person, Person]:
    kept, double = PersonFactory.create_batch(2, commissioner=icb)
    return kept, double


def merge(kept: Person, double: Person, team: User, lead: User) -> PersonMerge:
    proposed = propose_merge(kept=kept, merged=double, by=team, reason="One", has_two_numbers_confirmed=True)
    return approve_merge(merge=proposed, by=lead)


def reverse(merged: PersonMerge, team: User, lead: User) -> None:
    ask_reversal(merge=merged, by=team, reason="Two")
    reverse_merge(merge=merged, by=lead)


def holding(person: Person, team: User, **dates: Any) -> PersonalHealthBudget:
    return make_budget(
        person.commissioner,
        by=team,
        referral=make_accepted_referral(person.commissioner, person=person, by=team, cohort=dates.pop("cohort", "chc")),
        **dates,
    )


def test_referrals_budgets_and_drafts_are_on_the_kept_record_afterwards(
    icb: Commissioner, team: User, lead: User
) -> None:
    kept, double = two(icb)
    phb = holding(double, team, started_on=dt.date(2026, 11, 11))
    draft = make_draft(make_nurse(icb), double)
    merged = merge(kept, double, team, lead)
    assert {each.on_merged for each in hanging_on(kept, double)} == {0}
    assert {each.title for each in hanging_on(kept, double)} == {
        "Referrals",
        "Referral drafts",
        "Personal health budgets",
    }
    phb.refresh_from_db()
    draft.refresh_from_db()
    assert (phb.person, phb.referral.person, draft.person) == (kept, kept, kept)
    moved = {entry["model"]: entry["ids"] for entry in merged.moved}
    assert moved["budgets.personalhealthbudget"] == [phb.pk]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_budget_agreed_since_from_a_referral_that_goes_back_goes_with_it(
    icb: Commissioner, team: User, lead: User
) -> None:
    kept, double = two(icb)
    referral = make_accepted_referral(icb, person=double, by=team)
    merged = merge(kept, double, team, lead)
    phb = make_budget(icb, by=team, referral=Referral.objects.get(pk=referral.pk))
    own = holding(kept, team, cohort="wheelchair")
    assert phb.person == kept
    reverse(merged, team, lead)
    phb.refresh_from_db()
    own.refresh_from_db()
    assert (phb.person, own.person) == (double, kept)


def test_budgets_that_overlap_are_named_with_the_remedy(icb: Commissioner, team: User, lead: User) -> None:
    kept, double = two(icb)
    holding(kept, team, started_on=dt.date(2026, 11, 11))
    other = holding(double, team)
    with pytest.raises(Refused, match=r"one time, agreed on 10 November 2026 and on 10 November 2026\. End or correct"):
        merge(kept, double, team, lead)
    end_budget(phb=other, by=team, ended_on=dt.date(2026, 11, 10), reason=EndReason.NOT_STARTED)
    merge(kept, double, team, lead)


def test_budget_that_overlaps_by_the_time_of_the_review_is_refused_by_the_database_too(
    icb: Commissioner, team: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, double = two(icb)
    proposed = propose_merge(kept=kept, merged=double, by=team, reason="One", has_two_numbers_confirmed=True)
    holding(kept, team)
    holding(double, team)
    assert len(obstacles(kept, double, today=TODAY, but_for=proposed)) == 1
    # Even if the room said nothing.
    monkeypatch.setattr("phb_register.services.merges.obstacles", lambda *people, **given: [])
    with pytest.raises(Refused, match="Personal health budgets: This person has a personal health budget in this"):
        approve_merge(merge=proposed, by=lead)
    double.refresh_from_db()
    assert double.merged_into is None


def test_draft_of_the_merged_record_is_submitted_for_the_kept_one(icb: Commissioner, team: User, lead: User) -> None:
    kept, double = two(icb)
    nurse = make_nurse(icb)
    draft = make_draft(nurse, double)
    merge(kept, double, team, lead)
    assert submit_draft(draft=draft, by=nurse).person == kept
    again = start_draft(by=nurse, search={"nhs_number": double.nhs_number or ""})
    assert journey_of(again, nurse).people == [kept]


def test_merge_of_a_person_who_moved_since_is_reversed_where_they_came_from(
    icb: Commissioner, team: User, lead: User
) -> None:
    kept, double = two(icb)
    merged = merge(kept, double, team, lead)
    ask_reversal(merge=merged, by=team, reason="Two")
    elsewhere = CommissionerFactory()
    theirs = make_team(elsewhere)
    transfer = propose_transfer(
        person=double, to_commissioner=elsewhere, reason="gp_changed", basis="gp_practice", effective_on=TODAY, by=team
    )
    assert transfer.person == kept
    accept_transfer(transfer=transfer, by=theirs)
    assert (list(merges_of(theirs)), list(merges_of(team))) == ([merged], [])
    with pytest.raises(PermissionDenied):
        reverse_merge(merge=merged, by=lead)
    with pytest.raises(Refused, match="Transfer them back first"):
        reverse_merge(merge=merged, by=theirs)


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table that hangs on a person, and of people, as they stand."""
    models = [Person, *(relation.model for relation in person_relations())]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


@settings(max_examples=12)
@given(
    on_kept=st.sets(st.sampled_from(["referral", "budget", "draft", "representative", "same", "birthday"])),
    on_double=st.sets(st.sampled_from(["referral", "budget", "draft", "representative", "same", "birthday"])),
)
def test_merging_and_reversing_leaves_every_row_as_it_was(on_kept: set[str], on_double: set[str]) -> None:
    with transaction.atomic():
        icb = CommissionerFactory()
        team, lead, nurse = make_team(icb), make_team(icb), make_nurse(icb)
        kept, double = two(icb)
        for person, kinds in ((kept, on_kept), (double, on_double)):
            for kind in sorted(kinds):
                hang(kind, person, icb, team, nurse)
        before = snapshot()
        merged = merge(kept, double, team, lead)
        for relation in person_relations():
            stays = getattr(relation.model, "same_row_stays_on_merge", False)
            assert stays or not relation.rows_of(double).exists(), relation.label
        reverse(merged, team, lead)
        assert snapshot() == before
        transaction.set_rollback(True)


def hang(kind: str, person: Person, icb: Commissioner, team: User, nurse: User) -> None:
    if kind == "referral":
        make_referral(icb, person=person, by=nurse)
    elif kind == "budget":
        # Of two records made one after the other, each in a cohort of its own: these budgets do not overlap.
        holding(person, team, cohort="wheelchair" if person.pk % 2 else "s117", started_on=dt.date(2026, 11, 11))
    elif kind == "draft":
        make_draft(nurse, person)
    elif kind == "birthday":
        review_birthday(person=person, age=18, by=team, reviewed_on=TODAY, outcome="Seen")
    else:
        add_representative(
            person=person,
            by=team,
            name="Pat Kestrel" if kind == "same" else f"Of {person.pk}",
            relationship="Sister",
            legal_basis="deputy",
            evidence_seen_on=dt.date(2020, 1, 1),
            starts_on=dt.date(2020, 1, 1),
        )
