"""Every address declares who may open it, and nobody else gets in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from phb_register.access import PUBLIC, SIGNED_IN, access_of
from phb_register.roles import ROLE_PERMISSIONS, Permission, Role
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, UserFactory

# What the public may open, by name: a page that joins this list was meant to.
PUBLIC_PAGES = {
    "closed",
    "phb_register:healthz",
    "phb_register:readyz",
    "phb_register:accessibility",
    "phb_register:privacy",
    "phb_register:component-gallery",
    "offers:local-offers",
    "offers:local-offer",
    "offers:local-offer-pdf",
    "offers:edition",
    "offers:editions",
    "offers:edition-pdf",
    "offers:compare-editions",
    "offers:comparison",
    "offers:how-to-ask",
    "offers:consultations",
    "offers:consultation",
    "offers:comment-publicly",
    "offers:comment-thanks",
    "offers:feedback",
    "offers:feedback-thanks",
    "offers:feed",
    "offers:check-a-pdf",
    "offers:local-offer-easy-read",
    "offers:edition-easy-read",
    "offers:local-offer-easy-read-pdf",
    "offers:edition-easy-read-pdf",
    "offers:local-offer-large-print-pdf",
    "offers:edition-large-print-pdf",
    "offers:local-offer-text",
    "offers:edition-text",
    "offers:local-offer-timeline",
    "offers:edition-timeline",
    "offers:local-offer-figures",
    "offers:edition-figures",
    "offers:local-offer-json",
    "offers:edition-json",
    "offers:open-referral",
    "offers:open-services",
    "offers:open-service",
    "offers:open-organizations",
    "offers:open-organization",
    "offers:open-taxonomies",
    "offers:open-taxonomy",
    "offers:open-taxonomy-terms",
    "offers:open-taxonomy-term",
    "offers:open-service-at-locations",
    "offers:open-service-at-location",
    "eligibility:self-check",
}

# Stand-ins for the parts of an address; that the record does not exist must not matter to somebody without the role.
ARGUMENTS = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "999999",
    "str": "LLR",
    "slug": "leicester-leicestershire-and-rutland",
}


def addresses() -> Iterator[tuple[str, Callable[..., Any], dict[str, str]]]:
    """(name with its namespace, view, stand-in arguments) of every address."""

    def walk(resolver: URLResolver, namespace: str, arguments: dict[str, str]) -> Iterator[Any]:
        for entry in resolver.url_patterns:
            converters = getattr(entry.pattern, "converters", {})
            inner = arguments | {
                name: ARGUMENTS[type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")]
                for name, converter in converters.items()
            }
            if isinstance(entry, URLPattern):
                yield f"{namespace}{entry.name}", entry.callback, inner
            else:
                deeper = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from walk(entry, deeper, inner)

    yield from walk(get_resolver(), "", {})


OURS = [entry for entry in addresses() if not entry[1].__module__.startswith("allauth.")]
GUARDED = [entry for entry in OURS if access_of(entry[1]) not in (PUBLIC, None)]


def test_there_are_addresses_to_walk() -> None:
    assert len(OURS) > 20
    assert {access_of(view) for _, view, _ in OURS} & set(Permission)


@pytest.mark.parametrize(("name", "view", "arguments"), OURS, ids=[name for name, _, _ in OURS])
def test_address_declares_who_may_open_it(name: str, view: Callable[..., Any], arguments: dict[str, str]) -> None:
    declared = access_of(view)
    assert declared is not None, f"{name} needs @public, @signed_in or @requires(...)"
    assert isinstance(declared, Permission) or declared in {PUBLIC, SIGNED_IN}


def test_public_addresses_are_the_ones_meant() -> None:
    assert {name for name, view, _ in OURS if access_of(view) == PUBLIC} == PUBLIC_PAGES


@pytest.mark.django_db
def test_signed_out_user_is_sent_to_sign_in(client: Client) -> None:
    for name, _, arguments in GUARDED:
        address = reverse(name, kwargs=arguments)
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, name
            # The home page leads the public to what everybody may read.
            leads_to = "offers:local-offers" if name == "phb_register:home" else "account_login"
            assert answer["Location"].startswith(reverse(leads_to)), name


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_refusals")
@pytest.mark.parametrize("permission", Permission)
def test_user_without_the_permission_is_refused(client: Client, permission: Permission) -> None:
    # One user with every role that lacks it: together these open no more than each alone.
    commissioner = CommissionerFactory()
    user = UserFactory()
    for role in Role:
        if permission not in ROLE_PERMISSIONS[role]:
            MembershipFactory(user=user, role=role, commissioner=commissioner)
    client.force_login(user)
    for name, view, arguments in GUARDED:
        if access_of(view) == permission:
            address = reverse(name, kwargs=arguments)
            assert client.get(address).status_code == 403, f"{name} is opened"
            assert client.post(address).status_code == 403, f"{name} is posted to"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["email", "confirm-email", "login/code/confirm"])
def test_page_that_a_library_brings_and_nobody_may_use_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/accounts/{address}/").status_code == 404
    client.force_login(UserFactory())
    assert client.get(f"/accounts/{address}/").status_code == 404
    assert client.post(f"/accounts/{address}/", {"email": "new@example.org"}).status_code == 404
