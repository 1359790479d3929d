"""Imports of numbers of eligible people: what is done with their rows, and how it is taken back."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import pgtrigger

from phb_register import clock
from phb_register.bulk import one_at_a_time
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.services.file_imports import FileImports, LaterWork, Outcome, Progress
from phb_register.spreadsheets import Table
from reporting.models import EligibleGroup, EligibleImport, EligibleImportFile, EligibleImportRow, EligiblePopulation
from reporting.rules.eligible_rows import COLUMNS
from reporting.selectors.eligible_imports import Denominators, FittingRow, read_rows

#: Rows read, checked and written together.
CHUNK = 1000
_GUARDS = (
    "reporting.EligiblePopulation:eligible_population_no_delete",
    "reporting.EligibleGroup:eligible_group_no_delete",
)


def take_in(
    eligible_import: EligibleImport, table: Table, outcome: Outcome, /, *, by: User, progress: Progress
) -> None:
    """Write the rows of a file that are in order and say something new. In the caller's transaction."""
    # Two files may count the same people.
    one_at_a_time("eligible import")
    denominators, today = Denominators(by), clock.today()
    total = sum(1 for _ in table.rows())
    rows = table.rows()
    while chunk := list(islice(rows, CHUNK)):
        outcome.counts["rows"] += len(chunk)
        read, problems = read_rows(table, eligible_import.columns, chunk, today=today)
        outcome.add_problems(problems)
        fitting = denominators.fit(read, hold=True)
        outcome.add_problems(fitting.problems)
        outcome.counts["already_there"] += fitting.already_there
        outcome.counts["counts_new"] += sum(each.count is None for each in fitting.rows)
        outcome.counts["counts_changed"] += sum(each.count is not None for each in fitting.rows)
        _write(eligible_import, fitting.rows)
        progress(outcome.counts["rows"], total)


def _write(eligible_import: EligibleImport, rows: Sequence[FittingRow]) -> None:
    for model, field in ((EligiblePopulation, "count"), (EligibleGroup, "group_count")):
        ours = [each for each in rows if bool(each.row.characteristic) == (model is EligibleGroup)]
        if not ours:
            continue
        befores = [each.before for each in ours]
        counts: list[Any] = [each.count or model(**each.key) for each in ours]
        for count, each in zip(counts, ours, strict=True):
            for name, value in each.row.said.items():
                setattr(count, name, value)
        model._default_manager.bulk_create([count for count in counts if count.pk is None])
        changed = [count for count, each in zip(counts, ours, strict=True) if each.count is not None]
        if changed:
            model._default_manager.bulk_update(changed, list(ours[0].row.said))
        EligibleImportRow.objects.bulk_create(
            EligibleImportRow(
                eligible_import=eligible_import,
                number=each.row.number,
                before=before,
                after=each.row.said,
                **{field: count},
            )
            for each, count, before in zip(ours, counts, befores, strict=True)
        )


def remove(eligible_import: EligibleImport) -> dict[str, int]:
    """Put back what stood there before an import. Raises `LaterWork`. In the caller's transaction.

    A count that was new goes: the file was the mistake, and the number never was anybody's work (ADR 0034).
    """
    one_at_a_time("eligible import")
    rows = list(EligibleImportRow.objects.filter(eligible_import=eligible_import).order_by("pk"))
    removed = restored = 0
    for model, field in ((EligiblePopulation, "count_id"), (EligibleGroup, "group_count_id")):
        by_count = {getattr(row, field): row for row in rows if getattr(row, field) is not None}
        counts: list[Any] = list(model._default_manager.select_for_update().filter(pk__in=by_count).order_by("pk"))
        _refuse_changed(counts, by_count)
        old = [count for count in counts if by_count[count.pk].before is not None]
        for count in old:
            for name, value in by_count[count.pk].before.items():  # type: ignore[union-attr]
                setattr(count, name, value)
        if old:
            model._default_manager.bulk_update(old, list(by_count[old[0].pk].after))
        new = [count.pk for count in counts if by_count[count.pk].before is None]
        EligibleImportRow.objects.filter(pk__in=[row.pk for row in by_count.values()]).delete()
        with pgtrigger.ignore(*_GUARDS):
            found = model._default_manager.filter(pk__in=new)
            found._raw_delete(found.db)
        removed, restored = removed + len(new), restored + len(old)
    return {"removed": removed, "restored": restored}


def _refuse_changed(counts: Sequence[Any], by_count: dict[int, EligibleImportRow]) -> None:
    changed = sum(
        any(getattr(count, name) != value for name, value in by_count[count.pk].after.items()) for count in counts
    )
    if changed:
        named = "count of this import was" if changed == 1 else "counts of this import were"
        raise LaterWork(f"{changed} {named} changed since. Correct what is wrong by hand: undoing would lose that work")


IMPORTS = FileImports(
    model=EligibleImport,
    file_model=EligibleImportFile,
    owner="eligible_import",
    what="eligible-people",
    permission=Permission.MANAGE_SETTINGS,
    columns=COLUMNS,
    check_kind="check-eligible-people",
    import_kind="import-eligible-people",
    undo_kind="undo-eligible-people",
    take_in=take_in,
    remove=remove,
)
