"""Editing the timeline: it is kept as a whole, as its sheet shows it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from offers import policies
from offers.enums import ContributionKind
from offers.exceptions import TimelineConflict
from offers.models import Cohort, LocalOffer, OfferLine, Phase
from offers.rules.timeline_entries import LineDetails, PhaseDetails, problems
from offers.services import contributions
from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission


@transaction.atomic
def save_timeline(*, offer: LocalOffer, phases: Sequence[PhaseDetails], expected_version: int, by: User) -> LocalOffer:
    """Make the timeline what `phases` say, in their order: what is not among them is removed.

    Published editions keep what they say. Saving it as it stands changes nothing. Raises `TimelineConflict` where
    somebody else saved it after `expected_version`, `Refused` for what is wrong with it, `TextIsLocked` while an
    edition waits for a decision.
    """
    offer = LocalOffer.objects.select_for_update(of=("self",)).select_related("timeline_saved_by").get(pk=offer.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    policies.check_text_may_change(offer)
    if offer.timeline_version != expected_version:
        raise TimelineConflict(saved_by=offer.timeline_saved_by.full_name if offer.timeline_saved_by else "")
    for problem in problems(phases):
        raise Refused(problem.message)
    writer = _Writer(offer)
    changes = writer.write(phases)
    if not changes:
        return offer
    offer.timeline_version += 1
    offer.timeline_saved_by, offer.timeline_saved_at = by, clock.now()
    offer.save(update_fields=["timeline_version", "timeline_saved_by", "timeline_saved_at"])
    contributions.note(offer=offer, by=by, to=ContributionKind.TIMELINE)
    audit.record(
        actor=by,
        action="save-timeline",
        subject=offer,
        commissioner=offer.commissioner,
        detail={"version": offer.timeline_version, "rows_changed": changes},
    )
    return offer


#: In the place of a name or note that another row takes over: nothing that anybody can type.
_LET_GO = "\x00"


class _Writer:
    """Writes the rows that differ, and counts them."""

    def __init__(self, offer: LocalOffer) -> None:
        self.offer = offer
        phases = Phase.objects.filter(local_offer=offer).order_by("position", "pk")
        self.phases = {phase.pk: phase for phase in phases}
        lines = OfferLine.objects.filter(phase__local_offer=offer).order_by("position", "pk")
        self.lines = {line.pk: line for line in lines}
        self.cohorts = Cohort.objects.on_offer(offer).in_bulk(field_name="code")
        self.changes = 0

    def write(self, phases: Sequence[PhaseDetails]) -> int:
        """How many rows were added, changed or removed."""
        kept_phases = {each.pk for each in phases if each.pk is not None}
        kept_lines = {line.pk for each in phases for line in each.lines if line.pk is not None}
        if not (kept_phases <= set(self.phases) and kept_lines <= set(self.lines)):
            raise Refused("Part of this timeline was removed meanwhile. Open it again")
        self._make_room(phases, kept_lines)
        places = _places([each.pk for each in phases], list(self.phases.values()))
        saved = [self._save_phase(details, place) for details, place in zip(phases, places, strict=True)]
        for phase, details in zip(saved, phases, strict=True):
            there = [line for line in self.lines.values() if line.phase_id == details.pk]
            places = _places([line.pk for line in details.lines], there)
            for line, place in zip(details.lines, places, strict=True):
                self._save_line(phase, line, place)
        # Last, when their lines stand elsewhere.
        gone = [pk for pk in self.phases if pk not in kept_phases]
        self.changes += len(gone)
        Phase.objects.filter(pk__in=gone).delete()
        return self.changes

    def _make_room(self, phases: Sequence[PhaseDetails], kept_lines: set[int]) -> None:
        """Take out the lines that go, and let go of names and notes that rows exchange, for each must be there once."""
        gone = [pk for pk in self.lines if pk not in kept_lines]
        self.changes += len(gone)
        OfferLine.objects.filter(pk__in=gone).delete()
        held = {phase.name: pk for pk, phase in self.phases.items()}
        for details in phases:
            if held.get(details.name, details.pk) != details.pk:
                Phase.objects.filter(pk=held[details.name]).update(name=f"… {held[details.name]}")
                self.phases[held[details.name]].name = _LET_GO
        places = {(line.phase_id, line.cohort_id, line.note): pk for pk, line in self.lines.items()}
        for details in phases:
            for line in details.lines:
                cohort = self.cohorts.get(line.cohort)
                place = (details.pk or 0, cohort.pk if cohort else 0, line.note)
                holder = places.get(place)
                if holder is not None and holder != line.pk and holder in kept_lines:
                    OfferLine.objects.filter(pk=holder).update(note=f"… {holder}")
                    self.lines[holder].note = _LET_GO

    def _save_phase(self, details: PhaseDetails, position: int) -> Phase:
        phase = self.phases[details.pk] if details.pk is not None else Phase(local_offer=self.offer)
        self._save(
            phase,
            name=details.name,
            starts_on=details.starts_on,
            ends_on=details.ends_on,
            timing=details.timing,
            continues_earlier=details.continues_earlier,
            position=position,
        )
        return phase

    def _save_line(self, phase: Phase, details: LineDetails, position: int) -> None:
        line = self.lines[details.pk] if details.pk is not None else OfferLine()
        cohort = self.cohorts.get(details.cohort)
        if cohort is None:
            raise Refused("One of the cohorts is no longer there. Select another")
        self._save(
            line,
            phase_id=phase.pk,
            cohort_id=cohort.pk,
            status=details.status,
            status_words=details.status_words,
            note=details.note,
            source=details.source,
            starts_on=details.starts_on,
            ends_on=details.ends_on,
            position=position,
        )

    def _save(self, row: Phase | OfferLine, **values: Any) -> None:
        if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(row, name, value)
        row.clean_fields(exclude=["local_offer", "phase", "cohort"])
        row.save()
        self.changes += 1


def _places(wanted: Sequence[int | None], there: Sequence[Phase | OfferLine]) -> list[int]:
    """The position of each row: as they are where the order stays, or else counted from 1."""
    if wanted == [row.pk for row in there]:
        return [row.position for row in there]
    return list(range(1, len(wanted) + 1))
