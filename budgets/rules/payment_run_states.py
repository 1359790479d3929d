"""The one table of what may happen to a payment run.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from budgets.payment_enums import RunStatus
from phb_register.roles import Permission
from phb_register.state_tables import StateTable


@dataclass(frozen=True)
class RunStep:
    """One thing that may be done to a payment run, by holders of `permission`; `by_another` than who prepared it."""

    action: str
    label: str
    from_status: RunStatus | None
    to_status: RunStatus
    permission: Permission = Permission.PREPARE_PAYMENTS
    by_another: bool = False
    is_for_people: bool = True


ASK = RunStep("ask", "Prepare a payment run", None, RunStatus.PREPARING)
PREPARE = RunStep("prepare", "Work out its payments", RunStatus.PREPARING, RunStatus.PREPARED, is_for_people=False)
CHECK = RunStep("check", "Check", RunStatus.PREPARED, RunStatus.CHECKED, Permission.RELEASE_PAYMENTS, by_another=True)
RELEASE = RunStep(
    "release", "Release", RunStatus.CHECKED, RunStatus.RELEASED, Permission.RELEASE_PAYMENTS, by_another=True
)
SEND_BACK = RunStep("send_back", "Send back", RunStatus.CHECKED, RunStatus.PREPARED, Permission.RELEASE_PAYMENTS)
ABANDON_UNPREPARED = RunStep("abandon", "Abandon", RunStatus.PREPARING, RunStatus.ABANDONED)
ABANDON_PREPARED = RunStep("abandon", "Abandon", RunStatus.PREPARED, RunStatus.ABANDONED)
ABANDON_CHECKED = RunStep("abandon", "Abandon", RunStatus.CHECKED, RunStatus.ABANDONED)

STEPS: tuple[RunStep, ...] = (
    ASK, PREPARE, CHECK, RELEASE, SEND_BACK, ABANDON_UNPREPARED, ABANDON_PREPARED, ABANDON_CHECKED,
)  # fmt: skip
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
mermaid = _TABLE.mermaid

#: A run that goes on: there is one at a time for each commissioner.
OPEN_STATUSES = (RunStatus.PREPARING, RunStatus.PREPARED, RunStatus.CHECKED)


def steps_from(status: str) -> list[RunStep]:
    """What somebody may do to a run in this status, in the order of the buttons."""
    return [step for step in STEPS if step.from_status == status and step.is_for_people]


def step_for(action: str, status: str) -> RunStep | None:
    """The step with this name from a status; None where the table knows none."""
    return next((step for step in STEPS if step.action == action and step.from_status == status), None)
