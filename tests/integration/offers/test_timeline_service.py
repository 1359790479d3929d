"""Keeping the timeline: as a whole, over the version its writer opened, by those who may, while nothing is decided."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from offers.exceptions import TextIsLocked, TimelineConflict
from offers.models import Cohort, Contribution, LocalOffer, OfferLine, Phase
from offers.rules.timeline_entries import LineDetails, PhaseDetails
from offers.selectors.content import timeline_of
from offers.selectors.timeline import details_of
from offers.services.timeline import save_timeline
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, User
from phb_register.roles import Role
from tests.factories.offers import CohortFactory, LocalOfferFactory, OfferLineFactory, PhaseFactory, submitted_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

YEAR = PhaseDetails(None, "2016/17", dt.date(2016, 4, 1), dt.date(2017, 3, 31))


@pytest.fixture
def offer() -> LocalOffer:
    return LocalOfferFactory()


@pytest.fixture
def writer(offer: LocalOffer) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)


def details(cohort: Cohort, pk: int | None = None, note: str = "", status: str = "live") -> LineDetails:
    return LineDetails(pk, cohort.code, status, note=note, source="Paragraph 1")


def save(offer: LocalOffer, by: User, *phases: PhaseDetails, version: int | None = None) -> LocalOffer:
    expected = LocalOffer.objects.get(pk=offer.pk).timeline_version if version is None else version
    return save_timeline(offer=offer, phases=phases, expected_version=expected, by=by)


def shown(offer: LocalOffer) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(each.name, [(line.cohort, line.note) for line in each.lines]) for each in details_of(offer)]


def test_timeline_from_nothing_with_phases_without_years(offer: LocalOffer, writer: User) -> None:
    one, two = CohortFactory.create_batch(2)
    later = PhaseDetails(None, "Phase 2", timing="within one to two years", lines=(details(two), details(one)))
    saved = save(offer, writer, replace(YEAR, lines=(details(one),)), later)
    assert shown(offer) == [("2016/17", [(one.code, "")]), ("Phase 2", [(two.code, ""), (one.code, "")])]
    assert (saved.timeline_version, saved.timeline_saved_by) == (2, writer)
    entry = AccessLogEntry.objects.get(action="save-timeline")
    assert entry.detail == {"version": 2, "rows_changed": 5}
    # Who wrote it does not approve the coming edition.
    assert list(Contribution.objects.values_list("by", "kind", "edition_number")) == [(writer.pk, "timeline", 1)]


def test_timeline_changes_moves_adds_and_removes_in_one_go(offer: LocalOffer, writer: User) -> None:
    first, second = PhaseFactory.create_batch(2, local_offer=offer)
    moved, changed, gone = (OfferLineFactory(phase=first, position=number) for number in (1, 2, 3))
    save(
        offer,
        writer,
        PhaseDetails(
            second.pk, "Now first", lines=(details(moved.cohort, moved.pk), details(gone.cohort, None, "New"))
        ),
        PhaseDetails(first.pk, first.name, lines=(details(changed.cohort, changed.pk, "Changed"),)),
    )
    assert shown(offer) == [
        ("Now first", [(moved.cohort.code, ""), (gone.cohort.code, "New")]),
        (first.name, [(changed.cohort.code, "Changed")]),
    ]
    assert OfferLine.objects.get(pk=moved.pk).phase == second
    assert not OfferLine.objects.filter(pk=gone.pk).exists()


def test_names_and_notes_change_places(offer: LocalOffer, writer: User) -> None:
    one, two, three = (PhaseFactory(local_offer=offer, name=name) for name in ("A", "B", "C"))
    cohort = CohortFactory()
    lines = [OfferLineFactory(phase=one, cohort=cohort, note=note, position=at) for at, note in enumerate("xyz")]
    swapped = [details(cohort, line.pk, note) for line, note in zip(lines, "yzx", strict=True)]
    save(
        offer,
        writer,
        PhaseDetails(one.pk, "B", lines=tuple(swapped)),
        PhaseDetails(two.pk, "C"),
        PhaseDetails(three.pk, "A"),
    )
    assert [(each.pk, each.name) for each in details_of(offer)] == [(one.pk, "B"), (two.pk, "C"), (three.pk, "A")]
    assert [line.note for line in details_of(offer)[0].lines] == ["y", "z", "x"]


def test_new_line_takes_the_place_of_one_that_changes(offer: LocalOffer, writer: User) -> None:
    line = OfferLineFactory(phase__local_offer=offer, note="a")
    new, changed = details(line.cohort, None, "a"), details(line.cohort, line.pk, "b")
    save(offer, writer, PhaseDetails(line.phase.pk, "A", lines=(new, changed)))
    assert [note for _, note in shown(offer)[0][1]] == ["a", "b"]


def test_saved_as_it_stands_nothing_happens(offer: LocalOffer, writer: User) -> None:
    PhaseFactory(local_offer=offer, position=1)
    assert save(offer, writer, *details_of(offer)).timeline_version == 1
    assert not AccessLogEntry.objects.filter(action="save-timeline").exists()
    assert not Contribution.objects.exists()


def test_everything_removed(offer: LocalOffer, writer: User) -> None:
    OfferLineFactory(phase__local_offer=offer)
    save(offer, writer)
    assert not Phase.objects.filter(local_offer=offer).exists()


@pytest.mark.parametrize(
    ("phases", "message"),
    [
        ([YEAR, YEAR], "There is a year or phase of that name already"),
        ([replace(YEAR, ends_on=dt.date(2016, 3, 31))], "must be on or after"),
        ([replace(YEAR, lines=(LineDetails(None, "chc", "live"), LineDetails(None, "chc", "planned")))], "twice"),
        ([replace(YEAR, lines=(LineDetails(None, "nobody", "live"),))], "Select another"),
        ([replace(YEAR, pk=0)], "Open it again"),
    ],
)
def test_refuses_what_is_wrong_and_keeps_nothing_of_it(
    offer: LocalOffer, writer: User, phases: list[PhaseDetails], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        save(offer, writer, *phases)
    assert details_of(offer) == []


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "x" * 81}, {"timing": "x" * 81}])
def test_refuses_what_the_columns_would(offer: LocalOffer, writer: User, change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        save(offer, writer, replace(YEAR, **change))


def test_rows_of_another_offer_are_not_touched(offer: LocalOffer, writer: User) -> None:
    strange = OfferLineFactory()
    own = CohortFactory(local_offer=strange.phase.local_offer)
    for phases in (
        PhaseDetails(strange.phase.pk, "Mine now"),
        replace(YEAR, lines=(details(strange.cohort, strange.pk),)),
        replace(YEAR, lines=(details(own),)),
    ):
        with pytest.raises(Refused):
            save(offer, writer, phases)
    assert OfferLine.objects.get(pk=strange.pk).phase.name == strange.phase.name


def test_somebody_saved_it_meanwhile(offer: LocalOffer, writer: User) -> None:
    other = UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner, full_name="Olive Oriole")
    save(offer, other, YEAR, version=1)
    with pytest.raises(TimelineConflict, match="Olive Oriole saved the timeline"):
        save(offer, writer, replace(YEAR, name="2017/18"), version=1)
    assert [name for name, _ in shown(offer)] == ["2016/17"]


def test_needs_the_permission(offer: LocalOffer) -> None:
    with pytest.raises(PermissionDenied):
        save(offer, UserFactory(role=Role.PHB_TEAM), YEAR)


def test_is_locked_while_an_edition_is_decided(offer: LocalOffer, writer: User) -> None:
    submitted_edition(local_offer=offer)
    with pytest.raises(TextIsLocked):
        save(offer, writer, YEAR)


def test_commissioners_own_words_for_a_status_are_what_readers_read(offer: LocalOffer, writer: User) -> None:
    line = LineDetails(None, "chc", "planned", status_words="Pilot")
    save_timeline(offer=offer, phases=[replace(YEAR, lines=(line,))], expected_version=1, by=writer)
    (phase,) = timeline_of(offer)
    assert (phase["lines"][0]["status"], phase["lines"][0]["status_label"]) == ("planned", "Pilot")
    assert details_of(offer)[0].lines[0].status_words == "Pilot"
