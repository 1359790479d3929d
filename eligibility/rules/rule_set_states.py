"""The one table of what may happen to a rule set's version on its way to being used.

It drives the guard in the services, the buttons on the page, the database trigger that refuses any other jump, and
the state diagram in the documents. Pure.
"""

from dataclasses import dataclass

from eligibility.enums import ApprovalStatus
from phb_register.roles import Permission


@dataclass(frozen=True)
class VersionTransition:
    """One thing that may be done to a version, by holders of ``permission`` for the rule set's commissioner.

    ``action`` is also the last part of the confirm page's address. ``is_by_somebody_else`` keeps out whoever prepared
    or edited the version. ``is_before_it_begins``: only until the day before the version's first day, because from
    then on people have been told what it says.
    """

    action: str
    label: str
    from_status: ApprovalStatus | None
    to_status: ApprovalStatus
    permission: Permission
    is_by_somebody_else: bool = False
    needs_reason: bool = False
    is_before_it_begins: bool = False


START = VersionTransition("start", "Start a version", None, ApprovalStatus.DRAFT, Permission.WRITE_RULES)
SUBMIT = VersionTransition(
    "submit", "Submit for approval", ApprovalStatus.DRAFT, ApprovalStatus.SUBMITTED, Permission.WRITE_RULES
)
APPROVE = VersionTransition(
    "approve",
    "Approve",
    ApprovalStatus.SUBMITTED,
    ApprovalStatus.APPROVED,
    Permission.APPROVE_RULES,
    is_by_somebody_else=True,
)
SEND_BACK = VersionTransition(
    "send-back",
    "Send back",
    ApprovalStatus.SUBMITTED,
    ApprovalStatus.DRAFT,
    Permission.APPROVE_RULES,
    needs_reason=True,
)
WITHDRAW_DRAFT = VersionTransition(
    "withdraw",
    "Withdraw",
    ApprovalStatus.DRAFT,
    ApprovalStatus.WITHDRAWN,
    Permission.WRITE_RULES,
    needs_reason=True,
)
WITHDRAW_SUBMITTED = VersionTransition(
    "withdraw",
    "Withdraw",
    ApprovalStatus.SUBMITTED,
    ApprovalStatus.WITHDRAWN,
    Permission.WRITE_RULES,
    needs_reason=True,
)
WITHDRAW_APPROVED = VersionTransition(
    "withdraw",
    "Withdraw",
    ApprovalStatus.APPROVED,
    ApprovalStatus.WITHDRAWN,
    Permission.APPROVE_RULES,
    needs_reason=True,
    is_before_it_begins=True,
)

VERSION_TRANSITIONS: tuple[VersionTransition, ...] = (
    START,
    SUBMIT,
    APPROVE,
    SEND_BACK,
    WITHDRAW_DRAFT,
    WITHDRAW_SUBMITTED,
    WITHDRAW_APPROVED,
)


def version_jumps() -> list[tuple[str, str]]:
    """Every change of approval status the table knows, once each, as pairs of stored values."""
    jumps = {(step.from_status.value, step.to_status.value) for step in VERSION_TRANSITIONS if step.from_status}
    return sorted(jumps)


def version_transitions_from(approval_status: str) -> list[VersionTransition]:
    """What may be done to a version with this approval status, in the order of the buttons."""
    return [
        step for step in VERSION_TRANSITIONS if step.from_status is not None and step.from_status == approval_status
    ]


def version_transition(action: str, approval_status: str) -> VersionTransition | None:
    """What ``action`` does to a version with this approval status; None where it does nothing."""
    return next((step for step in version_transitions_from(approval_status) if step.action == action), None)


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in VERSION_TRANSITIONS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
