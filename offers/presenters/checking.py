"""How it is said what a file is that a reader has sent."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from offers.enums import EditionStatus
from offers.models import Edition
from offers.presenters.wording import spoken
from offers.selectors.checking import Finding, Verdict
from phb_register.presenters import summary

_TAGS: dict[str, dict[str, str]] = {
    Finding.PUBLISHED: {"text": "As it was published", "classes": "nhsuk-tag--green"},
    Finding.ADDED_TO: {"text": "Changed after publication", "classes": "nhsuk-tag--orange"},
    Finding.ALTERED: {"text": "Changed after publication", "classes": "nhsuk-tag--red"},
    Finding.UNKNOWN: {"text": "Not published here", "classes": "nhsuk-tag--red"},
}


def verdict(found: Verdict) -> dict[str, Any]:
    """The answer: a heading, a tag, a sentence, what is known of the edition, and where to read on."""
    edition = found.edition
    return {
        "heading": _heading(found),
        "tag": _TAGS[found.finding],
        "explanation": _explanation(found),
        "facts": _facts(found, edition) if edition else None,
        "link": _link(edition) if edition else None,
    }


def _heading(found: Verdict) -> str:
    if found.edition is None:
        return "This is not a local offer published here"
    which = f"edition {found.edition.number} of {found.edition.local_offer.title}"
    return {
        Finding.PUBLISHED: f"This is {which}",
        Finding.ADDED_TO: f"Something was added to {which}",
        Finding.ALTERED: f"This is not {which}",
    }[found.finding]


def _explanation(found: Verdict) -> str:
    return {
        Finding.PUBLISHED: "Nothing in it was changed since it was published.",
        Finding.ADDED_TO: (
            "All of the published file is there, and something follows it: a comment, a signature, or a change of "
            "what is shown. Do not rely on it. Read the published one."
        ),
        Finding.ALTERED: (
            "It carries the mark of that edition and is not the file that was published: it was changed, or saved "
            "again by another programme. Do not rely on it. Read the published one."
        ),
        Finding.UNKNOWN: (
            "No edition of a local offer on this site was published as this file. It comes from elsewhere, or it was "
            "changed so much that its mark is gone."
        ),
    }[found.finding]


def _facts(found: Verdict, edition: Edition) -> list[dict[str, Any]]:
    rows: list[tuple[str, Any]] = [("Local offer", edition.local_offer.title), ("Edition", str(edition.number))]
    if found.output:
        rows.append(("Version", f"{found.output.label} ({found.output.kind})"))
    if edition.published_at:
        rows.append(("Published", spoken(timezone.localdate(edition.published_at))))
    rows.append(("Does it still hold?", _standing(edition, found.current)))
    return summary(rows)


def _standing(edition: Edition, current: Edition | None) -> str:
    if edition.status == EditionStatus.PUBLISHED:
        return "Yes, it is the newest edition"
    if edition.status == EditionStatus.WITHDRAWN:
        return "No, it was withdrawn" + (f". The newest is edition {current.number}" if current else "")
    return f"No, edition {current.number} took its place" if current else "No, a newer edition took its place"


def _link(edition: Edition) -> dict[str, str]:
    if edition.is_public:
        address = reverse("offers:edition", args=[edition.local_offer.slug, edition.number])
        return {"href": address, "text": f"Read edition {edition.number} as it was published"}
    return {"href": reverse("offers:local-offer", args=[edition.local_offer.slug]), "text": "Read the local offer now"}
