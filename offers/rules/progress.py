"""How far the plan of the edition before got: each of its lines, what it promised and what became of it. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers.enums import LineStatus, Standing
from offers.rules.differences import line_words, spoken
from offers.rules.matching import Pair, PlacedLine, match


@dataclass(frozen=True)
class Progress:
    """What was promised for a cohort in a phase, and how far it has got. `key` tells it from the other promises."""

    key: str
    phase: str
    cohort: str
    promised: str
    reached: str
    standing: Standing


def progress(was: Mapping[str, Any], now: Mapping[str, Any], *, as_at: dt.date) -> list[Progress]:
    """What became of every line of the earlier edition, in that edition's order, as at a day."""
    pairs = [pair for pair in match(was["timeline"], now["timeline"]).lines if pair.was]
    taken: dict[str, int] = {}
    found = []
    for pair in sorted(pairs, key=lambda each: each.was.place if each.was else (0, 0)):
        if pair.was is None:
            continue
        key = f"{pair.was.phase['name']}/{pair.was.line['cohort']}"
        taken[key] = taken.get(key, 0) + 1
        standing, reached = _reached(pair, as_at)
        found.append(
            Progress(
                key=key if taken[key] == 1 else f"{key}/{taken[key]}",
                phase=pair.was.phase["name"],
                cohort=pair.was.line["cohort_name"],
                promised=_promised(pair.was),
                reached=reached,
                standing=standing,
            )
        )
    return found


def _promised(was: PlacedLine) -> str:
    """Status and day; and the note, where the cohort has several lines in the phase."""
    alike = [line for line in was.phase["lines"] if line["cohort"] == was.line["cohort"]]
    return line_words({**was.line, "source": "", "note": was.line["note"] if len(alike) > 1 else ""})


def _reached(pair: Pair[PlacedLine], as_at: dt.date) -> tuple[Standing, str]:
    was, now = pair.was, pair.now
    if was is None or now is None:
        return Standing.DROPPED, "Not in the plan any more"
    status, label = now.line["status"], now.line["status_label"].lower()
    ended_on = _day(now.line["ends_on"])
    if ended_on and ended_on <= as_at:
        return Standing.ENDED, f"Offered until {spoken(ended_on - dt.timedelta(days=1))}"
    if status == LineStatus.LIVE:
        return _live(was, now, as_at)
    if was.line["status"] == LineStatus.LIVE:
        return Standing.DROPPED, f"Not offered any more: {label}"
    if pair.has_moved:
        return Standing.MOVED, f"Moved to {now.phase['name']}: {label}"
    due_on = _due_on(was)
    if due_on and due_on <= as_at:
        return Standing.LATE, f"Still {label}, due on {spoken(due_on)}" if status == was.line["status"] else (
            f"Now {label}, due on {spoken(due_on)}"
        )
    if status != was.line["status"]:
        return (Standing.FURTHER if _RANK[status] > _RANK[was.line["status"]] else Standing.BACK), f"Now {label}"
    return Standing.NOT_DUE, f"Still {label}, due on {spoken(due_on)}" if due_on else f"Still {label}"


def _live(was: PlacedLine, now: PlacedLine, as_at: dt.date) -> tuple[Standing, str]:
    starts_on = _day(now.line["starts_on"])
    if starts_on and starts_on > as_at:
        return Standing.NOT_DUE, f"Will be offered from {spoken(starts_on)}"
    since = f" since {spoken(starts_on)}" if starts_on else ""
    if was.line["status"] == LineStatus.LIVE:
        return Standing.KEPT, f"Still offered,{since}" if since else "Still offered"
    return Standing.REACHED, f"Offered{since}" if since else "Offered now"


def _due_on(was: PlacedLine) -> dt.date | None:
    """By when what was promised should have been done: a plan when it begins, an idea when its phase is over."""
    if was.line["status"] == LineStatus.PLANNED:
        return _day(was.line["starts_on"])
    ends_on = _day(was.phase["ends_on"])
    return ends_on + dt.timedelta(days=1) if ends_on else None


_RANK = {LineStatus.PROPOSED: 0, LineStatus.SCOPING: 1, LineStatus.PLANNED: 2, LineStatus.LIVE: 3}


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
