"""The sheet of the timeline in words: titles, legends, notes and buttons of its rows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from offers.models import LocalOffer
from offers.presenters.wording import spoken
from offers.rules.timeline_sheet import Remark, Row
from phb_register.presenters import spoken_moment

#: What stands behind a line's summary, out of sight until it is opened.
_FOLDED = ("status_words", "starts_on", "ends_on", "phase", "is_removed")
_WORDS = {
    "name": "name",
    "timing": "when, in words",
    "status": "where it has got to",
    "status_words": "your own words for it",
    "cohort": "who it is for",
}
_DAYS = {"starts_on": "first day", "ends_on": "last day"}


def grid_page(offer: LocalOffer, grid: Any) -> dict[str, Any]:
    """What the page of the sheet shows; `grid` is an `offers.forms.timeline.TimelineGrid`."""
    who = offer.timeline_saved_by.full_name if offer.timeline_saved_by else "Somebody else"
    saved = f"{who} saved it last, on {spoken_moment(offer.timeline_saved_at)}." if offer.timeline_saved_at else ""
    return {
        "offer": offer,
        "version": grid.form["version"],
        "forms": list(grid.every_form()),
        "saved": saved,
        "phases": [_phase(grid, phase, at, who) for at, phase in enumerate(grid.phases)],
        "save": {"text": "Save the timeline", "preventDoubleClick": True},
        "add_phase": _button("add-phase", "Add a year or phase", "", anchor="end"),
    }


def _phase(grid: Any, phase: Any, at: int, who: str) -> dict[str, Any]:
    name = phase.row.values.get("name", "").strip() or "New year or phase"
    key, lines = phase.row.key, grid.lines_of(phase)
    return {
        "form": phase,
        "key": key,
        "anchor": f"phase-{key}",
        "name": name,
        "note": _note(phase.row, who),
        "lines": [_line(grid, line, place, len(lines), name, who) for place, line in enumerate(lines)],
        "buttons": _moves("phase", key, name, is_first=at == 0, is_last=at == len(grid.phases) - 1),
        "add_line": _button(f"add-line {key}", "Add a line", f"to {name}", anchor=f"phase-{key}-end"),
    }


def _line(grid: Any, line: Any, place: int, count: int, phase: str, who: str) -> dict[str, Any]:
    key = line.row.key
    legend = f"{phase}, line {place + 1}"
    return {
        "form": line,
        "key": key,
        "anchor": f"line-{key}",
        "legend": legend,
        "note": _note(line.row, who, dict(grid.cohorts)),
        "summary": format_html(
            '{}<span class="nhsuk-u-visually-hidden"> of {}</span>', _folded_words(line.row), legend
        ),
        "is_open": line.row.is_removed or any(name in line.errors for name in _FOLDED),
        "buttons": _moves("line", key, legend, is_first=place == 0, is_last=place == count - 1),
    }


def _folded_words(row: Row) -> str:
    days = {word: _typed_day(row.values, name) for word, name in (("from", "starts_on"), ("ends", "ends_on"))}
    own_words = row.values.get("status_words", "").strip()
    said = ", ".join(
        [*([f"“{own_words}”"] if own_words else []), *(f"{word} {day}" for word, day in days.items() if day)]
    )
    return f"Own words, dates, place, remove ({said})" if said else "Own words, dates, place, remove"


def _typed_day(values: Mapping[str, str], name: str) -> str:
    day, month, year = (values.get(f"{name}_{part}", "").strip() for part in ("day", "month", "year"))
    try:
        return spoken(dt.date(int(year), int(month), int(day)))
    except ValueError:
        # Not a day, or its month in words: as it was typed.
        return f"{day} {month} {year}".strip()


def _note(row: Row, who: str, cohorts: dict[str, str] | None = None) -> str:
    """What is said beside a row after somebody else saved the timeline."""
    if row.remark is Remark.ADDED:
        return f"{who} added this."
    if row.remark is Remark.REMOVED:
        return f"{who} removed this. It is entered again with what you typed, unless you remove it too."
    if row.remark is Remark.BOTH:
        return f"{who} changed this too, and saved {_theirs(row, cohorts or {})}. What you typed replaces it."
    return ""


def _theirs(row: Row, cohorts: dict[str, str]) -> str:
    """What they saved, where it is not what was typed."""
    parts = []
    for name, value in row.theirs.items():
        if name.endswith(("_day", "_month", "_year")) or value.strip() == row.values.get(name, "").strip():
            continue
        if name == "continues_earlier":
            parts.append(f"that cohorts of earlier ones {'go' if value else 'do not go'} on in it")
        elif name == "phase":
            parts.append("it in another year or phase")
        else:
            shown = cohorts.get(value, value) if name == "cohort" else value
            parts.append(f"“{shown}” as {_WORDS.get(name, name)}" if value else f"no {_WORDS.get(name, name)}")
    for name, words in _DAYS.items():
        day = _typed_day(row.theirs, name)
        if day != _typed_day(row.values, name):
            parts.append(f"{day} as {words}" if day else f"no {words}")
    return ", ".join(parts)


def _moves(kind: str, key: str, name: str, *, is_first: bool, is_last: bool) -> list[dict[str, Any]]:
    anchor = f"{kind}-{key}"
    ways = [("up", "Move up", is_first), ("down", "Move down", is_last)]
    return [
        _button(f"move-{kind} {key} {way}", words, name, anchor=anchor) for way, words, is_there in ways if not is_there
    ]


def _button(do: str, words: str, of: str, *, anchor: str) -> dict[str, Any]:
    """A button that sends the sheet to be given back with a row added or moved, and returns to where it was pressed."""
    hidden: SafeString | str = format_html('<span class="nhsuk-u-visually-hidden"> {}</span>', of) if of else ""
    return {
        "html": format_html("{}{}", words, hidden),
        "name": "do",
        "value": do,
        "variant": "secondary",
        "small": True,
        "attributes": {"formaction": f"#{anchor}"},
    }
