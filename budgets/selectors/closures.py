"""What is left of the money of a PHB that ended: what moved, what is still on its way, what waits to be reconciled."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, QuerySet

from budgets.enums import ClosureStatus
from budgets.models import (
    BudgetClosure,
    ClosureTransition,
    LedgerEntry,
    MonitoringReturn,
    Payment,
    PaymentSchedule,
    PersonalHealthBudget,
    Recovery,
)
from budgets.payment_enums import LedgerKind, PaymentState
from budgets.rules.closure_states import ClosureStep, steps_from
from budgets.rules.ending import Since, Unsettled
from budgets.rules.monitoring_states import ReturnStatus
from budgets.rules.payment_run_states import OPEN_STATUSES
from budgets.rules.recovery_states import OPEN, RecoveryStatus
from phb_register import scope
from phb_register.models import User
from phb_register.roles import Permission

from .ledger import balance
from .monitoring import surplus_of

IN_PREPARATION = (RecoveryStatus.DRAFTED, RecoveryStatus.APPROVED)
UNRECONCILED = (ReturnStatus.DUE, ReturnStatus.RECEIVED)


def has_money(phb: PersonalHealthBudget) -> bool:
    """Whether money of the PHB was ever scheduled, paid or asked back through this register."""
    return (
        PaymentSchedule.objects.filter(phb=phb).exists()
        or LedgerEntry.objects.filter(phb=phb).exists()
        or Recovery.objects.filter(phb=phb).exists()
    )


def money_since(phb: PersonalHealthBudget, closure: BudgetClosure | None) -> Since:
    """What happened to the money since the end was recorded; of an end without a closure, nothing can be told."""
    if closure is None:
        return Since(None, has_money_moved=False, has_open_recovery=False)
    asked = Recovery.objects.filter(phb=phb, prepared_on__gte=closure.opened_on)
    return Since(
        ClosureStatus(closure.status),
        has_money_moved=LedgerEntry.objects.filter(phb=phb, recorded_at__gt=closure.opened_at).exists(),
        has_open_recovery=asked.exclude(status=RecoveryStatus.WITHDRAWN).exists(),
    )


def unsettled(phb: PersonalHealthBudget) -> Unsettled:
    """What is still on its way, so that the money cannot be reconciled yet."""
    waiting = Payment.objects.filter(phb=phb, state=PaymentState.INCLUDED, run__status__in=OPEN_STATUSES)
    asked = Recovery.objects.filter(phb=phb, status__in=(*IN_PREPARATION, *OPEN))
    returns = MonitoringReturn.objects.filter(schedule__phb=phb, status__in=UNRECONCILED)
    return Unsettled(waiting.count(), asked.count(), returns.count())


@dataclass(frozen=True)
class ClosureFacts:
    """What the register knows of the money at the end, in pounds: for whoever reconciles."""

    last_payment_on: dt.date | None
    balance: Decimal
    unspent: Decimal | None
    unsettled: Unsettled


def facts_of(phb: PersonalHealthBudget, today: dt.date) -> ClosureFacts:
    """The last payment, the ledger's balance, what the last statement says is unspent, and what is on its way."""
    last = LedgerEntry.objects.filter(phb=phb, kind=LedgerKind.PAYMENT, reversal__isnull=True)
    surplus = surplus_of(phb, today)
    return ClosureFacts(
        last.aggregate(last=Max("entered_on"))["last"],
        balance(phb, today),
        surplus.balance if surplus else None,
        unsettled(phb),
    )


def closure_of(phb: PersonalHealthBudget) -> BudgetClosure | None:
    """The closure of the end that stands; None for a PHB that goes on, or ended before there were closures."""
    rows = BudgetClosure.objects.filter(phb=phb).exclude(status=ClosureStatus.WITHDRAWN)
    return rows.select_related("opened_by", "reconciled_by").first()


def closure_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS
) -> BudgetClosure | None:
    """The same by the PHB's reference, if the user may see it."""
    rows = BudgetClosure.objects.visible_to(user, permission).exclude(status=ClosureStatus.WITHDRAWN)
    found = rows.select_related(
        "phb__person__commissioner", "phb__commissioner", "phb__cohort", "phb__referral__commissioner", "opened_by",
        "reconciled_by",
    )  # fmt: skip
    return found.filter(phb__reference=reference).first()


def transitions_of(closure: BudgetClosure) -> QuerySet[ClosureTransition]:
    """What happened to the ends of its PHB, the oldest first."""
    return ClosureTransition.objects.filter(closure__phb_id=closure.phb_id).select_related("made_by")


def steps_for(user: User, closure: BudgetClosure) -> list[ClosureStep]:
    """What the user may do to it now. Whoever recorded the end does not reconcile it."""
    return [
        step
        for step in steps_from(closure.status)
        if scope.can(user, step.permission, closure.phb.commissioner)
        and not (step.action == "reconcile" and closure.opened_by_id == user.pk)
    ]


def to_reconcile(user: User, limit: int) -> list[BudgetClosure]:
    """Those that wait for this user's commissioners, the longest ended first."""
    rows = BudgetClosure.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_reconcile()
    return list(rows.select_related("phb__person", "phb__cohort")[:limit])
