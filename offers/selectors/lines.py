"""What is offered to the people of a commissioner, as rules further on read it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from offers.enums import EditionStatus
from offers.models import Cohort, Edition, LocalOffer, OfferLine
from offers.selectors.content import timeline_of
from phb_register.models import Commissioner, PartnershipMember
from phb_register.selectors.commissioners import main_successor


@dataclass(frozen=True)
class LineOnOffer:
    """One line of an offer. It runs from `starts_on` until the day before `ends_on`; None means not said.

    `status` is a value of `offers.enums.LineStatus`; `source` names the paper and paragraph.
    """

    cohort_code: str
    status: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    note: str
    source: str
    phase_name: str


def offer_for(commissioner: Commissioner, on: dt.date | None = None) -> LocalOffer | None:
    """The offer that holds for the people of a commissioner on a date (by default: whatever the date).

    Its own; or else that of the partnership it is a member of on that date; or else of one it was, or will
    be, a member of; or else what holds for its main successor. So the offer of LLR holds for 04C in 2016 and
    for QK1 today. A successor without an offer goes on with its predecessor's, where only one of them made one:
    that of 11X holds for QSL until it publishes its own.
    """
    seen: set[int] = set()
    current: Commissioner | None = commissioner
    while current is not None and current.pk not in seen:
        seen.add(current.pk)
        offer = LocalOffer.objects.filter(commissioner=current).first() or _partnership_offer(current, on)
        if offer is not None:
            return offer
        current = main_successor(current)
    inherited = LocalOffer.objects.filter(
        commissioner__successions__successor=commissioner, commissioner__successions__is_main=True
    )[:2]
    return inherited[0] if len(inherited) == 1 else None


def offer_lines_for(
    commissioner: Commissioner, cohort: Cohort | str | None = None, *, on: dt.date | None = None
) -> list[LineOnOffer]:
    """The lines of the offer that holds for a commissioner's people, in the order of the timeline.

    Those of the published edition: what is being written, and not approved yet, offers nobody anything (ADR 0027). An
    offer that never published one is taken as it is written. `cohort` (or its code) keeps only that cohort's lines. An
    empty list means that nothing is offered here.
    """
    offer = offer_for(commissioner, on)
    lines = lines_on(offer) if offer else []
    code = cohort.code if isinstance(cohort, Cohort) else cohort
    return [line for line in lines if code in (None, line.cohort_code)]


def lines_on(offer: LocalOffer) -> list[LineOnOffer]:
    """The lines of an offer, as ``offer_lines_for`` has them."""
    published = _published_timeline(offer)
    return _written_lines(offer) if published is None else _lines_of(published)


def timeline_on(offer: LocalOffer) -> Sequence[Mapping[str, Any]]:
    """The phases of an offer with their lines, from where ``lines_on`` has them, in the form of a snapshot."""
    published = _published_timeline(offer)
    return timeline_of(offer) if published is None else published


def _published_timeline(offer: LocalOffer) -> Sequence[Mapping[str, Any]] | None:
    """That of the published edition; empty where it was withdrawn; None where nothing ever was published."""
    is_current = ExpressionWrapper(Q(status=EditionStatus.PUBLISHED), output_field=BooleanField())
    ever_published = Edition.objects.filter(local_offer=offer, published_at__isnull=False).annotate(
        is_current=is_current
    )
    found = ever_published.order_by("is_current").values_list("is_current", "snapshot__timeline").last()
    if found is None:
        return None
    is_there, timeline = found
    return timeline if is_there else []


def _lines_of(timeline: Iterable[Mapping[str, Any]]) -> list[LineOnOffer]:
    """The lines as a snapshot holds them (`offers.selectors.content.timeline_of`)."""
    return [
        LineOnOffer(
            cohort_code=line["cohort"],
            status=line["status"],
            starts_on=_day(line["starts_on"]),
            ends_on=_day(line["ends_on"]),
            note=line["note"],
            source=line["source"],
            phase_name=phase["name"],
        )
        for phase in timeline
        for line in phase["lines"]
    ]


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


def _written_lines(offer: LocalOffer) -> list[LineOnOffer]:
    lines = OfferLine.objects.filter(phase__local_offer=offer).select_related("phase", "cohort")
    return [
        LineOnOffer(
            cohort_code=line.cohort.code,
            status=line.status,
            starts_on=line.begins_on,
            ends_on=line.ends_on,
            note=line.note,
            source=line.source,
            phase_name=line.phase.name,
        )
        for line in lines.order_by("phase__position", "phase", "position", "pk")
    ]


def _partnership_offer(commissioner: Commissioner, on: dt.date | None) -> LocalOffer | None:
    """That of the partnership it is a member of on the date, or else of another, the latest one first."""
    memberships = list(PartnershipMember.objects.filter(member=commissioner).order_by(F("starts_on").desc()))
    if not memberships:
        return None
    offers = LocalOffer.objects.in_bulk([each.partnership_id for each in memberships], field_name="commissioner_id")
    memberships.sort(key=lambda each: not _is_in_force(each, on))
    return next((offers[each.partnership_id] for each in memberships if each.partnership_id in offers), None)


def _is_in_force(membership: PartnershipMember, on: dt.date | None) -> bool:
    """Whether it holds on a date; without one, it does."""
    return on is None or (membership.starts_on <= on and (membership.ends_on is None or membership.ends_on > on))
