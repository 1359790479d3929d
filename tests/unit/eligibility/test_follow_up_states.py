"""The tables of reconsiderations and transfers, and what is made from them."""

from pathlib import Path

import pytest

from eligibility.enums import ReconsiderationOutcome, ReconsiderationStatus, RefusalKind, TransferStatus
from eligibility.rules import reconsideration_states, transfer_states
from eligibility.rules.transfer_states import Side
from phb_register.roles import ROLE_PERMISSIONS, Role

DOCS = Path(__file__).parents[3] / "docs" / "states"

# Written out by hand: from, to, and the roles that may.
RECONSIDERING = {
    "decide": ("requested", "decided", {Role.PHB_TEAM}),
    "withdraw": ("requested", "withdrawn", {Role.PHB_TEAM, Role.REFERRING_NURSE}),
    "give_notice": ("decided", "notified", {Role.PHB_TEAM}),
}
MOVING = {
    ("waiting", "accepted"): Side.RECEIVER,
    ("waiting", "refused"): Side.RECEIVER,
    ("waiting", "cancelled"): Side.SENDER,
    ("sent", "accepted"): Side.SENDER,
    ("sent", "refused"): Side.SENDER,
    ("sent", "cancelled"): Side.SENDER,
}


@pytest.mark.parametrize("status", ReconsiderationStatus.values)
@pytest.mark.parametrize("action", RECONSIDERING)
def test_step_of_a_reconsideration_is_open_from_its_own_status_only(status: str, action: str) -> None:
    start, end, roles = RECONSIDERING[action]
    found = {step.action: step for step in reconsideration_states.steps_from(status)}
    assert (action in found) is (status == start)
    if action in found:
        assert found[action].to_status == end
        assert {role for role, held in ROLE_PERMISSIONS.items() if found[action].permission in held} == roles


@pytest.mark.parametrize("status", TransferStatus.values)
def test_step_of_a_transfer_is_taken_by_one_side(status: str) -> None:
    found = {(status, step.to_status.value): step.side for step in transfer_states.steps_from(status)}
    assert found == {jump: side for jump, side in MOVING.items() if jump[0] == status}


def test_database_is_told_every_jump_once() -> None:
    assert reconsideration_states.allowed_jumps() == sorted((start, end) for start, end, _ in RECONSIDERING.values())
    assert transfer_states.allowed_jumps() == sorted(MOVING)


def test_direct_payment_is_refused_or_not_and_never_in_part() -> None:
    outcomes = reconsideration_states.OUTCOMES
    assert set(outcomes) == set(RefusalKind)
    in_part = {kind for kind, each in outcomes.items() if ReconsiderationOutcome.CHANGED_IN_PART in each}
    assert in_part == set(RefusalKind) - {RefusalKind.DIRECT_PAYMENT}


@pytest.mark.parametrize(
    ("table", "name"), [(reconsideration_states, "reconsideration-states"), (transfer_states, "transfer-states")]
)
def test_diagram_in_the_documents_is_current(table, name: str) -> None:
    document = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{table.mermaid()}```" in document
