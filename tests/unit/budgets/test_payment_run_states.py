"""The table of payment runs, and what is made from it."""

from pathlib import Path

import pytest

from budgets.payment_enums import RunStatus
from budgets.rules import payment_run_states as states
from phb_register.roles import Permission

DOCUMENT = Path(__file__).parents[3] / "docs" / "states" / "payment-run-states.md"

# Written out by hand: from, and what somebody may do then.
OPEN = {
    RunStatus.PREPARING: {"abandon"},
    RunStatus.PREPARED: {"check", "abandon"},
    RunStatus.CHECKED: {"release", "send_back", "abandon"},
    RunStatus.RELEASED: set(),
    RunStatus.ABANDONED: set(),
}


@pytest.mark.parametrize("status", RunStatus)
def test_only_the_steps_of_its_status_are_open_to_a_run(status: RunStatus) -> None:
    assert {step.action for step in states.steps_from(status)} == OPEN[status]


def test_money_goes_by_a_check_and_a_release_of_somebody_else() -> None:
    to_paid = [step for step in states.STEPS if step.to_status == RunStatus.RELEASED]
    assert [(step.from_status, step.by_another) for step in to_paid] == [(RunStatus.CHECKED, True)]
    to_checked = [step for step in states.STEPS if step.to_status == RunStatus.CHECKED]
    assert [(step.from_status, step.by_another) for step in to_checked] == [(RunStatus.PREPARED, True)]
    assert {step.permission for step in to_paid + to_checked} == {Permission.RELEASE_PAYMENTS}


def test_database_is_told_every_jump_once() -> None:
    assert ("prepared", "released") not in states.allowed_jumps()
    assert len(states.allowed_jumps()) == len(states.STEPS) - 1


def test_diagram_in_the_documents_is_current() -> None:
    assert f"```mermaid\n{states.mermaid()}```" in DOCUMENT.read_text(encoding="utf-8")
