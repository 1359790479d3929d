"""The one table of what may happen to an import of a file: another register, or numbers of eligible people.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.state_tables import StateTable


class ImportStatus(TextChoices):
    """Where an import stands. Until it is imported, nothing of its file is in the register."""

    CHECKING = "checking", "Being checked"
    READY = "ready", "Ready to import"
    FAULTY = "faulty", "Has rows to put right"
    IMPORTING = "importing", "Being imported"
    IMPORTED = "imported", "Imported"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    DISCARDED = "discarded", "Discarded"


@dataclass(frozen=True)
class ImportStep:
    """One thing that is done to an import, by somebody or by a job."""

    action: str
    label: str
    from_status: ImportStatus | None
    to_status: ImportStatus
    is_for_people: bool = True


UPLOAD = ImportStep("upload", "Upload", None, ImportStatus.CHECKING)
FIND_READY = ImportStep("find_ready", "Find it in order", ImportStatus.CHECKING, ImportStatus.READY, False)
FIND_FAULTY = ImportStep("find_faulty", "Find faults", ImportStatus.CHECKING, ImportStatus.FAULTY, False)
IMPORT = ImportStep("import", "Import", ImportStatus.READY, ImportStatus.IMPORTING)
IMPORT_PARTLY = ImportStep("import_partly", "Import the other rows", ImportStatus.FAULTY, ImportStatus.IMPORTING)
CHECK_AGAIN = ImportStep("check_again", "Check again", ImportStatus.READY, ImportStatus.CHECKING)
CHECK_FAULTY_AGAIN = ImportStep("check_again", "Check again", ImportStatus.FAULTY, ImportStatus.CHECKING)
FINISH = ImportStep("finish", "Finish", ImportStatus.IMPORTING, ImportStatus.IMPORTED, False)
REFUSE = ImportStep("refuse", "Find faults", ImportStatus.IMPORTING, ImportStatus.FAULTY, False)
UNDO = ImportStep("undo", "Undo", ImportStatus.IMPORTED, ImportStatus.UNDOING)
FINISH_UNDO = ImportStep("finish_undo", "Finish undoing", ImportStatus.UNDOING, ImportStatus.UNDONE, False)
REFUSE_UNDO = ImportStep("refuse_undo", "Find later work", ImportStatus.UNDOING, ImportStatus.IMPORTED, False)
DISCARD_READY = ImportStep("discard", "Discard", ImportStatus.READY, ImportStatus.DISCARDED)
DISCARD_FAULTY = ImportStep("discard", "Discard", ImportStatus.FAULTY, ImportStatus.DISCARDED)

STEPS: tuple[ImportStep, ...] = (
    UPLOAD, FIND_READY, FIND_FAULTY, IMPORT, IMPORT_PARTLY, CHECK_AGAIN, CHECK_FAULTY_AGAIN, FINISH, REFUSE, UNDO,
    FINISH_UNDO, REFUSE_UNDO, DISCARD_READY, DISCARD_FAULTY,
)  # fmt: skip
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
mermaid = _TABLE.mermaid

#: A job is at work on it.
AT_WORK = (ImportStatus.CHECKING, ImportStatus.IMPORTING, ImportStatus.UNDOING)


def steps_from(status: str) -> list[ImportStep]:
    """What somebody may do to an import in this status, in the order of the buttons."""
    return [step for step in _TABLE.steps_from(status) if step.is_for_people]


def step_for(action: str, status: str) -> ImportStep | None:
    """The step with this name from a status; None where the table knows none."""
    return next((step for step in STEPS if step.action == action and step.from_status == status), None)
