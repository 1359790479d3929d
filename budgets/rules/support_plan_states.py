"""The one table of what may happen to a version of a support plan.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from budgets.enums import PlanStatus
from phb_register.roles import Permission


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


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    return sorted({(step.from_status.value, step.to_status.value) for step in STEPS if step.from_status})


def steps_from(status: str) -> list[PlanStep]:
    """What may be done to a version in this status, in the order of the buttons."""
    return [step for step in STEPS if step.from_status is not None and step.from_status == status]


def step_for(action: str, status: str) -> PlanStep | None:
    """What `action` does to a version in this status; None where it does nothing."""
    return next((step for step in steps_from(status) if step.action == action), None)


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in STEPS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
