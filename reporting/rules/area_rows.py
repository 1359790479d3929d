"""Reading a table of areas: which columns there are, what a row may say of a postcode or a GP practice. Pure.

Deprivation is the national index of a postcode's small area, by fifths or tenths of England, 1 the most deprived. The
localities are the commissioner's own. Nothing is worked out or guessed: a place that the table does not have is in no
area.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from phb_register.cells import CellWrong, read_postcode, read_practice
from phb_register.file_columns import Column, FileColumns, RowProblem
from reporting.rules.equity_groups import NO_PLACE, QUINTILES
from reporting.rules.uptake import EARLIEST_AS_AT

LONGEST_LOCALITY = 80
LONGEST_SOURCE = 300
#: A table may be taken in before it holds, but not years before.
MOST_DAYS_AHEAD = 366
_DECILES = range(1, 11)
_NUMBER = re.compile("[0-9]{1,2}")

#: What is kept of a place: its fifth of deprivation, and its locality.
Area = tuple[int | None, str]


def lacking(chosen: Collection[str]) -> str:
    """Which column is missing; empty where those chosen are enough."""
    found = set(chosen)
    if not found & {"postcode", "gp_practice"}:
        return "The file needs a column postcode or gp_practice"
    if not found & {"deprivation_quintile", "deprivation_decile", "locality"}:
        return "The file needs a column deprivation_quintile, deprivation_decile or locality"
    if "postcode" not in found and "locality" not in found:
        return "A file of GP practices needs a column locality: deprivation is that of the person's postcode"
    return ""


def _whole_number(text: str, allowed: Collection[int]) -> int:
    number = text.removesuffix(".0")
    if not _NUMBER.fullmatch(number) or int(number) not in allowed:
        raise CellWrong(f"Enter a whole number from 1 (the most deprived) to {max(allowed)}")
    return int(number)


def read_quintile(text: str) -> int:
    """A fifth of deprivation."""
    return _whole_number(text, QUINTILES)


def read_decile(text: str) -> int:
    """The fifth of deprivation that a tenth is in."""
    return (_whole_number(text, _DECILES) + 1) // 2


def read_locality(text: str) -> str:
    """The name of a locality."""
    if len(text) > LONGEST_LOCALITY:
        raise CellWrong(f"Shorten the locality to {LONGEST_LOCALITY} characters")
    if text == NO_PLACE:
        raise CellWrong(f"Name the locality, or leave it empty: “{NO_PLACE}” is what a missing one is called")
    return text


COLUMNS = FileColumns(
    (
        Column("postcode", "Postcode", read_postcode, "LE1 6YH", also=("pcd", "pcds", "pcd2", "pcd7", "pcd8")),
        Column(
            "gp_practice", "GP practice", read_practice, "",
            also=("gp practice code", "practice", "practice code", "organisation code"),
        ),
        Column(
            "deprivation_quintile", "Deprivation fifth", read_quintile, "1", also=("quintile", "imd quintile"),
        ),
        Column(
            "deprivation_decile", "Deprivation tenth", read_decile, "",
            also=("decile", "imd decile", "index of multiple deprivation decile"),
        ),
        Column("locality", "Locality", read_locality, "Riverside", also=("place", "neighbourhood", "area")),
    ),
    lacking,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaRow:
    """What one row says: of a postcode, or of a practice."""

    number: int
    postcode: str
    gp_practice: str
    area: Area

    @property
    def place(self) -> str:
        """The postcode or the code of the practice."""
        return self.postcode or self.gp_practice


def read_row(number: int, given: Mapping[str, str]) -> tuple[AreaRow | None, list[RowProblem]]:
    """A row from its cells, and what is to be put right; None where it is of no place, or says nothing of it."""
    read, problems = COLUMNS.read(number, given)
    if not problems:
        problems = [RowProblem(number, column, message) for column, message in _not_together(read)]
    if problems:
        return None, problems
    quintile, locality = read.get("deprivation_quintile", read.get("deprivation_decile")), read.get("locality", "")
    if quintile is None and not locality:
        return None, []
    return AreaRow(number, read.get("postcode", ""), read.get("gp_practice", ""), (quintile, locality)), []


def _not_together(read: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What does not fit together in a row: the column and the remedy."""
    if ("postcode" in read) == ("gp_practice" in read):
        return [("postcode", "Enter a postcode or a GP practice, one of them in a row")]
    fifths = {read[column] for column in ("deprivation_quintile", "deprivation_decile") if column in read}
    if "gp_practice" in read and fifths:
        return [("deprivation_quintile", "Leave deprivation empty for a practice: it is that of the postcode")]
    if len(fifths) > 1:
        return [("deprivation_quintile", "The tenth is in another fifth. Keep the one that is right")]
    return []


@dataclass
class Places:
    """What the rows of a file say of places: each once, however often it stands there."""

    postcodes: dict[str, Area] = field(default_factory=dict)
    practices: dict[str, Area] = field(default_factory=dict)
    _same: dict[Area, Area] = field(default_factory=dict)

    def add(self, row: AreaRow) -> RowProblem | None:
        """Keep what a row says; what is to be put right where another row says otherwise of the same place."""
        kept, column = (self.postcodes, "postcode") if row.postcode else (self.practices, "gp_practice")
        # One of each area in memory: two million postcodes are in a few hundred.
        area = self._same.setdefault(row.area, row.area)
        if kept.setdefault(row.place, area) == area:
            return None
        said = f"{row.place} stands in the file twice, with different areas. Keep one of them"
        return RowProblem(row.number, column, said)

    @property
    def has_deprivation(self) -> bool:
        """Whether anything is said of deprivation."""
        return any(quintile is not None for quintile, _ in self._same)

    @property
    def has_localities(self) -> bool:
        """Whether the locality of any postcode is known."""
        return any(locality for _, locality in set(self.postcodes.values()))


def date_fault(applies_from: dt.date, today: dt.date) -> str:
    """Why a table cannot apply from a day; empty where it can."""
    latest = today + dt.timedelta(days=MOST_DAYS_AHEAD)
    if EARLIEST_AS_AT <= applies_from <= latest:
        return ""
    return (
        f"Areas can apply from {EARLIEST_AS_AT.isoformat()}, before which nothing is counted, to {latest.isoformat()}, "
        f"not from {applies_from.isoformat()}. Check the date"
    )
