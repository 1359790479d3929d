"""A merge and what happens at the same moment, on the real database with real threads."""

from collections.abc import Iterator

import pytest

from eligibility.models import Referral
from eligibility.services.drafts import submit_draft
from phb_register import reference
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, PersonMerge, PersonMergeTransition
from phb_register.selectors.merges import person_relations
from phb_register.services.merges import approve_merge, ask_reversal, propose_merge, reverse_merge
from tests.factories.eligibility import make_draft, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory
from tests.integration.eligibility.test_referral_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def icb() -> Iterator[Commissioner]:
    """A commissioner on a database with its reference data, which a test that commits finds emptied."""
    reference.load_all(plan=[])
    return CommissionerFactory()


def proposed(icb: Commissioner) -> PersonMerge:
    kept, double = PersonFactory.create_batch(2, commissioner=icb)
    by = make_team(icb)
    return propose_merge(kept=kept, merged=double, by=by, reason="One", has_two_numbers_confirmed=True)


def test_two_people_approving_at_once_make_one_merge(icb: Commissioner) -> None:
    merge = proposed(icb)
    referral = make_referral(icb, person=merge.merged)
    leads = [make_team(icb) for _ in range(3)]
    results = at_once(*[lambda lead=lead: approve_merge(merge=merge, by=lead) for lead in leads])
    assert sorted(type(each).__name__ for each in results) == ["PersonMerge", "Refused", "Refused"], results
    assert PersonMergeTransition.objects.filter(action="approve").count() == 1
    referral.refresh_from_db()
    assert referral.person == merge.kept
    # And so do two who reverse it.
    ask_reversal(merge=merge, by=make_team(icb), reason="Two")
    results = at_once(*[lambda lead=lead: reverse_merge(merge=merge, by=lead) for lead in leads])
    assert sorted(type(each).__name__ for each in results) == ["PersonMerge", "Refused", "Refused"], results


def test_referral_submitted_while_its_person_is_merged_is_on_the_kept_record(icb: Commissioner) -> None:
    for _ in range(4):
        merge = proposed(icb)
        nurse, lead = make_nurse(icb), make_team(icb)
        draft = make_draft(nurse, merge.merged)
        referral, approved, entered = at_once(
            lambda draft=draft, nurse=nurse: submit_draft(draft=draft, by=nurse),
            lambda merge=merge, lead=lead: approve_merge(merge=merge, by=lead),
            lambda merge=merge, nurse=nurse: make_referral(icb, person=merge.merged, by=nurse),
        )
        # Whichever came first, nothing hangs on a record that was merged; a merge that met the referral half made
        # may be asked to try again.
        if isinstance(approved, Refused):
            assert "Try again" in str(approved)
            approve_merge(merge=merge, by=lead)
        for made in (referral, entered, make_referral(icb, person=merge.merged, by=nurse)):
            assert isinstance(made, Referral), made
            assert Referral.objects.get(pk=made.pk).person == merge.kept
        for relation in person_relations():
            assert not relation.rows_of(merge.merged).exists(), relation.label


def test_two_merges_at_once_make_no_chain(icb: Commissioner) -> None:
    team, lead = make_team(icb), make_team(icb)
    first, second, third = PersonFactory.create_batch(3, commissioner=icb)
    pairs = [(first, second), (second, third), (third, first)]
    acts = [
        lambda kept=kept, merged=merged: propose_merge(
            kept=kept, merged=merged, by=team, reason="One", has_two_numbers_confirmed=True
        )
        for kept, merged in pairs
    ]
    made = [each for each in at_once(*acts) if isinstance(each, PersonMerge)]
    at_once(*[lambda merge=merge: approve_merge(merge=merge, by=lead) for merge in made])
    assert Person.objects.filter(merged_into__merged_into__isnull=False).count() == 0
    assert len(made) == 1
