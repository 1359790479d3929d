"""Writing the programme behind a local offer: its entries, their steps, the readings of its indicators."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from offers import policies
from offers.exceptions import EntryConflict
from offers.models import (
    PROGRAMME,
    GovernanceBody,
    Indicator,
    IndicatorReading,
    LocalOffer,
    PhaseCap,
    ProgrammeEntry,
    ProgrammeTransition,
    Risk,
    RiskScore,
    ToolChoice,
    Vision,
)
from offers.programme_enums import EventStatus, ToolKind, WorkStatus
from offers.programme_tools import TOOLS, Tool
from offers.rules.programme_progress import points
from offers.rules.programme_states import find_step
from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission

#: What an A4 page holds beside the headings, as printed; and of each list.
MOST_WORDS_OF_A_VISION = 250
MOST_POINTS_OF_A_VISION = 4

# What nobody enters; the database looks at it all the same.
_NOT_CHECKED = {"saved_by", "saved_at", "number", "version", "removed_by"}


@transaction.atomic
def add_entry(*, offer: LocalOffer, tool: Tool, details: Mapping[str, Any], by: User) -> Any:
    """Add an entry to a tool. It gets the next number of that tool, which no other entry ever has.

    `details` are the values of the tool's fields, and `is_in_board_pack`. Raises `ValidationError` for what the
    database would refuse, and `PermissionDenied`.
    """
    offer = _writable(offer, by)
    model = PROGRAMME[tool.kind]
    last = model.objects.filter(local_offer=offer).aggregate(last=Max("number"))["last"] or 0
    entry = model(local_offer=offer, number=last + 1)
    _save(entry, tool, details, by)
    audit.record(actor=by, action=f"add-{_code(tool)}", subject=entry, commissioner=offer.commissioner)
    return entry


@transaction.atomic
def change_entry(*, entry: ProgrammeEntry, details: Mapping[str, Any], expected_version: int, by: User) -> Any:
    """Change what an entry says. Raises `EntryConflict` where somebody saved it after this writer opened it."""
    held, offer = _held(entry, by)
    tool = TOOLS[entry.tool]
    if held.version != expected_version:
        raise EntryConflict(saved_by=held.saved_by.full_name, current_version=held.version)
    held.version += 1
    _save(held, tool, details, by)
    audit.record(actor=by, action=f"change-{_code(tool)}", subject=held, commissioner=offer.commissioner)
    return held


@transaction.atomic
def remove_entry(*, entry: ProgrammeEntry, by: User) -> Any:
    """Take an entry out of its list and the board pack. It can be put back, and keeps its number.

    Raises `Refused` while another entry names it.
    """
    held, offer = _held(entry, by)
    naming = _named_by(held)
    if naming is not None:
        raise Refused(f"“{naming}” ({naming._meta.verbose_name} {naming.number}) names it. Change that one first")
    held.removed_by, held.removed_at = by, clock.now()
    held.save(update_fields=["removed_by", "removed_at"])
    audit.record(actor=by, action=f"remove-{_code(TOOLS[held.tool])}", subject=held, commissioner=offer.commissioner)
    return held


@transaction.atomic
def put_back_entry(*, entry: ProgrammeEntry, by: User) -> Any:
    """Put an entry that was removed back. Raises `ValidationError` where another has taken its place meanwhile."""
    offer = _writable(entry.local_offer, by)
    held = PROGRAMME[entry.tool].objects.select_for_update().get(pk=entry.pk)
    held.removed_by = held.removed_at = None
    # A cap whose phase was taken off the timeline meanwhile comes back without one.
    has_no_phase = isinstance(held, PhaseCap) and held.phase is None
    held.full_clean(exclude=_NOT_CHECKED | ({"phase"} if has_no_phase else set()))
    held.save(update_fields=["removed_by", "removed_at"])
    audit.record(actor=by, action=f"put-back-{_code(TOOLS[held.tool])}", subject=held, commissioner=offer.commissioner)
    return held


@transaction.atomic
def take_step(*, entry: ProgrammeEntry, action: str, on: dt.date, note: str, by: User) -> Any:
    """Move an entry on as `offers.rules.programme_states` allows, with a note of what happened.

    Raises `Refused` where its status does not allow it, or an event is held before its day.
    """
    held, offer = _held(entry, by)
    step = find_step(held.tool, held.status, action)
    if step is None:
        raise Refused(f"It is {held.get_status_display().lower()} already. Open it again to see what can be done now")
    if held.tool == ToolKind.EVENTS and step.to_status == EventStatus.HELD:
        held.takes_place_on, held.heard = on, held.heard or note
    if held.tool == ToolKind.DELIVERABLES:
        held.done_on = on if step.to_status == WorkStatus.DONE else None
    held.status = step.to_status
    held.version += 1
    held.saved_by, held.saved_at = by, clock.now()
    held.save()
    ProgrammeTransition.objects.create(
        local_offer=offer,
        tool=held.tool,
        number=held.number,
        action=action,
        from_status=step.from_status,
        to_status=step.to_status,
        on=on,
        note=note,
        by=by,
        at=held.saved_at,
    )
    audit.record(
        actor=by,
        action=f"{action}-{_code(TOOLS[held.tool])}",
        subject=held,
        commissioner=offer.commissioner,
    )
    return held


@transaction.atomic
def add_reading(*, indicator: Indicator, read_on: dt.date, value: Decimal, note: str, by: User) -> IndicatorReading:
    """Write down what an indicator said on a day. Raises `Refused` for one that the register counts itself."""
    held, offer = _held(indicator, by)
    if held.figure:
        raise Refused("The register counts this indicator itself. Change the indicator to read it by hand")
    reading = IndicatorReading.objects.create(
        indicator=held, read_on=read_on, value=value, note=note, by=by, at=clock.now()
    )
    audit.record(actor=by, action="read-indicator", subject=held, commissioner=offer.commissioner)
    return reading


@transaction.atomic
def choose_tools(*, offer: LocalOffer, tools: Collection[str], by: User) -> LocalOffer:
    """Say which tools go into the board pack; all others do not. `tools` are their codes."""
    offer = _writable(offer, by)
    now = clock.now()
    for code in TOOLS:
        ToolChoice.objects.update_or_create(
            local_offer=offer,
            tool=code,
            defaults={"is_in_board_pack": code in tools, "saved_by": by, "saved_at": now},
        )
    audit.record(
        actor=by, action="choose-programme-for-board-pack", subject=offer, detail={"tools": sorted(map(str, tools))}
    )
    return offer


def _writable(offer: LocalOffer, by: User) -> LocalOffer:
    """The offer, locked: numbers are given out and removals checked one at a time."""
    offer = LocalOffer.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=offer.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    return offer


def _held(entry: ProgrammeEntry, by: User) -> tuple[Any, LocalOffer]:
    offer = _writable(entry.local_offer, by)
    held = PROGRAMME[entry.tool].objects.select_for_update(of=("self",)).select_related("saved_by").get(pk=entry.pk)
    if held.removed_at is not None:
        raise Refused("Somebody removed it after you opened it. Put it back first")
    return held, offer


def _save(entry: Any, tool: Tool, details: Mapping[str, Any], by: User) -> None:
    for name in (*tool.fields, "is_in_board_pack"):
        setattr(entry, name, details[name])
    entry.saved_by, entry.saved_at = by, clock.now()
    if isinstance(entry, GovernanceBody):
        _check_above(entry)
    if isinstance(entry, Vision):
        _check_page(tool, details)
    entry.full_clean(exclude=_NOT_CHECKED)
    entry.save()
    if isinstance(entry, Risk):
        _keep_score(entry, by)


def _check_above(body: GovernanceBody) -> None:
    above = body.escalates_to
    # It ends: what the database holds has no loops.
    while above is not None:
        if above.pk == body.pk:
            raise Refused("It would escalate to itself. Select another body", field="escalates_to")
        above = above.escalates_to


def _check_page(tool: Tool, details: Mapping[str, Any]) -> None:
    """Printed, a vision has one page."""
    words = sum(len(str(details[name]).split()) for name in tool.fields)
    if words > MOST_WORDS_OF_A_VISION:
        raise Refused(
            f"The vision has {words} words and must fit on one page. Make it {MOST_WORDS_OF_A_VISION} words or fewer"
        )
    for name in ("first_steps", "signs", "asked_of_leaders"):
        if len(points(details[name])) > MOST_POINTS_OF_A_VISION:
            raise Refused(f"Write {MOST_POINTS_OF_A_VISION} lines or fewer, to fit on one page", field=name)


def _keep_score(risk: Risk, by: User) -> None:
    last = RiskScore.objects.filter(risk=risk).order_by("at", "pk").last()
    if last is None or (last.likelihood, last.impact) != (risk.likelihood, risk.impact):
        RiskScore.objects.create(risk=risk, likelihood=risk.likelihood, impact=risk.impact, by=by, at=risk.saved_at)


def _named_by(entry: ProgrammeEntry) -> Any:
    """The first entry of the programme, not removed itself, that names this one."""
    for model in PROGRAMME.values():
        for field in model._meta.get_fields():
            if getattr(field, "remote_field", None) and field.related_model is type(entry):
                naming = model.objects.of(entry.local_offer).filter(**{field.name: entry}).order_by("number").first()
                if naming is not None:
                    return naming
    return None


def _code(tool: Tool) -> str:
    return tool.one.replace(" ", "-")
