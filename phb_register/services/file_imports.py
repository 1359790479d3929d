"""Imports of files: uploaded, checked, imported, undone or discarded. The work itself is done by jobs.

One transaction each, whatever the size of the file. A check does all that an import does, and takes it back: what it
says has been tried. Whoever stops half-way, a process that is killed too, leaves the register as it was.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import pghistory
from django.db import transaction
from django.db.models import QuerySet

from phb_register import audit, clock, jobs, scope
from phb_register import file_import_states as states
from phb_register.exceptions import Refused
from phb_register.file_columns import FileColumns, RowProblem
from phb_register.file_import_states import ImportStatus
from phb_register.models import Commissioner, FileImport, ImportedFile, User
from phb_register.problem_log import ProblemLog, unpacked
from phb_register.roles import Permission
from phb_register.spreadsheets import Table, TableRefused

NO_LONGER = "This was done already, perhaps by somebody else. Look at where the import stands now"
NOTHING_TO_IMPORT = "Every row is to be put right or is there already: nothing is left to import. Upload another file"
LONGEST_FILENAME = 200
#: Problems that are kept and shown; there may be more.
MOST_PROBLEMS = 1000

Progress = Callable[[int, int], None]
_Import = TypeVar("_Import", bound=FileImport)
_Taken = TypeVar("_Taken", bound=FileImport, contravariant=True)


@dataclass
class Outcome:
    """What a check or an import found: counts by what they count, the first of `problem_count` problems, a log of all.

    `rows`, `faulty_rows` and `already_there` are counted of every kind of file. `unreadable` is counted where the file
    cannot be read to its end: nothing of it can be imported then.
    """

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    log: ProblemLog = field(default_factory=ProblemLog)

    def add_problems(self, problems: Sequence[RowProblem]) -> None:
        """Count problems, log them, and keep the first."""
        self.problem_count += len(problems)
        self.log.add(problems)
        self.problems += problems[: MOST_PROBLEMS - len(self.problems)]
        self.counts["faulty_rows"] += len({problem.number for problem in problems})


class LaterWork(Exception):
    """Somebody has worked on what came of an import; the message says on what."""


class TakesIn(Protocol[_Taken]):
    """Writes the rows of a file that are in order and not there yet, and says in `outcome` what became of each."""

    def __call__(
        self, file_import: _Taken, table: Table, outcome: Outcome, /, *, by: User, progress: Progress
    ) -> None: ...


class _TakeBack(Exception):
    """Ends a transaction whose work is not to stay."""


@dataclass(frozen=True)
class FileImports(Generic[_Import]):
    """The import of one kind of file.

    `owner` is the field of `file_model` that names the import. `what` stands in the log: “register” makes
    register-upload. `take_in` and `remove` do the work, in the caller's transaction. `details` are the fields of the
    import that whoever uploads a file says beside it.
    """

    model: type[_Import]
    file_model: type[ImportedFile]
    owner: str
    what: str
    permission: Permission
    columns: FileColumns
    check_kind: str
    import_kind: str
    undo_kind: str
    take_in: TakesIn[_Import]
    remove: Callable[[_Import], dict[str, int]]
    details: tuple[str, ...] = ()

    @transaction.atomic
    def upload(
        self,
        *,
        commissioner: Commissioner,
        filename: str,
        content: bytes,
        by: User,
        columns: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> _Import:
        """Take a file in and have it checked. `columns` says which heading is which column; else the headings say it.

        `details` are what this kind of import is told beside the file, by field. The same file of the same
        commissioner, told the same, that still waits is the one there is. Raises `PermissionDenied`, and `Refused` for
        a file that cannot be read or lacks a column.
        """
        scope.check(by, self.permission, commissioner)
        table = Table(content, filename)
        digest = hashlib.sha256(content).hexdigest()
        # Held, so that the button pressed twice finds the first.
        Commissioner.objects.select_for_update().get(pk=commissioner.pk)
        rows = self.model._default_manager
        waiting = rows.filter(commissioner=commissioner, sha256=digest, uploaded_by=by, **(details or {}))
        same = waiting.filter(status__in=(*states.AT_WORK, ImportStatus.READY, ImportStatus.FAULTY)).first()
        if same is not None and columns is None:
            return self._ask_again(same, by) if same.has_stopped else same
        chosen = dict(columns) if columns is not None else self.columns.find(table.header)
        self.columns.check(chosen, table.header)
        made = rows.create(
            commissioner=commissioner,
            filename=filename[-LONGEST_FILENAME:],
            sha256=digest,
            header=list(table.header),
            columns=chosen,
            uploaded_by=by,
            uploaded_at=clock.now(),
            **(details or {}),
        )
        self.file_model._default_manager.create(**{self.owner: made, "content": content})
        self._note(made, states.UPLOAD, by=by)
        return self._ask(made, self.check_kind, by=by)

    def columns_of(self, content: bytes, filename: str) -> dict[str, str]:
        """Which heading of a file is which column, as far as its headings say. Raises `Refused` as `upload` does."""
        return self.columns.find(Table(content, filename).header)

    @transaction.atomic
    def choose_columns(self, *, file_import: _Import, columns: Mapping[str, str], by: User) -> _Import:
        """Say which heading is which column; the file is checked again. Raises `PermissionDenied` or `Refused`."""
        held = self._held(file_import, by)
        step = _step("check_again", held)
        chosen = {column: heading for column, heading in columns.items() if heading}
        self.columns.check(chosen, held.header)
        held.columns = chosen
        self._move(held, step, by=by)
        return self._ask(held, self.check_kind, by=by)

    @transaction.atomic
    def ask_to_import(self, *, file_import: _Import, by: User, is_partly: bool = False) -> _Import:
        """Have a checked file imported; `is_partly` leaves its faulty rows out.

        Raises `PermissionDenied`; `Refused` where it was done already, or nothing would be left to import.
        """
        held = self._held(file_import, by)
        step = _step("import_partly" if is_partly else "import", held)
        if is_partly and not held.has_rows_to_import:
            raise Refused(NOTHING_TO_IMPORT)
        held.is_partly, held.imported_by = is_partly, by
        self._move(held, step, by=by)
        return self._ask(held, self.import_kind, by=by)

    @transaction.atomic
    def ask_to_undo(self, *, file_import: _Import, reason: str, by: User) -> _Import:
        """Have an import undone, as long as nobody has worked on what came of it.

        Raises `PermissionDenied`, `Refused`.
        """
        held = self._held(file_import, by)
        step = _step("undo", held)
        if not reason.strip():
            raise Refused("Enter why the import is undone", field="reason")
        held.undo_reason, held.undone_by = reason.strip(), by
        self._move(held, step, by=by)
        return self._ask(held, self.undo_kind, by=by)

    @transaction.atomic
    def try_again(self, *, file_import: _Import, by: User) -> _Import:
        """Ask once more for the job of an import that was given up. Raises `PermissionDenied` or `Refused`."""
        held = self._held(file_import, by)
        if not held.has_stopped:
            raise Refused(NO_LONGER)
        return self._ask_again(held, by)

    @transaction.atomic
    def discard(self, *, file_import: _Import, by: User) -> _Import:
        """Throw a file away that was not imported. Raises `PermissionDenied` or `Refused`."""
        held = self._held(file_import, by)
        self._move(held, _step("discard", held), by=by)
        self._drop_file(held)
        return held

    @transaction.atomic
    def run_check(self, *, file_import: _Import, progress: Progress) -> None:
        """Check a file, as its job does. Done already, it changes nothing."""
        held = self._locked(file_import)
        if held.status != ImportStatus.CHECKING:
            return
        outcome = self._try(held, by=held.uploaded_by, progress=progress, stays=lambda outcome: False)
        self._keep(held, outcome)
        self._move(held, states.FIND_FAULTY if outcome.problem_count else states.FIND_READY, by=held.uploaded_by)

    @transaction.atomic
    def run_import(self, *, file_import: _Import, progress: Progress) -> None:
        """Import a file, as its job does. Done already, it changes nothing; with faults that came up since, nothing."""
        held = self._locked(file_import)
        if held.status != ImportStatus.IMPORTING or held.imported_by is None:
            return
        outcome = self._try(
            held,
            by=held.imported_by,
            progress=progress,
            stays=lambda outcome: held.is_partly or not outcome.problem_count,
        )
        self._keep(held, outcome)
        if outcome.problem_count and (not held.is_partly or outcome.counts["unreadable"]):
            self._move(held, states.REFUSE, by=held.imported_by)
            return
        held.imported_at = clock.now()
        self._move(held, states.FINISH, by=held.imported_by)
        self._drop_file(held)

    @transaction.atomic
    def run_at_once(self, *, file_import: _Import, by: User, progress: Progress) -> None:
        """Check a file and, where nothing is wrong with it, import it in the same pass. Raises `PermissionDenied`.

        For whoever waits for it at the console. With faults, it ends as `run_check` does; done already, it changes
        nothing.
        """
        held = self._held(file_import, by)
        if held.status != ImportStatus.CHECKING:
            return
        outcome = self._try(held, by=by, progress=progress, stays=lambda outcome: not outcome.problem_count)
        self._keep(held, outcome)
        if outcome.problem_count:
            self._move(held, states.FIND_FAULTY, by=by)
            return
        self._move(held, states.FIND_READY, by=by)
        held.imported_by = by
        self._move(held, states.IMPORT, by=by)
        held.imported_at = clock.now()
        self._move(held, states.FINISH, by=by)
        self._drop_file(held)

    @transaction.atomic
    def run_undo(self, *, file_import: _Import) -> None:
        """Undo an import, as its job does. Where somebody has worked on what came of it, it says so and stays."""
        held = self._locked(file_import)
        if held.status != ImportStatus.UNDOING or held.undone_by is None:
            return
        try:
            with transaction.atomic():
                removed = self.remove(held)
        except LaterWork as later:
            held.problems, held.problem_count = [[0, "", str(later)]], 1
            self._move(held, states.REFUSE_UNDO, by=held.undone_by)
            return
        held.undone_at, held.problems, held.problem_count = clock.now(), [], 0
        self._move(held, states.FINISH_UNDO, by=held.undone_by, detail=removed)

    def _try(self, held: _Import, *, by: User, progress: Progress, stays: Callable[[Outcome], bool]) -> Outcome:
        """Take the rows in, and take all of it back unless it `stays`. Returns what was found."""
        outcome = Outcome()
        content = self._file(held).only("content").get().content
        try:
            with self._context(by), transaction.atomic():
                self.take_in(held, Table(bytes(content), held.filename), outcome, by=by, progress=progress)
                if not stays(outcome):
                    raise _TakeBack
        except _TakeBack:
            pass
        except TableRefused as refused:
            outcome.add_problems([RowProblem(0, "", str(refused))])
            outcome.counts["unreadable"] = 1
        return outcome

    def _context(self, by: User) -> AbstractContextManager[Any]:
        """Says in the history of every row who imported it, at the console too."""
        return pghistory.context(user=by.pk, action=self.import_kind)

    def _ask(self, held: _Import, kind: str, *, by: User) -> _Import:
        """Ask for the job. Its key has the step in it: checked again is another job."""
        history = self.model.pgh_event_model  # type: ignore[attr-defined]
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

    def _ask_again(self, held: _Import, by: User) -> _Import:
        given_up = held.job
        assert given_up is not None  # noqa: S101  that is what has stopped
        jobs.enqueue(kind=given_up.kind, key=given_up.key, parameters=given_up.parameters, requested_by=by)
        return held

    def _held(self, file_import: _Import, by: User) -> _Import:
        scope.check(by, self.permission, file_import.commissioner)
        return self._locked(file_import)

    def _locked(self, file_import: _Import) -> _Import:
        rows = self.model._default_manager.select_for_update(of=("self",))
        return rows.select_related("commissioner", "uploaded_by", "imported_by", "undone_by").get(pk=file_import.pk)

    def _move(
        self, held: _Import, step: states.ImportStep, *, by: User, detail: Mapping[str, Any] | None = None
    ) -> None:
        held.status = step.to_status
        held.save()
        self._note(held, step, by=by, detail=detail)

    def _note(
        self, held: _Import, step: states.ImportStep, *, by: User, detail: Mapping[str, Any] | None = None
    ) -> None:
        audit.record(
            actor=by,
            action=f"{self.what}-{step.action.replace('_', '-')}",
            subject=held,
            detail={"sha256": held.sha256, **held.counts, **(detail or {})},
        )

    def all_problems(self, file_import: _Import) -> Iterator[Sequence[Any]]:
        """Everything that is to be put right, as [row, column, remedy]; the import itself has the first only."""
        if file_import.problem_count > len(file_import.problems):
            file = self._file(file_import).only("problem_log").first()
            if file is not None:
                return unpacked(bytes(file.problem_log))
        return iter(file_import.problems)

    def _keep(self, held: _Import, outcome: Outcome) -> None:
        held.counts = dict(outcome.counts)
        held.problems = [[problem.number, problem.column, problem.message] for problem in outcome.problems]
        held.problem_count = outcome.problem_count
        if outcome.problem_count > len(outcome.problems):
            self._file(held).update(problem_log=outcome.log.packed())

    def _file(self, held: _Import) -> QuerySet[Any]:
        return self.file_model._default_manager.filter(**{self.owner: held})

    def _drop_file(self, held: _Import) -> None:
        """What was left out is still to be put right after an import without it; the file itself goes."""
        if held.is_partly and held.problem_count > len(held.problems):
            self._file(held).update(content=b"")
        else:
            self._file(held).delete()


def _step(action: str, held: FileImport) -> states.ImportStep:
    step = states.step_for(action, held.status)
    if step is None:
        raise Refused(NO_LONGER)
    return step
