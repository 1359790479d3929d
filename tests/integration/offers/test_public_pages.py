"""What everybody reads: no cookie, cacheable, and the same words as the edition."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from offers.models import Edition
from offers.services.editions import withdraw
from phb_register.roles import Role
from tests.factories.offers import EditionFactory, LocalOfferFactory, OfferLineFactory, published_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db


def published() -> Edition:
    offer = LocalOfferFactory(slug="testshire", title="Budgets in Testshire")
    offer.sections.filter(kind="introduction").update(body="There are **{{ figure.phbs_in_place }}** budgets.")
    OfferLineFactory(
        phase__local_offer=offer, phase__name="2016/17", cohort__name="Adults of Testshire", source="Paragraph 17"
    )
    return published_edition(local_offer=offer, title="Budgets in Testshire")


def pages_of(edition: Edition) -> list[str]:
    slug = edition.local_offer.slug
    return [
        "/local-offers/",
        f"/local-offers/{slug}/",
        f"/local-offers/{slug}/local-offer.pdf",
        f"/local-offers/{slug}/editions/",
        f"/local-offers/{slug}/editions/1/",
        f"/local-offers/{slug}/editions/1/local-offer.pdf",
    ]


def test_public_pages_need_no_session_set_no_cookie_and_may_be_cached(client: Client, edition: Edition) -> None:
    for address in pages_of(edition):
        response = client.get(address)
        assert response.status_code == 200, address
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response["Cache-Control"] == "public, max-age=60"
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_public_pages_are_the_same_for_a_signed_in_user(client: Client, edition: Edition) -> None:
    before = [client.get(address).content for address in pages_of(edition)]
    client.force_login(UserFactory(role=Role.PHB_TEAM))
    assert [client.get(address).content for address in pages_of(edition)] == before


def test_public_pages_take_no_post(client: Client, edition: Edition) -> None:
    assert {client.post(address).status_code for address in pages_of(edition)} == {405}


def test_current_edition_says_everything(client: Client, edition: Edition) -> None:
    page = client.get("/local-offers/testshire/").content.decode()
    for words in (
        "<h1",
        "Budgets in Testshire",
        'There are <strong><span class="app-slot">122</span></strong> budgets.',
        "Adults of Testshire",
        "Paragraph 17",
        "What phbs_in_place means",
        "7 February 2017",
        edition.content_hash,
        "/local-offers/testshire/editions/1/local-offer.pdf",
        "(PDF, ",
    ):
        assert words in page


def test_current_edition_is_read_in_few_queries(
    client: Client, edition: Edition, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/local-offers/testshire/")


def test_pdf_has_its_name_size_and_hash(client: Client, edition: Edition) -> None:
    assert edition.pdf is not None
    response = client.get("/local-offers/testshire/local-offer.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="testshire-edition-1.pdf"'
    assert int(response["Content-Length"]) == len(response.content) == edition.pdf.size
    assert response["ETag"] == f'"{hashlib.sha256(response.content).hexdigest()}"'
    assert response.content.startswith(b"%PDF-1.7")


def test_superseded_edition_stays_readable_and_points_to_the_new_one(client: Client, edition: Edition) -> None:
    published_edition(local_offer=edition.local_offer, number=2, title=edition.title)
    old = client.get("/local-offers/testshire/editions/1/").content.decode()
    assert "A newer edition is published" in old
    assert "Budgets in Testshire" in old
    new = client.get("/local-offers/testshire/").content.decode()
    assert "/local-offers/testshire/editions/2/local-offer.pdf" in new
    assert "/local-offers/testshire/editions/1/" in new
    assert client.get("/local-offers/testshire/editions/1/local-offer.pdf").status_code == 200
    assert client.get("/local-offers/testshire/local-offer.pdf")["Content-Disposition"].endswith('edition-2.pdf"')


def test_withdrawn_edition_is_gone_and_says_so(client: Client, edition: Edition) -> None:
    assert edition.approved_by is not None
    withdraw(edition=edition, by=edition.approved_by, reason="A mistake")
    response = client.get("/local-offers/testshire/editions/1/")
    assert response.status_code == 410
    assert "Edition 1 was withdrawn" in response.content.decode()
    assert client.get("/local-offers/testshire/editions/1/local-offer.pdf").status_code == 404
    assert "No edition of this local offer is published yet" in client.get("/local-offers/testshire/").content.decode()


def test_offer_without_a_published_edition_says_so(client: Client) -> None:
    draft = EditionFactory(local_offer__slug="newshire", title="Secret draft")
    for address in ("/local-offers/newshire/", "/local-offers/newshire/editions/", "/local-offers/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "published yet" in page.content.decode()
        assert draft.title not in page.content.decode()
    for address in ("local-offer.pdf", "editions/1/", "editions/1/local-offer.pdf"):
        assert client.get(f"/local-offers/newshire/{address}").status_code == 404


@pytest.mark.parametrize("address", ["", "local-offer.pdf", "editions/", "editions/1/"])
def test_unknown_offer_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/local-offers/nowhere/{address}").status_code == 404


def test_llr_offer_has_its_address() -> None:
    address = reverse("offers:local-offer", args=["leicester-leicestershire-and-rutland"])
    assert address == "/local-offers/leicester-leicestershire-and-rutland/"
