"""What a person's timeline tells of the money of their budgets: one read for each kind of thing."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from budgets.models import (
    BudgetProposalTransition,
    ClosureTransition,
    CourtOrder,
    DirectPaymentArrangement,
    DirectPaymentStop,
    LedgerEntry,
    MonitoringReturn,
    PersonalHealthBudget,
    RecoveryTransition,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.payment_enums import LedgerKind
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids

_COHORT = "phb__cohort"


def proposal_steps(user: User, person: Person) -> QuerySet[BudgetProposalTransition]:
    """Every step of the proposals of a person's budgets."""
    ids = commissioner_ids(user, Permission.VIEW_BUDGETS)
    rows = BudgetProposalTransition.objects.filter(
        proposal__referral__person=person, proposal__referral__commissioner__in=ids
    )
    return rows.select_related("proposal__referral", "made_by")


def arrangements(user: User, person: Person) -> list[Any]:
    """Every arrangement of a person's budgets, of any kind."""
    return [
        row
        for kind in (DirectPaymentArrangement, ThirdPartyArrangement, WheelchairArrangement)
        for row in kind.objects.visible_to(user).filter(phb__person=person).select_related(_COHORT, "recorded_by")
    ]


def stops(user: User, person: Person) -> QuerySet[DirectPaymentStop]:
    """Every direct payment of a person that was stopped."""
    return DirectPaymentStop.objects.visible_to(user).filter(phb__person=person).select_related(_COHORT, "decided_by")


@dataclass(frozen=True)
class MonthPaid:
    """What was paid for a PHB in a month, or came back, net, in pounds; `last` is the last day of it in the ledger."""

    phb: PersonalHealthBudget
    kind: str
    month: dt.date
    last: dt.date
    amount: Decimal


def months_paid(user: User, person: Person) -> list[MonthPaid]:
    """Of each PHB and month: what was paid, and what was recovered. Two reads."""
    rows: Any = LedgerEntry.objects.visible_to(user).filter(phb__person=person).order_by()
    found = list(
        rows.annotate(of=Coalesce("reverses__kind", "kind"), month=TruncMonth("entered_on"))
        .values_list("phb", "of", "month", "entered_on")
        .annotate(total=Sum("amount"))
    )
    budgets = PersonalHealthBudget.objects.select_related("cohort").in_bulk({row[0] for row in found})
    sums: dict[tuple[int, str, dt.date], tuple[dt.date, Decimal]] = {}
    for phb, of, month, day, amount in found:
        kind = of if of in (LedgerKind.RECOVERY, LedgerKind.CONTRIBUTION) else LedgerKind.PAYMENT.value
        last, total = sums.get((phb, kind, month), (day, Decimal(0)))
        sums[phb, kind, month] = (max(last, day), total + amount)
    return [
        MonthPaid(budgets[phb], kind, month, last, total) for (phb, kind, month), (last, total) in sums.items() if total
    ]


def returns(user: User, person: Person) -> QuerySet[MonitoringReturn]:
    """The monitoring returns of a person that came."""
    rows = MonitoringReturn.objects.visible_to(user).filter(schedule__phb__person=person, received_on__isnull=False)
    return rows.select_related("schedule__phb__cohort", "reconciled_by")


def recovery_steps(user: User, person: Person) -> QuerySet[RecoveryTransition]:
    """Every step of the recoveries of a person's budgets."""
    ids = commissioner_ids(user, Permission.VIEW_PAYMENTS)
    rows = RecoveryTransition.objects.filter(recovery__phb__person=person, recovery__phb__commissioner__in=ids)
    return rows.select_related("recovery__phb__cohort", "made_by")


def closure_steps(user: User, person: Person) -> QuerySet[ClosureTransition]:
    """What happened after a PHB ended: reconciled, or the end taken back. The end itself is the PHB's to tell."""
    ids = commissioner_ids(user, Permission.VIEW_BUDGETS)
    rows = ClosureTransition.objects.filter(closure__phb__person=person, closure__phb__commissioner__in=ids)
    return rows.exclude(from_status="").select_related("closure__phb__cohort", "made_by")


def orders(user: User, person: Person) -> QuerySet[CourtOrder]:
    """The court orders and licence conditions of a person, for those who may see such."""
    return CourtOrder.objects.visible_to(user).filter(person=person).select_related("recorded_by")
