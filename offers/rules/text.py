"""The text of an offer's sections: the safe Markdown that all texts are written in, and the figure slots in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phb_register import safe_markdown

SLOT = re.compile(r"\{\{\s*figure\.([a-z][a-z0-9_]*)\s*\}\}")
_DIALECT = safe_markdown.Dialect(slot=SLOT, missing="figure not available")


@dataclass(frozen=True)
class Problem:
    """Something in the text that must be put right before it is saved. `message` names the remedy."""

    message: str


def render(body: str, figures: Mapping[str, str], *, top_level: int = 3) -> str:
    """HTML of a section's body, safe to put on a page or into a PDF. `figures` gives the text of each slot."""
    return safe_markdown.render(body, figures, dialect=_DIALECT, top_level=top_level)


def plain(body: str, figures: Mapping[str, str]) -> str:
    """The words of a section's body without its marks. `figures` gives the text of each slot."""
    return safe_markdown.plain_text(body, _DIALECT, figures)


def as_typed(sent: str) -> str:
    """What was typed, fit to be kept: lines ended in one way, and without the character that no table takes."""
    return sent.replace("\r\n", "\n").replace("\x00", "")


def figure_codes(body: str) -> list[str]:
    """The codes of the figure slots in a text, each once, in the order of the text."""
    return safe_markdown.slot_codes(body, _DIALECT)


def problems(body: str, known: Sequence[str]) -> list[Problem]:
    """What the writer must change: slots of unknown figures, and double braces that are no slot.

    `known` are the codes of the figures that are provided.
    """
    listed = ", ".join(known) or "none yet"
    found = [
        Problem(f"Change {{{{ figure.{code} }}}}: there is no figure of that name. The figures are: {listed}.")
        for code in figure_codes(body)
        if code not in known
    ]
    rest = SLOT.sub("", body)
    if "{{" in rest or "}}" in rest:
        found.append(Problem("Write each figure as {{ figure.name }}, for example {{ figure.phbs_in_place }}."))
    return found
