"""What a risk panel may do: the table of what happens to a meeting, and what it may decide on an item. Pure."""

from dataclasses import dataclass

from django.db.models import TextChoices


class PanelStatus(TextChoices):
    """Where a meeting of a risk panel stands."""

    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class PanelDecision(TextChoices):
    """What a risk panel decides on an item of its agenda. Deferred: the item waits for a later meeting."""

    APPROVE = "approve", "Approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", "Approve with conditions"
    DECLINE = "decline", "Decline"
    DEFER = "defer", "Defer to a later meeting"


APPROVALS = (PanelDecision.APPROVE, PanelDecision.APPROVE_WITH_CONDITIONS)
#: A panel of one is no panel.
FEWEST_MEMBERS = 2


@dataclass(frozen=True)
class PanelStep:
    """One thing that may be done to a meeting by those who decide at panels."""

    action: str
    label: str
    from_status: PanelStatus | None
    to_status: PanelStatus


PLAN = PanelStep("plan", "Plan a meeting", None, PanelStatus.PLANNED)
HOLD = PanelStep("hold", "Record who was present", PanelStatus.PLANNED, PanelStatus.HELD)
CANCEL = PanelStep("cancel", "Cancel the meeting", PanelStatus.PLANNED, PanelStatus.CANCELLED)

STEPS = (PLAN, HOLD, CANCEL)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    return sorted((step.from_status.value, step.to_status.value) for step in STEPS if step.from_status)


def steps_from(status: str) -> list[PanelStep]:
    """What may be done to a meeting in this status, in the order of the buttons."""
    return [step for step in STEPS if step.from_status == status]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in STEPS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
