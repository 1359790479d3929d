"""Tables of areas: taken in from files, and withdrawn where the import is undone."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from phb_register import clock
from phb_register.bulk import analyse, copy_in, one_at_a_time
from phb_register.cells import tidy
from phb_register.exceptions import Refused
from phb_register.file_columns import RowProblem, too_many_cells
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.services.file_imports import FileImports, Outcome, Progress
from phb_register.spreadsheets import Table
from reporting.models import AreaImport, AreaImportFile, AreaTable, PostcodeArea, PracticeArea
from reporting.rules.area_rows import COLUMNS, LONGEST_SOURCE, Places, date_fault, read_row

_PROGRESS_EVERY = 20_000
SAYS_NOTHING = "No row of the file says anything of a place. Choose a file with areas in it"


class AreaImports(FileImports[AreaImport]):
    """Imports of areas: a file is uploaded with the day it holds from, and where it is published."""

    def upload(
        self,
        *,
        commissioner: Commissioner,
        filename: str,
        content: bytes,
        by: User,
        columns: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> AreaImport:
        """Take a file in and have it checked. `details` are `applies_from` and `source`. Raises as for any file."""
        given = details or {}
        applies_from, source = given.get("applies_from"), given.get("source", "")
        if applies_from is None:
            raise Refused("Enter the day from which the areas apply", field="applies_from")
        if fault := date_fault(applies_from, clock.today()):
            raise Refused(fault, field="applies_from")
        if not tidy(source):
            raise Refused("Enter what the table is, and where it is published", field="source")
        if len(source) > LONGEST_SOURCE:
            raise Refused(f"Shorten the source to {LONGEST_SOURCE} characters", field="source")
        said = {"applies_from": applies_from, "source": tidy(source)}
        return super().upload(
            commissioner=commissioner, filename=filename, content=content, by=by, columns=columns, details=said
        )


def take_in(area_import: AreaImport, table: Table, outcome: Outcome, /, *, by: User, progress: Progress) -> None:
    """Make a table of areas of the rows that are in order, unless the same is there. In the caller's transaction."""
    one_at_a_time(f"area-tables-{area_import.commissioner_id}")
    places = read_places(table, area_import.columns, outcome, progress)
    if not places.postcodes and not places.practices:
        outcome.add_problems([RowProblem(0, "", SAYS_NOTHING)])
        outcome.counts["unreadable"] = 1
        return
    same = AreaTable.objects.standing().filter(
        commissioner=area_import.commissioner, applies_from=area_import.applies_from, sha256=area_import.sha256
    )
    if same.exists():
        outcome.counts["already_there"] = outcome.counts["rows"] - outcome.counts["faulty_rows"]
        return
    outcome.counts["postcodes"], outcome.counts["practices"] = len(places.postcodes), len(places.practices)
    record_areas(
        commissioner=area_import.commissioner,
        by=by,
        filename=area_import.filename,
        sha256=area_import.sha256,
        applies_from=area_import.applies_from,
        source=area_import.source,
        places=places,
        area_import=area_import,
    )


def read_places(table: Table, columns: Mapping[str, str], outcome: Outcome, progress: Progress) -> Places:
    """What a file says of places; what is wrong with it goes into the outcome."""
    at, width, found = COLUMNS.places(columns, table.header), len(table.header), Places()
    total = sum(1 for _ in table.rows())
    for each in table.rows():
        outcome.counts["rows"] += 1
        if outcome.counts["rows"] % _PROGRESS_EVERY == 0:
            progress(outcome.counts["rows"], total)
        if len(each.cells) > width:
            outcome.add_problems([too_many_cells(each.number, len(each.cells), width)])
            continue
        row, problems = read_row(each.number, {column: each.cells[place] for column, place in at.items()})
        if row is not None and (fault := found.add(row)):
            problems = [fault]
        if problems:
            outcome.add_problems(problems)
        outcome.counts["empty"] += row is None and not problems
    progress(total, total)
    return found


@transaction.atomic
def record_areas(
    *,
    commissioner: Commissioner,
    by: User | None,
    filename: str,
    sha256: str,
    applies_from: dt.date,
    source: str,
    places: Places,
    area_import: AreaImport | None = None,
) -> AreaTable:
    """Write a table of areas whole. `by` and `area_import` are None for the demonstration only."""
    table = AreaTable.objects.create(
        commissioner=commissioner,
        applies_from=applies_from,
        sha256=sha256,
        source=source,
        filename=filename,
        postcodes=len(places.postcodes),
        practices=len(places.practices),
        has_deprivation=places.has_deprivation,
        has_localities=places.has_localities,
        imported_by=by,
        imported_at=clock.now(),
        area_import=area_import,
    )
    copy_in(
        PostcodeArea,
        ["table_id", "postcode", "quintile", "locality"],
        ((table.pk, postcode, quintile, locality) for postcode, (quintile, locality) in places.postcodes.items()),
    )
    copy_in(
        PracticeArea,
        ["table_id", "gp_practice", "locality"],
        ((table.pk, practice, locality) for practice, (_, locality) in places.practices.items()),
    )
    analyse(PostcodeArea, PracticeArea)
    return table


def withdraw(area_import: AreaImport) -> dict[str, int]:
    """Withdraw the table that came of an import: places are looked up in the one before it again.

    Nothing can hang on it. A file that was there already made no table. In the caller's transaction.
    """
    made = AreaTable.objects.select_for_update().filter(area_import=area_import)
    return {"withdrawn": made.update(withdrawn_at=clock.now())}


IMPORTS = AreaImports(
    model=AreaImport,
    file_model=AreaImportFile,
    owner="area_import",
    what="areas",
    permission=Permission.MANAGE_SETTINGS,
    columns=COLUMNS,
    check_kind="check-areas",
    import_kind="import-areas",
    undo_kind="undo-areas",
    take_in=take_in,
    remove=withdraw,
    details=("applies_from", "source"),
)
