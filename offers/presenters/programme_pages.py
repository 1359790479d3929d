"""What each page of a programme is given."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.paginator import Page

from offers import policies
from offers.models import LocalOffer
from offers.presenters import programme as presenter
from offers.programme_enums import ToolKind
from offers.programme_tools import TOOLS, Tool
from offers.programme_words import EntryRow
from offers.selectors import programme as selector
from phb_register.presenters import page_links
from phb_register.roles import Permission


def overview(offer: LocalOffer, user: Any, *, today: dt.date) -> dict[str, Any]:
    """The tools with how much is in each, the deliverables in numbers, the gravest risks."""
    counts = selector.counts(offer)
    risks = selector.open_risks(offer)
    in_pack = {tool.kind for tool in selector.tools_in_pack(offer)}
    return {
        "offer": offer,
        "may_write": policies.can(user, Permission.WRITE_OFFERS, offer),
        "groups": [
            (group, [_on_overview(offer, tool, counts, in_pack) for tool in tools])
            for group, tools in groupby(TOOLS.values(), key=lambda each: each.group)
        ],
        "progress": presenter.progress_figures(selector.deliverables_progress(offer, today)),
        "risks": _table(offer, TOOLS[ToolKind.RISKS], [EntryRow(risk, today) for risk in risks[:3]]),
    }


def tool_page(offer: LocalOffer, tool: Tool, page: Page[Any], user: Any, *, today: dt.date, url: str) -> dict[str, Any]:
    """The list of a tool, with what is drawn above it."""
    may_write = policies.can(user, Permission.WRITE_OFFERS, offer)
    rows = selector.rows(offer, tool, page.object_list, today=today, reader=user)
    vision = rows[0].entry if rows and tool.is_single else None
    is_compared = tool.kind == ToolKind.SWOC
    return {
        "offer": offer,
        "tool": tool,
        "may_write": may_write,
        "may_add": may_write and vision is None,
        "vision": vision,
        "vision_parts": presenter.vision_parts(vision) if vision else [],
        "matrix": _matrix(offer) if tool.kind == ToolKind.RISKS and rows else None,
        "progress": _progress(offer, today) if tool.kind == ToolKind.DELIVERABLES and rows else None,
        "compared": presenter.compared_table(offer, tool, rows) if is_compared and rows else None,
        "table": None if vision or is_compared else _table(offer, tool, rows),
        "hides_small_numbers": any(row.budgets is not None and row.budgets.number is None for row in rows),
        "pagination": page_links(page, url) if page.paginator.num_pages > 1 else None,
        "removed": presenter.removed_list(offer, tool, selector.removed_entries(offer, tool), may_write=may_write),
    }


def entry_page(offer: LocalOffer, tool: Tool, entry: Any, user: Any, *, today: dt.date) -> dict[str, Any]:
    """Everything of one entry, what happened to it, and what may be done now."""
    (row,) = selector.rows(offer, tool, [entry], today=today, reader=user)
    may_write = policies.can(user, Permission.WRITE_OFFERS, offer)
    is_read_by_hand = tool.kind == ToolKind.INDICATORS and not entry.figure
    return {
        "offer": offer,
        "tool": tool,
        "entry": entry,
        "may_write": may_write,
        "tag": presenter.status_tag(row, tool),
        "facts": presenter.facts(row, tool),
        "buttons": presenter.step_buttons(entry) if may_write else [],
        "history": presenter.history_table(selector.transitions_of(entry)),
        "scores": presenter.scores_table(selector.scores_of(entry)) if tool.kind == ToolKind.RISKS else None,
        "may_read": may_write and is_read_by_hand and entry.removed_at is None,
        "readings": presenter.readings_table(entry.unit, selector.readings_of(entry)) if is_read_by_hand else None,
    }


def theirs(offer: LocalOffer, tool: Tool, entry: Any, *, today: dt.date) -> list[dict[str, Any]]:
    """What somebody else saved, for the page of a conflict."""
    (row,) = selector.rows(offer, tool, [entry], today=today)
    return presenter.facts(row, tool)


def _on_overview(offer: LocalOffer, tool: Tool, counts: dict[str, int], in_pack: set[Any]) -> dict[str, Any]:
    return {
        "title": tool.title,
        "explanation": tool.explanation,
        "url": presenter.tool_url(offer, tool),
        "count": presenter.entries_counted(counts.get(tool.kind, 0), tool),
        "is_in_pack": tool.kind in in_pack,
    }


def _matrix(offer: LocalOffer) -> dict[str, Any]:
    return presenter.risk_matrix(offer, selector.open_risks(offer))


def _progress(offer: LocalOffer, today: dt.date) -> list[dict[str, Any]]:
    return presenter.progress_figures(selector.deliverables_progress(offer, today))


def _table(offer: LocalOffer, tool: Tool, rows: Sequence[EntryRow]) -> dict[str, Any] | None:
    return presenter.entries_table(offer, tool, rows) if rows else None
