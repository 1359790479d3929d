"""Reading a table of areas: what a row may say of a postcode or a GP practice. Pure.

Deprivation is the national index of a postcode's small area, by fifths or tenths of England, 1 the most deprived. The
localities are the commissioner's own. Nothing is worked out or guessed: a place that the table does not have is in no
area.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from phb_register.cells import tidy
from phb_register.rules import normal_postcode
from reporting.rules.equity_groups import NO_PLACE

#: The columns, with other headings by which published files call them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "postcode": ("pcd", "pcds", "pcd2", "pcd7", "pcd8"),
    "gp_practice": ("gp practice code", "practice", "practice code", "organisation code"),
    "deprivation_quintile": ("quintile", "imd quintile", "deprivation fifth"),
    "deprivation_decile": ("decile", "imd decile", "index of multiple deprivation decile"),
    "locality": ("place", "neighbourhood", "area"),
}
LONGEST_LOCALITY = 80
_NUMBER = re.compile("[0-9]{1,2}")
_PRACTICE = re.compile(r"^[A-Z][0-9]{5}$")


@dataclass(frozen=True)
class AreaRow:
    """What one row says: of a postcode, or of a practice. `is_told` is false where it says nothing of it."""

    postcode: str
    gp_practice: str
    quintile: int | None
    locality: str

    @property
    def is_told(self) -> bool:
        """Whether there is anything to keep."""
        return self.quintile is not None or bool(self.locality)


@dataclass(frozen=True)
class AreaFault:
    """What is to be put right: the row of the file, the column, and the remedy."""

    number: int
    column: str
    message: str


class AreaWrong(ValueError):
    """A cell that cannot be read; the message is the remedy."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def find_columns(header: Iterable[str]) -> dict[str, int]:
    """Where each column stands, as {column: place}, as far as the headings say."""
    known = {_key(name): column for column, also in COLUMNS.items() for name in (column, *also)}
    found: dict[str, int] = {}
    for place, heading in enumerate(header):
        column = known.get(_key(heading))
        if column is not None:
            found.setdefault(column, place)
    return found


def heading_fault(columns: Iterable[str]) -> str:
    """What is wrong with the headings; empty where they are enough."""
    found = set(columns)
    if not found & {"postcode", "gp_practice"}:
        return "The file needs a column postcode or gp_practice"
    if not found & {"deprivation_quintile", "deprivation_decile", "locality"}:
        return "The file needs a column deprivation_quintile, deprivation_decile or locality"
    if {"deprivation_quintile", "deprivation_decile"} <= found:
        return "Keep one of the columns deprivation_quintile and deprivation_decile"
    if "postcode" not in found and "locality" not in found:
        return "A file of GP practices needs a column locality: deprivation is that of the person's postcode"
    return ""


def read_row(cells: Sequence[str], columns: dict[str, int]) -> AreaRow:
    """What a row says. Raises `AreaWrong` with the column and the remedy."""
    told = {column: _text(cells[place]) if place < len(cells) else "" for column, place in columns.items()}
    postcode, practice = told.get("postcode", ""), told.get("gp_practice", "").upper()
    if bool(postcode) == bool(practice):
        raise AreaWrong("postcode", "Enter a postcode or a GP practice, one of them in a row")
    normal = normal_postcode(postcode) if postcode else ""
    if normal is None:
        raise AreaWrong("postcode", "Enter a full postcode, like LE1 6YH")
    if practice and not _PRACTICE.match(practice):
        raise AreaWrong("gp_practice", "Enter the code of the GP practice: a letter and five digits, like C82001")
    quintile = _quintile(told)
    if practice and quintile is not None:
        raise AreaWrong("deprivation_quintile", "Leave deprivation empty for a practice: it is that of the postcode")
    return AreaRow(normal, practice, quintile, _locality(told.get("locality", "")))


def _quintile(told: dict[str, str]) -> int | None:
    for column, most in (("deprivation_quintile", 5), ("deprivation_decile", 10)):
        text = told.get(column, "").removesuffix(".0")
        if not text:
            continue
        if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
            raise AreaWrong(column, f"Enter a whole number from 1 (the most deprived) to {most}")
        return (int(text) * 5 + most - 1) // most
    return None


def _text(cell: str) -> str:
    """A cell without what cannot be seen; most cells have nothing of the kind."""
    return cell.strip() if cell.isprintable() else tidy(cell)


def _locality(text: str) -> str:
    if text.startswith(("=", "@")):
        raise AreaWrong("locality", "This is a formula. Save the file with its values")
    if len(text) > LONGEST_LOCALITY:
        raise AreaWrong("locality", f"Shorten the locality to {LONGEST_LOCALITY} characters")
    if text == NO_PLACE:
        raise AreaWrong(
            "locality", f"Name the locality, or leave it empty: “{NO_PLACE}” is what a missing one is called"
        )
    return " ".join(text.split())


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())
