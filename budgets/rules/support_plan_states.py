"""The one table of what may happen to a version of a support plan.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from budgets.enums import PlanStatus
from phb_register.roles import Permission
from phb_register.state_tables import StateTable


@dataclass(frozen=True)
class PlanStep:
    """One thing that may be done to a version, by holders of `permission` for the referral's commissioner.

    `is_by_itself`: it happens with something else (the second signature, a later version) and has no button.
    """

    action: str
    label: str
    from_status: PlanStatus | None
    to_status: PlanStatus
    permission: Permission
    needs_reason: bool = False
    is_by_itself: bool = False


START = PlanStep("start", "Start a version", None, PlanStatus.DRAFT, Permission.PLAN_BUDGETS)
PROPOSE = PlanStep("propose", "Propose for signing", PlanStatus.DRAFT, PlanStatus.PROPOSED, Permission.PLAN_BUDGETS)
SIGN = PlanStep(
    "sign", "Sign, both sides", PlanStatus.PROPOSED, PlanStatus.SIGNED, Permission.PLAN_BUDGETS, is_by_itself=True
)
WITHDRAW_DRAFT = PlanStep(
    "withdraw", "Withdraw", PlanStatus.DRAFT, PlanStatus.WITHDRAWN, Permission.PLAN_BUDGETS, needs_reason=True
)
WITHDRAW_PROPOSED = PlanStep(
    "withdraw",
    "Withdraw, to start another draft",
    PlanStatus.PROPOSED,
    PlanStatus.WITHDRAWN,
    Permission.PLAN_BUDGETS,
    needs_reason=True,
)
SUPERSEDE = PlanStep(
    "supersede",
    "Supersede by a later version",
    PlanStatus.SIGNED,
    PlanStatus.SUPERSEDED,
    Permission.PLAN_BUDGETS,
    is_by_itself=True,
)

STEPS: tuple[PlanStep, ...] = (START, PROPOSE, SIGN, WITHDRAW_DRAFT, WITHDRAW_PROPOSED, SUPERSEDE)
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid


def step_for(action: str, status: str) -> PlanStep | None:
    """What `action` does to a version in this status; None where it does nothing."""
    return next((step for step in steps_from(status) if step.action == action), None)
