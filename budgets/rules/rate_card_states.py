"""The one table of what may happen to a rate card.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Which of the cards in force counts on a day follows from their first days, so nothing is recorded when one
takes over from another. Pure.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.roles import Permission
from phb_register.state_tables import StateTable


class RateCardStatus(TextChoices):
    """What a version of a rate card is."""

    DRAFT = "draft", "Draft"
    IN_FORCE = "in_force", "In force"
    WITHDRAWN = "withdrawn", "Withdrawn"


@dataclass(frozen=True)
class RateCardStep:
    """One thing that may be done to a rate card. `action` is also the last part of its page's address."""

    action: str
    label: str
    from_status: RateCardStatus | None
    to_status: RateCardStatus
    permission: Permission = Permission.WRITE_RATE_CARDS


START = RateCardStep("start", "Start a version", None, RateCardStatus.DRAFT)
PUT_IN_FORCE = RateCardStep("put-in-force", "Put in force", RateCardStatus.DRAFT, RateCardStatus.IN_FORCE)
WITHDRAW = RateCardStep("withdraw", "Withdraw", RateCardStatus.DRAFT, RateCardStatus.WITHDRAWN)

STEPS: tuple[RateCardStep, ...] = (START, PUT_IN_FORCE, WITHDRAW)
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid
