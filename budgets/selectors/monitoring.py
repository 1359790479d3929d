"""Reads of returns, their reconciliation and what is unspent. Those that take a user see only their commissioners."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from budgets.enums import Method
from budgets.models import (
    BudgetSettings,
    LedgerEntry,
    MonitoringReturn,
    MonitoringReturnTransition,
    PaymentSchedule,
    PersonalHealthBudget,
    Recovery,
    ReturnSchedule,
    RingFencedSaving,
    Surplus,
)
from budgets.models.monitoring import MonitoringReturnQuerySet
from budgets.payment_enums import LedgerKind
from budgets.rules.matching import Sums, sums_of
from budgets.rules.monitoring_states import RECEIVED_STATUSES, ReturnStep, steps_from
from budgets.rules.periods import a_week_of
from budgets.rules.surplus import SurplusFacts
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can

NOTHING = Decimal(0)
#: What arrives on the account of whoever holds the money: payments less what was set off, and what was taken back.
_ARRIVES = (LedgerKind.PAYMENT, LedgerKind.OFFSET, LedgerKind.REVERSAL)
_WITH_ALL = ("schedule__phb__person__commissioner", "schedule__phb__commissioner", "schedule__phb__referral")
MONEY_LEAVES = (Method.DIRECT_PAYMENT, Method.THIRD_PARTY)


@dataclass(frozen=True)
class UnspentMoney:
    """What is known of the unspent money of a PHB: from the latest return by a day, measured by that day's rules."""

    as_at: dt.date
    facts: SurplusFacts
    monitoring_return: MonitoringReturn

    @property
    def balance(self) -> Decimal:
        """What stood on the account, in pounds."""
        return self.facts.balance

    @property
    def weeks(self) -> Fraction | None:
        """Weeks of the budget that are unspent, exactly; None where nothing is paid any more."""
        return self.facts.weeks

    @property
    def is_over(self) -> bool:
        """Whether it is more than the commissioner's threshold."""
        return self.facts.is_over


@dataclass(frozen=True)
class Reconciliation:
    """What stands between a return and its end. ``differences`` are in pounds, by what they are between."""

    has_statement: bool
    sums: Sums
    lines: int
    unmatched_lines: int
    receipts_asked: int
    receipts_missing: int
    opening_balance: Decimal | None
    previous_balance: Decimal | None
    paid_by_ledger: Decimal
    differences: dict[str, Decimal]


OPENING, MOVEMENT, PAYMENTS = "opening", "movement", "payments"


def surplus_of(phb: PersonalHealthBudget, day: dt.date) -> UnspentMoney | None:
    """What is unspent of a PHB by the latest return that ends by ``day``; None where none has come."""
    rows = MonitoringReturn.objects.filter(schedule__phb=phb, last_on__lte=day).with_balance()
    latest = rows.select_related("schedule").first()
    if latest is None or latest.closing_balance is None:
        return None
    facts = SurplusFacts(
        balance=latest.closing_balance,
        ring_fenced=ring_fenced_on(phb, day),
        weekly_amount=weekly_amount_on(phb, latest.schedule.method, day),
        threshold_weeks=BudgetSettings.objects.of(phb.commissioner, day).surplus_weeks,
    )
    return UnspentMoney(latest.last_on, facts, latest)


def open_recoveries(phb: PersonalHealthBudget) -> list[Recovery]:
    """The recoveries of a PHB of which notice was given and that are not settled, with their sums."""
    return list(Recovery.objects.filter(phb=phb).open().with_sums())


def ring_fenced_on(phb: PersonalHealthBudget, day: dt.date) -> Decimal:
    """What is put by for an agreed purpose at the end of a day, in pounds."""
    found = RingFencedSaving.objects.filter(phb=phb).in_force_on(day).aggregate(total=Sum("amount"))["total"]
    return found or NOTHING


def weekly_amount_on(phb: PersonalHealthBudget, method: str, day: dt.date) -> Decimal:
    """What a week of one way of paying comes to on a day, to the penny; nought where it is not paid so any more."""
    if phb.ended_on is not None and phb.ended_on <= day + dt.timedelta(days=1):
        return NOTHING
    annual = phb.method_parts.in_force_on(day).filter(method=method).values_list("annual_amount", flat=True).first()
    return a_week_of(annual) if annual else NOTHING


def schedules_behind(until: dt.date) -> list[int]:
    """The schedules that go on and of which no return reaches ``until`` yet, or whose PHB has ended since."""
    rows = ReturnSchedule.objects.going_on().annotate(reaches=Max("returns__last_on"))
    behind = Q(reaches__isnull=True) | Q(reaches__lt=until) | Q(phb__ended_on__lte=until)
    return list(rows.filter(behind).order_by("pk").values_list("pk", flat=True))


def paid_to_account(phb: PersonalHealthBudget, method: str, first_on: dt.date, last_on: dt.date) -> Decimal:
    """What the ledger says was paid one way from one day to another, both counted, net of what was set off."""
    rows = LedgerEntry.objects.filter(phb=phb, method=method, entered_on__range=(first_on, last_on), kind__in=_ARRIVES)
    return rows.aggregate(total=Coalesce(Sum("amount"), NOTHING))["total"]  # type: ignore[no-any-return]


def reconciliation_of(monitoring_return: MonitoringReturn) -> Reconciliation:
    """What a return's lines come to, and what does not fit."""
    schedule = monitoring_return.schedule
    statements = list(monitoring_return.statements.order_by("first_on", "pk"))
    lines = list(monitoring_return.lines.values_list("amount", "match"))
    receipts = monitoring_return.lines.filter(is_receipt_asked=True).aggregate(
        asked=Count("pk"), missing=Count("pk", filter=Q(receipt_seen_on__isnull=True))
    )
    sums = sums_of(lines)
    paid = paid_to_account(schedule.phb, schedule.method, monitoring_return.first_on, monitoring_return.last_on)
    previous = _previous_balance(monitoring_return)
    opening = statements[0].opening_balance if statements else None
    differences = {}
    if opening is not None:
        expected = NOTHING if previous is None and monitoring_return.number == 1 else previous
        if expected is not None and opening != expected:
            differences[OPENING] = opening - expected
        moved = opening + sum((amount for amount, _ in lines), NOTHING)
        if monitoring_return.closing_balance is not None and moved != monitoring_return.closing_balance:
            differences[MOVEMENT] = monitoring_return.closing_balance - moved
        if sums.paid_by_us != paid:
            differences[PAYMENTS] = sums.paid_by_us - paid
    return Reconciliation(
        has_statement=bool(statements),
        sums=sums,
        lines=len(lines),
        unmatched_lines=sum(not match for _, match in lines),
        receipts_asked=receipts["asked"],
        receipts_missing=receipts["missing"],
        opening_balance=opening,
        previous_balance=previous,
        paid_by_ledger=paid,
        differences=differences,
    )


def _previous_balance(monitoring_return: MonitoringReturn) -> Decimal | None:
    """What stood on the account when the return before ended; None where that is not known."""
    rows = MonitoringReturn.objects.filter(
        schedule=monitoring_return.schedule, number=monitoring_return.number - 1, status__in=RECEIVED_STATUSES
    )
    return rows.values_list("closing_balance", flat=True).first()


def return_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS
) -> MonitoringReturn | None:
    """The return with this reference, if the user may see it."""
    rows = MonitoringReturn.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related(*_WITH_ALL, "reconciled_by").first()


def returns_of(user: User, permission: Permission = Permission.VIEW_PAYMENTS) -> MonitoringReturnQuerySet:
    """The returns the user may see, the first due first, with what a list shows of each."""
    rows = MonitoringReturn.objects.visible_to(user, permission)
    return rows.select_related("schedule__phb__person", "schedule__phb__cohort").order_by("due_on", "pk")


def steps_for(user: User, monitoring_return: MonitoringReturn) -> list[ReturnStep]:
    """What the user may do to a return now: the buttons on its page."""
    commissioner = monitoring_return.schedule.phb.commissioner
    return [step for step in steps_from(monitoring_return.status) if can(user, step.permission, commissioner)]


def transitions_of(monitoring_return: MonitoringReturn) -> QuerySet[MonitoringReturnTransition]:
    """What happened to a return, the oldest first."""
    rows = MonitoringReturnTransition.objects.filter(monitoring_return=monitoring_return)
    return rows.select_related("made_by")


def overdue_returns(user: User, today: dt.date, limit: int) -> list[MonitoringReturn]:
    """Returns that should have come, the longest overdue first."""
    rows = MonitoringReturn.objects.visible_to(user, Permission.MONITOR_BUDGETS).overdue(today)
    return list(rows.select_related("schedule__phb__person")[:limit])


def count_overdue(user: User, today: dt.date) -> int:
    """How many should have come."""
    return MonitoringReturn.objects.visible_to(user, Permission.MONITOR_BUDGETS).overdue(today).count()


def returns_to_reconcile(user: User, limit: int) -> list[MonitoringReturn]:
    """Returns that came, the earliest first."""
    rows = MonitoringReturn.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_reconcile()
    return list(rows.select_related("schedule__phb__person")[:limit])


def count_to_reconcile(user: User) -> int:
    """How many came and are not reconciled."""
    return MonitoringReturn.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_reconcile().count()


def schedules_of(phb: PersonalHealthBudget) -> list[ReturnSchedule]:
    """How often returns are and were due for a PHB."""
    return list(ReturnSchedule.objects.filter(phb=phb).select_related("set_by"))


def schedule_for(user: User, reference: uuid.UUID, method: str) -> ReturnSchedule | None:
    """The schedule that goes on for one way of paying of a PHB, if the user may change it."""
    rows = ReturnSchedule.objects.visible_to(user, Permission.MONITOR_BUDGETS).going_on()
    return rows.filter(phb__reference=reference, method=method).select_related("phb__commissioner").first()


def budget_returns(phb: PersonalHealthBudget) -> QuerySet[MonitoringReturn]:
    """The returns of a PHB, the latest first."""
    return MonitoringReturn.objects.filter(schedule__phb=phb).select_related("schedule")


def methods_to_monitor(phb: PersonalHealthBudget) -> list[str]:
    """The ways by which money of a PHB is paid out and for which no returns are scheduled."""
    having = ReturnSchedule.objects.filter(phb=phb, ends_on__isnull=True).values("method")
    parts = phb.method_parts.filter(method__in=MONEY_LEAVES).exclude(method__in=having)
    if phb.ended_on is not None:
        parts = parts.exclude(method__in=ReturnSchedule.objects.filter(phb=phb).values("method"))
    return list(dict.fromkeys(parts.order_by("method").values_list("method", flat=True)))


def paid_without_returns(user: User, today: dt.date, limit: int) -> list[PaymentSchedule]:
    """Payment schedules of money for which no monitoring returns are scheduled, the longest running first."""
    having = ReturnSchedule.objects.filter(ends_on__isnull=True)
    rows = PaymentSchedule.objects.visible_to(user, Permission.MONITOR_BUDGETS).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today), method__in=MONEY_LEAVES, starts_on__lte=today
    )
    rows = rows.exclude(phb__in=having.filter(method=Method.DIRECT_PAYMENT).values("phb"), method=Method.DIRECT_PAYMENT)
    rows = rows.exclude(phb__in=having.filter(method=Method.THIRD_PARTY).values("phb"), method=Method.THIRD_PARTY)
    return list(rows.select_related("phb__person").order_by("starts_on", "pk")[:limit])


def first_paid_on(phb: PersonalHealthBudget, method: str) -> dt.date | None:
    """The day from which a method is paid for: the first day of its first payment schedule."""
    rows = PaymentSchedule.objects.filter(phb=phb, method=method).order_by("starts_on")
    return rows.values_list("starts_on", flat=True).first()


def savings_of(phb: PersonalHealthBudget) -> list[RingFencedSaving]:
    """Everything put by of a PHB, the earliest first."""
    return list(RingFencedSaving.objects.filter(phb=phb).select_related("agreed_by"))


def saving_for(user: User, reference: uuid.UUID, pk: int) -> RingFencedSaving | None:
    """A ring-fenced saving of a PHB, if the user may end it."""
    visible = PersonalHealthBudget.objects.visible_to(user, Permission.MONITOR_BUDGETS).filter(reference=reference)
    return RingFencedSaving.objects.filter(pk=pk, phb__in=visible).select_related("phb__person").first()


def surplus_for(user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS) -> Surplus | None:
    """A surplus, if the user may see it."""
    rows = Surplus.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related(
        "monitoring_return__schedule__phb__person__commissioner",
        "monitoring_return__schedule__phb__commissioner",
        "decided_by",
    ).first()


def surpluses_to_look_at(user: User, limit: int) -> list[Surplus]:
    """Surpluses that nobody decided about, the longest known first."""
    rows = Surplus.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_look_at()
    return list(rows.select_related("monitoring_return__schedule__phb__person")[:limit])


def all_surpluses(user: User) -> QuerySet[Surplus]:
    """Every surplus that waits for a decision, for its list."""
    rows = Surplus.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_look_at()
    return rows.select_related("monitoring_return__schedule__phb__person")


def surpluses_of(phb: PersonalHealthBudget) -> list[Surplus]:
    """Those of a PHB that were over the threshold, the latest first."""
    rows = Surplus.objects.filter(monitoring_return__schedule__phb=phb, is_over=True)
    return list(rows.select_related("monitoring_return", "decided_by"))
