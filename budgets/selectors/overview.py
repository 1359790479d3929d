"""What stands on the front page of a PHB: what is next to do, from every part of it, and its money in one line."""

import datetime as dt
from dataclasses import dataclass, field

from budgets.enums import ClosureStatus, Method
from budgets.models import BudgetClosure, BudgetProposal, MonitoringReturn, PersonalHealthBudget, Recovery
from budgets.rules.money import Money, total
from budgets.rules.monitoring_states import ReturnStatus
from phb_register.dates import financial_year
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can

from .agreed_budgets import agreed_on
from .arrangements import arrangement_on
from .budget_proposals import open_proposal_of
from .closures import closure_of
from .money import Period, money_of, period_of
from .monitoring import open_recoveries
from .payment_schedules import Instalment, due_between
from .reviews import next_due
from .support_plans import plan_in_force

#: Methods for which somebody has to be arranged before anything is paid.
ARRANGED = (Method.DIRECT_PAYMENT, Method.THIRD_PARTY)
LOOKS_AHEAD = dt.timedelta(days=92)


@dataclass(frozen=True)
class Overview:
    """What is known of a PHB's next steps; what the reader may not see is left empty."""

    has_plan: bool = True
    is_confirmed: bool = True
    proposal: BudgetProposal | None = None
    unarranged: tuple[Method, ...] = ()
    next_payment: Instalment | None = None
    returns: tuple[MonitoringReturn, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    review_due_on: dt.date | None = None
    closure: BudgetClosure | None = None
    period: Period | None = None
    money: Money = field(default_factory=Money)


def overview_of(user: User, phb: PersonalHealthBudget, today: dt.date) -> Overview:
    """A fixed number of reads. A PHB that ended has nothing to come but its final reconciliation."""
    own = phb.commissioner
    period = period_of(financial_year(today).begins, today) if can(user, Permission.VIEW_MONEY, own) else None
    money = total([each[0] for each in money_of([phb.pk], period).get(phb.pk, {}).values()]) if period else Money()
    sees_payments = can(user, Permission.VIEW_PAYMENTS, own)
    recoveries = tuple(open_recoveries(phb)) if sees_payments else ()
    if phb.ended_on is not None:
        closure = closure_of(phb)
        waits = closure is not None and closure.status == ClosureStatus.OPEN
        return Overview(recoveries=recoveries, closure=closure if waits else None, period=period, money=money)
    methods = {part.method for part in phb.method_parts.all() if part.ends_on is None}
    agreed = agreed_on(phb, today)
    return Overview(
        has_plan=plan_in_force(phb.referral, today) is not None,
        is_confirmed=agreed is None or agreed.proposal_id is not None,
        proposal=open_proposal_of(phb.referral),
        unarranged=tuple(
            method for method in ARRANGED if method in methods and arrangement_on(phb, method, today) is None
        ),
        next_payment=_next_payment(phb, today) if sees_payments else None,
        returns=tuple(_returns(phb)) if sees_payments else (),
        recoveries=recoveries,
        review_due_on=next_due(phb),
        period=period,
        money=money,
    )


def _next_payment(phb: PersonalHealthBudget, today: dt.date) -> Instalment | None:
    return min(due_between([phb.pk], today, today + LOOKS_AHEAD), key=lambda each: each.due_on, default=None)


def _returns(phb: PersonalHealthBudget) -> list[MonitoringReturn]:
    """The returns that are due or wait to be reconciled, the earliest due first."""
    rows = MonitoringReturn.objects.filter(schedule__phb=phb, status__in=(ReturnStatus.DUE, ReturnStatus.RECEIVED))
    return list(rows.order_by("due_on", "pk")[:2])
