"""The table of transitions, and what is made from it."""

from pathlib import Path

import pytest

from eligibility.enums import DecisionOutcome, ReferralStatus
from eligibility.rules import referral_states as states
from phb_register.roles import ROLE_PERMISSIONS, Permission, Role

# Written out by hand: from, to, and the roles that may.
EXPECTED = {
    "accept": ("submitted", "accepted", {Role.PHB_TEAM}),
    "accept_in_part": ("submitted", "accepted", {Role.PHB_TEAM}),
    "decline": ("submitted", "declined", {Role.PHB_TEAM}),
    "withdraw": ("submitted", "withdrawn", {Role.PHB_TEAM, Role.REFERRING_NURSE}),
    "reopen": ("withdrawn", "submitted", {Role.PHB_TEAM, Role.REFERRING_NURSE}),
}


@pytest.mark.parametrize("status", ReferralStatus.values)
@pytest.mark.parametrize("action", EXPECTED)
def test_transition_is_open_from_its_own_status_only(status: str, action: str) -> None:
    start, end, roles = EXPECTED[action]
    found = {step.action: step for step in states.transitions_from(status)}
    assert (action in found) is (status == start)
    if action in found:
        assert found[action].to_status == end
        may = {role for role, held in ROLE_PERMISSIONS.items() if set(found[action].permissions) & held}
        assert may == roles


def test_database_is_told_every_jump_once() -> None:
    assert states.allowed_jumps() == [
        ("declined", "accepted"),
        ("submitted", "accepted"),
        ("submitted", "declined"),
        ("submitted", "withdrawn"),
        ("withdrawn", "submitted"),
    ]


def test_nothing_follows_a_decision_but_what_a_reconsideration_does() -> None:
    for status in (ReferralStatus.ACCEPTED, ReferralStatus.DECLINED):
        assert states.transitions_from(status) == []
    after = {
        status: [step.action for step in states.transitions_from(status, is_by_reconsideration=True)]
        for status in ReferralStatus
    }
    assert after == {
        "submitted": [],
        "accepted": ["refuse_less"],
        "declined": ["accept_later", "accept_in_part_later"],
        "withdrawn": [],
    }


def test_each_decision_has_an_outcome_of_its_own() -> None:
    outcomes = [step.outcome for step in states.TRANSITIONS if step.is_decision and not step.is_by_reconsideration]
    assert sorted(outcomes) == sorted(DecisionOutcome)
    assert not states.WITHDRAW.is_decision


def test_diagram_in_the_documents_is_current() -> None:
    document = (Path(__file__).parents[3] / "docs" / "states" / "referral-states.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{states.mermaid()}```" in document


def test_diagram_shows_every_transition() -> None:
    drawn = states.mermaid()
    assert drawn.count("-->") == len(states.TRANSITIONS)
    assert "submitted --> declined: Decline" in drawn
    assert states.SUBMIT.permissions == (Permission.MAKE_REFERRALS,)
