"""Where staff write, approve and publish."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from offers.enums import SectionKind
from offers.models import Edition, LocalOffer, OfferSection
from phb_register.models import Job, JobState, User
from phb_register.roles import Role
from phb_register.slots import worklists_for
from tests.factories.offers import (
    EditionFactory,
    LocalOfferFactory,
    approved_edition,
    published_edition,
    submitted_edition,
)
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def offer() -> LocalOffer:
    return LocalOfferFactory(slug="testshire", title="Budgets in Testshire")


@pytest.fixture
def team(offer: LocalOffer) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)


@pytest.fixture
def approver(offer: LocalOffer) -> User:
    return UserFactory(role=Role.APPROVER, role__commissioner=offer.commissioner)


@pytest.fixture
def writing(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def addresses(offer: LocalOffer, edition: Edition) -> list[str]:
    slug = offer.slug
    return [
        reverse("offers:workshop", args=[slug]),
        reverse("offers:preview", args=[slug]),
        reverse("offers:write-section", args=[slug, "funding"]),
        reverse("offers:timeline", args=[slug]),
        reverse("offers:start-edition", args=[slug]),
        reverse("offers:edition-progress", args=[slug, edition.number]),
        reverse("offers:change-edition", args=[slug, edition.number]),
        reverse("offers:edition-submit", args=[slug, edition.number]),
    ]


def test_staff_pages_open_for_the_team(writing: Client, offer: LocalOffer, team: User) -> None:
    edition = EditionFactory(local_offer=offer, author=team)
    for address in [reverse("offers:your-offers"), *addresses(offer, edition)]:
        assert writing.get(address).status_code == 200, address


def test_staff_pages_of_another_commissioner_are_not_there(offer: LocalOffer) -> None:
    edition = EditionFactory(local_offer=offer)
    stranger = sign_in(UserFactory(role=Role.PHB_TEAM))
    for address in addresses(offer, edition):
        assert stranger.get(address).status_code == 404, address
    assert "Budgets in Testshire" not in stranger.get(reverse("offers:your-offers")).content.decode()


def test_staff_pages_are_refused_without_the_permission_and_without_signing_in(offer: LocalOffer) -> None:
    edition = EditionFactory(local_offer=offer)
    nurse = sign_in(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=offer.commissioner))
    for address in addresses(offer, edition):
        assert nurse.get(address).status_code == 403, address
        assert Client().get(address).status_code == 302, address


# ── A new offer ───────────────────────────────────────────────────────────────────────────────────────────────


def test_start_offer_of_a_commissioner_that_has_none(client: Client) -> None:
    commissioner = CommissionerFactory()
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner))
    assert "Start a local offer" in client.get(reverse("offers:your-offers")).content.decode()
    data = {"commissioner": commissioner.pk, "title": "Budgets in Newshire", "slug": "newshire"}
    response = client.post(reverse("offers:start-offer"), data)
    assert response["Location"] == "/local-offers/newshire/write/"
    offer = LocalOffer.objects.get(slug="newshire")
    assert offer.commissioner == commissioner
    assert [each.kind for each in offer.sections.all()] == list(SectionKind)
    assert "Start a local offer" not in client.get(reverse("offers:your-offers")).content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slug": "write"}, "The address “write” is needed by the site"),
        ({"slug": "testshire"}, "Another local offer has this address"),
        ({"slug": "new shire"}, "Address must only include letters, numbers and hyphens"),
        ({"title": ""}, "Enter the title"),
        ({"commissioner": ""}, "Select whose local offer it is"),
    ],
)
def test_start_offer_with_a_mistake(client: Client, offer: LocalOffer, change: dict[str, str], message: str) -> None:
    commissioner = CommissionerFactory()
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner))
    data = {"commissioner": commissioner.pk, "title": "Budgets in Newshire", "slug": "newshire"} | change
    response = client.post(reverse("offers:start-offer"), data)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not LocalOffer.objects.filter(commissioner=commissioner).exists()


def test_start_offer_for_somebody_else_s_commissioner_is_no_choice(writing: Client) -> None:
    stranger = CommissionerFactory()
    data = {"commissioner": stranger.pk, "title": "Budgets", "slug": "newshire"}
    assert writing.post(reverse("offers:start-offer"), data).status_code == 422
    assert not LocalOffer.objects.filter(slug="newshire").exists()


# ── Sections ──────────────────────────────────────────────────────────────────────────────────────────────────


def section_data(body: str = "New text", version: int = 1, **more: str) -> dict[str, object]:
    return {"heading": "Money", "body": body, "version": version, **more}


def test_write_section_saves_and_goes_back(writing: Client, offer: LocalOffer, team: User) -> None:
    response = writing.post(reverse("offers:write-section", args=["testshire", "funding"]), section_data())
    assert (response.status_code, response["Location"]) == (302, "/local-offers/testshire/write/")
    section = offer.sections.get(kind="funding")
    assert (section.heading, section.body, section.version, section.saved_by) == ("Money", "New text", 2, team)


def test_write_section_preview_shows_figures_and_saves_nothing(writing: Client, offer: LocalOffer) -> None:
    data = section_data("We have **{{ figure.phbs_in_place }}**", preview="1")
    response = writing.post(reverse("offers:write-section", args=["testshire", "funding"]), data)
    assert response.status_code == 200
    assert '<strong><span class="app-slot">122</span></strong>' in response.content.decode()
    assert "We have **{{ figure.phbs_in_place }}**" in response.content.decode()
    assert offer.sections.get(kind="funding").body == ""


def test_write_section_unknown_figure_names_the_remedy_and_keeps_the_text(writing: Client) -> None:
    response = writing.post(
        reverse("offers:write-section", args=["testshire", "funding"]), section_data("My words {{ figure.gone }}")
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in page
    assert "Change {{ figure.gone }}: there is no figure of that name" in page
    assert '<a href="#id_body">' in page
    assert "My words {{ figure.gone }}</textarea>" in page


def test_write_section_without_a_heading(writing: Client) -> None:
    data = section_data() | {"heading": ""}
    response = writing.post(reverse("offers:write-section", args=["testshire", "funding"]), data)
    assert response.status_code == 422
    assert "Enter the heading" in response.content.decode()


def test_write_section_conflict_shows_both_and_loses_nothing(writing: Client, offer: LocalOffer) -> None:
    other = UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner, full_name="Olive Oriole")
    address = reverse("offers:write-section", args=["testshire", "funding"])
    sign_in(other).post(address, section_data("What Olive wrote"))
    response = writing.post(address, section_data("What I wrote"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Olive Oriole changed this section after you opened it" in page
    assert "What <mark>Olive </mark>wrote" in page
    assert "What <mark>I </mark>wrote" in page
    assert "What I wrote</textarea>" in page
    assert 'name="version" value="2"' in page
    assert offer.sections.get(kind="funding").body == "What Olive wrote"
    assert writing.post(address, section_data("What I wrote", version=2)).status_code == 302


def test_write_section_while_an_edition_is_decided_keeps_the_text(writing: Client, offer: LocalOffer) -> None:
    submitted_edition(local_offer=offer)
    response = writing.post(reverse("offers:write-section", args=["testshire", "funding"]), section_data("My words"))
    assert response.status_code == 422
    assert "waiting for approval" in response.content.decode()
    assert "My words</textarea>" in response.content.decode()


def test_write_section_of_an_unknown_kind(writing: Client) -> None:
    assert writing.get(reverse("offers:write-section", args=["testshire", "nothing"])).status_code == 404


def test_write_section_lists_the_figures(writing: Client) -> None:
    page = writing.get(reverse("offers:write-section", args=["testshire", "funding"])).content.decode()
    assert "{{ figure.children_in_place }}" in page
    assert "What children_in_place means" in page


# ── Editions ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_edition_from_start_to_publication_in_the_browser(
    writing: Client, offer: LocalOffer, approver: User, django_capture_on_commit_callbacks: object
) -> None:
    data = {"title": "The first", "figures_as_at_day": "7", "figures_as_at_month": "2", "figures_as_at_year": "2017"}
    started = writing.post(reverse("offers:start-edition", args=["testshire"]), data)
    progress = reverse("offers:edition-progress", args=["testshire", 1])
    assert started["Location"] == progress
    assert writing.post(reverse("offers:edition-submit", args=["testshire", 1]))["Location"] == progress
    deciding = sign_in(approver)
    assert "Approve" in deciding.get(progress).content.decode()
    assert deciding.post(reverse("offers:edition-approve", args=["testshire", 1]))["Location"] == progress
    published = deciding.post(reverse("offers:edition-publish", args=["testshire", 1]))
    job = Job.objects.get()
    assert published["Location"] == reverse("phb_register:job", args=[job.reference])
    assert (job.kind, job.requested_by, job.state) == ("publish-edition", approver, JobState.QUEUED)
    assert "It is being published" in writing.get(progress).content.decode()
    assert Edition.objects.get().status == "approved"


def test_start_edition_wants_a_date_that_has_passed(writing: Client) -> None:
    data = {"title": "x", "figures_as_at_day": "7", "figures_as_at_month": "2", "figures_as_at_year": "2999"}
    response = writing.post(reverse("offers:start-edition", args=["testshire"]), data)
    assert response.status_code == 422
    assert "must be today or in the past" in response.content.decode()


def test_return_needs_a_reason_and_the_author_sees_it(offer: LocalOffer, approver: User, team: User) -> None:
    submitted_edition(local_offer=offer, author=team)
    deciding = sign_in(approver)
    address = reverse("offers:edition-return", args=["testshire", 1])
    missing = deciding.post(address, {"reason": ""})
    assert missing.status_code == 422
    assert "Enter the reason" in missing.content.decode()
    assert deciding.post(address, {"reason": "Say who decides"}).status_code == 302
    assert (
        "Say who decides"
        in sign_in(team).get(reverse("offers:edition-progress", args=["testshire", 1])).content.decode()
    )
    items = {each.code: rows for each, rows in worklists_for(team, TODAY)}
    assert items["offers-returned"][0].why.endswith("returned it: Say who decides")


def test_move_that_is_not_possible_now_leads_back_and_is_refused(
    writing: Client, offer: LocalOffer, team: User
) -> None:
    EditionFactory(local_offer=offer, author=team)
    publish = reverse("offers:edition-publish", args=["testshire", 1])
    assert writing.get(publish)["Location"] == reverse("offers:edition-progress", args=["testshire", 1])
    response = writing.post(publish)
    assert response.status_code == 422
    assert "cannot be changed in this way" in response.content.decode()


def test_author_is_offered_no_approval(offer: LocalOffer, team: User) -> None:
    team.memberships.create(role=Role.APPROVER, commissioner=offer.commissioner, starts_on=dt.date(2014, 1, 1))
    submitted_edition(local_offer=offer, author=team)
    client = sign_in(team)
    page = client.get(reverse("offers:edition-progress", args=["testshire", 1])).content.decode()
    assert "/approve/" not in page
    assert "/return/" in page
    response = client.post(reverse("offers:edition-approve", args=["testshire", 1]))
    assert response.status_code == 422
    assert "somebody else must approve it" in response.content.decode()


def test_failed_publication_is_shown_and_can_be_asked_for_again(offer: LocalOffer) -> None:
    edition = approved_edition(local_offer=offer)
    assert edition.approved_by is not None
    client = sign_in(edition.approved_by)
    client.post(reverse("offers:edition-publish", args=["testshire", 1]))
    Job.objects.update(state="failed", error="Figures are missing", finished_at=edition.created_at)
    page = client.get(reverse("offers:edition-progress", args=["testshire", 1])).content.decode()
    assert "Publication failed" in page
    assert "Figures are missing" in page
    client.post(reverse("offers:edition-publish", args=["testshire", 1]))
    assert Job.objects.get().state == JobState.QUEUED


def test_worklists_say_what_waits_for_whom(offer: LocalOffer, approver: User, team: User) -> None:
    submitted_edition(local_offer=offer, author=team)
    waiting = {each.code: [item.text for item in rows] for each, rows in worklists_for(approver, TODAY)}
    assert waiting["offers-to-approve"] == ["A local offer, edition 1"]
    assert waiting["offers-to-publish"] == []
    stranger = UserFactory(role=Role.APPROVER)
    assert {each.code: rows for each, rows in worklists_for(stranger, TODAY)}["offers-to-approve"] == []


def test_worklist_of_approved_editions(offer: LocalOffer, team: User) -> None:
    approved_edition(local_offer=offer)
    waiting = {each.code: [item.url for item in rows] for each, rows in worklists_for(team, TODAY)}
    assert waiting["offers-to-publish"] == ["/local-offers/testshire/write/editions/1/"]


def test_workshop_says_when_the_text_is_locked(writing: Client, offer: LocalOffer) -> None:
    submitted_edition(local_offer=offer)
    assert (
        "nobody can change the text or the timeline" in writing.get("/local-offers/testshire/write/").content.decode()
    )


def test_preview_warns_of_figures_that_are_not_provided(writing: Client, offer: LocalOffer) -> None:
    OfferSection.objects.filter(local_offer=offer, kind="funding").update(body="{{ figure.gone }}")
    page = writing.get("/local-offers/testshire/write/preview/").content.decode()
    assert "Figures that are not provided" in page
    assert "figure not available" in page


def test_published_edition_leads_to_what_the_public_reads(writing: Client, offer: LocalOffer) -> None:
    published_edition(local_offer=offer)
    page = writing.get(reverse("offers:edition-progress", args=["testshire", 1])).content.decode()
    assert "/local-offers/testshire/editions/1/" in page
