"""Editing the timeline."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from offers.exceptions import TextIsLocked
from offers.models import Cohort, LocalOffer, OfferLine, Phase
from offers.services.timeline import LineDetails, PhaseDetails, remove_phase, save_phase
from phb_register.models import User
from phb_register.roles import Role
from tests.factories.offers import CohortFactory, LocalOfferFactory, OfferLineFactory, PhaseFactory, submitted_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

DETAILS = PhaseDetails("2016/17", dt.date(2016, 4, 1), dt.date(2017, 3, 31), "", True)


@pytest.fixture
def offer() -> LocalOffer:
    return LocalOfferFactory()


@pytest.fixture
def writer(offer: LocalOffer) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)


def details(cohort: Cohort, pk: int | None = None, note: str = "", status: str = "live") -> LineDetails:
    return LineDetails(pk, cohort, status, note, "Paragraph 1", None, None)


def test_save_phase_new_goes_to_the_end_with_its_lines_in_order(offer: LocalOffer, writer: User) -> None:
    PhaseFactory(local_offer=offer, position=7)
    cohorts = CohortFactory.create_batch(2)
    phase = save_phase(offer=offer, phase=None, details=DETAILS, lines=[details(each) for each in cohorts], by=writer)
    assert phase.position == 8
    assert [line.cohort for line in phase.lines.all()] == cohorts


def test_save_phase_changes_adds_and_removes_lines_in_one_go(offer: LocalOffer, writer: User) -> None:
    phase = PhaseFactory(local_offer=offer)
    kept, gone, untouched = (OfferLineFactory(phase=phase, position=number) for number in (1, 2, 3))
    save_phase(
        offer=offer,
        phase=phase,
        details=DETAILS,
        lines=[details(kept.cohort, kept.pk, "Changed"), details(gone.cohort, None, "Entered again")],
        removed=[gone.pk],
        by=writer,
    )
    assert set(phase.lines.values_list("note", flat=True)) == {"Changed", "Entered again", ""}
    assert OfferLine.objects.filter(pk=untouched.pk).exists()
    assert not OfferLine.objects.filter(pk=gone.pk).exists()
    phase.refresh_from_db()
    assert phase.name == "2016/17"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "Taken"}, "There is a phase of that name already"),
        ({"ends_on": dt.date(2016, 3, 31)}, "must end on or after"),
        ({"name": ""}, "blank"),
    ],
)
def test_save_phase_refuses_what_the_database_would(
    offer: LocalOffer, writer: User, changed: dict[str, object], message: str
) -> None:
    PhaseFactory(local_offer=offer, name="Taken")
    wrong = PhaseDetails(**{**DETAILS.__dict__, **changed})
    with pytest.raises(ValidationError, match=message):
        save_phase(offer=offer, phase=None, details=wrong, lines=[], by=writer)


def test_save_phase_with_one_line_twice(offer: LocalOffer, writer: User) -> None:
    cohort = CohortFactory()
    with pytest.raises(ValidationError, match="same line twice"):
        save_phase(offer=offer, phase=None, details=DETAILS, lines=[details(cohort), details(cohort)], by=writer)


def test_save_phase_does_not_touch_lines_of_another_offer(offer: LocalOffer, writer: User) -> None:
    strange = OfferLineFactory()
    with pytest.raises(ValidationError, match="Open the phase again"):
        save_phase(offer=offer, phase=None, details=DETAILS, lines=[details(strange.cohort, strange.pk)], by=writer)
    phase = save_phase(offer=offer, phase=None, details=DETAILS, lines=[], removed=[strange.pk], by=writer)
    assert phase.pk
    assert OfferLine.objects.filter(pk=strange.pk).exists()


def test_save_phase_needs_the_permission(offer: LocalOffer) -> None:
    with pytest.raises(PermissionDenied):
        save_phase(offer=offer, phase=None, details=DETAILS, lines=[], by=UserFactory(role=Role.PHB_TEAM))


def test_remove_phase_takes_its_lines_along(offer: LocalOffer, writer: User) -> None:
    line = OfferLineFactory(phase__local_offer=offer)
    remove_phase(phase=line.phase, by=writer)
    assert not Phase.objects.filter(local_offer=offer).exists()


def test_timeline_is_locked_while_an_edition_is_decided(offer: LocalOffer, writer: User) -> None:
    line = OfferLineFactory(phase__local_offer=offer)
    submitted_edition(local_offer=offer)
    with pytest.raises(TextIsLocked):
        save_phase(offer=offer, phase=line.phase, details=DETAILS, lines=[], by=writer)
    with pytest.raises(TextIsLocked):
        remove_phase(phase=line.phase, by=writer)
