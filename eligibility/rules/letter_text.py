"""The text of letters: safe Markdown with slots such as ``{{ person_name }}``. Pure.

A value is put in as text: what Markdown would read as its own is escaped, so a name or a reason never becomes a
heading, a link or a picture.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from phb_register import safe_markdown

from .letter_kinds import LetterSlot, carried_by_template, codes, slots_of

_SLOT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
# Emphasis, links, tables, escapes and slots anywhere; an underscore not inside a word, as in an e-mail address; an
# ampersand only where it begins an entity.
_SPECIAL = re.compile(r"[\\*\[\]|{}]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#|[A-Za-z])")
_HEADING = re.compile(r"^(\s*)(#)", re.MULTILINE)
_LIST = re.compile(r"^(\s*)([-+])(?=\s|$)", re.MULTILINE)
_NUMBER = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)

DIALECT = safe_markdown.Dialect(keeps_lines=True)
HEADING_LINE = 0


@dataclass(frozen=True)
class TextProblem:
    """Something that must be put right. ``line`` counts from 1; 0 is the heading. ``message`` names the remedy."""

    line: int
    message: str

    def __str__(self) -> str:
        return self.message if self.line == HEADING_LINE else f"Line {self.line}: {self.message}"


def template_problems(kind: str, heading: str, body: str) -> list[TextProblem]:
    """What a writer must change in a template of this kind before it is saved, from the top."""
    allowed = slots_of(kind)
    found = slot_problems(heading, [slot for slot in allowed if not slot.is_asked], first_line=HEADING_LINE)
    found += slot_problems(body, allowed)
    used = slots_in(body)
    found += [
        TextProblem(_last_line(body), f"Put {slot.written} where it belongs: every letter of this kind has to say it")
        for slot in carried_by_template(kind)
        if slot.code not in used
    ]
    return found


def slot_problems(text: str, allowed: Iterable[LetterSlot], *, first_line: int = 1) -> list[TextProblem]:
    """Slots that there are not, with the nearest one that there is; and braces that are no slot."""
    known = list(codes(allowed))
    found = []
    for number, line in enumerate(text.splitlines() or [""], start=first_line):
        for match in _SLOT.finditer(line):
            if match[1] not in known:
                found.append(TextProblem(number, _unknown(match[1], known)))
        if _BRACES.search(_SLOT.sub("", line)):
            found.append(TextProblem(number, "Write each slot as {{ person_name }}, or take out the double braces"))
    return found


def _unknown(code: str, known: list[str]) -> str:
    near = difflib.get_close_matches(code.lower().replace(" ", "_"), known, n=1, cutoff=0.5)
    if near:
        return f"There is no slot {{{{ {code} }}}}. Did you mean {{{{ {near[0]} }}}}?"
    return f"There is no slot {{{{ {code} }}}} in this letter. Change it to one of: {', '.join(known)}"


def slots_in(text: str) -> list[str]:
    """The codes of the slots in a text, each once, in its order."""
    return list(dict.fromkeys(match[1] for match in _SLOT.finditer(text)))


def line_of(text: str, code: str) -> int:
    """The line on which a slot first stands; 0 where it stands nowhere."""
    for number, line in enumerate(text.splitlines(), start=1):
        if code in (match[1] for match in _SLOT.finditer(line)):
            return number
    return 0


def fill(text: str, values: Mapping[str, str], *, keeping_lists: Iterable[str] = ()) -> str:
    """The text with the values that there are in their slots; other slots stay as they are.

    A value of ``keeping_lists`` may have lists, which stay lists.
    """
    lists = frozenset(keeping_lists)

    def put(match: re.Match[str]) -> str:
        code = match[1]
        return as_text(values[code], keeps_lists=code in lists) if values.get(code) else match[0]

    return _SLOT.sub(put, text)


def as_text(value: str, *, keeps_lists: bool = False) -> str:
    """A value written so that Markdown reads it as the characters it has; its lists too, unless they are kept."""
    escaped = _SPECIAL.sub(r"\\\g<0>", "\n".join(value.strip().splitlines()))
    escaped = _HEADING.sub(r"\1\\\2", escaped)
    if not keeps_lists:
        escaped = _NUMBER.sub(r"\1\\\2", _LIST.sub(r"\1\\\2", escaped))
    return escaped


def as_list(value: str) -> str:
    """Lines as the points of a list, whatever mark they begin with."""
    points = [line.strip().lstrip("-•* ").strip() for line in value.splitlines()]
    return "\n".join(f"- {point}" for point in points if point)


def fill_heading(heading: str, values: Mapping[str, str]) -> str:
    """A heading with its values. It is one line and no Markdown, so they go in as they are."""
    return _SLOT.sub(lambda match: " ".join(values.get(match[1], match[0]).split()), heading)


def html(body: str, *, top_level: int) -> str:
    """A letter's text for a page or a PDF."""
    return safe_markdown.render(body, dialect=DIALECT, top_level=top_level)


def plain_text(body: str) -> str:
    """A letter's text without marks, for an e-mail or for whoever transcribes it."""
    return safe_markdown.plain_text(body, DIALECT)


def _last_line(text: str) -> int:
    return max(len(text.splitlines()), 1)
