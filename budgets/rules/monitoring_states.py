"""The one table of what may happen to a monitoring return, and how closely a budget is looked at.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.roles import Permission
from phb_register.state_tables import StateTable


class RiskLevel(TextChoices):
    """How closely the money of a PHB is looked at: how often a return is due, and which receipts are asked for."""

    LOW = "low", "Low: light touch"
    MEDIUM = "medium", "Medium: a sample of receipts"
    HIGH = "high", "High: every receipt over an amount"


class ReturnStatus(TextChoices):
    """Where a monitoring return stands."""

    DUE = "due", "Due"
    RECEIVED = "received", "Received"
    QUERIED = "queried", "Queried"
    RECONCILED = "reconciled", "Reconciled"
    WAIVED = "waived", "Waived"


@dataclass(frozen=True)
class ReturnStep:
    """One thing that may be done to a return, by holders of ``permission``."""

    action: str
    label: str
    from_status: ReturnStatus | None
    to_status: ReturnStatus
    permission: Permission = Permission.MONITOR_BUDGETS


SCHEDULE = ReturnStep("schedule", "Schedule", None, ReturnStatus.DUE)
RECEIVE = ReturnStep("receive", "Record what was received", ReturnStatus.DUE, ReturnStatus.RECEIVED)
WAIVE = ReturnStep("waive", "Waive", ReturnStatus.DUE, ReturnStatus.WAIVED)
QUERY = ReturnStep("query", "Query", ReturnStatus.RECEIVED, ReturnStatus.QUERIED)
ANSWER = ReturnStep("answer", "Record the answer", ReturnStatus.QUERIED, ReturnStatus.RECEIVED)
RECONCILE = ReturnStep("reconcile", "Reconcile", ReturnStatus.RECEIVED, ReturnStatus.RECONCILED)
REOPEN = ReturnStep("reopen", "Reopen", ReturnStatus.RECONCILED, ReturnStatus.RECEIVED)
EXPECT = ReturnStep("expect", "Expect it after all", ReturnStatus.WAIVED, ReturnStatus.DUE)

STEPS: tuple[ReturnStep, ...] = (SCHEDULE, RECEIVE, WAIVE, QUERY, ANSWER, RECONCILE, REOPEN, EXPECT)
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid

#: In these the return was received, so its date and its balance are known.
RECEIVED_STATUSES = (ReturnStatus.RECEIVED, ReturnStatus.QUERIED, ReturnStatus.RECONCILED)
