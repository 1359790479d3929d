"""The return as readers see it who may not see people: how its cells add up, for disclosure control. Pure."""

from collections.abc import Mapping

from phb_register.dates import FinancialYear
from phb_register.disclosure import Sum
from reporting.ledger import Counts
from reporting.rules.counting import Breakdown
from reporting.rules.returns import (
    ADULTS,
    CELLS,
    CHILDREN,
    COLUMN_LABELS,
    EVERYBODY,
    ROW_LABELS,
    TOTAL,
    Basis,
    Cell,
    sums,
)

#: The part of the ledger of releases, and what stands before its keys.
PART = "return"


def key_of(code: str) -> str:
    """The name of a cell in the ledger."""
    return f"{PART}/{code}"


#: What others see of a return: each row for everybody, and the total by age as well. By age, every row would have so
#: many small numbers that few others could be shown beside them.
PUBLISHED: tuple[Cell, ...] = tuple(cell for cell in CELLS if cell.column == EVERYBODY or cell.row == TOTAL)
#: The dashboard's numbers of people in place, of whom those active at the end of the quarter are a part.
IN_PLACE: dict[str, str] = {
    "people_in_place": EVERYBODY,
    "adults_in_place": ADULTS,
    "children_in_place": CHILDREN,
}


def counts_of(
    cells: Mapping[str, int], breakdown: Breakdown, year: FinancialYear, in_place: Mapping[str, int]
) -> Counts:
    """The cells with how they add up, over the quarters of a year too.

    Those active at the end are among those of the year, and among those in place of the dashboard (`in_place`, by its
    keys, where it says the same as the snapshot): what a reader gets by subtracting them is guarded too.
    """
    codes = {cell.code for cell in PUBLISHED}
    values = {key_of(code): cells[code] for code in sorted(codes)}
    adds_up = [
        Sum(key_of(total), tuple(key_of(part) for part in parts))
        for total, parts in sums(breakdown)
        if codes.issuperset((total, *parts))
    ]
    unseen = set()
    for column in COLUMN_LABELS:
        so_far, end = (Cell(basis, TOTAL, column).code for basis in Basis)
        rest = key_of(f"ended-{column}")
        values[rest] = cells[so_far] - cells[end]
        unseen.add(rest)
        adds_up.append(Sum(key_of(so_far), (key_of(end), rest)))
    for name, column in IN_PLACE.items():
        if name in in_place:
            active, rest = Cell(Basis.QUARTER_END, TOTAL, column).code, key_of(f"not-active-{column}")
            values |= {name: in_place[name], rest: in_place[name] - cells[active]}
            unseen.add(rest)
            adds_up.append(Sum(name, (key_of(active), rest)))
    headlines = tuple(key_of(Cell(basis, row).code) for basis in Basis for row in ROW_LABELS if row == TOTAL)
    to_date = {key_of(code): (year.start, year.end) for code in codes if code.startswith(Basis.YEAR_TO_DATE)}
    return Counts(values=values, sums=adds_up, unseen=unseen, headlines=headlines, to_date=to_date)
