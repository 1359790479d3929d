"""The one transition table of an edition.

The services, the buttons, the confirm pages, the state diagram and the database trigger (`pgtrigger.FSM` on
`offers.models.Edition`) are all made from `TRANSITIONS`; there is no second list anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from offers.enums import EditionStatus
from phb_register.roles import Permission


class Verb(StrEnum):
    """What somebody does to an edition; also the last part of the confirm page's address."""

    OPEN_CONSULTATION = "open-consultation"
    CLOSE_CONSULTATION = "close-consultation"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Transition:
    """One allowed move.

    `permission` is what the person needs on the offer's commissioner. `is_automatic` marks the moves that the
    publication job makes: nobody presses them, though `publish` is asked for by a person who holds the
    permission.
    """

    verb: Verb
    source: EditionStatus
    target: EditionStatus
    permission: Permission
    button: str
    is_automatic: bool = False
    is_by_somebody_else: bool = False
    needs_reason: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Verb.SUBMIT,
        EditionStatus.DRAFT,
        EditionStatus.SUBMITTED,
        Permission.WRITE_OFFERS,
        "Submit for approval",
    ),
    Transition(
        Verb.OPEN_CONSULTATION,
        EditionStatus.DRAFT,
        EditionStatus.IN_CONSULTATION,
        Permission.WRITE_OFFERS,
        "Open a consultation",
    ),
    Transition(
        Verb.CLOSE_CONSULTATION,
        EditionStatus.IN_CONSULTATION,
        EditionStatus.DRAFT,
        Permission.WRITE_OFFERS,
        "Close the consultation",
    ),
    Transition(
        Verb.RETURN,
        EditionStatus.SUBMITTED,
        EditionStatus.DRAFT,
        Permission.APPROVE_OFFERS,
        "Return to the author",
        needs_reason=True,
    ),
    Transition(
        Verb.APPROVE,
        EditionStatus.SUBMITTED,
        EditionStatus.APPROVED,
        Permission.APPROVE_OFFERS,
        "Approve",
        is_by_somebody_else=True,
    ),
    Transition(
        Verb.PUBLISH,
        EditionStatus.APPROVED,
        EditionStatus.PUBLISHED,
        Permission.PUBLISH_OFFERS,
        "Publish",
        is_automatic=True,
    ),
    Transition(
        Verb.SUPERSEDE,
        EditionStatus.PUBLISHED,
        EditionStatus.SUPERSEDED,
        Permission.PUBLISH_OFFERS,
        "Supersede",
        is_automatic=True,
    ),
    Transition(
        Verb.WITHDRAW,
        EditionStatus.APPROVED,
        EditionStatus.WITHDRAWN,
        Permission.PUBLISH_OFFERS,
        "Withdraw",
        needs_reason=True,
    ),
    Transition(
        Verb.WITHDRAW,
        EditionStatus.PUBLISHED,
        EditionStatus.WITHDRAWN,
        Permission.PUBLISH_OFFERS,
        "Withdraw",
        needs_reason=True,
    ),
)

#: An offer has at most one edition in these states at a time.
OPEN_STATUSES: tuple[EditionStatus, ...] = (
    EditionStatus.DRAFT,
    EditionStatus.IN_CONSULTATION,
    EditionStatus.SUBMITTED,
    EditionStatus.APPROVED,
)
#: In these, its text, timeline and reasons are written.
WRITING_STATUSES: tuple[EditionStatus, ...] = (EditionStatus.DRAFT, EditionStatus.IN_CONSULTATION)
#: While an edition is in one of these states, what is decided upon may not change under the deciders.
LOCKING_STATUSES: tuple[EditionStatus, ...] = (EditionStatus.SUBMITTED, EditionStatus.APPROVED)
#: Editions the public may read: what was once published stays readable, unless withdrawn.
PUBLIC_STATUSES: tuple[EditionStatus, ...] = (EditionStatus.PUBLISHED, EditionStatus.SUPERSEDED)
#: Their content is frozen for good.
FROZEN_STATUSES: tuple[EditionStatus, ...] = (
    EditionStatus.PUBLISHED,
    EditionStatus.SUPERSEDED,
    EditionStatus.WITHDRAWN,
)


def find(verb: Verb, source: str) -> Transition | None:
    """The move `verb` makes from `source`, or None where there is none."""
    return next((move for move in TRANSITIONS if move.verb == verb and move.source == source), None)


def moves_from(source: str) -> tuple[Transition, ...]:
    """Every move out of a state, in the table's order."""
    return tuple(move for move in TRANSITIONS if move.source == source)


def fsm_pairs(transitions: Iterable[Transition] = TRANSITIONS) -> list[tuple[str, str]]:
    """(from, to) pairs for the database trigger."""
    return [(move.source.value, move.target.value) for move in transitions]


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {move.source.value} --> {move.target.value}: {move.verb.value}" for move in TRANSITIONS]
    ends = {move.target for move in TRANSITIONS} - {move.source for move in TRANSITIONS}
    lines += [f"    {status.value} --> [*]" for status in EditionStatus if status in ends]
    return "\n".join(lines) + "\n"
