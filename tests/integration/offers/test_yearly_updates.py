"""The demonstration's editions: published by the services, the second ones with reasons and progress; once."""

import datetime as dt
from collections.abc import Sequence

import pytest

from offers import figures
from offers.demonstration import editions as demonstration
from offers.demonstration import yearly_updates
from offers.demonstration.offers import OFFERS
from offers.demonstration.text import load_text
from offers.models import Edition, EditionTransition, LocalOffer
from offers.rules.reading import read
from offers.services import publication
from phb_register.models import Commissioner, StoredDocument
from phb_register.roles import Role
from tests.factories.phb_register import MembershipFactory, UserFactory
from tests.support.documents import small_documents

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What documents say is held elsewhere."""
    monkeypatch.setattr(publication, "make_documents", lambda snapshot, digest: small_documents())


@pytest.fixture(autouse=True)
def _more_figures(_fixed_figures: None) -> None:
    """Those that the texts ask for beside the fixed ones of these tests."""
    more = (
        "target_low",
        "target_high",
        "gap_to_low",
        "chc_uptake_including_fast_track",
        "chc_uptake_excluding_fast_track",
    )
    for code in more:
        figures.register(figures.Figure(code, code, "A figure"), _always)


def _always(codes: Sequence[str], commissioner: Commissioner, as_at: dt.date) -> dict[str, figures.FigureValue]:
    return {code: figures.FigureValue("7", 7, "A figure", as_at) for code in codes}


def test_every_offer_has_an_edition_and_two_have_their_yearly_update() -> None:
    for each in OFFERS:
        commissioner = LocalOffer.objects.get(commissioner__code=each.code).commissioner
        for email, role in ((each.author, Role.PHB_TEAM), (each.approver, Role.APPROVER)):
            MembershipFactory(user=UserFactory(email=email), role=role, commissioner=commissioner)
    for step in 2 * (load_text, demonstration.load_editions, demonstration.load_yearly_updates):
        step(lambda done, total: None)
    found = Edition.objects.order_by("local_offer__slug", "number")
    assert [(each.local_offer.commissioner.code, each.number, each.status, each.day_approved) for each in found] == [
        ("LLR", 1, "superseded", dt.date(2017, 9, 21)),
        ("LLR", 2, "published", dt.date(2018, 3, 22)),
        ("11X", 1, "superseded", dt.date(2017, 6, 15)),
        ("11X", 2, "published", dt.date(2018, 5, 17)),
        ("SURREY", 1, "published", dt.date(2013, 12, 12)),
    ]
    assert EditionTransition.objects.filter(verb="publish").count() == 5
    assert StoredDocument.objects.count() == 5 * len(small_documents())
    for update in yearly_updates.UPDATES:
        edition = found.get(local_offer__commissioner__code=update.code, number=2)
        reading = read(edition.snapshot or {})
        assert reading.since is not None
        explained = [each for each in reading.since.changes if each.kind != "figure"]
        assert sorted(each.rationale for each in explained) == sorted(update.reasons.values())
        assert {each.note for each in reading.since.progress if each.note} == set(update.notes.values())
        assert len(reading.since.progress) == sum(len(phase.lines) for phase in reading.phases)
        assert reading.since.learning_html
        assert bool(reading.consultation) == bool(update.consultation)
