"""What a board pack is made of, and the one table of what may happen to it. Pure."""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.state_tables import StateTable


class PackPart(TextChoices):
    """A part that may be chosen, in the order of the pack."""

    UPTAKE = "uptake", "Uptake against target"
    PROGRESS = "progress", "Progress by phase"
    RISKS = "risks", "Risks"
    MONEY = "money", "Money"
    EQUALITY = "equality", "Equality"
    PROGRAMME = "programme", "The programme"
    DECISIONS = "decisions", "Decisions wanted"


class PackStatus(TextChoices):
    """How far a board pack is."""

    PLANNED = "planned", "Planned"
    MADE = "made", "Made"
    CANCELLED = "cancelled", "Cancelled"
    WITHDRAWN = "withdrawn", "Withdrawn"


@dataclass(frozen=True)
class PackStep:
    """One thing done to a board pack. `button` is what whoever may do it presses; the register does the others."""

    action: str
    label: str
    from_status: PackStatus | None
    to_status: PackStatus
    button: str = ""


PLAN = PackStep("plan", "Planned", None, PackStatus.PLANNED)
MAKE = PackStep("make", "Made", PackStatus.PLANNED, PackStatus.MADE)
CANCEL = PackStep("cancel", "Cancelled", PackStatus.PLANNED, PackStatus.CANCELLED, button="Cancel the board pack")
WITHDRAW = PackStep("withdraw", "Withdrawn", PackStatus.MADE, PackStatus.WITHDRAWN, button="Withdraw the board pack")

TABLE: StateTable[PackStep] = StateTable((PLAN, MAKE, CANCEL, WITHDRAW))
allowed_jumps = TABLE.allowed_jumps
mermaid = TABLE.mermaid
# Made at one time: what it says and the document stay for good.
FROZEN = (PackStatus.MADE, PackStatus.WITHDRAWN)
# Of one meeting there is one pack at a time.
STANDING = (PackStatus.PLANNED, PackStatus.MADE)
