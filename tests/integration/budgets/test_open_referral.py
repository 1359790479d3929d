"""Support organisations as open data: what Open Referral UK (HSDS-UK 3.0) asks of a feed, and nothing more is told."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.enums import SupportKind
from budgets.models import SupportOrganisation
from tests.factories.arrangements import SupportOrganisationFactory
from tests.factories.offers import LocalOfferFactory
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

# What the standard requires of each object, written down from its pages; anything else may be left out, not empty.
REQUIRED = {
    "service": {"id", "organization_id", "name", "status", "url"},
    "organization": {"id", "name", "description"},
    "taxonomy": {"id", "name", "description"},
    "taxonomy_term": {"id", "taxonomy"},
}
HEADER = {
    "total_items": int,
    "total_pages": int,
    "page_number": int,
    "size": int,
    "first_page": bool,
    "last_page": bool,
    "empty": bool,
    "contents": list,
}
IDENTIFIERS = ("id", "organization_id", "service_id", "taxonomy_id", "taxonomy_term_id", "link_id")


@pytest.fixture
def organisation() -> SupportOrganisation:
    commissioner = CommissionerFactory(name="Testshire ICB")
    LocalOfferFactory(commissioner=commissioner, slug="testshire")
    made: SupportOrganisation = SupportOrganisationFactory(
        commissioner=commissioner,
        name="Kestrel Payroll",
        description="Works out wages for people who employ assistants.",
        kinds=[SupportKind.PAYROLL.value, SupportKind.ADVICE.value],
        website="https://kestrel.example.org",
        phone="01632 960101",
        email="hello@kestrel.example.org",
        is_public=True,
        payee_reference="SECRET-1",
    )
    return made


def told(client: Client, address: str) -> Any:
    response = client.get(f"/open-referral/{address}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    return response.json()


def check(thing: dict[str, Any], kind: str) -> None:
    """Required values are there, none is empty, and each is of its form."""
    assert set(thing) >= REQUIRED[kind]
    for name, value in thing.items():
        assert value not in ("", None, [], {}), name
        if name in IDENTIFIERS:
            assert str(uuid.UUID(value)) == value
        if name in ("url", "website"):
            assert urlsplit(value).scheme in ("http", "https")
            assert urlsplit(value).netloc
        if name in ("organization", "taxonomy_term"):
            check(value, name)


def test_root_says_which_standard_it_is(client: Client) -> None:
    about = told(client, "")
    assert about["version"] == "HSDS-UK-3.0"
    assert all(about[name].startswith("https://") for name in ("profile", "openapi_url"))


def test_services_are_listed_with_the_header_of_a_page(client: Client, organisation: SupportOrganisation) -> None:
    page = told(client, "services")
    assert {name: type(value) for name, value in page.items()} == HEADER
    assert [page[name] for name in list(HEADER)[:7]] == [1, 1, 1, 1, True, True, False]
    (service,) = page["contents"]
    check(service, "service")
    assert service["name"] == "Kestrel Payroll"
    assert service["organization_id"] == service["organization"]["id"] == str(organisation.reference)
    assert dt.datetime.fromisoformat(service["last_modified"]) <= organisation.changed_at


def test_service_says_where_what_and_how_to_reach_it(client: Client, organisation: SupportOrganisation) -> None:
    service = told(client, f"services/{organisation.reference}")
    check(service, "service")
    assert service["service_areas"][0]["name"] == "Testshire ICB"
    assert service["contacts"][0]["phones"][0]["number"] == "01632 960101"
    terms = [each["taxonomy_term"] for each in service["attributes"]]
    assert [each["term"] for each in terms] == ["Payroll", "Advice and support"]
    for each in terms:
        assert told(client, f"taxonomy_terms/{each['id']}") == each
    check(told(client, f"organizations/{organisation.reference}"), "organization")


def test_service_without_a_website_leads_to_the_local_offer(client: Client, organisation: SupportOrganisation) -> None:
    SupportOrganisation.objects.update(website="", email="", phone="")
    service = told(client, f"services/{organisation.reference}")
    check(service, "service")
    assert service["url"] == "http://testserver/local-offers/testshire/"
    assert not {"email", "contacts"} & set(service)


def test_nothing_is_told_that_is_not_for_the_public(client: Client, organisation: SupportOrganisation) -> None:
    hidden = SupportOrganisationFactory(name="Hidden", description="x")
    closed = SupportOrganisationFactory(
        name="Closed", description="x", is_public=True, closed_on=dt.date(2020, 1, 1), commissioner=hidden.commissioner
    )
    for address in ("services", "organizations", f"services/{organisation.reference}"):
        answer = client.get(f"/open-referral/{address}").content.decode()
        assert not any(word in answer for word in ("SECRET", "Hidden", "Closed"))
    for each in (hidden, closed):
        for what in ("services", "organizations"):
            response = client.get(f"/open-referral/{what}/{each.reference}")
            assert (response.status_code, list(response.json())) == (404, ["error"])


def test_pages_hold_everything_once(client: Client, organisation: SupportOrganisation) -> None:
    SupportOrganisationFactory.create_batch(
        4, description="Holds budgets", is_public=True, commissioner=organisation.commissioner
    )
    pages = [told(client, f"services?page={number}&per_page=2") for number in (1, 2, 3, 4)]
    names = [each["name"] for page in pages for each in page["contents"]]
    assert len(names) == len(set(names)) == 5
    assert [(each["size"], each["first_page"], each["last_page"], each["empty"]) for each in pages] == [
        (2, True, False, False),
        (2, False, False, False),
        (1, False, True, False),
        (0, False, False, True),
    ]
    assert {(each["total_items"], each["total_pages"]) for each in pages} == {(5, 3)}


def test_services_are_searched(client: Client, organisation: SupportOrganisation) -> None:
    SupportOrganisationFactory(name="Another", description="Holds budgets", is_public=True)
    payroll = next(each for each in told(client, "taxonomy_terms")["contents"] if each["term"] == "Payroll")
    since = organisation.changed_at.isoformat()
    for query in ("search=WAGES", f"taxonomy_term_id={payroll['id']}", f"organization_id={organisation.reference}"):
        assert [each["name"] for each in told(client, f"services?{query}")["contents"]] == ["Kestrel Payroll"]
    assert told(client, f"services?taxonomy_id={payroll['taxonomy_id']}")["total_items"] == 2
    # A plus sign that nobody escaped is read as one.
    for moment in (since, "2020-01-01", "0001-01-01", "0001-01-01T00:00:00+14:00"):
        assert told(client, f"services?modified_after={moment}")["total_items"] == 2, moment
    for query in (
        "search=nobody",
        "modified_after=2999-01-01",
        "modified_after=9999-12-31T23:59:59",
        f"taxonomy_term_id={uuid.uuid4()}",
    ):
        assert told(client, f"services?{query}")["empty"]


def test_taxonomy_has_every_kind_of_support(client: Client) -> None:
    (taxonomy,) = told(client, "taxonomies")["contents"]
    check(taxonomy, "taxonomy")
    terms = told(client, f"taxonomies/{taxonomy['id']}")["taxonomy_terms"]
    for each in terms:
        check(each, "taxonomy_term")
    assert [each["term"] for each in terms] == list(SupportKind.labels)
    assert told(client, "service_at_locations")["empty"]
    assert client.get(f"/open-referral/taxonomies/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "per_page=-1", "page=99999999999999999999", "taxonomy_id=1", "modified_after=yesterday"],
)
def test_parameter_that_is_not_right_is_named(client: Client, query: str) -> None:
    response = client.get(f"/open-referral/services?{query}")
    assert response.status_code == 400
    assert list(response.json()["parameters"]) == [query.split("=")[0]]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["search", "page", "per_page", "modified_after", "taxonomy_term_id", "full", "minimum_age"]),
    value=st.text(max_size=30),
)
def test_any_parameter_is_answered(client: Client, name: str, value: str) -> None:
    response = client.get("/open-referral/services", {name: value})
    assert response.status_code in (200, 400)
    assert response.json()


def test_services_are_read_in_few_queries(
    client: Client, organisation: SupportOrganisation, django_assert_max_num_queries: Any
) -> None:
    SupportOrganisationFactory.create_batch(5, description="Holds budgets", is_public=True)
    with django_assert_max_num_queries(3):
        client.get("/open-referral/services")
