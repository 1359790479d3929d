"""The one table of what may happen to a budget proposal.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.roles import Permission


class ProposalStatus(TextChoices):
    """Where a proposal stands."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "With the lead nurse"
    REFERRED = "referred", "With the risk panel"
    RETURNED = "returned", "Sent back"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ProposalKind(TextChoices):
    """What a proposal is about."""

    FIRST = "first", "A first budget"
    CHANGE = "change", "A change of the budget"
    CORRECTION = "correction", "A correction of an amount entered wrongly"
    CONFIRMATION = "confirmation", "A budget agreed elsewhere or before, to be confirmed"


OPEN = (ProposalStatus.DRAFT, ProposalStatus.SUBMITTED, ProposalStatus.REFERRED, ProposalStatus.RETURNED)
WAITING = (ProposalStatus.SUBMITTED, ProposalStatus.REFERRED)
DECIDED = (ProposalStatus.APPROVED, ProposalStatus.DECLINED)


@dataclass(frozen=True)
class ProposalStep:
    """One thing that may be done to a proposal, by holders of `permission`. `is_authorship`: whoever does it has
    prepared the proposal and does not decide on it.
    """

    action: str
    label: str
    from_statuses: tuple[ProposalStatus, ...]
    to_status: ProposalStatus
    permission: Permission
    is_authorship: bool = False
    is_at_panel: bool = False


PREPARE = ProposalStep("prepare", "Propose a budget", (), ProposalStatus.DRAFT, Permission.MANAGE_BUDGETS, True)
CHANGE = ProposalStep(
    "change", "Change", (ProposalStatus.DRAFT,), ProposalStatus.DRAFT, Permission.MANAGE_BUDGETS, True
)
SUBMIT = ProposalStep(
    "submit", "Submit", (ProposalStatus.DRAFT,), ProposalStatus.SUBMITTED, Permission.MANAGE_BUDGETS, True
)
SUBMIT_TO_PANEL = ProposalStep(
    "submit_to_panel",
    "Submit, above the delegated limit",
    (ProposalStatus.DRAFT,),
    ProposalStatus.REFERRED,
    Permission.MANAGE_BUDGETS,
    True,
)
REVISE = ProposalStep(
    "revise", "Change what was sent back", (ProposalStatus.RETURNED,), ProposalStatus.DRAFT, Permission.MANAGE_BUDGETS,
    True,
)  # fmt: skip
WITHDRAW = ProposalStep("withdraw", "Withdraw", OPEN, ProposalStatus.WITHDRAWN, Permission.MANAGE_BUDGETS)
APPROVE = ProposalStep(
    "approve", "Approve", (ProposalStatus.SUBMITTED,), ProposalStatus.APPROVED, Permission.APPROVE_BUDGETS
)
RETURN = ProposalStep(
    "return", "Send back", (ProposalStatus.SUBMITTED,), ProposalStatus.RETURNED, Permission.APPROVE_BUDGETS
)
DECLINE = ProposalStep(
    "decline", "Decline", (ProposalStatus.SUBMITTED,), ProposalStatus.DECLINED, Permission.APPROVE_BUDGETS
)
REFER = ProposalStep(
    "refer",
    "Send to the risk panel",
    (ProposalStatus.SUBMITTED,),
    ProposalStatus.REFERRED,
    Permission.APPROVE_BUDGETS,
)
APPROVE_AT_PANEL = ProposalStep(
    "approve_at_panel",
    "Approve at the risk panel",
    (ProposalStatus.REFERRED,),
    ProposalStatus.APPROVED,
    Permission.DECIDE_AT_PANEL,
    is_at_panel=True,
)
DECLINE_AT_PANEL = ProposalStep(
    "decline_at_panel",
    "Decline at the risk panel",
    (ProposalStatus.REFERRED,),
    ProposalStatus.DECLINED,
    Permission.DECIDE_AT_PANEL,
    is_at_panel=True,
)

STEPS: tuple[ProposalStep, ...] = (
    PREPARE,
    CHANGE,
    SUBMIT,
    SUBMIT_TO_PANEL,
    APPROVE,
    RETURN,
    DECLINE,
    REFER,
    APPROVE_AT_PANEL,
    DECLINE_AT_PANEL,
    REVISE,
    WITHDRAW,
)
AUTHORSHIP = tuple(step.action for step in STEPS if step.is_authorship)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    jumps = {(start.value, step.to_status.value) for step in STEPS for start in step.from_statuses}
    return sorted((start, end) for start, end in jumps if start != end)


def steps_from(status: str) -> list[ProposalStep]:
    """What may be done to a proposal in this status, in the order of the buttons."""
    return [step for step in STEPS if status in step.from_statuses]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in STEPS:
        for start in step.from_statuses or ("[*]",):
            lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
