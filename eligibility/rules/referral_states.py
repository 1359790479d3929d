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
    is_by_reconsideration: bool = False

    @property
    def is_decision(self) -> bool:
        """Whether it is recorded as a decision: the first, or a further one that came of a reconsideration."""
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
ACCEPT_LATER = Transition(
    "accept_later",
    "Accept after reconsidering",
    ReferralStatus.DECLINED,
    ReferralStatus.ACCEPTED,
    (Permission.DECIDE_REFERRALS,),
    DecisionOutcome.ACCEPTED,
    is_by_reconsideration=True,
)
ACCEPT_IN_PART_LATER = Transition(
    "accept_in_part_later",
    "Accept in part after reconsidering",
    ReferralStatus.DECLINED,
    ReferralStatus.ACCEPTED,
    (Permission.DECIDE_REFERRALS,),
    DecisionOutcome.ACCEPTED_IN_PART,
    is_by_reconsideration=True,
)
REFUSE_LESS = Transition(
    "refuse_less",
    "Refuse less after reconsidering",
    ReferralStatus.ACCEPTED,
    ReferralStatus.ACCEPTED,
    (Permission.DECIDE_REFERRALS,),
    DecisionOutcome.ACCEPTED,
    is_by_reconsideration=True,
)
REOPEN = Transition(
    "reopen",
    "Reopen",
    ReferralStatus.WITHDRAWN,
    ReferralStatus.SUBMITTED,
    (Permission.MAKE_REFERRALS, Permission.DECIDE_REFERRALS),
)

TRANSITIONS: tuple[Transition, ...] = (
    SUBMIT,
    ACCEPT,
    ACCEPT_IN_PART,
    DECLINE,
    WITHDRAW,
    REOPEN,
    ACCEPT_LATER,
    ACCEPT_IN_PART_LATER,
    REFUSE_LESS,
)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, once each, as pairs of stored values."""
    jumps = {(step.from_status.value, step.to_status.value) for step in TRANSITIONS if step.from_status}
    return sorted(jump for jump in jumps if jump[0] != jump[1])


def transitions_from(status: str, *, is_by_reconsideration: bool = False) -> list[Transition]:
    """What may be done to a referral in this status, in the order of the buttons.

    What only a reconsideration may do has its own page, so it is given only where it is asked for.
    """
    return [
        step
        for step in TRANSITIONS
        if step.from_status is not None
        and step.from_status == status
        and step.is_by_reconsideration is is_by_reconsideration
    ]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in TRANSITIONS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
