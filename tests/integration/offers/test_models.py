"""What the database itself refuses."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction

from offers.enums import EditionStatus, LineStatus
from offers.models import Edition, EditionTransition, LocalOffer, OfferLine, OfferSection, Phase
from offers.rules.editions import fsm_pairs
from phb_register.models import CommissionerKind, PartnershipMember
from phb_register.roles import Permission, Role
from tests.factories.offers import (
    EditionFactory,
    LocalOfferFactory,
    OfferLineFactory,
    PhaseFactory,
    approved_edition,
    published_edition,
    submitted_edition,
)
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(change: Callable[[], object], kind: type[DatabaseError] = IntegrityError, match: str = ".") -> None:
    with pytest.raises(kind, match=match), transaction.atomic():
        change()


def test_edition_not_approved_by_its_author() -> None:
    edition = submitted_edition()
    refused(
        lambda: Edition.objects.filter(pk=edition.pk).update(
            status="approved", approved_by=edition.author, approved_at=edition.created_at
        ),
        match="edition_not_approved_by_author",
    )


def test_edition_approved_needs_an_approver() -> None:
    edition = submitted_edition()
    refused(
        lambda: Edition.objects.filter(pk=edition.pk).update(status="approved"),
        match="edition_approved_before_published",
    )


def test_edition_one_open_for_each_offer() -> None:
    edition = EditionFactory()
    refused(lambda: EditionFactory(local_offer=edition.local_offer, number=2), match="edition_one_open")


def test_edition_one_published_for_each_offer() -> None:
    first = published_edition()
    second = approved_edition(local_offer=first.local_offer, number=2)
    refused(
        lambda: Edition.objects.filter(pk=second.pk).update(
            status="published",
            published_at=first.published_at,
            published_by=first.published_by,
            snapshot=first.snapshot,
            content_hash=first.content_hash,
            pdf=first.pdf,
        ),
        match="edition_one_published",
    )


def test_edition_published_needs_snapshot_hash_and_pdf() -> None:
    edition = approved_edition()
    refused(
        lambda: Edition.objects.filter(pk=edition.pk).update(status="published"), match="edition_public_is_published"
    )
    refused(lambda: Edition.objects.filter(pk=edition.pk).update(content_hash="ab"), match="edition_published_whole")


def test_edition_begins_as_a_draft() -> None:
    refused(lambda: EditionFactory(status="submitted"), InternalError, "edition_begins_as_draft|Cannot insert")


@pytest.mark.parametrize("target", list(EditionStatus))
def test_edition_jumps_from_draft_only_as_the_table_says(target: EditionStatus) -> None:
    edition = EditionFactory()
    change = Edition.objects.filter(pk=edition.pk).update
    if target == EditionStatus.DRAFT or ("draft", target) in fsm_pairs():
        assert change(status=target) == 1
    else:
        refused(lambda: change(status=target), DatabaseError, "Invalid transition|edition_")


def test_edition_is_not_removed() -> None:
    edition = EditionFactory()
    refused(lambda: Edition.objects.filter(pk=edition.pk).delete(), InternalError, "Cannot delete")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"snapshot": {"edited": True}},
        {"content_hash": "0" * 64},
        {"figures_as_at": dt.date(2020, 1, 1)},
        {"number": 9},
    ],
)
def test_published_edition_never_changes(change: dict[str, object]) -> None:
    edition = published_edition()
    refused(
        lambda: Edition.objects.filter(pk=edition.pk).update(**change), match="A published edition may not be changed"
    )


def test_published_edition_never_changes_by_raw_sql() -> None:
    edition = published_edition()

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE offers_edition SET snapshot = '{}' WHERE id = %s", [edition.pk])

    refused(change, match="A published edition may not be changed")


def test_transition_is_never_changed_or_removed() -> None:
    submitted_edition()
    refused(lambda: EditionTransition.objects.update(reason="x"), InternalError, "Cannot update")
    refused(lambda: EditionTransition.objects.all().delete(), InternalError, "Cannot")


@pytest.mark.parametrize("make", [submitted_edition, approved_edition])
def test_text_and_timeline_stay_put_while_decided(make: Callable[..., Edition]) -> None:
    line = OfferLineFactory()
    offer = line.phase.local_offer
    make(local_offer=offer)
    refused(lambda: OfferSection.objects.filter(local_offer=offer).update(body="x"), match="may not be changed")
    refused(lambda: Phase.objects.filter(local_offer=offer).update(name="x"), match="may not be changed")
    refused(lambda: OfferLine.objects.filter(pk=line.pk).update(note="x"), match="may not be changed")
    refused(lambda: OfferLine.objects.filter(pk=line.pk).delete(), match="may not be changed")
    refused(lambda: OfferLineFactory(phase=line.phase), match="may not be changed")


def test_text_and_timeline_of_another_offer_can_change_meanwhile() -> None:
    submitted_edition()
    line = OfferLineFactory()
    assert OfferLine.objects.filter(pk=line.pk).update(note="x") == 1


def test_offer_one_for_each_commissioner() -> None:
    offer = LocalOfferFactory()
    refused(lambda: LocalOfferFactory(commissioner=offer.commissioner), match="commissioner")


@pytest.mark.parametrize("change", [{"slug": "write"}, {"slug": ""}, {"title": ""}])
def test_offer_needs_a_free_address_and_a_title(change: dict[str, str]) -> None:
    refused(lambda: LocalOfferFactory(**change), match="offer_")


def test_phase_name_once_in_an_offer() -> None:
    phase = PhaseFactory()
    refused(lambda: PhaseFactory(local_offer=phase.local_offer, name=phase.name), match="phase_name_once")


def test_phase_does_not_end_before_it_starts() -> None:
    day = dt.date(2016, 4, 1)
    PhaseFactory(starts_on=day, ends_on=day)
    refused(lambda: PhaseFactory(starts_on=day, ends_on=day - dt.timedelta(days=1)), match="phase_ends_after_it_starts")
    refused(lambda: PhaseFactory(ends_on=day), match="phase_ends_after_it_starts")


def test_line_once_and_in_order() -> None:
    day = dt.date(2016, 4, 1)
    line = OfferLineFactory(note="a")
    OfferLineFactory(phase=line.phase, cohort=line.cohort, note="b")
    refused(lambda: OfferLineFactory(phase=line.phase, cohort=line.cohort, note="a"), match="line_once")
    refused(lambda: OfferLineFactory(starts_on=day, ends_on=day), match="line_ends_after_it_starts")


def test_line_removed_is_still_in_the_history() -> None:
    line = OfferLineFactory(status=LineStatus.PLANNED, note="gone")
    line.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM offers_offerlineevent WHERE note = 'gone' AND pgh_label = 'delete'")
        assert cursor.fetchone() == (1,)


def test_offer_visible_to_its_own_its_partnership_and_its_members_alone() -> None:
    partnership, member = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP), CommissionerFactory()
    PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=dt.date(2014, 4, 1))
    offer = LocalOfferFactory(commissioner=partnership)
    for commissioner, sees in [(partnership, True), (member, True), (CommissionerFactory(), False)]:
        user = UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner)
        assert (offer in LocalOffer.objects.visible_to(user)) is sees
    assert offer not in LocalOffer.objects.visible_to(UserFactory())


def test_offer_of_a_partnership_is_written_by_its_members_team() -> None:
    partnership, member = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP), CommissionerFactory()
    PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=dt.date(2014, 4, 1))
    offer = LocalOfferFactory(commissioner=partnership)
    assert offer in LocalOffer.objects.visible_to(
        UserFactory(role=Role.PHB_TEAM, role__commissioner=member), Permission.WRITE_OFFERS
    )
    assert offer not in LocalOffer.objects.visible_to(
        UserFactory(role=Role.GOVERNING_BODY, role__commissioner=member), Permission.WRITE_OFFERS
    )
