"""The timeline as a drawing: a bar for each cohort, over the years or phases in which it is offered.

Narrow and tall, with large letters, so that one SVG can be read on a phone and on A4. Every bar says its status in
words and differs by its outline too, so nothing rests on colour. The page's policy lets no style in, so all of it
stands in attributes. The table beside it says the same, and more.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.utils.safestring import SafeString, mark_safe

from offers.enums import LineStatus
from offers.rules.reading import Reading, ReadLine, ReadPhase
from phb_register.charts import BLUE, FONT, GREEN, GREY

#: In the drawing's own units; about a phone's pixels.
WIDTH = 400
NAME, HEAD, SMALL = 16, 14, 13
_BAR, _ARROW = 24, 9
_TEXT = "#212b32"
# Wide and narrow letters of Arial and its twin, as parts of the size. Generous: a word too wide would be cut off.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'!|()[]/ -"), frozenset("mwMW%@—")

_STRONGEST = (LineStatus.LIVE, LineStatus.PLANNED, LineStatus.SCOPING, LineStatus.PROPOSED)
_LOOK: dict[str, dict[str, str]] = {
    LineStatus.LIVE: {"fill": GREEN, "stroke": GREEN},
    LineStatus.PLANNED: {"fill": BLUE, "stroke": BLUE},
    LineStatus.SCOPING: {"fill": "#ffffff", "stroke": GREY, "stroke-dasharray": "7 4"},
    LineStatus.PROPOSED: {"fill": "#ffffff", "stroke": GREY, "stroke-dasharray": "2 3"},
}
_LIGHT_TEXT = (LineStatus.LIVE, LineStatus.PLANNED)


@dataclass(frozen=True)
class Bar:
    """A status from one column up to, not including, another. `goes_on` where it is still so after the last one."""

    status: str
    words: str
    start: int
    end: int
    goes_on: bool


@dataclass(frozen=True)
class Row:
    """A cohort with its bars; `mark` says that something of it is new or changed since the edition before."""

    cohort: str
    mark: str
    bars: tuple[Bar, ...]


def drawing_of(reading: Reading) -> SafeString:
    """The timeline of an edition as an SVG element with a title and a description; nothing where there is none."""
    rows = rows_of(reading.phases)
    if not rows:
        return SafeString("")
    title = f"Drawing of the timeline of {reading.commissioner}: who can have a personal health budget, and from when"
    words = " ".join(
        f"{row.cohort}{f' ({row.mark.lower()})' if row.mark else ''}: {_said(row, reading.phases)}." for row in rows
    )
    prefix = f"timeline-{hashlib.sha256(f'{reading.number} {title} {words}'.encode()).hexdigest()[:8]}"
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    root.set("aria-labelledby", f"{prefix}-title {prefix}-description")
    SubElement(root, "title", {"id": f"{prefix}-title"}).text = title
    SubElement(root, "desc", {"id": f"{prefix}-description"}).text = words
    height = _draw(root, reading.phases, rows)
    root.set("viewBox", f"0 0 {WIDTH} {height}")
    # Built by ElementTree, which escapes every text and attribute.
    return mark_safe(ElementTree.tostring(root, encoding="unicode"))  # noqa: S308


def rows_of(phases: Sequence[ReadPhase]) -> list[Row]:
    """A row for each cohort, in the order in which they come."""
    cohorts = list(dict.fromkeys(line.cohort for phase in phases for line in phase.lines))
    return [Row(cohort, _mark(cohort, phases), tuple(_bars(cohort, phases))) for cohort in cohorts]


def _bars(cohort: str, phases: Sequence[ReadPhase]) -> Iterable[Bar]:
    found: Bar | None = None
    last = len(phases) - 1
    for at, phase in enumerate(phases):
        lines = [line for line in phase.lines if line.cohort == cohort]
        goes_on = found is not None and cohort in phase.continues
        if lines:
            strongest = min(lines, key=_rank)
            is_same = (
                found is not None
                and found.end == at
                and (found.status, found.words) == (strongest.status, strongest.status_label)
            )
            if found is not None and not is_same:
                yield found
            start = found.start if found is not None and is_same else at
            found = Bar(strongest.status, strongest.status_label, start, at + 1, at == last and not strongest.ends_on)
        elif found is not None and goes_on and found.end == at:
            found = Bar(found.status, found.words, found.start, at + 1, at == last)
    if found is not None:
        yield found


def _rank(line: ReadLine) -> int:
    return _STRONGEST.index(LineStatus(line.status))


def _mark(cohort: str, phases: Sequence[ReadPhase]) -> str:
    """`New` where every line of the cohort is, `Changed` where any is new or changed."""
    changes = {line.change for phase in phases for line in phase.lines if line.cohort == cohort}
    return "" if changes <= {""} else "New" if changes == {"new"} else "Changed"


def _said(row: Row, phases: Sequence[ReadPhase]) -> str:
    return ", then ".join(
        f"{bar.words.lower()} in {phases[bar.start].name}"
        + (f" to {phases[bar.end - 1].name}" if bar.end - bar.start > 1 else "")
        for bar in row.bars
    )


def _draw(root: Element, phases: Sequence[ReadPhase], rows: Sequence[Row]) -> int:
    """Draw the heads and the rows, and return how high it became."""
    column = WIDTH / len(phases)
    heads = [_head(phase, number, column) for number, phase in enumerate(phases, start=1)]
    top = max(len(bold) + len(rest) for bold, rest in heads) * 18 + 8
    for at, (bold, rest) in enumerate(heads):
        for line, words in enumerate([*bold, *rest]):
            weight = "700" if line < len(bold) else "400"
            _text(root, words, at * column + 4, 15 + line * 18, size=HEAD if line < len(bold) else SMALL, weight=weight)
    under = SubElement(root, "g", {"stroke": "#d8dde0"})
    y = top
    for row in rows:
        y = _draw_row(root, row, y, column)
    for at in range(len(phases) + 1):
        x = f"{min(at * column, WIDTH - 0.5):.1f}"
        SubElement(under, "line", {"x1": x, "x2": x, "y1": "0", "y2": str(y)})
    return _draw_key(root, phases, column, y) + 6


def _draw_row(root: Element, row: Row, y: int, column: float) -> int:
    name = f"{row.cohort} – {row.mark.lower()}" if row.mark else row.cohort
    for words in wrapped(name, WIDTH - 8, NAME):
        y += 22
        # White behind the words, so that no line of the columns runs through them.
        SubElement(
            root,
            "rect",
            {"x": "2", "y": str(y - 16), "width": f"{width_of(words, NAME) + 4:.0f}", "height": "22", "fill": "white"},
        )
        _text(root, words, 4, y, size=NAME, weight="700" if row.mark else "400")
    y += 6
    for bar in row.bars:
        _draw_bar(root, bar, y, column)
    return y + _BAR + 6


def _draw_bar(root: Element, bar: Bar, y: int, column: float) -> None:
    left, right = bar.start * column + 2, bar.end * column - 2
    tip = right - _ARROW if bar.goes_on else right
    points = [(left, y), (tip, y), (right, y + _BAR / 2), (tip, y + _BAR), (left, y + _BAR)]
    shape = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
    SubElement(root, "polygon", {"points": shape, "stroke-width": "2", **_LOOK[bar.status]})
    needed = width_of(bar.words, SMALL)
    baseline = y + _BAR // 2 + 4
    if needed + 8 <= tip - left:
        _text(root, bar.words, left + 6, baseline, size=SMALL, colour="#ffffff" if bar.status in _LIGHT_TEXT else _TEXT)
    elif needed + 8 <= left:
        _text(root, bar.words, left - needed - 4, baseline, size=SMALL)
    else:
        _text(root, bar.words, right + 4, baseline, size=SMALL)


def _head(phase: ReadPhase, number: int, column: float) -> tuple[list[str], list[str]]:
    """The lines over a column: the name, and when in words; only a number where the name has no room."""
    if not _has_room(phase, column):
        return [str(number)], []
    return wrapped(phase.name, column - 8, HEAD), wrapped(_when(phase), column - 8, SMALL)


def _when(phase: ReadPhase) -> str:
    """When it is, in words; nothing where the name says the year itself."""
    is_dated = phase.starts_on is not None and not re.search(r"\d{4}", phase.name)
    return phase.timing or (f"from {phase.starts_on:%B %Y}" if is_dated else "")


def _has_room(phase: ReadPhase, column: float) -> bool:
    words = f"{phase.name} {_when(phase)}".split()
    return all(width_of(word, HEAD) <= column - 8 for word in words)


def _draw_key(root: Element, phases: Sequence[ReadPhase], column: float, y: int) -> int:
    """What the numbers over the columns stand for, where a name had no room."""
    for number, phase in enumerate(phases, start=1):
        if not _has_room(phase, column):
            timing = f" ({_when(phase)})" if _when(phase) else ""
            for words in wrapped(f"{number}: {phase.name}{timing}", WIDTH - 8, SMALL):
                y += 18
                _text(root, words, 4, y, size=SMALL)
    return y


def wrapped(words: str, room: float, size: int) -> list[str]:
    """Words in lines that are no wider than `room`; a word that is wider stands alone."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def width_of(words: str, size: int) -> float:
    """About how wide words are, rather more than less."""
    parts = (
        0.34 if letter in _NARROW else 0.9 if letter in _WIDE else 0.7 if letter.isupper() else 0.58 for letter in words
    )
    return sum(parts) * size


def _text(
    root: Element, words: str, x: float, y: float, *, size: int, weight: str = "400", colour: str = _TEXT
) -> None:
    attributes = {"x": f"{x:.1f}", "y": f"{y:.0f}", "font-family": FONT, "font-size": str(size), "fill": colour}
    SubElement(root, "text", {**attributes, "font-weight": weight}).text = words
