"""Minimal valid rows of local offers. Past states are reached through the services."""

import datetime as dt
from unittest.mock import patch

import factory

from offers.enums import LineStatus
from offers.models import Cohort, Edition, LocalOffer, OfferLine, Phase
from offers.rules.outputs import PDF
from offers.services import editions, publication
from offers.services.documents import MadeDocument
from offers.services.offers import add_sections
from offers.services.publication import publish
from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, UserFactory


class CohortFactory(factory.django.DjangoModelFactory[Cohort]):
    """A cohort of its own."""

    class Meta:
        model = Cohort

    code = factory.Sequence(lambda n: f"cohort-{n}")
    name = factory.Sequence(lambda n: f"Cohort number {n}")


class LocalOfferFactory(factory.django.DjangoModelFactory[LocalOffer]):
    """An offer with the template's sections, all empty."""

    class Meta:
        model = LocalOffer
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"testing-{n}")
    title = factory.Sequence(lambda n: f"Personal health budgets in Testing {n}")
    commissioner = factory.SubFactory(CommissionerFactory)

    @factory.post_generation
    def sections(self, create: bool, extracted: object, **kwargs: object) -> None:
        """As the service makes them."""
        add_sections(self)  # type: ignore[arg-type]


class PhaseFactory(factory.django.DjangoModelFactory[Phase]):
    """A phase without dates."""

    class Meta:
        model = Phase

    local_offer = factory.SubFactory(LocalOfferFactory)
    name = factory.Sequence(lambda n: f"Phase {n}")
    position = factory.Sequence(lambda n: n)


class OfferLineFactory(factory.django.DjangoModelFactory[OfferLine]):
    """A live line."""

    class Meta:
        model = OfferLine

    phase = factory.SubFactory(PhaseFactory)
    cohort = factory.SubFactory(CohortFactory)
    status = LineStatus.LIVE


class EditionFactory(factory.django.DjangoModelFactory[Edition]):
    """A draft by a member of the PHB team of the offer's commissioner."""

    class Meta:
        model = Edition

    local_offer = factory.SubFactory(LocalOfferFactory)
    number = 1
    title = "A local offer"
    figures_as_at = dt.date(2017, 2, 7)
    author = factory.LazyAttribute(
        lambda edition: UserFactory(role=Role.PHB_TEAM, role__commissioner=edition.local_offer.commissioner)
    )
    created_at = dt.datetime(2017, 3, 1, 9, tzinfo=dt.UTC)


def approver_of(offer: LocalOffer) -> object:
    """A user who may approve and publish the offer."""
    return UserFactory(role=Role.APPROVER, role__commissioner=offer.commissioner)


def submitted_edition(**kwargs: object) -> Edition:
    """An edition that waits for approval."""
    edition = EditionFactory(**kwargs)
    return editions.submit(edition=edition, by=edition.author)


def approved_edition(**kwargs: object) -> Edition:
    """An approved edition."""
    edition = submitted_edition(**kwargs)
    return editions.approve(edition=edition, by=approver_of(edition.local_offer))  # type: ignore[arg-type]


def published_edition(**kwargs: object) -> Edition:
    """A published edition."""
    edition = approved_edition(**kwargs)
    assert edition.approved_by is not None
    return publish(edition=edition, by=edition.approved_by)


def changed_edition(**kwargs: object) -> Edition:
    """A second edition on its way, in which one section is not as it was. The first has no real documents."""
    nothing = [MadeDocument(PDF, "An edition", b"%PDF-1.7")]
    with patch.object(publication, "make_documents", return_value=nothing):
        first = published_edition(**kwargs)
    first.local_offer.sections.filter(kind="funding").update(body="Some new money")
    return EditionFactory(local_offer=first.local_offer, number=2, author=first.author)
