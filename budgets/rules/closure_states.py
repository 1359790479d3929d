"""The one table of what may happen to a closure, the final reconciliation of a PHB that ended.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from budgets.enums import ClosureStatus
from phb_register.roles import Permission


@dataclass(frozen=True)
class ClosureStep:
    """One thing that may be done to a closure, by holders of `permission`."""

    action: str
    label: str
    from_status: ClosureStatus | None
    to_status: ClosureStatus
    permission: Permission


OPEN = ClosureStep("open", "End, with money to settle", None, ClosureStatus.OPEN, Permission.MANAGE_BUDGETS)
NOTE_NOTHING = ClosureStep(
    "note_nothing", "End, nothing was paid", None, ClosureStatus.NOT_NEEDED, Permission.MANAGE_BUDGETS
)
RECONCILE = ClosureStep(
    "reconcile", "Reconcile", ClosureStatus.OPEN, ClosureStatus.RECONCILED, Permission.MONITOR_BUDGETS
)
WITHDRAW = ClosureStep(
    "withdraw", "Take back the end", ClosureStatus.OPEN, ClosureStatus.WITHDRAWN, Permission.MANAGE_BUDGETS
)
WITHDRAW_NOTHING = ClosureStep(
    "withdraw", "Take back the end", ClosureStatus.NOT_NEEDED, ClosureStatus.WITHDRAWN, Permission.MANAGE_BUDGETS
)

STEPS: tuple[ClosureStep, ...] = (OPEN, NOTE_NOTHING, RECONCILE, WITHDRAW, WITHDRAW_NOTHING)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    return sorted({(step.from_status.value, step.to_status.value) for step in STEPS if step.from_status})


def steps_from(status: str) -> list[ClosureStep]:
    """What may be done to a closure in this status, in the order of the buttons."""
    return [step for step in STEPS if step.from_status is not None and step.from_status == status]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in STEPS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
