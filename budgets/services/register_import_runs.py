"""Checking, importing and undoing the file of another register: one transaction each, whatever its size.

A check does all that an import does, and takes it back: what it says has been tried. Whoever stops half-way, a
process that is killed too, leaves the register as it was.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import DatabaseError, transaction

from budgets.models import RegisterImport
from budgets.rules.register_import import COLUMNS_BY_NAME, RegisterRow, RowProblem, read_row
from budgets.selectors.register_imports import Register
from phb_register import clock
from phb_register.bulk import analyse, note_context, one_at_a_time, settle
from phb_register.models import User
from phb_register.spreadsheets import Table, TableRow

from .register_checking import FittingRow, fit
from .register_writing import WRITTEN, RegisterWriter

#: Rows read, checked and written together.
CHUNK = 2000
#: The planner is told of the rows when there are so many times as many as when it was told last.
LOOK_AGAIN = 4
#: Problems that are kept and shown; there may be more.
MOST_PROBLEMS = 1000

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What a check or an import found: counts by what they count, and the first problems of `problem_count`."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0

    def add_problems(self, problems: Sequence[RowProblem]) -> None:
        """Count problems, and keep the first."""
        self.problem_count += len(problems)
        self.problems += problems[: MOST_PROBLEMS - len(self.problems)]
        self.counts["faulty_rows"] += len({problem.number for problem in problems})


class _TakeBack(Exception):
    """Ends a transaction whose work is not to stay."""


def try_rows(register_import: RegisterImport, table: Table, *, by: User, progress: Progress) -> Outcome:
    """Do what an import does, and take it back. Returns what was found."""
    outcome = Outcome()
    try:
        with transaction.atomic():
            _take_in(register_import, table, outcome, by=by, progress=progress)
            raise _TakeBack
    except _TakeBack:
        return outcome


def take_in_rows(register_import: RegisterImport, table: Table, *, by: User, progress: Progress) -> Outcome:
    """Write the rows of a file that are not there yet: all of them, or where the import is partly, those in order.

    In the caller's transaction. Where a row is faulty and the import is not partly, nothing is written.
    """
    outcome = Outcome()
    try:
        with transaction.atomic():
            _take_in(register_import, table, outcome, by=by, progress=progress)
            if outcome.problem_count and not register_import.is_partly:
                raise _TakeBack
    except _TakeBack:
        pass
    return outcome


def _take_in(register_import: RegisterImport, table: Table, outcome: Outcome, *, by: User, progress: Progress) -> None:
    # Two files may name the same people, and not all of them have a number to tell them by.
    one_at_a_time("register import")
    note_context()
    register, today = Register(by), clock.today()
    writer = RegisterWriter(register_import, by, clock.now())
    places = {
        column: table.header.index(heading)
        for column, heading in register_import.columns.items()
        if heading in table.header and column in COLUMNS_BY_NAME
    }
    total = outcome.counts["rows_in_all"] = sum(1 for _ in table.rows())
    rows = table.rows()
    next_look = CHUNK
    while chunk := list(islice(rows, CHUNK)):
        outcome.counts["rows"] += len(chunk)
        _take_in_chunk(register, writer, outcome, list(_read(chunk, places, len(table.header), outcome, today)))
        if outcome.counts["referrals"] >= next_look:
            analyse(*WRITTEN)
            next_look = LOOK_AGAIN * outcome.counts["referrals"]
        progress(outcome.counts["rows"], total)


def _read(
    chunk: Sequence[TableRow], places: dict[str, int], width: int, outcome: Outcome, today: dt.date
) -> Iterator[RegisterRow]:
    """The rows of a chunk that can be read; what is wrong with the others goes to the outcome."""
    for each in chunk:
        if len(each.cells) > width:
            said = (
                f"This row has {len(each.cells)} cells under {width} headings. Check its separators and quotation marks"
            )
            outcome.add_problems([RowProblem(each.number, "", said)])
            continue
        given = {column: each.cells[place] for column, place in places.items()}
        row, problems = read_row(each.number, given, today=today)
        if row is None:
            outcome.add_problems(problems)
        else:
            yield row


def _take_in_chunk(register: Register, writer: RegisterWriter, outcome: Outcome, rows: Sequence[RegisterRow]) -> None:
    fitting = fit(register, rows)
    outcome.add_problems(fitting.problems)
    outcome.counts["already_there"] += fitting.already_there
    written = _write(writer, fitting.rows, outcome)
    outcome.counts.update(
        people_new=sum(each.is_new_person for each in written),
        referrals=len(written),
        budgets=sum(each.row.agreed_on is not None for each in written),
        ended=sum(each.row.ended_on is not None for each in written),
        split_unknown=sum(each.row.is_split_unknown for each in written),
    )


def _write(writer: RegisterWriter, rows: Sequence[FittingRow], outcome: Outcome) -> Sequence[FittingRow]:
    """Write rows; where the database refuses them, halve them until the ones it refuses stand alone."""
    if not rows:
        return ()
    try:
        with transaction.atomic():
            writer.write(rows)
            settle()
    except DatabaseError as error:
        if len(rows) == 1:
            outcome.add_problems([RowProblem(rows[0].row.number, "", _said(error))])
            return ()
        for each in rows:
            if each.is_new_person:
                each.person.pk = None
        half = len(rows) // 2
        return [*_write(writer, rows[:half], outcome), *_write(writer, _still_fitting(rows[half:]), outcome)]
    return rows


def _still_fitting(rows: Sequence[FittingRow]) -> list[FittingRow]:
    """Those whose person is there: a row about somebody new cannot stand without the row that brought them."""
    return [each for each in rows if each.is_new_person or each.person.pk is not None]


def _said(error: DatabaseError) -> str:
    first = str(error).strip().splitlines()[0]
    return f"The register refuses this row: {first}. Correct it, or enter it by hand"
