"""The table of what may happen to a version, and what is made from it."""

from itertools import product
from pathlib import Path

import pytest

from eligibility.enums import ApprovalStatus
from eligibility.rules import rule_set_states as states
from phb_register.roles import ROLE_PERMISSIONS, Role

WRITERS, APPROVERS = {Role.PHB_TEAM}, {Role.PHB_TEAM, Role.APPROVER}
# Written out by hand: where each action leads from each approval status, and the roles that may. Nothing else is.
EXPECTED = {
    ("draft", "submit"): ("submitted", WRITERS),
    ("draft", "withdraw"): ("withdrawn", WRITERS),
    ("submitted", "approve"): ("approved", APPROVERS),
    ("submitted", "send-back"): ("draft", APPROVERS),
    ("submitted", "withdraw"): ("withdrawn", WRITERS),
    ("approved", "withdraw"): ("withdrawn", APPROVERS),
}
ACTIONS = ("start", "submit", "approve", "send-back", "withdraw")


@pytest.mark.parametrize(("status", "action"), list(product(ApprovalStatus.values, ACTIONS)))
def test_action_leads_where_it_should_from_every_status(status, action):
    found = states.version_transition(action, status)
    if (status, action) not in EXPECTED:
        assert found is None
        return
    end, roles = EXPECTED[status, action]
    assert found.to_status == end
    assert {role for role, held in ROLE_PERMISSIONS.items() if found.permission in held} == roles


def test_every_walk_from_a_draft_goes_through_submission_and_ends_withdrawn_or_approved():
    walks, ends = [["draft"]], set()
    for _ in range(6):
        longer = []
        for walk in walks:
            steps = states.version_transitions_from(walk[-1])
            ends |= {walk[-1]} if not steps else set()
            longer += [[*walk, step.to_status.value] for step in steps]
        walks = longer
        for walk in walks:
            if "approved" in walk:
                assert walk[walk.index("approved") - 1] == "submitted"
    assert ends == {"withdrawn"}


def test_only_approval_needs_somebody_else_and_only_what_undoes_needs_a_reason():
    assert [step.action for step in states.VERSION_TRANSITIONS if step.is_by_somebody_else] == ["approve"]
    assert {step.action for step in states.VERSION_TRANSITIONS if step.needs_reason} == {"send-back", "withdraw"}
    before = [step.from_status for step in states.VERSION_TRANSITIONS if step.is_before_it_begins]
    assert before == [ApprovalStatus.APPROVED]


def test_database_is_told_every_jump_once():
    assert states.version_jumps() == sorted({(start, end) for (start, _), (end, _) in EXPECTED.items()})


def test_diagram_in_the_documents_is_current():
    document = (Path(__file__).parents[3] / "docs" / "states" / "rule-set-states.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{states.mermaid()}```" in document
    assert states.mermaid().count("-->") == len(EXPECTED) + 1
