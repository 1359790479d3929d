"""What the programme behind a local offer puts on the home page: work that is due, and risks to look at again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from offers.presenters.programme import HIDDEN, entry_url
from offers.programme_enums import ToolKind
from offers.programme_tools import TOOLS
from offers.selectors.programme import due_work
from phb_register.presenters import spoken_date
from phb_register.slots import SHOWN_AT_MOST, WorkItem
from phb_register.tables import Column, table_params


def due(user: Any, today: dt.date) -> list[WorkItem]:
    """The most urgent of it, the longest due first."""
    return [
        WorkItem(text=str(entry), url=entry_url(entry), why=_why(entry, on, today), due_on=on)
        for entry, on in due_work(user, today)[:SHOWN_AT_MOST]
    ]


def due_url() -> str:
    """Where all of it is listed."""
    return reverse("offers:programme-due")


def due_table(rows: Sequence[tuple[Any, dt.date]], today: dt.date) -> dict[str, Any]:
    """So many of it."""
    columns: list[Column[tuple[Any, dt.date]]] = [
        Column("What", lambda each: str(each[0]), link=lambda each: entry_url(each[0])),
        Column("Local offer", lambda each: each[0].local_offer.title),
        Column("Why it is here", lambda each: _why(*each, today)),
    ]
    return table_params(columns, rows, caption="Due in the programme", caption_classes=HIDDEN)


def due_count(user: Any, today: dt.date) -> int:
    """How much there is in all."""
    return len(due_work(user, today))


def _why(entry: Any, on: dt.date, today: dt.date) -> str:
    what = f"{TOOLS[entry.tool].one.capitalize()} {entry.number}"
    if entry.tool == ToolKind.RISKS:
        return f"{what}: to be looked at again since {spoken_date(on)}"
    return f"{what}: overdue since {spoken_date(on)}" if on < today else f"{what}: due on {spoken_date(on)}"
