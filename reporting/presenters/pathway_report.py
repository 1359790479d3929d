"""Pathway and quality as blocks of a document: the tables of its page, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import strip_tags

from reporting import board_packs as words
from reporting.board_packs import Block
from reporting.pathway_release import PathwayRelease
from reporting.presenters import pathway as tables
from reporting.presenters.pathway import PathwayLinks, period_words


def pathway_blocks(release: PathwayRelease, links: PathwayLinks) -> list[Block]:
    """The figures at the top of the page, and each of its tables."""
    made = [
        tables.answers_table(release, links),
        tables.why_not_table(release, links),
        tables.decisions_table(release, links),
        tables.refusals_table(release, links),
        tables.days_table(release, links),
        tables.reviews_table(release, links),
        tables.saving_table(release, links),
        *([tables.outcomes_table(release, links)] if release.figures.outcomes else []),
    ]
    return [
        words.text(f"{period_words(release.figures.period)}."),
        words.figures(
            (tile["label"], strip_tags(str(tile["value"])), tile["definition"]) for tile in tables.tiles(release, links)
        ),
        *map(_block, made),
    ]


def _block(table: dict[str, Any]) -> Block:
    """A table of the page as one of a document."""
    head = table["head"]
    numeric = [place for place, cell in enumerate(head) if cell.get("format") == "numeric"]
    rows = [[_text(cell) for cell in row] for row in table["rows"]]
    return words.table(table["caption"], _texts(head), rows, numeric=numeric)


def _texts(cells: Sequence[dict[str, Any]]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: dict[str, Any]) -> str:
    return strip_tags(str(cell["html"])) if "html" in cell else str(cell["text"])
