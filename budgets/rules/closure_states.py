"""The one table of what may happen to a closure, the final reconciliation of a PHB that ended.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from budgets.enums import ClosureStatus
from phb_register.roles import Permission
from phb_register.state_tables import StateTable


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
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid
