"""The demonstration's programmes: entered by the services, twice as once, with the figures of the papers."""

import pytest

from offers.demonstration.programme import load_programmes
from offers.models import PROGRAMME, LocalOffer, PhaseCap, Risk
from offers.programme_tools import TOOLS
from offers.programme_words import score_words
from offers.selectors.programme import entries
from phb_register.roles import Role
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def offers() -> dict[str, LocalOffer]:
    found = {offer.commissioner.code: offer for offer in LocalOffer.objects.select_related("commissioner")}
    for code, area in (("LLR", "llr"), ("11X", "somerset"), ("SURREY", "surrey")):
        email = f"team@{area}.example.nhs.uk"
        UserFactory(email=email, role=Role.PHB_TEAM, role__commissioner=found[code].commissioner)
    return found


def test_programmes_are_entered_once_however_often_they_are_loaded(offers):
    def counts():
        return {
            (code, kind): PROGRAMME[kind].objects.filter(local_offer=offers[code]).count()
            for code in ("LLR", "SURREY")
            for kind in TOOLS
        }

    load_programmes(lambda done, total: None)
    first = counts()
    load_programmes(lambda done, total: None)
    assert counts() == first
    # Surrey knew where to start, and compared nothing.
    assert [key for key, entries in first.items() if not entries] == [("SURREY", "swoc")]

    caps = PhaseCap.objects.of(offers["SURREY"]).values_list("phase__name", "people", "certainty")
    assert list(caps) == [("Phase 1", 20, "agreed"), ("Phase 2", 50, "expected")]
    risks = Risk.objects.of(offers["SURREY"])
    assert [(score_words(each.likelihood, each.impact), each.status) for each in risks[:2]] == [
        ("25, extreme", "resolved"),
        ("20, extreme", "open"),
    ]
    listed = entries(offers["SURREY"], TOOLS["risks"])
    assert [each.number for each in listed] == [2, 3, 1]
