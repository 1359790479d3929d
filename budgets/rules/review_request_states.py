"""The one table of what may happen to a request for a review. Pure.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the documents.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.roles import Permission


class RequestStatus(TextChoices):
    """Where a request for a review stands."""

    OPEN = "open", "Waiting"
    ANSWERED = "answered", "Reviewed"
    SET_ASIDE = "set_aside", "Set aside"


@dataclass(frozen=True)
class RequestStep:
    """One thing that may happen to a request for a review, by holders of `permission`."""

    action: str
    label: str
    from_status: RequestStatus | None
    to_status: RequestStatus
    permission: Permission


ASK = RequestStep("ask", "Ask for a review", None, RequestStatus.OPEN, Permission.VIEW_BUDGETS)
ANSWER = RequestStep(
    "answer", "Complete a review", RequestStatus.OPEN, RequestStatus.ANSWERED, Permission.REVIEW_BUDGETS
)
SET_ASIDE = RequestStep(
    "set_aside", "Set aside", RequestStatus.OPEN, RequestStatus.SET_ASIDE, Permission.REVIEW_BUDGETS
)

STEPS: tuple[RequestStep, ...] = (ASK, ANSWER, SET_ASIDE)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    return sorted({(step.from_status.value, step.to_status.value) for step in STEPS if step.from_status})


def steps_from(status: str) -> list[RequestStep]:
    """What may be done to a request in this status."""
    return [step for step in STEPS if step.from_status is not None and step.from_status == status]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in STEPS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
