"""The sheet of the timeline: all of it on one page, without script, and never over somebody else's."""

import datetime as dt
import re
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from django.test import Client
from django.urls import reverse

from offers.models import LocalOffer, OfferLine
from offers.selectors.timeline import details_of
from phb_register.models import User
from phb_register.roles import Role
from tests.factories.offers import CohortFactory, LocalOfferFactory, OfferLineFactory, submitted_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/local-offers/testshire/write/timeline/"


@pytest.fixture
def offer() -> LocalOffer:
    return LocalOfferFactory(slug="testshire", title="Budgets in Testshire")


@pytest.fixture
def line(offer: LocalOffer) -> OfferLine:
    cohort = CohortFactory(code="asthma", name="Children with asthma")
    return OfferLineFactory(phase__local_offer=offer, phase__name="2016/17", cohort=cohort, note="Written before")


@pytest.fixture
def team(offer: LocalOffer) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner, full_name="Olive Oriole")


@pytest.fixture
def writing(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


def page_of(response: Any) -> Element:
    """The answer as a browser reads it."""
    return tinyhtml5.parse(response.content.decode(), namespace_html_elements=False)


def filled(page: Element) -> dict[str, Any]:
    """What the browser would send of the sheet: every control as it stands on the page."""
    form = next(each for each in page.iter("form") if each.find(".//input[@name='version']") is not None)
    data: dict[str, Any] = {"phases": [], "lines": []}
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "")
        if name is None or control.tag not in ("input", "select", "textarea"):
            continue
        if control.tag == "select":
            value = next(
                (each.get("value", "") for each in control.iter("option") if each.get("selected") is not None), ""
            )
        elif control.tag == "textarea":
            value = control.text or ""
        elif kind == "checkbox" and control.get("checked") is None:
            continue
        else:
            value = control.get("value", "")
        if name in ("phases", "lines"):
            data[name].append(value)
        else:
            data[name] = value
    return data


def opened(client: Client) -> dict[str, Any]:
    return filled(page_of(client.get(ADDRESS)))


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", " ".join(page_of(response).itertext()))


def shown(offer: LocalOffer) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [(each.name, [(line.cohort, line.status, line.note) for line in each.lines]) for each in details_of(offer)]


def test_sheet_sent_as_it_stands_changes_nothing(writing: Client, line: OfferLine, offer: LocalOffer) -> None:
    line.starts_on = dt.date(2016, 10, 1)
    line.save()
    assert writing.post(ADDRESS, opened(writing))["Location"] == "/local-offers/testshire/write/"
    offer.refresh_from_db()
    assert (offer.timeline_version, offer.timeline_saved_by) == (1, None)


def test_phase_without_a_year_is_added_and_a_line_in_it(writing: Client, offer: LocalOffer, line: OfferLine) -> None:
    data = filled(page_of(writing.post(ADDRESS, opened(writing) | {"do": "add-phase"})))
    data = filled(page_of(writing.post(ADDRESS, data | {"phases-new0-name": "Phase 2", "do": "add-line new0"})))
    assert offer.phases.count() == 1
    data |= {
        "phases-new0-timing": "within one to two years",
        "lines-new0-cohort": "asthma",
        "lines-new0-status": "proposed",
    }
    assert writing.post(ADDRESS, data).status_code == 302
    assert shown(offer) == [
        ("2016/17", [("asthma", "live", "Written before")]),
        # The second line was left empty, and is not there.
        ("Phase 2", [("asthma", "proposed", "")]),
    ]
    assert details_of(offer)[1].timing == "within one to two years"


def test_button_that_adds_keeps_what_is_typed_and_finds_no_fault_with_it(
    writing: Client, line: OfferLine, offer: LocalOffer
) -> None:
    typed = {f"phases-{line.phase.pk}-name": "", f"lines-{line.pk}-note": "Half a thought", "do": "add-phase"}
    response = writing.post(ADDRESS, opened(writing) | typed)
    assert response.status_code == 200
    assert "There is a problem" not in words(response)
    assert filled(page_of(response))[f"lines-{line.pk}-note"] == "Half a thought"
    assert shown(offer)[0][0] == "2016/17"


def test_rows_are_moved_and_a_line_goes_to_another_phase(writing: Client, offer: LocalOffer, line: OfferLine) -> None:
    other = OfferLineFactory(phase__local_offer=offer, phase__name="2017/18", phase__position=99, note="Other")
    second = OfferLineFactory(phase=line.phase, cohort=other.cohort, position=9, note="Second")
    response = writing.post(ADDRESS, opened(writing) | {"do": f"move-line {second.pk} up"})
    response = writing.post(ADDRESS, filled(page_of(response)) | {"do": f"move-phase {other.phase.pk} up"})
    data = filled(page_of(response)) | {f"lines-{other.pk}-phase": str(line.phase.pk)}
    writing.post(ADDRESS, data)
    assert [(name, [note for _, _, note in lines]) for name, lines in shown(offer)] == [
        ("2017/18", []),
        ("2016/17", ["Other", "Second", "Written before"]),
    ]


def test_line_and_phase_are_removed_whatever_is_wrong_with_them(
    writing: Client, offer: LocalOffer, line: OfferLine
) -> None:
    gone = OfferLineFactory(phase=line.phase, note="Gone")
    phase = OfferLineFactory(phase__local_offer=offer).phase
    data = opened(writing) | {f"lines-{gone.pk}-is_removed": "on", f"lines-{gone.pk}-cohort": ""}
    data |= {f"phases-{phase.pk}-is_removed": "on", f"phases-{phase.pk}-name": ""}
    assert writing.post(ADDRESS, data).status_code == 302
    assert shown(offer) == [("2016/17", [("asthma", "live", "Written before")])]


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("phases", {"name": ""}, "Enter the name of the year or phase"),
        ("phases", {"starts_on_day": "31", "starts_on_month": "2", "starts_on_year": "2016"}, "must be a real date"),
        ("phases", {"ends_on_day": "1", "ends_on_month": "4", "ends_on_year": "2017"}, "Enter the first day, or leave"),
        ("lines", {"cohort": ""}, "Select who the line is for"),
        ("lines", {"cohort": "nobody"}, "Select who the line is for"),
        ("lines", {"status": ""}, "Select where the line has got to"),
        ("lines", {"note": "x" * 301}, "Note must be 300 characters or fewer"),
        (
            "lines",
            {f"{name}_{part}": "1" if part != "year" else "2016" for name in ("starts_on", "ends_on")
             for part in ("day", "month", "year")},
            "First day no longer offered must be after the day it starts",
        ),
    ],
)  # fmt: skip
def test_mistake_is_named_beside_its_box_and_nothing_typed_is_lost(
    writing: Client, offer: LocalOffer, line: OfferLine, part: str, change: dict[str, str], message: str
) -> None:
    key = line.pk if part == "lines" else line.phase.pk
    typed = {f"{part}-{key}-{name}": value for name, value in change.items()}
    response = writing.post(ADDRESS, opened(writing) | {f"lines-{line.pk}-source": "My source"} | typed)
    assert response.status_code == 422
    assert words(response).count(message) == 2
    sent = filled(page_of(response))
    assert sent[f"lines-{line.pk}-source"] == "My source"
    assert all(sent[name] == value for name, value in typed.items() if value != "nobody")
    assert shown(offer) == [("2016/17", [("asthma", "live", "Written before")])]


def test_two_phases_of_one_name(writing: Client, line: OfferLine) -> None:
    data = filled(page_of(writing.post(ADDRESS, opened(writing) | {"do": "add-phase"})))
    response = writing.post(ADDRESS, data | {"phases-new0-name": "2016/17"})
    assert response.status_code == 422
    assert "There is a year or phase of that name already" in words(response)


def test_rows_that_did_not_arrive_stay(writing: Client, offer: LocalOffer, line: OfferLine) -> None:
    before = shown(offer)
    assert writing.post(ADDRESS, {"version": 1}).status_code == 302
    assert shown(offer) == before
    assert writing.post(ADDRESS, {}).status_code == 422


def test_somebody_else_saved_it_meanwhile(writing: Client, offer: LocalOffer, line: OfferLine) -> None:
    mine, theirs = opened(writing), opened(writing)
    other = Client()
    colleague = UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner, full_name="Oscar Osprey")
    other.force_login(colleague)
    theirs = filled(page_of(other.post(ADDRESS, theirs | {"do": "add-phase"})))
    theirs |= {"phases-new0-name": "2017/18", f"lines-{line.pk}-status": "planned"}
    assert other.post(ADDRESS, theirs).status_code == 302

    response = writing.post(ADDRESS, mine | {f"lines-{line.pk}-note": "What I wrote"})

    page = words(response)
    assert response.status_code == 409
    assert "Oscar Osprey saved the timeline after you opened it" in page
    assert "Oscar Osprey changed this too, and saved “planned” as where it has got to, “Written before” as note" in page
    assert "Oscar Osprey added this." in page
    assert shown(offer) == [("2016/17", [("asthma", "planned", "Written before")]), ("2017/18", [])]
    assert writing.post(ADDRESS, filled(page_of(response))).status_code == 302
    assert shown(offer) == [("2016/17", [("asthma", "live", "What I wrote")]), ("2017/18", [])]


def test_what_they_removed_and_i_changed_is_entered_again(writing: Client, offer: LocalOffer, line: OfferLine) -> None:
    mine = opened(writing)
    writing.post(ADDRESS, opened(writing) | {f"phases-{line.phase.pk}-is_removed": "on"})
    response = writing.post(ADDRESS, mine | {f"lines-{line.pk}-note": "What I wrote"})
    assert response.status_code == 409
    assert words(response).count("Olive Oriole removed this. It is entered again") == 2
    writing.post(ADDRESS, filled(page_of(response)))
    assert shown(offer) == [("2016/17", [("asthma", "live", "What I wrote")])]


def test_sheet_is_refused_while_an_edition_is_decided(writing: Client, offer: LocalOffer, line: OfferLine) -> None:
    data = opened(writing) | {f"lines-{line.pk}-note": "My words"}
    submitted_edition(local_offer=offer)
    response = writing.post(ADDRESS, data)
    assert response.status_code == 422
    assert "waiting for approval" in words(response)
    assert filled(page_of(response))[f"lines-{line.pk}-note"] == "My words"


@pytest.mark.parametrize("do", ["add-line 99", "move-line 99 up", "move-phase x down", "\x00", "add-phase " * 99])
def test_nonsense_of_a_button_is_passed_over(writing: Client, line: OfferLine, do: str) -> None:
    assert writing.post(ADDRESS, opened(writing) | {"do": do}).status_code == 200


def test_nonsense_of_rows_is_passed_over(writing: Client, offer: LocalOffer, line: OfferLine) -> None:
    before = shown(offer)
    rows = {"phases": ["x", "²", "-1", "9" * 30, "1", "1"], "lines": ["' OR 1", "new0"], "version": 1}
    assert writing.post(ADDRESS, rows | {"lines-new0-phase": "nowhere"}).status_code in (302, 422)
    assert shown(offer) == before


def test_sheet_is_read_in_few_queries(writing: Client, offer: LocalOffer, django_assert_max_num_queries) -> None:
    for number in range(3):
        phase = OfferLineFactory(phase__local_offer=offer, phase__position=number).phase
        OfferLineFactory.create_batch(3, phase=phase)
    writing.get(ADDRESS)
    with django_assert_max_num_queries(14):
        writing.get(reverse("offers:timeline", args=[offer.slug]))
