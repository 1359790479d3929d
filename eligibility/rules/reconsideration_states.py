"""The one table of what may happen to a reconsideration.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from eligibility.enums import ReconsiderationOutcome, ReconsiderationStatus, RefusalKind
from phb_register.roles import Permission
from phb_register.state_tables import StateTable


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
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid

#: A direct payment is refused or it is not; of the rest, less can be refused than before.
OUTCOMES: dict[str, tuple[ReconsiderationOutcome, ...]] = {
    RefusalKind.WHOLE: tuple(ReconsiderationOutcome),
    RefusalKind.PART: tuple(ReconsiderationOutcome),
    RefusalKind.SERVICE: tuple(ReconsiderationOutcome),
    RefusalKind.DIRECT_PAYMENT: (ReconsiderationOutcome.UPHELD, ReconsiderationOutcome.CHANGED),
}
