"""Support organisations as open data, in the shapes of Open Referral UK (HSDS-UK 3.0).

The standard: openreferraluk.org/developers. An organisation is an `organization` of the standard, and gives one
`service` that has the same identifier; what it does is a term of this register's taxonomy. What is not known is left
out, never sent empty. Places, times and ages are not kept here, so none are given.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from offers.support_directory import SupportEntry, SupportKind

VERSION = "HSDS-UK-3.0"
PROFILE = "https://openreferraluk.org/developers/specifications"
OPENAPI = "https://openreferraluk.org/specifications/3.0/openapi.json"

#: Identifiers that are made, not kept, come from here: the same on every server, and after every restart.
_NAMESPACE = uuid.UUID("5f2c8e0a-8a3d-5d0f-9a1e-6f6b6c7d3b21")
TAXONOMY_ID = uuid.uuid5(_NAMESPACE, "kinds of support")
TAXONOMY_NAME = "Kinds of support with a personal health budget"

Item = TypeVar("Item")


def about() -> dict[str, str]:
    """What the feed says of itself."""
    return {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI}


def page_of(items: Sequence[Item], total: int, *, page: int, per_page: int) -> dict[str, Any]:
    """A page of a list, with the standard's header. There is always a first page, be it empty."""
    pages = max(1, -(-total // per_page))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(items),
        "first_page": page == 1,
        "last_page": page == pages,
        "empty": not items,
        "contents": list(items),
    }


def term_id(code: str) -> uuid.UUID:
    """The identifier of a kind of support."""
    return uuid.uuid5(TAXONOMY_ID, code)


def taxonomy() -> dict[str, Any]:
    """The one taxonomy of this register."""
    return {
        "id": str(TAXONOMY_ID),
        "name": TAXONOMY_NAME,
        "description": "What an organisation does for people who have a personal health budget.",
        "version": "1",
    }


def term(kind: SupportKind) -> dict[str, Any]:
    """A kind of support."""
    return {
        "id": str(term_id(kind.code)),
        "term": kind.label,
        "taxonomy": TAXONOMY_NAME,
        "taxonomy_id": str(TAXONOMY_ID),
    }


def organization(entry: SupportEntry) -> dict[str, Any]:
    """Who gives the service."""
    return _known(id=str(entry.reference), name=entry.name, description=entry.description, email=entry.email) | _known(
        website=entry.website
    )


def service_in_list(entry: SupportEntry, url_of: Callable[[SupportEntry], str]) -> dict[str, Any]:
    """A service as the list has it: without what may be many."""
    return _known(
        id=str(entry.reference),
        organization_id=str(entry.reference),
        name=entry.name,
        description=entry.description,
        url=entry.website or url_of(entry),
        email=entry.email,
        status="active",
        last_modified=entry.changed_at.isoformat(timespec="milliseconds"),
    ) | {"organization": organization(entry)}


def service(entry: SupportEntry, kinds: Sequence[SupportKind], url_of: Callable[[SupportEntry], str]) -> dict[str, Any]:
    """A service with all that is told of it."""
    reference = entry.reference
    area = {
        "id": str(uuid.uuid5(reference, "service area")),
        "service_id": str(reference),
        "name": entry.commissioner_name,
    }
    contact = {
        "id": str(uuid.uuid5(reference, "contact")),
        "service_id": str(reference),
        "name": entry.name,
        "phones": [{"id": str(uuid.uuid5(reference, "phone")), "number": entry.phone}],
    }
    return service_in_list(entry, url_of) | {
        "service_areas": [area],
        "attributes": [_attribute(entry, kind) for kind in kinds if kind.code in entry.kinds],
        **({"contacts": [contact]} if entry.phone else {}),
    }


def _attribute(entry: SupportEntry, kind: SupportKind) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(entry.reference, kind.code)),
        "link_id": str(entry.reference),
        "link_entity": "service",
        "link_type": "service_type",
        "taxonomy_term_id": str(term_id(kind.code)),
        "taxonomy_term": term(kind),
    }


def _known(**values: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
