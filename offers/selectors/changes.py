"""What a writer says of the changes since the edition before, and any two editions side by side."""

import hashlib
from collections.abc import Mapping
from typing import Any

from offers.enums import ExplanationKind
from offers.models import Edition, LocalOffer
from offers.rules.editions import PUBLIC_STATUSES
from offers.rules.reading import ReadSince, compare
from offers.selectors.content import gather
from offers.selectors.since import ExplainedChange, NotedProgress, Since, since_of

Explained = ExplainedChange | NotedProgress


def changes_of(edition: Edition) -> Since | None:
    """What changed since the edition before, as the draft stands now, with what was said of it; None for the first."""
    snapshot, _ = gather(edition)
    return since_of(edition, snapshot)


def mark_of(each: Explained) -> tuple[str, str]:
    """The address of a change or a promise on its edition's pages: its kind, and a short name for its key."""
    kind, key = name_of(each)
    return kind, hashlib.sha256(key.encode()).hexdigest()[:12]


def name_of(each: Explained) -> tuple[str, str]:
    """The kind and key of a change or a promise, under which what is said of it is kept."""
    if isinstance(each, NotedProgress):
        return ExplanationKind.PROGRESS.value, each.progress.key
    return each.change.kind.value, each.change.key


def find(since: Since, kind: str, mark: str) -> Explained | None:
    """The change or promise at an address; None where it is not one any more."""
    everything: tuple[Explained, ...] = (*since.changes, *since.progress)
    return next((each for each in everything if mark_of(each) == (kind, mark)), None)


def public_comparison(offer: LocalOffer, was: int, now: int) -> tuple[Edition, Edition, ReadSince] | None:
    """Two editions that anybody may read, against each other; None where there is no such pair."""
    found = Edition.objects.filter(local_offer=offer, number__in=[was, now], status__in=PUBLIC_STATUSES)
    return _compared({each.number: each for each in found}, was, now)


def comparison(offer: LocalOffer, was: int, now: int) -> tuple[Edition, Edition, ReadSince] | None:
    """Two editions against each other for staff: also withdrawn ones, and one on its way as it stands now."""
    found = Edition.objects.filter(local_offer=offer, number__in=[was, now])
    return _compared({each.number: each for each in found}, was, now)


def _compared(found: Mapping[int, Edition], was: int, now: int) -> tuple[Edition, Edition, ReadSince] | None:
    if was == now or was not in found or now not in found:
        return None
    return found[was], found[now], compare(_content(found[was]), _content(found[now]))


def _content(edition: Edition) -> dict[str, Any]:
    return edition.snapshot if edition.snapshot is not None else gather(edition)[0]
