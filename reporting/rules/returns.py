"""The national quarterly return: who is counted in which cell, what is checked, and how a change adds up. Pure.

Form of 2017 of NHS Digital's mandatory collection: a total, its breakdown by method, and voluntary sub-groups, for
people in the year to date (its headline) and for those active at the end of the quarter. Its rulings were not seen:
how is counted follows the counting policy (`reporting.rules.counting`), and each person stands in one sub-group, the
first of theirs in the order below, so that every breakdown adds up to the total.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique

from reporting import measures as m
from reporting.rules.counting import Breakdown

SOURCE = "NHS Digital, personal health budgets collection, form of 2017 and publications of 2021/22 and 2023/24"
TOTAL = "total"
EVERYBODY, ADULTS, CHILDREN = "everybody", "adults", "children"
WHEELCHAIR = "wheelchair"


@unique
class Basis(StrEnum):
    """The two counts of the return, which are never mixed."""

    YEAR_TO_DATE = "year_to_date"
    QUARTER_END = "quarter_end"


BASIS_LABELS: dict[Basis, str] = {
    Basis.YEAR_TO_DATE: "People in the year to date",
    Basis.QUARTER_END: "People active at the end of the quarter",
}
BASIS_WORDS: dict[Basis, str] = {
    Basis.YEAR_TO_DATE: (
        "Different people who had a budget at any time from 1 April to the end of the quarter, each counted once. "
        "Budgets that ended since are among them."
    ),
    Basis.QUARTER_END: "Different people with a budget in place at the end of the quarter, each counted once.",
}


@dataclass(frozen=True)
class Group:
    """A sub-group of the return: its budgets are those of `cohorts`, or, of CHC, those on fast track."""

    code: str
    label: str
    cohorts: tuple[str, ...] = ()


#: Strongest first: somebody with budgets of several counts in the first.
GROUPS: tuple[Group, ...] = (
    Group("fast_track", "NHS continuing healthcare, fast track"),
    Group("chc", "NHS continuing healthcare, not fast track", ("chc",)),
    Group("continuing_care", "Children’s continuing care", ("continuing-care",)),
    Group("s117", "Section 117 after-care", ("s117",)),
    Group("mental_health", "Mental health", ("mental-health",)),
    Group("learning_disability", "Learning disability or autism", ("ld-autism-adult", "ld-autism-child")),
    Group("ehcp", "Education, health and care plan", ("ehc-plan",)),
    Group(WHEELCHAIR, "Wheelchair", ("wheelchair",)),
    Group("other", "Other"),
)
GROUP_LABELS: dict[str, str] = {group.code: group.label for group in GROUPS}
METHODS: tuple[str, ...] = (*reversed(m.METHOD_PRECEDENCE), m.NOT_RECORDED)
METHOD_LABELS: dict[str, str] = {
    "notional": "Notional budget",
    "third_party": "Third-party budget",
    "direct_payment": "Direct payment",
    m.NOT_RECORDED: "No method recorded",
}
ROW_LABELS: dict[str, str] = {TOTAL: "Total", **METHOD_LABELS, **GROUP_LABELS}
COLUMN_LABELS: dict[str, str] = {EVERYBODY: "All ages", ADULTS: "Adults", CHILDREN: "Children and young people"}


@dataclass(frozen=True)
class Cell:
    """One number of the return."""

    basis: Basis
    row: str
    column: str = EVERYBODY

    @property
    def code(self) -> str:
        """As it stands in an address and a file."""
        return f"{self.basis}-{self.row}-{self.column}"

    @property
    def label(self) -> str:
        """In words."""
        parts = [BASIS_LABELS[self.basis], ROW_LABELS[self.row]]
        return ": ".join(parts) + ("" if self.column == EVERYBODY else f", {COLUMN_LABELS[self.column].lower()}")


CELLS: tuple[Cell, ...] = tuple(
    Cell(basis, row, column) for basis in Basis for row in ROW_LABELS for column in COLUMN_LABELS
)
CELLS_BY_CODE: dict[str, Cell] = {cell.code: cell for cell in CELLS}


@dataclass(frozen=True)
class Standing:
    """How a person counts on one basis: the methods and the sub-group of their budgets, and whether a child."""

    methods: frozenset[str]
    group: str
    is_child: bool

    def rows(self, breakdown: Breakdown) -> frozenset[str]:
        """The rows that they count in."""
        methods = self.methods if breakdown == Breakdown.EACH else {m.strongest_method(self.methods)}
        return frozenset({TOTAL, self.group, *(methods or {m.NOT_RECORDED})})

    def counts_in(self, row: str, column: str, breakdown: Breakdown) -> bool:
        """Whether they are counted in a cell of their basis."""
        is_of_column = column == EVERYBODY or (column == CHILDREN) == self.is_child
        return is_of_column and row in self.rows(breakdown)


#: How many people stand alike: on each basis, where they count there.
Standings = Mapping[tuple[Standing | None, Standing | None], int]


def cells(standings: Standings, breakdown: Breakdown) -> dict[str, int]:
    """Return every cell by its code."""
    found = dict.fromkeys(CELLS_BY_CODE, 0)
    for pair, people in standings.items():
        for basis, standing in zip(Basis, pair, strict=True):
            if standing is None:
                continue
            columns = (EVERYBODY, CHILDREN if standing.is_child else ADULTS)
            for row in standing.rows(breakdown):
                for column in columns:
                    found[Cell(basis, row, column).code] += people
    return found


@unique
class Change(StrEnum):
    """How somebody came into a cell since the last return, or out of it."""

    JOINED = "joined"
    RECORDED_LATE = "recorded_late"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    LEFT = "left"
    TAKEN_OUT = "taken_out"


CHANGE_LABELS: dict[Change, str] = {
    Change.JOINED: "Joined",
    Change.RECORDED_LATE: "Counted late",
    Change.MOVED_IN: "Moved in from another row",
    Change.MOVED_OUT: "Moved out to another row",
    Change.LEFT: "Left",
    Change.TAKEN_OUT: "Taken out by a correction",
}
CHANGE_WORDS: dict[Change, str] = {
    Change.JOINED: "Not counted at the end of the quarter before, and counted now.",
    Change.RECORDED_LATE: "They counted in the quarter before already, by what is known now, but not in its return.",
    Change.MOVED_IN: "Counted in the quarter before in another row: their method, age or sub-group changed.",
    Change.MOVED_OUT: "Counted now in another row.",
    Change.LEFT: "Counted in the quarter before, and no longer.",
    Change.TAKEN_OUT: "The return of the quarter before had them; by what is known now they did not count.",
}


@dataclass(frozen=True)
class Course:
    """One person, or many alike: as last returned, as the quarter before is known now, and as they count now."""

    returned: Standing | None
    known: Standing | None
    now: Standing | None


def change_of(course: Course, row: str, column: str, breakdown: Breakdown) -> Change | None:
    """Return how they came into the cell or out of it; None where they were and are in it, or neither."""
    was = course.returned is not None and course.returned.counts_in(row, column, breakdown)
    is_ = course.now is not None and course.now.counts_in(row, column, breakdown)
    if was == is_:
        return None
    if is_:
        if course.returned is not None:
            return Change.MOVED_IN
        return Change.JOINED if course.known is None else Change.RECORDED_LATE
    if course.now is not None:
        return Change.MOVED_OUT
    return Change.TAKEN_OUT if course.known is None else Change.LEFT


@dataclass(frozen=True)
class Explained:
    """A row of the return against the quarter before; `before` with all `changes` is exactly `after`."""

    row: str
    before: int
    changes: Mapping[Change, int]
    after: int


def explained(
    courses: Mapping[Course, int], breakdown: Breakdown, column: str = EVERYBODY, rows: Iterable[str] = ROW_LABELS
) -> list[Explained]:
    """Return each row with what changed in it since the quarter before."""
    return [_explained(courses, row, column, breakdown) for row in rows]


def _explained(courses: Mapping[Course, int], row: str, column: str, breakdown: Breakdown) -> Explained:
    changes = dict.fromkeys(Change, 0)
    before = after = 0
    for course, people in courses.items():
        before += people * _is_in(course.returned, row, column, breakdown)
        after += people * _is_in(course.now, row, column, breakdown)
        change = change_of(course, row, column, breakdown)
        if change is not None:
            changes[change] += people
    return Explained(row, before, changes, after)


def _is_in(standing: Standing | None, row: str, column: str, breakdown: Breakdown) -> bool:
    return standing is not None and standing.counts_in(row, column, breakdown)


def sums(breakdown: Breakdown) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every total with the cells that add up to it, as codes."""
    for basis in Basis:
        for row in ROW_LABELS:
            parts = (Cell(basis, row, ADULTS).code, Cell(basis, row, CHILDREN).code)
            yield Cell(basis, row).code, parts
        for column in COLUMN_LABELS:
            total = Cell(basis, TOTAL, column).code
            yield total, tuple(Cell(basis, group.code, column).code for group in GROUPS)
            if breakdown == Breakdown.STRONGEST:
                yield total, tuple(Cell(basis, method, column).code for method in METHODS)
