"""Editing the timeline: a phase and its lines are saved together, as the grid shows them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from offers import policies
from offers.models import Cohort, LocalOffer, OfferLine, Phase
from phb_register import audit
from phb_register.models import User
from phb_register.roles import Permission


@dataclass(frozen=True)
class PhaseDetails:
    """A phase as the form gives it. `timing` says in words when, where there is no date."""

    name: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    timing: str
    continues_earlier: bool


@dataclass(frozen=True)
class LineDetails:
    """A line as the grid gives it; `pk` is None for a new one."""

    pk: int | None
    cohort: Cohort
    status: str
    note: str
    source: str
    starts_on: dt.date | None
    ends_on: dt.date | None


@transaction.atomic
def save_phase(
    *,
    offer: LocalOffer,
    phase: Phase | None,
    details: PhaseDetails,
    lines: Sequence[LineDetails],
    removed: Collection[int] = (),
    by: User,
) -> Phase:
    """Save a phase with its lines; a new phase goes to the end of the timeline. `removed` are keys of lines.

    Lines are matched by `pk`; one that is not in `lines` is left alone, so two people who add lines at once both keep
    theirs.

    Raises `ValidationError` for what the database would refuse (a name used twice, an end before a start, a line
    twice) and `TextIsLocked` while an edition waits for a decision.
    """
    offer = _writable(offer, by)
    if phase is None:
        phase = Phase(local_offer=offer, position=_next_position(offer))
    else:
        phase = Phase.objects.select_for_update().get(pk=phase.pk, local_offer=offer)
    phase.name = details.name
    phase.starts_on = details.starts_on
    phase.ends_on = details.ends_on
    phase.timing = details.timing
    phase.continues_earlier = details.continues_earlier
    phase.full_clean()
    phase.save()
    # First the removals: a line may be taken out and entered again in one go.
    OfferLine.objects.filter(phase=phase, pk__in=removed).delete()
    _save_lines(phase, lines)
    audit.record(
        actor=by,
        action="save-phase",
        subject=phase,
        commissioner=offer.commissioner,
        detail={"lines": len(lines), "removed": len(removed)},
    )
    return phase


@transaction.atomic
def remove_phase(*, phase: Phase, by: User) -> LocalOffer:
    """Take a phase with its lines out of the timeline, and return its offer. What was published keeps the phase."""
    offer = _writable(phase.local_offer, by)
    audit.record(actor=by, action="remove-phase", subject=phase, commissioner=offer.commissioner)
    OfferLine.objects.filter(phase=phase).delete()
    phase.delete()
    return offer


def _save_lines(phase: Phase, lines: Sequence[LineDetails]) -> None:
    known = {line.pk: line for line in OfferLine.objects.filter(phase=phase)}
    for position, details in enumerate(lines, start=1):
        if details.pk is not None and details.pk not in known:
            raise ValidationError("Somebody else removed one of these lines. Open the phase again")
        line = known[details.pk] if details.pk is not None else OfferLine(phase=phase)
        line.cohort = details.cohort
        line.status = details.status
        line.note = details.note
        line.source = details.source
        line.starts_on = details.starts_on
        line.ends_on = details.ends_on
        line.position = position
        line.full_clean()
        line.save()


def _writable(offer: LocalOffer, by: User) -> LocalOffer:
    """The offer, locked, once it is sure that this user may change its timeline now."""
    offer = LocalOffer.objects.select_for_update().get(pk=offer.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    policies.check_text_may_change(offer)
    return offer


def _next_position(offer: LocalOffer) -> int:
    last = Phase.objects.filter(local_offer=offer).order_by("position").last()
    return last.position + 1 if last else 1
