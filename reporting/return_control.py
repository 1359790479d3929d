"""The return as readers see it who may not see people: how its cells add up, for disclosure control. Pure."""

from collections.abc import Mapping

from phb_register.disclosure import Sum
from reporting.ledger import Counts
from reporting.rules.counting import Breakdown
from reporting.rules.returns import COLUMN_LABELS, ROW_LABELS, TOTAL, Basis, Cell, sums

#: The part of the ledger of releases, and what stands before its keys.
PART = "return"


def key_of(code: str) -> str:
    """The name of a cell in the ledger."""
    return f"{PART}/{code}"


def counts_of(cells: Mapping[str, int], breakdown: Breakdown) -> Counts:
    """The cells with how they add up. Those active at the end are among those of the year: the rest is guarded too."""
    values = {key_of(code): number for code, number in cells.items()}
    adds_up = [Sum(key_of(total), tuple(key_of(part) for part in parts)) for total, parts in sums(breakdown)]
    unseen = set()
    for column in COLUMN_LABELS:
        year, end = (Cell(basis, TOTAL, column).code for basis in Basis)
        rest = key_of(f"ended-{column}")
        values[rest] = cells[year] - cells[end]
        unseen.add(rest)
        adds_up.append(Sum(key_of(year), (key_of(end), rest)))
    headlines = tuple(key_of(Cell(basis, row).code) for basis in Basis for row in ROW_LABELS if row == TOTAL)
    return Counts(values=values, sums=adds_up, unseen=unseen, headlines=headlines)
