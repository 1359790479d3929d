"""How a programme is shown: its tools' lists, the facts of an entry, the risk matrix, places to start compared."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from offers import figures
from offers.models import IndicatorReading, LocalOffer, ProgrammeTransition, RiskScore
from offers.programme_enums import Impact, Likelihood, ToolKind
from offers.programme_tools import Tool, ToolColumn
from offers.programme_words import NONE, EntryRow, number, score_words
from offers.rules.programme_progress import Progress, points, risk_level, score
from offers.rules.programme_states import TABLES, steps_from
from offers.selectors.programme import compared, vision_text
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, spoken_date, spoken_moment
from phb_register.tables import Column, table_params

HIDDEN = "nhsuk-u-visually-hidden"

_RED, _ORANGE, _YELLOW, _GREEN, _BLUE, _GREY = (
    f"nhsuk-tag--{colour}" for colour in ("red", "orange", "yellow", "green", "blue", "grey")
)
#: The words shown as tags, by what they end with or say; what is not here is grey.
TAGS: dict[str, str] = {
    "Overdue": _RED,
    "extreme": _RED,
    "Open": _ORANGE,
    "high": _ORANGE,
    "Not yet reached": _ORANGE,
    "moderate": _YELLOW,
    "Under way": _YELLOW,
    "Accepted": _YELLOW,
    "Next": _YELLOW,
    "Planned": _BLUE,
    "Done": _GREEN,
    "Held": _GREEN,
    "Resolved": _GREEN,
    "Reached": _GREEN,
    "Start here": _GREEN,
    "low": _GREEN,
}


def tool_url(offer: LocalOffer, tool: Tool) -> str:
    """The address of a tool's list."""
    return reverse("offers:programme-tool", args=[offer.slug, tool.kind])


def entry_url(entry: Any) -> str:
    """The address of an entry."""
    return reverse("offers:programme-entry", args=[entry.local_offer.slug, entry.tool, entry.number])


def tag(text: str) -> str:
    """A word as a tag in its colour."""
    colour = TAGS.get(text) or TAGS.get(text.rsplit(", ", 1)[-1], _GREY)
    return render_component("tag", {"text": text, "classes": colour})


def in_lines(text: str) -> Any:
    """A text with one point on each line as a list; one with a single point as it stands."""
    lines = points(text)
    if len(lines) < 2:
        return lines[0] if lines else NONE
    return format_html(
        '<ul class="nhsuk-list nhsuk-list--bullet app-points">{}</ul>',
        format_html_join("", "<li>{}</li>", ((line,) for line in lines)),
    )


def entries_table(offer: LocalOffer, tool: Tool, rows: Sequence[EntryRow]) -> dict[str, Any]:
    """The list of a tool, each entry linked to its page."""

    def address(row: EntryRow) -> str:
        return reverse("offers:programme-entry", args=[offer.slug, tool.kind, row.entry.number])

    columns: list[Column[EntryRow]] = [
        Column(
            column.label,
            partial(_cell, column),
            is_number=column.is_number,
            link=address if place == 0 else None,
        )
        for place, column in enumerate(tool.columns)
    ]
    return table_params(columns, rows, caption=tool.title, caption_classes=HIDDEN, is_stacked=True)


def compared_table(offer: LocalOffer, tool: Tool, rows: Sequence[EntryRow]) -> dict[str, Any]:
    """Places to start side by side: one column each."""
    head, body = compared(tool, rows)
    links = [
        {
            "html": format_html(
                '<a class="nhsuk-link" href="{}">{}</a>',
                reverse("offers:programme-entry", args=[offer.slug, tool.kind, row.entry.number]),
                name,
            )
        }
        for row, name in zip(rows, head[1:], strict=True)
    ]
    tagged = {column.label for column in tool.columns if column.is_tag}
    return {
        "caption": "Places to start, side by side",
        "captionClasses": HIDDEN,
        "firstCellIsHeader": True,
        "head": [{"text": "Compared by"}, *links],
        "rows": [
            [{"text": label}, *({"html": tag(cell)} if label in tagged else _html(in_lines(cell)) for cell in cells)]
            for label, *cells in body
        ],
    }


def risk_matrix(offer: LocalOffer, risks: Iterable[Any]) -> dict[str, Any]:
    """Open and accepted risks where their likelihood and impact meet: five by five, the most likely on top."""
    placed: dict[tuple[int, int], list[Any]] = {}
    for risk in risks:
        placed.setdefault((risk.likelihood, risk.impact), []).append(risk)

    def cell(likelihood: int, impact: int) -> dict[str, Any]:
        reached = score(likelihood, impact)
        level = risk_level(reached)
        links = format_html_join(
            " ",
            '<a class="nhsuk-link" href="{}">{}</a>',
            (
                (
                    reverse("offers:programme-entry", args=[offer.slug, ToolKind.RISKS, each.number]),
                    f"Risk {each.number}",
                )
                for each in placed.get((likelihood, impact), [])
            ),
        )
        html = format_html('<span class="app-risk-score">{} {}</span> {}', reached, level.lower(), links)
        return {"html": html, "classes": f"app-risk app-risk--{level.lower()}"}

    return {
        "caption": "Risks by how likely they are and how much they would matter",
        "firstCellIsHeader": True,
        "head": ["How likely", *(str(impact.label) for impact in Impact)],
        "rows": [
            [{"text": str(likelihood.label)}, *(cell(likelihood, impact) for impact in Impact)]
            for likelihood in reversed(Likelihood)
        ],
    }


def facts(row: EntryRow, tool: Tool) -> list[dict[str, Any]]:
    """Everything an entry says, in the order in which it is asked."""
    entry = row.entry
    rows = []
    for name in (*tool.fields, "is_in_board_pack"):
        field = entry._meta.get_field(name)
        rows.append((capfirst(str(field.verbose_name)), _value(entry, field)))
    rows += [(column.label, _cell(column, row)) for column in tool.columns if column.label in _WORKED_OUT]
    if hasattr(entry, "done_on") and entry.done_on:
        rows.append(("Done on", spoken_date(entry.done_on)))
    rows.append(("Saved", f"{spoken_moment(entry.saved_at)} by {entry.saved_by.full_name}"))
    return [{"key": {"text": key}, "value": _html(value)} for key, value in rows]


#: Columns that say what no field holds.
_WORKED_OUT = ("Score", "In place now", "Room", "Last value", "Target reached", "Deliverables")


def status_tag(row: EntryRow, tool: Tool) -> str:
    """The status of an entry as a tag; nothing for a tool without statuses."""
    status = next((column for column in tool.columns if column.label == "Status"), None)
    return tag(status.read(row)) if status else ""


def step_buttons(entry: Any) -> list[dict[str, Any]]:
    """What may be done to an entry now."""
    if entry.tool not in TABLES or entry.removed_at is not None:
        return []
    address = [entry.local_offer.slug, entry.tool, entry.number]
    return [
        {
            "text": step.label,
            "href": reverse("offers:programme-step", args=[*address, step.action]),
            "classes": "nhsuk-button--secondary",
        }
        for step in steps_from(entry.tool, entry.status)
    ]


def history_table(steps: Sequence[ProgrammeTransition]) -> dict[str, Any] | None:
    """What happened to an entry, with the notes."""
    if not steps:
        return None
    done = {step.action: step.done for step in _every_step(steps[0].tool)}
    columns: list[Column[ProgrammeTransition]] = [
        Column("On", lambda each: spoken_date(each.on)),
        Column("What happened", lambda each: f"It {done[each.action]}"),
        Column("Note", lambda each: in_lines(each.note)),
        Column("By", lambda each: each.by.full_name),
    ]
    return table_params(columns, steps, caption="What happened", caption_classes=HIDDEN, is_stacked=True)


def scores_table(scores: Sequence[RiskScore]) -> dict[str, Any] | None:
    """How a risk's score moved; nothing while it has had one only."""
    columns: list[Column[RiskScore]] = [
        Column("From", lambda each: spoken_moment(each.at)),
        Column("Score", lambda each: tag(score_words(each.likelihood, each.impact))),
        Column("Likelihood", lambda each: each.get_likelihood_display()),
        Column("Impact", lambda each: each.get_impact_display()),
        Column("By", lambda each: each.by.full_name),
    ]
    return table_params(columns, scores, caption="Scores so far", caption_classes=HIDDEN) if len(scores) > 1 else None


def readings_table(unit: str, readings: Sequence[IndicatorReading]) -> dict[str, Any] | None:
    """What was read of an indicator."""
    columns: list[Column[IndicatorReading]] = [
        Column("As at", lambda each: spoken_date(each.read_on)),
        Column("Value", lambda each: number(each.value, unit), is_number=True),
        Column("Note", lambda each: each.note or NONE),
        Column("Entered", lambda each: f"{spoken_moment(each.at)} by {each.by.full_name}"),
    ]
    return table_params(columns, readings, caption="Readings", caption_classes=HIDDEN) if readings else None


def removed_list(offer: LocalOffer, tool: Tool, entries: Sequence[Any], *, may_write: bool) -> list[dict[str, str]]:
    """The entries that were removed: what, when and by whom, and where each is put back."""
    return [
        {
            "text": f"{each.number}. {each}",
            "when": f"removed {spoken_moment(each.removed_at)} by {each.removed_by.full_name}",
            "url": reverse("offers:programme-put-back", args=[offer.slug, tool.kind, each.number]) if may_write else "",
        }
        for each in entries
    ]


def progress_figures(progress: Progress) -> list[dict[str, Any]]:
    """The deliverables in four numbers."""
    done = f"{progress.percent_done}% of {progress.total}" if progress.total else "There are none yet"
    return [
        {"label": "Done", "value": progress.done, "note": done},
        {"label": "Under way", "value": progress.under_way, "note": ""},
        {"label": "Planned", "value": progress.planned, "note": ""},
        {"label": "Overdue", "value": progress.overdue, "note": "Of them due before today"},
    ]


def vision_parts(vision: Any) -> list[dict[str, Any]]:
    """A vision as the parts of its page."""
    return [{"heading": heading, "lines": points(text)} for heading, text in vision_text(vision)]


def entries_counted(entries: int, tool: Tool) -> str:
    """`3 entries`; whether there is one, for a tool that has one at most."""
    if tool.is_single:
        return "Written" if entries else "Not written yet"
    return counted(entries, "entry", "entries") if entries else "No entry yet"


def _every_step(tool: str) -> list[Any]:
    return [step for status in _statuses(tool) for step in steps_from(tool, status)]


def _statuses(tool: str) -> set[str]:
    return {each for jump in TABLES[tool].allowed_jumps() for each in jump}


def _cell(column: ToolColumn, row: EntryRow) -> Any:
    text = column.read(row)
    if column.is_tag:
        return tag(text)
    return in_lines(text) if "\n" in text else text


def _value(entry: Any, field: Any) -> Any:
    value = getattr(entry, field.name)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value in (None, ""):
        return NONE
    if field.name == "figure":
        found = figures.find(value)
        return found.label if found else value
    if field.choices:
        return getattr(entry, f"get_{field.name}_display")()
    if isinstance(field, models.DateField):
        return spoken_date(value)
    if isinstance(field, models.DecimalField):
        return number(value, entry.unit)
    if isinstance(field, models.TextField):
        return in_lines(value)
    return f"{value:,}" if isinstance(value, int) else value


def _html(value: Any) -> dict[str, Any]:
    return {"html": value} if hasattr(value, "__html__") else {"text": str(value)}
