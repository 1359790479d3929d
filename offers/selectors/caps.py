"""The caps of an offer's phases, for rules further on that hold numbers against them."""

import datetime as dt
from dataclasses import dataclass

from offers.models import LocalOffer, PhaseCap


@dataclass(frozen=True)
class CapOfPhase:
    """At most `people` at one time while a phase runs, up to its last day. `cohort_code` is "" for a cap on all."""

    cohort_code: str
    people: int
    starts_on: dt.date | None
    ends_on: dt.date | None
    phase_name: str


def caps_of(offer: LocalOffer) -> list[CapOfPhase]:
    """The caps that stand, without those whose phase was taken off the timeline."""
    found = PhaseCap.objects.of(offer).filter(phase__isnull=False).select_related("phase", "cohort")
    return [
        CapOfPhase(
            cohort_code=cap.cohort.code if cap.cohort else "",
            people=cap.people,
            starts_on=cap.phase.starts_on,
            ends_on=cap.phase.ends_on,
            phase_name=cap.phase.name,
        )
        for cap in found
        if cap.phase is not None
    ]
