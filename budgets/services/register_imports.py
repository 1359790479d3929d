"""Imports of another register: uploaded, checked, imported, undone or discarded. The work itself is done by jobs."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pghistory
from django.db import transaction

from budgets.models import RegisterImport, RegisterImportFile
from phb_register import file_import_states as states
from budgets.rules.register_import import COLUMNS_BY_NAME, REQUIRED, find_columns
from phb_register.file_import_states import ImportStatus
from phb_register import audit, clock, jobs, scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.spreadsheets import Table

from .register_import_runs import Outcome, Progress, take_in_rows, try_rows
from .register_undoing import LaterWork, remove_rows

CHECK_KIND, IMPORT_KIND, UNDO_KIND = "check-register", "import-register", "undo-import"
NO_LONGER = "This was done already, perhaps by somebody else. Look at where the import stands now"
LONGEST_FILENAME = 200


@transaction.atomic
def upload(
    *, commissioner: Commissioner, filename: str, content: bytes, by: User, columns: Mapping[str, str] | None = None
) -> RegisterImport:
    """Take a file in and have it checked. `columns` says which heading is which column; else the headings say it.

    The same file of the same commissioner that still waits is the one there is. Raises `PermissionDenied`, and
    `Refused` for a file that cannot be read or lacks a column.
    """
    scope.check(by, Permission.IMPORT_REGISTER, commissioner)
    table = Table(content, filename)
    digest = hashlib.sha256(content).hexdigest()
    # Held, so that the button pressed twice finds the first.
    Commissioner.objects.select_for_update().get(pk=commissioner.pk)
    waiting = RegisterImport.objects.filter(commissioner=commissioner, sha256=digest, uploaded_by=by)
    same = waiting.filter(status__in=(*states.AT_WORK, ImportStatus.READY, ImportStatus.FAULTY)).first()
    if same is not None and columns is None:
        return same
    chosen = dict(columns) if columns is not None else find_columns(table.header)
    check_columns(chosen, table.header)
    made = RegisterImport.objects.create(
        commissioner=commissioner,
        filename=filename[-LONGEST_FILENAME:],
        sha256=digest,
        header=list(table.header),
        columns=chosen,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    RegisterImportFile.objects.create(register_import=made, content=content)
    _note(made, states.UPLOAD, by=by)
    return _ask(made, CHECK_KIND, by=by)


def columns_of(content: bytes, filename: str) -> dict[str, str]:
    """Which heading of a file is which column, as far as its headings say. Raises `Refused` as `upload` does."""
    return find_columns(Table(content, filename).header)


def check_columns(columns: Mapping[str, str], header: Sequence[str]) -> None:
    """Raise `Refused` unless each needed column has a heading of the file, and no heading is two columns."""
    missing = [column.label for column in REQUIRED if not columns.get(column.name)]
    if missing:
        raise Refused(
            f"The file has no column for {', '.join(missing)}. Say which of its columns it is, or add it to the file"
        )
    unknown = sorted(heading for heading in columns.values() if heading not in header)
    if unknown:
        raise Refused(f"The file has no column called {', '.join(unknown)}. Choose one of its headings")
    if extra := sorted(set(columns) - set(COLUMNS_BY_NAME)):
        raise Refused(
            f"There is no column {', '.join(extra)} in a register. Choose one of {', '.join(COLUMNS_BY_NAME)}"
        )
    if len(set(columns.values())) < len(columns):
        raise Refused("Two columns have the same heading. Choose a heading once")


@transaction.atomic
def choose_columns(*, register_import: RegisterImport, columns: Mapping[str, str], by: User) -> RegisterImport:
    """Say which heading is which column, and have the file checked again. Raises `PermissionDenied` or `Refused`."""
    held = _held(register_import, by)
    step = _step("check_again", held)
    chosen = {column: heading for column, heading in columns.items() if heading}
    check_columns(chosen, held.header)
    held.columns = chosen
    _move(held, step, by=by)
    return _ask(held, CHECK_KIND, by=by)


@transaction.atomic
def ask_to_import(*, register_import: RegisterImport, by: User, is_partly: bool = False) -> RegisterImport:
    """Have a checked file imported; `is_partly` leaves its faulty rows out. Raises `PermissionDenied` or `Refused`."""
    held = _held(register_import, by)
    step = _step("import_partly" if is_partly else "import", held)
    held.is_partly, held.imported_by = is_partly, by
    _move(held, step, by=by)
    return _ask(held, IMPORT_KIND, by=by)


@transaction.atomic
def ask_to_undo(*, register_import: RegisterImport, reason: str, by: User) -> RegisterImport:
    """Have an import undone, as long as nobody has worked on what came of it. Raises `PermissionDenied`, `Refused`."""
    held = _held(register_import, by)
    step = _step("undo", held)
    if not reason.strip():
        raise Refused("Enter why the import is undone", field="reason")
    held.undo_reason, held.undone_by = reason.strip(), by
    _move(held, step, by=by)
    return _ask(held, UNDO_KIND, by=by)


@transaction.atomic
def discard(*, register_import: RegisterImport, by: User) -> RegisterImport:
    """Throw a file away that was not imported. Raises `PermissionDenied` or `Refused`."""
    held = _held(register_import, by)
    _move(held, _step("discard", held), by=by)
    _drop_file(held)
    return held


@transaction.atomic
def run_check(*, register_import: RegisterImport, progress: Progress) -> None:
    """Check a file, as its job does. Done already, it changes nothing."""
    held = _locked(register_import)
    if held.status != ImportStatus.CHECKING:
        return
    with _context(held.uploaded_by):
        outcome = try_rows(held, _table(held), by=held.uploaded_by, progress=progress)
    _keep(held, outcome)
    _move(held, states.FIND_FAULTY if outcome.problem_count else states.FIND_READY, by=held.uploaded_by)


@transaction.atomic
def run_import(*, register_import: RegisterImport, progress: Progress) -> None:
    """Import a file, as its job does. Done already, it changes nothing; with faults that came up since, nothing."""
    held = _locked(register_import)
    if held.status != ImportStatus.IMPORTING or held.imported_by is None:
        return
    with _context(held.imported_by):
        outcome = take_in_rows(held, _table(held), by=held.imported_by, progress=progress)
    _keep(held, outcome)
    if outcome.problem_count and not held.is_partly:
        _move(held, states.REFUSE, by=held.imported_by)
        return
    held.imported_at = clock.now()
    _move(held, states.FINISH, by=held.imported_by)
    _drop_file(held)


@transaction.atomic
def run_undo(*, register_import: RegisterImport) -> None:
    """Undo an import, as its job does. Where somebody has worked on what came of it, it says so and stays."""
    held = _locked(register_import)
    if held.status != ImportStatus.UNDOING or held.undone_by is None:
        return
    try:
        with transaction.atomic():
            removed = remove_rows(held)
    except LaterWork as later:
        held.problems, held.problem_count = [[0, "", str(later)]], 1
        _move(held, states.REFUSE_UNDO, by=held.undone_by)
        return
    held.undone_at, held.problems, held.problem_count = clock.now(), [], 0
    _move(held, states.FINISH_UNDO, by=held.undone_by, detail=removed)


def _ask(held: RegisterImport, kind: str, *, by: User) -> RegisterImport:
    """Ask for the job. Its key has the step in it: checked again is another job."""
    history = RegisterImport.pgh_event_model  # type: ignore[attr-defined]
    steps_taken = history.objects.filter(pgh_obj=held).count()
    held.job = jobs.enqueue(
        kind=kind,
        key=f"{kind}-{held.pk}-{steps_taken}",
        parameters={"import": held.pk},
        requested_by=by,
        commissioner=held.commissioner,
    )
    held.save(update_fields=["job"])
    return held


def _held(register_import: RegisterImport, by: User) -> RegisterImport:
    scope.check(by, Permission.IMPORT_REGISTER, register_import.commissioner)
    return _locked(register_import)


def _locked(register_import: RegisterImport) -> RegisterImport:
    rows = RegisterImport.objects.select_for_update(of=("self",))
    return rows.select_related("commissioner", "uploaded_by", "imported_by", "undone_by").get(pk=register_import.pk)


def _step(action: str, held: RegisterImport) -> states.ImportStep:
    step = states.step_for(action, held.status)
    if step is None:
        raise Refused(NO_LONGER)
    return step


def _move(held: RegisterImport, step: states.ImportStep, *, by: User, detail: Mapping[str, Any] | None = None) -> None:
    held.status = step.to_status
    held.save()
    _note(held, step, by=by, detail=detail)


def _note(held: RegisterImport, step: states.ImportStep, *, by: User, detail: Mapping[str, Any] | None = None) -> None:
    audit.record(
        actor=by,
        action=f"register-{step.action.replace('_', '-')}",
        subject=held,
        detail={"sha256": held.sha256, **held.counts, **(detail or {})},
    )


def _context(by: User) -> AbstractContextManager[Any]:
    """Says in the history of every row who imported it, at the console too."""
    return pghistory.context(user=by.pk, action="import-register")


def _keep(held: RegisterImport, outcome: Outcome) -> None:
    held.counts = dict(outcome.counts)
    held.problems = [[problem.number, problem.column, problem.message] for problem in outcome.problems]
    held.problem_count = outcome.problem_count


def _table(held: RegisterImport) -> Table:
    return Table(bytes(held.file.content), held.filename)


def _drop_file(held: RegisterImport) -> None:
    RegisterImportFile.objects.filter(register_import=held).delete()
