"""The register's own wording of each kind of letter, used until a commissioner writes its own. Pure."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eligibility.enums import LetterKind, LetterWording

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "letters"


@dataclass(frozen=True)
class Wording:
    """The heading of a letter, and its text with slots."""

    heading: str
    body: str


@cache
def own_wording(kind: str, wording: str) -> Wording:
    """The register's own: the first line of its file is the heading, the rest the text."""
    name = f"{LetterKind(kind).value}.{LetterWording(wording).value}.md"
    heading, _, body = (FOLDER / name).read_text(encoding="utf-8").partition("\n")
    return Wording(heading.removeprefix("# ").strip(), body.strip())
