"""What the pages of a programme read, and its part of the board pack."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, CharField, Count, Value, When

from offers import figures
from offers.budgets_now import budgets_now
from offers.models import (
    PROGRAMME,
    Deliverable,
    EntryQuerySet,
    IndicatorReading,
    LocalOffer,
    Phase,
    ProgrammeEntry,
    ProgrammeTransition,
    Risk,
    RiskScore,
    ToolChoice,
)
from offers.programme_enums import RiskStatus, ToolKind
from offers.programme_tools import TOOLS, Tool
from offers.programme_words import EntryRow, Known, number
from offers.rules.programme_progress import OPEN_WORK, Progress, points, progress
from phb_register.dates import last_month_end
from phb_register.roles import Permission

SOON = dt.timedelta(days=14)


def entries(offer: LocalOffer, tool: Tool) -> EntryQuerySet:
    """The entries of a tool, in their order, without those that were removed."""
    found = PROGRAMME[tool.kind].objects.of(offer).select_related(*tool.related)
    if tool.kind == ToolKind.RISKS:
        # What is settled stands below what is not, however high it once scored.
        is_settled = Case(When(status=RiskStatus.RESOLVED, then=1), default=0)
        return found.order_by(is_settled, *(Risk._meta.ordering or ()))
    return found


def removed_entries(offer: LocalOffer, tool: Tool) -> list[ProgrammeEntry]:
    """The entries of a tool that were removed, the last removed first."""
    removed = PROGRAMME[tool.kind].objects.removed_from(offer).select_related(*tool.related, "removed_by")
    return list(removed.order_by("-removed_at"))


def entry_of(offer: LocalOffer, tool: Tool, number_of_it: int) -> Any:
    """One entry by its number, removed or not; None where there is none."""
    found = PROGRAMME[tool.kind].objects.filter(local_offer=offer, number=number_of_it)
    return found.select_related(*tool.related, "saved_by", "removed_by", "local_offer__commissioner").first()


def counts(offer: LocalOffer) -> dict[str, int]:
    """How many entries each tool has, in one read."""
    each = [
        model.objects.of(offer)
        .order_by()
        .annotate(kind=Value(str(kind), output_field=CharField()))
        .values("kind")
        .annotate(entries=Count("pk"))
        for kind, model in PROGRAMME.items()
    ]
    found = each[0].union(*each[1:], all=True)
    return {row["kind"]: row["entries"] for row in found}


def rows(offer: LocalOffer, tool: Tool, found: Iterable[Any], *, today: dt.date, reader: Any = None) -> list[EntryRow]:
    """The entries with what is known around them, as the reader may see it; None reads a paper for everybody."""
    plain = [EntryRow(entry, today) for entry in found]
    if tool.kind == ToolKind.CAPS and plain:
        now = budgets_now(offer.commissioner, today, reader)
        return [replace(row, budgets=now.get(row.entry.cohort.code if row.entry.cohort else None)) for row in plain]
    if tool.kind == ToolKind.INDICATORS and plain:
        # Day by day, each person who starts or leaves would be seen to; a paper for everybody has a day of its own.
        known = _known(offer, [row.entry for row in plain], today, today if reader is None else last_month_end(today))
        return [replace(row, known=known.get(row.entry.pk)) for row in plain]
    if tool.kind == ToolKind.WORKSTREAMS and plain:
        work = _work_by_workstream(offer, today)
        return [replace(row, work=work.get(row.entry.pk)) for row in plain]
    return plain


def deliverables_progress(offer: LocalOffer, today: dt.date) -> Progress:
    """How much of what is to be delivered is there."""
    return progress(Deliverable.objects.of(offer).order_by().values_list("status", "due_on"), today)


def open_risks(offer: LocalOffer) -> list[Risk]:
    """The risks not resolved yet, the highest score first."""
    return list(Risk.objects.of(offer).exclude(status=RiskStatus.RESOLVED))


def transitions_of(entry: ProgrammeEntry) -> list[ProgrammeTransition]:
    """What happened to an entry, the latest first."""
    found = ProgrammeTransition.objects.filter(local_offer=entry.local_offer, tool=entry.tool, number=entry.number)
    return list(found.select_related("by").order_by("-at", "-pk"))


def scores_of(risk: Risk) -> list[RiskScore]:
    """How a risk was scored over time, the latest first."""
    return list(RiskScore.objects.filter(risk=risk).select_related("by").order_by("-at", "-pk"))


def readings_of(indicator: ProgrammeEntry) -> list[IndicatorReading]:
    """What was read of an indicator, the latest first; of two of one day the one entered later holds."""
    found = IndicatorReading.objects.filter(indicator_id=indicator.pk).select_related("by")
    return list(found.order_by("-read_on", "-pk"))


def tools_in_pack(offer: LocalOffer) -> list[Tool]:
    """The tools that go into the board pack, in their order."""
    chosen = dict(ToolChoice.objects.filter(local_offer=offer).values_list("tool", "is_in_board_pack"))
    return [tool for tool in TOOLS.values() if chosen.get(tool.kind, tool.starts_in_pack)]


@dataclass(frozen=True)
class ProgrammePart:
    """One tool as it goes into a board pack. All of it is plain text; a line break parts one point from the next.

    `kind` is "table" (`head`, `rows`; `numeric` are the places of columns of numbers) or "text" (`paragraphs`, each a
    heading and its text). Figures are under the disclosure control of a paper that anybody may see.
    """

    code: str
    title: str
    kind: str
    explanation: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: tuple[int, ...] = ()
    paragraphs: tuple[tuple[str, str], ...] = ()


def for_board_pack(offer: LocalOffer, *, as_at: dt.date) -> list[ProgrammePart]:
    """The programme as a board reads it: the tools and the entries chosen, in their order, empty ones left out."""
    parts = []
    for tool in tools_in_pack(offer):
        found = list(entries(offer, tool).filter(is_in_board_pack=True))
        if found:
            parts.append(_part(tool, rows(offer, tool, found, today=as_at)))
    return parts


def due_work(user: Any, today: dt.date) -> list[tuple[Any, dt.date]]:
    """Work of the user's programmes that is due within two weeks or overdue, and risks to look at again, with the day.

    The most urgent first.
    """
    offers = LocalOffer.objects.visible_to(user, Permission.WRITE_OFFERS).values("pk")
    due: list[tuple[Any, dt.date]] = []
    for kind in (ToolKind.DELIVERABLES, ToolKind.STAKEHOLDERS, ToolKind.DEVELOPMENT):
        work: Any = PROGRAMME[kind].objects.filter(
            local_offer__in=offers, removed_at__isnull=True, status__in=OPEN_WORK
        )
        soon: Any = work.filter(due_on__lte=today + SOON).select_related("local_offer")
        due += [(each, each.due_on) for each in soon]
    risks = Risk.objects.filter(local_offer__in=offers, removed_at__isnull=True, review_on__lte=today)
    open_ones = risks.exclude(status=RiskStatus.RESOLVED).select_related("local_offer")
    due += [(each, each.review_on) for each in open_ones if each.review_on]
    return sorted(due, key=lambda each: (each[1], each[0].tool, each[0].number))


def _part(tool: Tool, found: Sequence[EntryRow]) -> ProgrammePart:
    if tool.kind == ToolKind.VISION:
        return ProgrammePart(tool.kind, tool.title, "text", tool.explanation, paragraphs=vision_text(found[0].entry))
    if tool.kind == ToolKind.SWOC:
        head, body = compared(tool, found)
        return ProgrammePart(tool.kind, tool.title, "table", tool.explanation, head=head, rows=body)
    return ProgrammePart(
        tool.kind,
        tool.title,
        "table",
        tool.explanation,
        head=tuple(column.label for column in tool.columns),
        rows=tuple(tuple(column.read(row) for column in tool.columns) for row in found),
        numeric=tuple(place for place, column in enumerate(tool.columns) if column.is_number),
    )


def compared(tool: Tool, found: Sequence[EntryRow]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Places to start side by side: a column each, and a row for each thing they are compared by."""
    first, *others = tool.columns
    head = ("", *(first.read(row) for row in found))
    return head, tuple((column.label, *(column.read(row) for row in found)) for column in others)


def vision_text(vision: Any) -> tuple[tuple[str, str], ...]:
    """A vision as headings and texts, without what was left empty."""
    parts = (
        ("Our vision", vision.headline),
        ("For people and their families", vision.for_people),
        ("For those who work with them", vision.for_staff),
        ("For how care is bought and arranged", vision.for_system),
        ("First steps", "\n".join(points(vision.first_steps))),
        ("How we will know", "\n".join(points(vision.signs))),
        ("What we ask of our leaders", "\n".join(points(vision.asked_of_leaders))),
    )
    return tuple((heading, text) for heading, text in parts if text)


def _known(offer: LocalOffer, indicators: Sequence[Any], today: dt.date, as_at: dt.date) -> dict[int, Known]:
    """The last value of each indicator by its day: read by hand, or counted by the register as at a date."""
    read = (
        IndicatorReading.objects.filter(indicator__in=indicators, read_on__lte=today)
        .order_by("indicator_id", "-read_on", "-pk")
        .distinct("indicator_id")
    )
    units = {each.pk: each.unit for each in indicators}
    by_hand = {
        each.indicator_id: Known(number(each.value, units[each.indicator_id]), each.value, each.read_on)
        for each in read
    }
    codes = {each.figure for each in indicators if each.figure}
    counted = figures.values(codes, commissioner=offer.commissioner, as_at=as_at) if codes else {}
    return by_hand | {
        each.pk: Known(counted[each.figure].text, counted[each.figure].number, counted[each.figure].as_at)
        for each in indicators
        if each.figure in counted
    }


def _work_by_workstream(offer: LocalOffer, today: dt.date) -> dict[int, Progress]:
    work: dict[int, list[tuple[str, dt.date | None]]] = {}
    found = Deliverable.objects.of(offer).order_by().filter(workstream__isnull=False)
    for pk, status, due_on in found.values_list("workstream_id", "status", "due_on"):
        work.setdefault(pk, []).append((status, due_on))
    return {pk: progress(each, today) for pk, each in work.items()}


def choices_of(offer: LocalOffer, model: type[ProgrammeEntry], *, other_than: ProgrammeEntry) -> EntryQuerySet:
    """The entries that another entry of the offer may name: not itself."""
    found = model.objects.of(offer).order_by("number")
    return found.exclude(pk=other_than.pk) if isinstance(other_than, model) else found


def phase_choices(offer: LocalOffer) -> Any:
    """The years and phases that a cap may be of."""
    return Phase.objects.filter(local_offer=offer).order_by("position", "pk")
