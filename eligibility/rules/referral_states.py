"""The one table of what may happen to a referral.

It drives the guard in the services, the buttons on the page, the database trigger that refuses any other jump, and
the state diagram in the documents. Pure.
"""

from dataclasses import dataclass

from eligibility.enums import DecisionOutcome, ReferralStatus
from phb_register.roles import Permission


@dataclass(frozen=True)
class Transition:
    """One thing that may be done to a referral, by holders of any of ``permissions``."""

    action: str
    label: str
    from_status: ReferralStatus | None
    to_status: ReferralStatus
    permissions: tuple[Permission, ...]
    outcome: DecisionOutcome | None = None

    @property
    def is_decision(self) -> bool:
        """Whether it is recorded as the decision, of which a referral has one."""
        return self.outcome is not None


SUBMIT = Transition("submit", "Submit", None, ReferralStatus.SUBMITTED, (Permission.MAKE_REFERRALS,))
ACCEPT = Transition(
    "accept",
    "Accept",
    ReferralStatus.SUBMITTED,
    ReferralStatus.ACCEPTED,
    (Permission.DECIDE_REFERRALS,),
    DecisionOutcome.ACCEPTED,
)
ACCEPT_IN_PART = Transition(
    "accept_in_part",
    "Accept in part",
    ReferralStatus.SUBMITTED,
    ReferralStatus.ACCEPTED,
    (Permission.DECIDE_REFERRALS,),
    DecisionOutcome.ACCEPTED_IN_PART,
)
DECLINE = Transition(
    "decline",
    "Decline",
    ReferralStatus.SUBMITTED,
    ReferralStatus.DECLINED,
    (Permission.DECIDE_REFERRALS,),
    DecisionOutcome.DECLINED,
)
WITHDRAW = Transition(
    "withdraw",
    "Withdraw",
    ReferralStatus.SUBMITTED,
    ReferralStatus.WITHDRAWN,
    (Permission.MAKE_REFERRALS, Permission.DECIDE_REFERRALS),
)

TRANSITIONS: tuple[Transition, ...] = (SUBMIT, ACCEPT, ACCEPT_IN_PART, DECLINE, WITHDRAW)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, once each, as pairs of stored values."""
    jumps = {(step.from_status.value, step.to_status.value) for step in TRANSITIONS if step.from_status}
    return sorted(jumps)


def transitions_from(status: str) -> list[Transition]:
    """What may be done to a referral in this status, in the order of the buttons."""
    return [step for step in TRANSITIONS if step.from_status is not None and step.from_status == status]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in TRANSITIONS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
