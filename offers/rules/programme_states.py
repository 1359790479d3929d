"""What may happen to a piece of work, a risk and an engagement event of a programme: one table each.

They drive the service, the buttons, the database triggers that refuse any other jump, and the diagrams in the
documents. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers.programme_enums import EventStatus, RiskStatus, ToolKind, WorkStatus
from phb_register.state_tables import StateTable


@dataclass(frozen=True)
class ProgrammeStep:
    """One thing that may be done to an entry of a programme, by whoever writes the local offer.

    `question` is what the note answers, and `done` what is said once it is done. Every step has its note: a programme
    that moves without a word cannot be followed by its board.
    """

    action: str
    label: str
    from_status: Any
    to_status: Any
    question: str
    done: str


_P, _U, _D, _X = WorkStatus.PLANNED, WorkStatus.UNDER_WAY, WorkStatus.DONE, WorkStatus.DROPPED
_BEGUN = ("begin", "Record that work has begun", "What has begun?", "is under way")
_FINISHED = ("finish", "Record that it is done", "What was done?", "is done")
_DROPPED = ("drop", "Drop it", "Why is it dropped?", "is dropped")
_REOPENED = ("reopen", "Take it up again", "Why is it taken up again?", "is taken up again")

WORK_STEPS: tuple[ProgrammeStep, ...] = tuple(
    ProgrammeStep(action, label, start, end, question, done)
    for start, end, (action, label, question, done) in (
        (_P, _U, _BEGUN),
        (_P, _D, _FINISHED),
        (_U, _D, _FINISHED),
        (_P, _X, _DROPPED),
        (_U, _X, _DROPPED),
        (_D, _U, _REOPENED),
        (_X, _P, _REOPENED),
    )
)

_OPEN, _ACCEPTED, _RESOLVED = RiskStatus.OPEN, RiskStatus.ACCEPTED, RiskStatus.RESOLVED
_RESOLVE = ("resolve", "Resolve it", "What resolved it?", "is resolved")
_ACCEPT = ("accept", "Accept it", "Why is it accepted as it stands?", "is accepted")
_OPEN_AGAIN = ("open-again", "Open it again", "Why is it open again?", "is open again")

RISK_STEPS: tuple[ProgrammeStep, ...] = tuple(
    ProgrammeStep(action, label, start, end, question, done)
    for start, end, (action, label, question, done) in (
        (_OPEN, _RESOLVED, _RESOLVE),
        (_OPEN, _ACCEPTED, _ACCEPT),
        (_ACCEPTED, _RESOLVED, _RESOLVE),
        (_ACCEPTED, _OPEN, _OPEN_AGAIN),
        (_RESOLVED, _OPEN, _OPEN_AGAIN),
    )
)

EVENT_STEPS: tuple[ProgrammeStep, ...] = (
    ProgrammeStep(
        "hold", "Record that it was held", EventStatus.PLANNED, EventStatus.HELD, "What was said?", "was held"
    ),
    ProgrammeStep(
        "cancel", "Cancel it", EventStatus.PLANNED, EventStatus.CANCELLED, "Why is it cancelled?", "is cancelled"
    ),
    ProgrammeStep(
        "plan-again", "Plan it again", EventStatus.HELD, EventStatus.PLANNED, "What was wrong?", "is planned again"
    ),
    ProgrammeStep(
        "plan-again",
        "Plan it again",
        EventStatus.CANCELLED,
        EventStatus.PLANNED,
        "Why is it planned again?",
        "is planned again",
    ),
)

WORK, RISK, EVENT = (
    StateTable(
        (ProgrammeStep("add", "Add", None, steps[0].from_status, "", ""), *steps),
    )
    for steps in (WORK_STEPS, RISK_STEPS, EVENT_STEPS)
)

#: The table of each tool whose entries have a status; what any other tool holds just is.
TABLES: Mapping[str, StateTable[ProgrammeStep]] = {
    ToolKind.DELIVERABLES: WORK,
    ToolKind.STAKEHOLDERS: WORK,
    ToolKind.DEVELOPMENT: WORK,
    ToolKind.RISKS: RISK,
    ToolKind.EVENTS: EVENT,
}


def steps_from(tool: str, status: str) -> list[ProgrammeStep]:
    """What may be done to an entry of this tool in this status; nothing where the tool has no statuses."""
    return TABLES[tool].steps_from(status) if tool in TABLES else []


def find_step(tool: str, status: str, action: str) -> ProgrammeStep | None:
    """What `action` does to an entry of this tool in this status; None where it does nothing."""
    return next((step for step in steps_from(tool, status) if step.action == action), None)


def mermaid() -> str:
    """The three tables as Mermaid state diagrams under their headings, for the documents."""
    parts = (("Work: deliverables and needs", WORK), ("Risks", RISK), ("Engagement events", EVENT))
    return "\n".join(f"## {title}\n\n```mermaid\n{table.mermaid()}```\n" for title, table in parts)


def _steps(tool: str) -> tuple[ProgrammeStep, ...]:
    return {ToolKind.RISKS: RISK_STEPS, ToolKind.EVENTS: EVENT_STEPS}.get(ToolKind(tool), WORK_STEPS)
