"""What a board pack says, as it is frozen and as it is read again. Pure.

Everything is words: figures stand as they were shown, so a page, a PDF and a later programme cannot show another. The
drawing is made anew from its points. The hash is that of the canonical form, as for editions of a local offer.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from reporting.points import Point

FORMAT = 1
# The background job that makes one.
JOB_KIND = "make-board-pack"

Block = dict[str, Any]


def job_key(pack_id: int, version: int) -> str:
    """The key of the job that makes a pack: by its version, so that one that was put off is asked for anew."""
    return f"{JOB_KIND}-{pack_id}-{version}"


def text(words: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": words}


def figures(items: Iterable[tuple[str, str, str]]) -> Block:
    """Figures in large print: label, value, and what it means."""
    return {"kind": "figures", "items": [{"label": a, "value": b, "note": c} for a, b, c in items]}


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Sequence[int] = (), note: str = ""
) -> Block:
    """A table of words, whose first column is the row's heading. `numeric` are the places of columns of numbers."""
    return {
        "kind": "table",
        "caption": caption,
        "head": list(head),
        "rows": [[str(cell) for cell in row] for row in rows],
        "numeric": list(numeric),
        "note": note,
    }


def chart(name: str, points: Iterable[Point], low: int | None, high: int | None) -> Block:
    """The line of what was in place, with the target beside it."""
    drawn = [{"on": point.on.isoformat(), "in_place": point.in_place} for point in points]
    return {"kind": "chart", "name": name, "points": drawn, "low": low, "high": high}


def paragraphs(items: Iterable[tuple[str, str]]) -> Block:
    """Paragraphs, each with its heading."""
    return {"kind": "paragraphs", "items": [{"heading": heading, "text": words} for heading, words in items]}


def heading(words: str) -> Block:
    """What the blocks after it are about."""
    return {"kind": "heading", "text": words}


def part(which: TextChoices, blocks: Iterable[Block]) -> dict[str, Any]:
    """One part with what it says."""
    return {"code": which.value, "title": str(which.label), "blocks": list(blocks)}


@dataclass(frozen=True)
class ReadPart:
    """A part as it is read: its blocks are dictionaries, each of a `kind` that the functions of this module make."""

    code: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ReadPack:
    """A board pack as it was made, or as it would be made now."""

    commissioner: str
    meeting: str
    meets_on: dt.date
    as_at: dt.date
    made_on: dt.date
    control: str
    introduction: str
    parts: tuple[ReadPart, ...]


def read(snapshot: Mapping[str, Any]) -> ReadPack:
    """A snapshot as a page shows it. Raises ValueError for a format this version does not know."""
    if snapshot["format"] != FORMAT:
        raise ValueError(f"A board pack of format {snapshot['format']} cannot be read here")
    return ReadPack(
        commissioner=snapshot["commissioner"],
        meeting=snapshot["meeting"],
        meets_on=dt.date.fromisoformat(snapshot["meets_on"]),
        as_at=dt.date.fromisoformat(snapshot["as_at"]),
        made_on=dt.date.fromisoformat(snapshot["made_on"]),
        control=snapshot["control"],
        introduction=snapshot["introduction"],
        parts=read_parts(snapshot),
    )


def read_parts(snapshot: Mapping[str, Any]) -> tuple[ReadPart, ...]:
    """The parts of what was kept, as they are read."""
    return tuple(ReadPart(each["code"], each["title"], tuple(each["blocks"])) for each in snapshot["parts"])


def points_of(block: Block) -> list[Point]:
    """The points of a chart."""
    return [Point(dt.date.fromisoformat(each["on"]), each["in_place"]) for each in block["points"]]


def numbers_in(snapshot: Mapping[str, Any]) -> list[str]:
    """Every figure of a pack in its order: of tiles and of columns of numbers, empty cells left out.

    For comparing what is shown of it.
    """
    found = []
    for each in snapshot["parts"]:
        for block in each["blocks"]:
            if block["kind"] == "figures":
                found += [item["value"] for item in block["items"]]
            elif block["kind"] == "table":
                found += [row[place] for row in block["rows"] for place in block["numeric"] if row[place]]
    return found
