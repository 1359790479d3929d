"""The columns of a file that is imported: which heading is which, what a cell may hold, what is wrong. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from phb_register.cells import CellWrong, tidy
from phb_register.exceptions import Refused


@dataclass(frozen=True)
class Column:
    """One column: its name in a file, what it is called on pages, how a cell is read, an example.

    `also` are other headings by which files call it.
    """

    name: str
    label: str
    read: Callable[[str], Any]
    example: str
    is_required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row: its number in the file, the column ("" for the whole row) and the remedy."""

    number: int
    column: str
    message: str


class FileColumns:
    """All columns that one kind of file may have, in the order of its pages."""

    def __init__(
        self, columns: Iterable[Column], lacking: Callable[[Collection[str]], str] = lambda chosen: ""
    ) -> None:
        """`lacking` says which column is missing where it takes more than each that is required; "" where none is."""
        self.all = tuple(columns)
        self._lacking = lacking
        self.by_name: Mapping[str, Column] = {column.name: column for column in self.all}
        self.required = tuple(column for column in self.all if column.is_required)
        self._known = {
            _key(name): column.name for column in self.all for name in (column.name, column.label, *column.also)
        }

    def find(self, header: Iterable[str]) -> dict[str, str]:
        """Which heading of a file is which column, as {column: heading}, as far as the headings say."""
        found: dict[str, str] = {}
        for heading in header:
            column = self._known.get(_key(heading))
            if column is not None and column not in found:
                found[column] = heading
        return found

    def check(self, chosen: Mapping[str, str], header: Sequence[str]) -> None:
        """Raise `Refused` unless each needed column has a heading of the file, and no heading is two columns."""
        missing = [column.label for column in self.required if not chosen.get(column.name)]
        if missing:
            named = ", ".join(missing)
            raise Refused(f"The file has no column for {named}. Say which of its columns it is, or add it to the file")
        if said := self._lacking([column for column, heading in chosen.items() if heading]):
            raise Refused(said)
        unknown = sorted(heading for heading in chosen.values() if heading not in header)
        if unknown:
            raise Refused(f"The file has no column called {', '.join(unknown)}. Choose one of its headings")
        if extra := sorted(set(chosen) - set(self.by_name)):
            raise Refused(f"There is no column {', '.join(extra)} to import. Choose one of {', '.join(self.by_name)}")
        if len(set(chosen.values())) < len(chosen):
            raise Refused("Two columns have the same heading. Choose a heading once")

    def places(self, chosen: Mapping[str, str], header: Sequence[str]) -> dict[str, int]:
        """Where in a row each chosen column is."""
        return {
            column: header.index(heading)
            for column, heading in chosen.items()
            if heading in header and column in self.by_name
        }

    def read(self, number: int, given: Mapping[str, str]) -> tuple[dict[str, Any], list[RowProblem]]:
        """The cells of a row that say something, by their columns' names, and what is wrong with the others."""
        read: dict[str, Any] = {}
        problems: list[RowProblem] = []
        for column in self.all:
            text = tidy(given.get(column.name, "")).lstrip("'")
            if not text:
                continue
            if text.startswith(("=", "@")):
                problems.append(RowProblem(number, column.name, "This is a formula. Save the file with its values"))
                continue
            try:
                read[column.name] = column.read(text)
            except CellWrong as wrong:
                problems.append(RowProblem(number, column.name, str(wrong)))
        wrong_cells = {problem.column for problem in problems}
        problems += [
            RowProblem(number, column.name, f"Enter the {column.label.lower()}")
            for column in self.required
            if column.name not in read and column.name not in wrong_cells
        ]
        return read, problems

    def label(self, name: str) -> str:
        """What a column is called on pages; what is no column is called by its name."""
        return self.by_name[name].label if name in self.by_name else name


def too_many_cells(number: int, cells: int, headings: int) -> RowProblem:
    """What is wrong with a row that has more cells than there are headings."""
    said = f"This row has {cells} cells under {headings} headings. Check its separators and quotation marks"
    return RowProblem(number, "", said)


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())
