"""Keeping who had a hand in what the coming edition says, so that they do not approve it."""

from offers.enums import ContributionKind
from offers.models import Contribution, Edition, LocalOffer
from offers.rules.editions import WRITING_STATUSES
from phb_register import clock
from phb_register.models import User


def note(*, offer: LocalOffer, by: User, to: ContributionKind) -> None:
    """Note that somebody changed something of the coming edition; noting it again changes nothing.

    Called by the service that changed it, inside its transaction and under its lock on the offer.
    """
    latest = Edition.objects.filter(local_offer=offer).order_by("-number").values_list("number", "status").first()
    Contribution.objects.bulk_create(
        [Contribution(local_offer=offer, edition_number=_coming(latest), kind=to, by=by, first_at=clock.now())],
        ignore_conflicts=True,
    )


def _coming(latest: tuple[int, str] | None) -> int:
    """The number of the edition that is being written, or else of the next one: what waits for a decision is fixed."""
    if latest is None:
        return 1
    number, status = latest
    return number if status in WRITING_STATUSES else number + 1
