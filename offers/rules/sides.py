"""Two texts side by side: which words only one of them has."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\S+\s*|\s+")
# Beyond this many words the comparison, whose time grows with the square, is left out.
_MOST_PIECES = 6_000


@dataclass(frozen=True)
class Part:
    """A run of words. `is_only_here` where the other text does not have it at this place."""

    text: str
    is_only_here: bool


def compared(theirs: str, mine: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Their text and mine in parts; put together again, the parts are the texts as they were."""
    first, second = _PIECE.findall(theirs), _PIECE.findall(mine)
    if len(first) + len(second) > _MOST_PIECES:
        return (Part(theirs, False),), (Part(mine, False),)
    left: list[Part] = []
    right: list[Part] = []
    # The same word before a space and at the end of a line is the same word.
    words = [piece.strip() for piece in first], [piece.strip() for piece in second]
    for tag, a, b, c, d in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        for side, pieces in ((left, first[a:b]), (right, second[c:d])):
            if pieces:
                side.append(Part("".join(pieces), tag != "equal"))
    return tuple(left), tuple(right)
