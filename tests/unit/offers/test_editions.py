"""The transition table: what may follow what, and who may make it so."""

from pathlib import Path

import pytest

from offers.enums import EditionStatus
from offers.rules.editions import (
    FROZEN_STATUSES,
    LOCKING_STATUSES,
    OPEN_STATUSES,
    PUBLIC_STATUSES,
    TRANSITIONS,
    Verb,
    diagram,
    find,
    fsm_pairs,
    moves_from,
)
from phb_register.roles import ROLE_PERMISSIONS, Role

# Written by hand from the rules of the field, not read from the table.
ALLOWED = {
    ("draft", "submit"): "submitted",
    ("draft", "open-consultation"): "in-consultation",
    ("in-consultation", "close-consultation"): "draft",
    ("submitted", "return"): "draft",
    ("submitted", "approve"): "approved",
    ("approved", "publish"): "published",
    ("approved", "withdraw"): "withdrawn",
    ("published", "supersede"): "superseded",
    ("published", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("source", list(EditionStatus))
def test_find_every_state_and_verb(source: EditionStatus, verb: Verb) -> None:
    move = find(verb, source)
    assert (move.target if move else None) == ALLOWED.get((source, verb))


def test_fsm_pairs_are_the_table() -> None:
    assert set(fsm_pairs()) == {(source, target) for (source, _), target in ALLOWED.items()}


def test_moves_from_keeps_the_order_of_the_table() -> None:
    assert [move.verb for move in moves_from("submitted")] == [Verb.RETURN, Verb.APPROVE]


def test_superseded_and_withdrawn_are_ends() -> None:
    assert moves_from("superseded") == ()
    assert moves_from("withdrawn") == ()


def test_every_state_is_open_public_or_withdrawn() -> None:
    assert set(OPEN_STATUSES) | set(PUBLIC_STATUSES) | {EditionStatus.WITHDRAWN} == set(EditionStatus)
    assert set(LOCKING_STATUSES) < set(OPEN_STATUSES)
    assert not set(FROZEN_STATUSES) & set(OPEN_STATUSES)


def test_only_approval_is_by_somebody_else() -> None:
    assert [move.verb for move in TRANSITIONS if move.is_by_somebody_else] == [Verb.APPROVE]


def test_whoever_sends_back_or_withdraws_says_why() -> None:
    assert {move.verb for move in TRANSITIONS if move.needs_reason} == {Verb.RETURN, Verb.WITHDRAW}


@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        (Role.PHB_TEAM, {"open-consultation", "close-consultation", "submit", "publish", "supersede", "withdraw"}),
        (Role.APPROVER, {"return", "approve", "publish", "supersede", "withdraw"}),
        (Role.GOVERNING_BODY, {"return", "approve"}),
        (Role.REFERRING_NURSE, set()),
        (Role.AUDITOR, set()),
    ],
)
def test_roles_hold_the_moves_that_are_theirs(role: Role, verbs: set[str]) -> None:
    assert {str(move.verb) for move in TRANSITIONS if move.permission in ROLE_PERMISSIONS[role]} == verbs


def test_diagram_names_every_move() -> None:
    drawn = diagram()
    assert drawn.startswith("stateDiagram-v2\n    [*] --> draft\n")
    for (source, verb), target in ALLOWED.items():
        assert f"    {source} --> {target}: {verb}\n" in drawn
    assert "    withdrawn --> [*]\n" in drawn


def test_diagram_in_the_documentation_is_current() -> None:
    document = (Path(__file__).parents[3] / "docs" / "states" / "edition-states.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{diagram()}```" in document
