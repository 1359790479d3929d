"""The one table of what may happen to a reconsideration.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from eligibility.enums import ReconsiderationOutcome, ReconsiderationStatus, RefusalKind
from phb_register.roles import Permission


@dataclass(frozen=True)
class ReconsiderationStep:
    """One thing that may be done to a reconsideration, by holders of ``permission``."""

    action: str
    label: str
    from_status: ReconsiderationStatus | None
    to_status: ReconsiderationStatus
    permission: Permission


REQUEST = ReconsiderationStep(
    "request", "Record a request", None, ReconsiderationStatus.REQUESTED, Permission.MAKE_REFERRALS
)
DECIDE = ReconsiderationStep(
    "decide", "Decide", ReconsiderationStatus.REQUESTED, ReconsiderationStatus.DECIDED, Permission.DECIDE_REFERRALS
)
WITHDRAW = ReconsiderationStep(
    "withdraw", "Withdraw", ReconsiderationStatus.REQUESTED, ReconsiderationStatus.WITHDRAWN, Permission.MAKE_REFERRALS
)
GIVE_NOTICE = ReconsiderationStep(
    "give_notice",
    "Record that notice was given",
    ReconsiderationStatus.DECIDED,
    ReconsiderationStatus.NOTIFIED,
    Permission.DECIDE_REFERRALS,
)

STEPS: tuple[ReconsiderationStep, ...] = (REQUEST, DECIDE, WITHDRAW, GIVE_NOTICE)

#: A direct payment is refused or it is not; of the rest, less can be refused than before.
OUTCOMES: dict[str, tuple[ReconsiderationOutcome, ...]] = {
    RefusalKind.WHOLE: tuple(ReconsiderationOutcome),
    RefusalKind.PART: tuple(ReconsiderationOutcome),
    RefusalKind.SERVICE: tuple(ReconsiderationOutcome),
    RefusalKind.DIRECT_PAYMENT: (ReconsiderationOutcome.UPHELD, ReconsiderationOutcome.CHANGED),
}


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    return sorted({(step.from_status.value, step.to_status.value) for step in STEPS if step.from_status})


def steps_from(status: str) -> list[ReconsiderationStep]:
    """What may be done to a reconsideration in this status, in the order of the buttons."""
    return [step for step in STEPS if step.from_status is not None and step.from_status == status]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in STEPS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
