"""Setting unused money off against a coming payment (regulation 13(4) of the 2013 Regulations). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices

from phb_register.roles import Permission
from phb_register.state_tables import StateTable


class OffsetStatus(TextChoices):
    """Where an offset stands."""

    PROPOSED = "proposed", "Waits for approval"
    APPROVED = "approved", "Approved"
    APPLIED = "applied", "Set off"
    WITHDRAWN = "withdrawn", "Withdrawn"


@dataclass(frozen=True)
class OffsetStep:
    """One thing that may be done to an offset. ``permission`` is None for what a payment run does."""

    action: str
    label: str
    from_status: OffsetStatus | None
    to_status: OffsetStatus
    permission: Permission | None = Permission.MONITOR_BUDGETS


PROPOSE = OffsetStep("propose", "Propose", None, OffsetStatus.PROPOSED)
APPROVE = OffsetStep("approve", "Approve", OffsetStatus.PROPOSED, OffsetStatus.APPROVED)
WITHDRAW = OffsetStep("withdraw", "Withdraw", OffsetStatus.PROPOSED, OffsetStatus.WITHDRAWN)
WITHDRAW_APPROVED = OffsetStep("withdraw", "Withdraw", OffsetStatus.APPROVED, OffsetStatus.WITHDRAWN)
APPLY = OffsetStep("apply", "Set off at release", OffsetStatus.APPROVED, OffsetStatus.APPLIED, None)
STEPS = (PROPOSE, APPROVE, WITHDRAW, WITHDRAW_APPROVED, APPLY)
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
mermaid = _TABLE.mermaid
#: Of these a payment date has one at most.
STANDING = (OffsetStatus.PROPOSED, OffsetStatus.APPROVED, OffsetStatus.APPLIED)


def set_off(due: Decimal, offset: Decimal) -> Decimal:
    """What is set off against a payment of ``due`` pounds: never more than the payment, never less than nothing."""
    return max(min(due, offset), Decimal(0))


@dataclass(frozen=True)
class PaymentDue:
    """A coming payment: its day, and its amount in pounds before anything is set off."""

    pays_on: date
    amount: Decimal


def spread(amount: Decimal, payments: Sequence[PaymentDue]) -> list[tuple[PaymentDue, Decimal]]:
    """How much of ``amount`` is set off against each payment, the earliest first, until nothing of it is left."""
    left, parts = amount, []
    for payment in sorted(payments, key=lambda each: each.pays_on):
        part = set_off(payment.amount, left)
        if part > 0:
            parts.append((payment, part))
            left -= part
    return parts
