"""The easy read version of a section as it is written: lines of one idea each, with a picture beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from offers.rules.pictures import PICTURES_BY_CODE

#: What one section may have. Much less is easier to read.
MOST_LINES = 40
LONGEST_LINE = 300
EMPTY_LINES = 3


@dataclass(frozen=True)
class TypedLine:
    """A line as it was typed. `picture` is a code of `offers.rules.pictures`, or empty."""

    picture: str = ""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it: it is then left out. A picture alone says nothing."""
        return not self.words.strip()


def tidied(lines: Sequence[TypedLine]) -> list[TypedLine]:
    """The lines that say something, without spare spaces."""
    return [TypedLine(line.picture, " ".join(line.words.split())) for line in lines if not line.is_empty]


def problems(lines: Sequence[TypedLine]) -> list[tuple[int, str, str]]:
    """What must be put right before tidied lines are saved: place of the line (from 0), field, and what to do."""
    found = []
    for place, line in enumerate(lines):
        if line.picture and line.picture not in PICTURES_BY_CODE:
            found.append((place, "picture", "Select a picture of the set, or none"))
        if len(line.words) > LONGEST_LINE:
            found.append((place, "words", f"Words must be {LONGEST_LINE} characters or fewer. Make two lines of it"))
        if "{{" in line.words or "}}" in line.words:
            found.append((place, "words", "Take the figure out: easy read lines show words only"))
    return found


def rearranged(lines: Sequence[TypedLine], act: str) -> list[TypedLine]:
    """The lines after one of the buttons beside them: `up-2`, `down-2`, `remove-2`, `add-2` (places from 1).

    A button that there is no line for changes nothing.
    """
    verb, _, number = act.partition("-")
    changed = list(lines)
    at = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 4 else -1
    if not 0 <= at < len(changed):
        return changed
    if verb == "remove":
        del changed[at]
    elif verb == "add" and len(changed) < MOST_LINES:
        changed.insert(at + 1, TypedLine())
    elif verb == "up" and at > 0:
        changed[at - 1], changed[at] = changed[at], changed[at - 1]
    elif verb == "down" and at + 1 < len(changed):
        changed[at + 1], changed[at] = changed[at], changed[at + 1]
    return changed
