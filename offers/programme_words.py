"""How the entries of a programme's tools are said: an entry with what is known around it, and the words for it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from offers.budgets_now import BudgetsNow
from offers.rules.programme_progress import Progress, is_overdue, is_reached, risk_level, room, score
from phb_register.presenters import spoken_date

NONE = "–"
NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Known:
    """The last value of an indicator and the day it is of; `value` is None where it is hidden or not known."""

    text: str
    value: Decimal | int | None
    on: dt.date


@dataclass(frozen=True)
class EntryRow:
    """An entry with what is known around it on a day."""

    entry: Any
    today: dt.date
    budgets: BudgetsNow | None = None
    known: Known | None = None
    work: Progress | None = None


def number(value: Decimal | int | None, unit: str = "") -> str:
    """A number with its unit: `12`, `2.5%`, `20 people`; a dash for none."""
    if value is None:
        return NONE
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else f"{value:,}"
    return f"{text}%" if unit == "%" else f"{text} {unit}".strip()


def on_or_in_words(day: dt.date | None, timing: str) -> str:
    """A date, or when in words, or both."""
    return ", ".join(part for part in (spoken_date(day) if day else "", timing) if part) or NONE


def score_words(likelihood: int, impact: int) -> str:
    """A score with its band: `20, extreme`."""
    reached = score(likelihood, impact)
    return f"{reached}, {risk_level(reached).lower()}"


def work_status(row: EntryRow) -> str:
    """The status of a piece of work; “Overdue” where it should have been done."""
    entry = row.entry
    return "Overdue" if is_overdue(entry.status, entry.due_on, row.today) else str(entry.get_status_display())


def progress_words(work: Progress | None) -> str:
    """`3 of 7 done, 2 overdue`; a dash where there is nothing to do."""
    if work is None or not work.total:
        return NONE
    return f"{work.done} of {work.total} done" + (f", {work.overdue} overdue" if work.overdue else "")


def in_place_words(row: EntryRow) -> str:
    """How many are in place; and when, where that is not the day that the page is of."""
    if row.budgets is None:
        return NOT_KNOWN
    return row.budgets.text if row.budgets.on == row.today else f"{row.budgets.text}, {spoken_date(row.budgets.on)}"


def room_words(row: EntryRow) -> str:
    """How much room a cap leaves: `8`, `full`, `3 over`; a star where the number in place is hidden."""
    now = row.budgets
    if now is None or now.number is None:
        return now.text if now else NOT_KNOWN
    found = room(row.entry.people, now.number)
    if found.over:
        return f"{found.over:,} over"
    return f"{found.left:,}" if found.left else "Full"


def reached_words(row: EntryRow) -> str:
    """Whether an indicator has reached its target."""
    value = row.known.value if row.known else None
    reached = is_reached(row.entry.direction, value, row.entry.target)
    if reached is None:
        return NOT_KNOWN if row.entry.target is not None else "No target"
    return "Reached" if reached else "Not yet reached"


def last_words(row: EntryRow) -> str:
    """The last value of an indicator, and of when."""
    return f"{row.known.text}, {spoken_date(row.known.on)}" if row.known else NONE


def target_words(entry: Any) -> str:
    """The target of an indicator, and by when."""
    by = f" by {spoken_date(entry.target_on)}" if entry.target_on else ""
    return f"{number(entry.target, entry.unit)}{by}"
