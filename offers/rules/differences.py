"""What differs between two editions: words, timeline and figures. Pure: two snapshots in, changes out.

A figure that was only counted again, and came to the same, is no change; nor is the order of the lines in a phase.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offers.enums import ChangeKind, LineStatus
from offers.rules import text
from offers.rules.matching import Pair, Phase, PlacedLine, match

Snapshot = Mapping[str, Any]

NEW, CHANGED = "new", "changed"
# A year in which something is scoped or proposed is not a day from which it can be had.
DATED = (LineStatus.LIVE.value, LineStatus.PLANNED.value)


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was. `was` is empty for what is new, `now` for what is gone.

    `kind` and `key` tell it from every other change of the edition. `fingerprint` is of what was written, before
    figures were put in: while it stays, a reason given for the change is still about the same change.
    """

    kind: ChangeKind
    key: str
    title: str
    was: str
    now: str
    fingerprint: str

    @property
    def needs_reason(self) -> bool:
        """Whether its author says why. Figures change because they were counted again."""
        return self.kind != ChangeKind.FIGURE


@dataclass(frozen=True)
class Mark:
    """How something on the timeline differs: `change` is "new" or "changed"; `was` says from what."""

    change: str
    was: str


def differences(was: Snapshot, now: Snapshot) -> list[Change]:
    """Every change between two editions: titles, sections, phases, lines, figures, each in the later one's order."""
    return [*_titles(was, now), *_sections(was, now), *_phases(was, now), *_lines(was, now), *_figures(was, now)]


def marks(was: Snapshot, now: Snapshot) -> tuple[dict[int, Mark], dict[tuple[int, int], Mark]]:
    """What of the later timeline is new or changed: phases by their place, lines by the phase's place and their own."""
    matched = match(was["timeline"], now["timeline"])
    phases = {
        place: _mark(_phase_words(pair.was, pair.now) if pair.was else "")
        for place, pair in enumerate(pair for pair in matched.phases if pair.now)
        if _phase_differs(pair)
    }
    lines = {
        pair.now.place: _mark(_line_was(pair) if pair.was else "")
        for pair in matched.lines
        if pair.now and _line_differs(pair)
    }
    return phases, lines


def spoken(day: dt.date) -> str:
    """A date as the NHS writes it: `7 February 2017`."""
    return f"{day.day} {day:%B %Y}"


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _titles(was: Snapshot, now: Snapshot) -> Iterator[Change]:
    for key, title, before, after in (
        ("title", "Title of the edition", was["edition"]["title"], now["edition"]["title"]),
        ("offer", "Name of the local offer", was["local_offer"]["title"], now["local_offer"]["title"]),
        (
            "commissioner",
            "Whose local offer it is",
            was["local_offer"]["commissioner_name"],
            now["local_offer"]["commissioner_name"],
        ),
    ):
        if before != after:
            yield _change(ChangeKind.SECTION, key, title, before, after)


def _sections(was: Snapshot, now: Snapshot) -> Iterator[Change]:
    before, after = _written(was), _written(now)
    for kind in [*after, *(kind for kind in before if kind not in after)]:
        old, new = before.get(kind), after.get(kind)
        raw = tuple(_raw(each, other) if each else "" for each, other in ((old, new), (new, old)))
        if raw[0] != raw[1]:
            words = tuple(
                _words(each, other, _texts(snapshot)) if each else ""
                for each, other, snapshot in ((old, new, was), (new, old, now))
            )
            # Where only the marks differ, bold or a list, the marks are what there is to show.
            shown = words if words[0] != words[1] else raw
            yield _change(ChangeKind.SECTION, kind, ((new or old) or {})["heading"], *shown, about=raw)


def _written(snapshot: Snapshot) -> dict[str, Mapping[str, Any]]:
    """The sections that say something, by kind."""
    return {each["kind"]: each for each in snapshot["sections"] if each["body"].strip() or each.get("easy_read")}


def _raw(section: Mapping[str, Any], other: Mapping[str, Any] | None) -> str:
    return _parts(
        section, other, section["body"].strip(), [f"{each['words']} ({each['picture']})" for each in _easy(section)]
    )


def _words(section: Mapping[str, Any], other: Mapping[str, Any] | None, figures: Mapping[str, str]) -> str:
    return _parts(section, other, text.plain(section["body"], figures), [each["words"] for each in _easy(section)])


def _parts(section: Mapping[str, Any], other: Mapping[str, Any] | None, body: str, easy_read: list[str]) -> str:
    """Those of a section's parts that differ from the other's: heading, text, easy read."""
    parts = []
    if other is None or section["heading"] != other["heading"]:
        parts.append(section["heading"])
    if other is None or section["body"].strip() != other["body"].strip():
        parts.append(body)
    if easy_read and (other is None or _easy(section) != _easy(other)):
        parts.append("\n".join(["In easy read:", *easy_read]))
    return "\n\n".join(part for part in parts if part)


def _easy(section: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return list(section.get("easy_read", ()))


def _texts(snapshot: Snapshot) -> dict[str, str]:
    return {each["code"]: each["text"] for each in snapshot["figures"]}


# ── Timeline ──────────────────────────────────────────────────────────────────────────────────────────────────


def _phases(was: Snapshot, now: Snapshot) -> Iterator[Change]:
    for pair in match(was["timeline"], now["timeline"]).phases:
        phase = pair.now or pair.was
        if phase and _phase_differs(pair):
            before, after = (
                _phase_words(each, other) if each else ""
                for each, other in ((pair.was, pair.now), (pair.now, pair.was))
            )
            if before == after:
                before, after = "In another place on the timeline", "In this place on the timeline"
            yield _change(
                ChangeKind.PHASE, phase["name"] if pair.now else f"-{phase['name']}", phase["name"], before, after
            )


def _phase_differs(pair: Pair[Phase]) -> bool:
    if pair.was is None or pair.now is None or pair.has_moved:
        return True
    return _phase_words(pair.was, pair.now) != _phase_words(pair.now, pair.was)


def _phase_words(phase: Phase, other: Phase | None) -> str:
    """What a phase says; whether earlier cohorts go on in it, only where the other says the opposite."""
    days = [f"{word} {spoken(dt.date.fromisoformat(phase[key]))}" for word, key in _ENDS if phase[key]]
    goes_on = ""
    if other and "continues_earlier" in phase and "continues_earlier" in other:
        does, did = phase["continues_earlier"], other["continues_earlier"]
        goes_on = ("" if does else "not ") + "with the cohorts of earlier phases" if does != did else ""
    return "; ".join(each for each in (phase["name"], " ".join(days), phase["timing"], goes_on) if each)


_ENDS = (("from", "starts_on"), ("to", "ends_on"))


def _lines(was: Snapshot, now: Snapshot) -> Iterator[Change]:
    taken: dict[str, int] = {}
    for pair in match(was["timeline"], now["timeline"]).lines:
        placed = pair.now or pair.was
        if placed is None:
            continue
        key = f"{'' if pair.now else '-'}{placed.phase['name']}/{placed.line['cohort']}"
        taken[key] = taken.get(key, 0) + 1
        if _line_differs(pair):
            yield _change(
                ChangeKind.LINE,
                key if taken[key] == 1 else f"{key}/{taken[key]}",
                f"{placed.line['cohort_name']}, {placed.phase['name']}",
                _line_was(pair) if pair.was else "",
                line_words(pair.now.line, phase=pair.now.phase["name"] if pair.has_moved else "") if pair.now else "",
            )


def _line_differs(pair: Pair[PlacedLine]) -> bool:
    if pair.was is None or pair.now is None or pair.has_moved:
        return True
    same = ("cohort_name", "status", "status_label", "note", "source", "ends_on")
    if any(pair.was.line[key] != pair.now.line[key] for key in same):
        return True
    if pair.now.line["status"] not in DATED:
        return False
    # A line that begins with its phase moved with it, which the phase's own change says.
    return _own_start(pair.was) != _own_start(pair.now) and pair.was.line["starts_on"] != pair.now.line["starts_on"]


def _own_start(placed: PlacedLine) -> str | None:
    starts_on: str | None = placed.line["starts_on"]
    return None if starts_on == placed.phase["starts_on"] else starts_on


def _line_was(pair: Pair[PlacedLine]) -> str:
    """What a line said, with its phase and its cohort where these were others."""
    if pair.was is None:
        return ""
    renamed = pair.now is not None and pair.was.line["cohort_name"] != pair.now.line["cohort_name"]
    words = line_words(pair.was.line, phase=pair.was.phase["name"] if pair.has_moved else "")
    return f"{pair.was.line['cohort_name']}. {words}" if renamed else words


def line_words(line: Mapping[str, Any], *, phase: str = "") -> str:
    """What a line says, as a sentence or three: its status and days, its note, its source."""
    ends_on = dt.date.fromisoformat(line["ends_on"]) - dt.timedelta(days=1) if line["ends_on"] else None
    parts = [line["status_label"]]
    if phase:
        parts.append(f"in {phase}")
    if line["starts_on"] and line["status"] in DATED:
        parts.append(f"from {spoken(dt.date.fromisoformat(line['starts_on']))}")
    if ends_on:
        parts.append(f"until {spoken(ends_on)}")
    source = f"Source: {line['source']}" if line["source"] else ""
    return ". ".join(each for each in (", ".join(parts), line["note"], source) if each)


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────────────────


def _figures(was: Snapshot, now: Snapshot) -> Iterator[Change]:
    before, after = ({each["code"]: each for each in snapshot["figures"]} for snapshot in (was, now))
    for code in [*after, *(code for code in before if code not in after)]:
        old, new = before.get(code), after.get(code)
        if _said(old) != _said(new):
            redefined = bool(old and new and old["definition"] != new["definition"])
            title = ((new or old) or {})["label"]
            yield _change(
                ChangeKind.FIGURE, code, title, *(_figure_words(each, redefined) if each else "" for each in (old, new))
            )


def _said(figure: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    return tuple(figure[key] for key in ("label", "text", "number", "definition")) if figure else None


def _figure_words(figure: Mapping[str, Any], redefined: bool) -> str:
    words = f"{figure['text']} as at {spoken(dt.date.fromisoformat(figure['as_at']))}"
    return f"{words}: {figure['definition']}" if redefined else words


def _mark(was: str) -> Mark:
    return Mark(CHANGED if was else NEW, was)


def _change(
    kind: ChangeKind, key: str, title: str, was: str, now: str, *, about: tuple[str, ...] | None = None
) -> Change:
    about = about or (was, now)
    digest = hashlib.sha256("\0".join(about).encode()).hexdigest()
    return Change(kind=kind, key=key, title=title, was=was, now=now, fingerprint=digest)
