"""The one table of what may happen to a request for a review. Pure.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the documents.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.roles import Permission
from phb_register.state_tables import StateTable


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
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid
