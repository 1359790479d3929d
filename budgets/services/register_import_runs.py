"""Reading the rows of another register in chunks, checking and writing them: one transaction, whatever its size."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import DatabaseError, transaction

from budgets.models import RegisterImport
from budgets.rules.register_import import COLUMNS, RegisterRow, read_row
from budgets.selectors.register_imports import Register
from phb_register import clock
from phb_register.bulk import analyse, note_context, one_at_a_time, settle
from phb_register.file_columns import RowProblem, too_many_cells
from phb_register.models import User
from phb_register.services.file_imports import Outcome, Progress
from phb_register.spreadsheets import Table, TableRow

from .register_checking import FittingRow, fit
from .register_writing import WRITTEN, RegisterWriter

#: Rows read, checked and written together.
CHUNK = 2000
#: The planner is told of the rows when there are so many times as many as when it was told last.
LOOK_AGAIN = 4


def take_in(
    register_import: RegisterImport, table: Table, outcome: Outcome, /, *, by: User, progress: Progress
) -> None:
    """Write the rows of a file that are in order and not there yet. In the caller's transaction."""
    # Two files may name the same people, and not all of them have a number to tell them by.
    one_at_a_time("register import")
    note_context()
    register, today = Register(by), clock.today()
    writer = RegisterWriter(register_import, by, clock.now())
    places = COLUMNS.places(register_import.columns, table.header)
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
            outcome.add_problems([too_many_cells(each.number, len(each.cells), width)])
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
