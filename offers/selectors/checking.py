"""Which edition a file is. Nothing of the file is kept."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from offers.models import Edition
from offers.rules.checking import marks
from offers.rules.outputs import DOCUMENTS, Output
from offers.selectors.outputs import documents_of


class Finding(StrEnum):
    """What was found out about a file."""

    PUBLISHED = "published"
    ADDED_TO = "added-to"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What a file is, and of which edition; `current` is the edition that holds now, if another one does."""

    finding: Finding
    edition: Edition | None = None
    output: Output | None = None
    current: Edition | None = None


def verdict_on(content: bytes) -> Verdict:
    """Whether a file is a document of an edition as it was published, one that was changed, or none at all."""
    found = _published(hashlib.sha256(content).hexdigest())
    if found is not None:
        return _verdict(Finding.PUBLISHED, *found)
    for edition in _marked(marks(content)):
        for output, document in documents_of(edition).items():
            if document.size < len(content):
                start = hashlib.sha256(memoryview(content)[: document.size]).hexdigest()
                if start == document.sha256:
                    return _verdict(Finding.ADDED_TO, edition, output)
        return _verdict(Finding.ALTERED, edition, None)
    return Verdict(Finding.UNKNOWN)


def _published(digest: str) -> tuple[Edition, Output] | None:
    is_one_of_them = Q()
    for output in DOCUMENTS:
        is_one_of_them |= Q(**{f"{output.field}__sha256": digest})
    edition = Edition.objects.filter(is_one_of_them).select_related("local_offer").defer("snapshot").first()
    if edition is None:
        return None
    documents = documents_of(edition).items()
    return edition, next(output for output, document in documents if document.sha256 == digest)


def _marked(fingerprints: list[str]) -> list[Edition]:
    """The editions whose fingerprints a file carries, as the file has them first."""
    editions = Edition.objects.filter(content_hash__in=fingerprints, published_at__isnull=False)
    found = {each.content_hash: each for each in editions.select_related("local_offer").defer("snapshot")}
    return [found[each] for each in fingerprints if each in found]


def _verdict(finding: Finding, edition: Edition, output: Output | None) -> Verdict:
    current = Edition.objects.current().filter(local_offer=edition.local_offer_id).defer("snapshot").first()
    return Verdict(finding, edition, output, None if current == edition else current)
