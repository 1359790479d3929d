"""What others decide upon stays as it is until it is published, also for somebody who writes in the database itself."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from offers.models import Cohort, EasyReadLine, Edition, LocalOffer, OfferLine, OfferSection, Phase
from tests.factories.offers import (
    CohortFactory,
    EditionFactory,
    LocalOfferFactory,
    OfferLineFactory,
    PhaseFactory,
    submitted_edition,
)
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(change: Callable[[], object], match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        change()


def test_rows_cannot_be_carried_off_to_another_offer() -> None:
    """Nor brought from one: both offers change."""
    line = OfferLineFactory()
    offer, elsewhere = line.phase.local_offer, PhaseFactory()
    section = offer.sections.get(kind="funding")
    easy = EasyReadLine.objects.create(section=section, position=1, words="You can ask.")
    other = elsewhere.local_offer.sections.get(kind="funding")
    elsewhere.local_offer.sections.filter(kind="equality").update(kind="extra")
    submitted_edition(local_offer=offer)
    words = "may not be changed"
    refused(lambda: OfferLine.objects.filter(pk=line.pk).update(phase=elsewhere), words)
    refused(lambda: Phase.objects.filter(pk=line.phase.pk).update(local_offer=elsewhere.local_offer), words)
    refused(lambda: EasyReadLine.objects.filter(pk=easy.pk).update(section=other), words)
    refused(
        lambda: OfferSection.objects.filter(local_offer=offer, kind="equality").update(local_offer=other.local_offer),
        words,
    )
    refused(lambda: Phase.objects.filter(pk=elsewhere.pk).update(local_offer=offer), words)


def test_name_of_the_offer_is_fixed_until_it_is_decided() -> None:
    offer = LocalOfferFactory()
    LocalOffer.objects.filter(pk=offer.pk).update(title="Before")
    submitted_edition(local_offer=offer)
    for change in ({"title": "After"}, {"slug": "after"}, {"commissioner": CommissionerFactory()}):
        refused(lambda change=change: LocalOffer.objects.filter(pk=offer.pk).update(**change), "may not be changed")
    LocalOffer.objects.filter(pk=offer.pk).update(title="Before", timeline_version=2)
    LocalOffer.objects.filter(pk=LocalOfferFactory().pk).update(title="Another offer")


def test_name_of_a_cohort_is_fixed_while_its_line_is_decided_upon() -> None:
    line = OfferLineFactory()
    free = CohortFactory()
    submitted_edition(local_offer=line.phase.local_offer)
    refused(lambda: Cohort.objects.filter(pk=line.cohort.pk).update(name="Everybody"), "may not be changed")
    Cohort.objects.filter(pk=line.cohort.pk).update(position=7)
    assert Cohort.objects.filter(pk=free.pk).update(name="Everybody") == 1


@pytest.mark.parametrize("make", [EditionFactory, submitted_edition])
def test_edition_keeps_its_author_offer_and_number(make: Callable[[], Edition]) -> None:
    edition = make()
    for change in ({"author": UserFactory()}, {"number": 7}, {"local_offer": LocalOfferFactory()}):
        refused(lambda change=change: Edition.objects.filter(pk=edition.pk).update(**change), "Cannot update")
