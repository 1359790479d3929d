"""The table of imports of another register, and what is made from it."""

from pathlib import Path

import pytest

from phb_register import file_import_states as states
from phb_register.file_import_states import ImportStatus

DOCUMENT = Path(__file__).parents[3] / "docs" / "states" / "file-import-states.md"

# Written out by hand: from, and what somebody may do then.
OPEN = {
    ImportStatus.CHECKING: set(),
    ImportStatus.READY: {"import", "check_again", "discard"},
    ImportStatus.FAULTY: {"import_partly", "check_again", "discard"},
    ImportStatus.IMPORTING: set(),
    ImportStatus.IMPORTED: {"undo"},
    ImportStatus.UNDOING: set(),
    ImportStatus.UNDONE: set(),
    ImportStatus.DISCARDED: set(),
}


@pytest.mark.parametrize("status", ImportStatus)
def test_only_the_steps_of_its_status_are_open_to_an_import(status: ImportStatus) -> None:
    assert {step.action for step in states.steps_from(status)} == OPEN[status]


def test_nothing_is_imported_unchecked() -> None:
    before = {source for source, target in states.allowed_jumps() if target == "importing"}
    assert before == {"ready", "faulty"}
    assert {source for source, target in states.allowed_jumps() if target in before} == {"checking", "importing"}


def test_diagram_in_the_documents_is_current() -> None:
    assert f"```mermaid\n{states.mermaid()}```" in DOCUMENT.read_text(encoding="utf-8")
