"""Who had a hand in an edition does not approve it: neither by the page, nor past it."""

import datetime as dt

import pytest
from django.db import IntegrityError, InternalError, transaction

from offers import policies
from offers.enums import ContributionKind
from offers.exceptions import TransitionRefused
from offers.models import Contribution, Edition
from offers.selectors.pages import waiting_for_approval
from offers.services import contributions, editions
from offers.services.cohorts import add_cohort
from offers.services.comments import show_comment
from phb_register import clock
from phb_register.models import User
from phb_register.roles import Role
from tests.factories.consultations import make_comment, make_consultation
from tests.factories.offers import EditionFactory, approver_of, published_edition, submitted_edition

pytestmark = pytest.mark.django_db


def writer_and_approver(edition: Edition) -> User:
    """Somebody who may write and approve."""
    user: User = approver_of(edition.local_offer)  # type: ignore[assignment]
    user.memberships.create(
        role=Role.PHB_TEAM, commissioner=edition.local_offer.commissioner, starts_on=dt.date(2014, 1, 1)
    )
    return user


@pytest.mark.parametrize("kind", list(ContributionKind))
def test_approve_by_somebody_who_had_a_hand_in_it_is_refused(kind: ContributionKind) -> None:
    edition = EditionFactory()
    helper, other = writer_and_approver(edition), writer_and_approver(edition)
    contributions.note(offer=edition.local_offer, by=helper, to=kind)
    editions.submit(edition=edition, by=edition.author)
    with pytest.raises(TransitionRefused, match="part of it"):
        editions.approve(edition=edition, by=helper)
    submitted = Edition.objects.get()
    assert "approve" not in [move.verb for move in policies.possible_moves(helper, submitted)]
    assert (waiting_for_approval(helper), waiting_for_approval(other)) == ([], [submitted])
    assert editions.approve(edition=edition, by=other).status == "approved"


def test_approval_by_a_writer_is_refused_by_the_database() -> None:
    edition = EditionFactory()
    helper = writer_and_approver(edition)
    contributions.note(offer=edition.local_offer, by=helper, to=ContributionKind.TEXT)
    editions.submit(edition=edition, by=edition.author)
    with pytest.raises(IntegrityError, match="somebody who wrote in it"), transaction.atomic():
        Edition.objects.update(approved_by=helper, approved_at=clock.now(), status="approved")


def test_note_counts_a_person_once_for_each_edition_and_kind() -> None:
    edition = EditionFactory()
    for kind in (ContributionKind.TEXT, ContributionKind.TEXT, ContributionKind.TIMELINE):
        contributions.note(offer=edition.local_offer, by=edition.author, to=kind)
    assert sorted(Contribution.objects.values_list("edition_number", "kind")) == [(1, "text"), (1, "timeline")]


def test_note_between_editions_is_of_the_next_one() -> None:
    edition = published_edition()
    helper = writer_and_approver(edition)
    contributions.note(offer=edition.local_offer, by=helper, to=ContributionKind.TEXT)
    assert Contribution.objects.get().edition_number == 2
    second = submitted_edition(local_offer=edition.local_offer, number=2)
    assert policies.wrote_in(helper, second)
    assert not policies.wrote_in(helper, edition)


def test_hand_in_a_published_edition_does_not_bar_from_the_next() -> None:
    first = EditionFactory()
    helper = writer_and_approver(first)
    contributions.note(offer=first.local_offer, by=helper, to=ContributionKind.TEXT)
    editions.submit(edition=first, by=first.author)
    other = writer_and_approver(first)
    editions.approve(edition=first, by=other)
    assert policies.wrote_in(helper, first)
    # Withdrawn before anybody read it: what was written goes on into the next.
    editions.withdraw(edition=first, by=other, reason="Not yet")
    second = submitted_edition(local_offer=first.local_offer, number=2)
    assert policies.wrote_in(helper, second)
    editions.approve(edition=second, by=other)
    editions.withdraw(edition=second, by=other, reason="Not yet")
    published_edition(local_offer=first.local_offer, number=3)
    fourth = submitted_edition(local_offer=first.local_offer, number=4)
    assert not policies.wrote_in(helper, fourth)


def test_contribution_stays() -> None:
    edition = EditionFactory()
    contributions.note(offer=edition.local_offer, by=edition.author, to=ContributionKind.TEXT)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Contribution.objects.all().delete()


def test_words_of_a_comment_that_were_changed_are_a_hand_in_the_edition() -> None:
    """What is shown of a comment is printed in the edition."""
    edition = EditionFactory()
    consultation, helper = make_consultation(edition), writer_and_approver(edition)
    plain, named = make_comment(consultation), make_comment(consultation, "Ask Mrs Finch what it is like.")
    show_comment(comment=plain, shown_words=plain.words, by=helper)
    assert not policies.wrote_in(helper, edition)
    show_comment(comment=named, shown_words="Ask those who have one what it is like.", by=helper)
    assert policies.wrote_in(helper, edition)


def test_name_of_a_cohort_is_a_hand_in_the_edition_that_may_show_it() -> None:
    edition = EditionFactory()
    offer, helper, other = edition.local_offer, writer_and_approver(edition), writer_and_approver(edition)
    add_cohort(offer=offer, name="Children with asthma", description="", by=helper)
    submitted = editions.submit(edition=edition, by=edition.author)
    assert policies.wrote_in(helper, submitted)
    # What waits for a decision cannot show a cohort that was added since; the next one can.
    add_cohort(offer=offer, name="Adults with asthma", description="", by=other)
    assert not policies.wrote_in(other, submitted)
    assert Contribution.objects.get(by=other).edition_number == 2
