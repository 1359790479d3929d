"""What the payment schedules of many PHBs come to: read in a fixed number of queries, reckoned by the pure rules."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from budgets.enums import Method
from budgets.models import LedgerEntry, MethodPart, Payment, PaymentSchedule
from budgets.models.payments import STANDING
from budgets.payment_enums import Frequency, LedgerKind, PaidWhen, PaymentState
from budgets.rules.instalments import (
    ONE_DAY,
    Accrual,
    Basis,
    Period,
    Timing,
    balanced,
    instalment,
    periods,
    pounds,
    running_total,
    within,
)

NOTHING = Decimal("0.00")
PORTION = 5000


@dataclass(frozen=True, slots=True)
class Planned:
    """A schedule as the reckoning reads it."""

    pk: int
    phb_id: int
    method: Method
    timing: Timing
    one_off_amount: Decimal | None
    provider_name: str
    provider_reference: str

    @property
    def is_one_off(self) -> bool:
        """Whether it pays once, an amount of its own."""
        return self.timing.frequency == Frequency.ONE_OFF


@dataclass(frozen=True, slots=True)
class Paid:
    """What stands of a schedule: how many periods, the last day, and what was given for them."""

    periods: int = 0
    last: dt.date | None = None
    amount: Decimal = NOTHING


NOTHING_PAID = Paid()


@dataclass(frozen=True, slots=True)
class Due:
    """A period to be paid: its instalment, and what earlier payments were short (above nought) or over."""

    schedule: Planned
    period: Period
    instalment_amount: Decimal
    adjustment_amount: Decimal = NOTHING


@dataclass(slots=True)
class Plan:
    """The schedules of one method of one PHB, what was agreed for it, and what stands as paid."""

    schedules: list[Planned] = field(default_factory=list)
    accruals: list[Accrual] = field(default_factory=list)
    repaid: Decimal = NOTHING

    def due(self, by: dt.date, paid: dict[int, Paid], gaps: dict[int, set[dt.date]], frequency: str) -> Iterator[Due]:
        """The periods due by a day that do not stand as paid, balanced with what was paid before."""
        yield from self._once(by, paid, frequency)
        regular = [each for each in self.schedules if not each.is_one_off]
        open_periods = [
            (each, period)
            for each in regular
            if frequency in ("", each.timing.frequency)
            for period in _open(each, by, paid.get(each.pk, NOTHING_PAID), gaps.get(each.pk))
        ]
        if not open_periods:
            return
        until = _until(paid, open_periods)
        paying = [each for each in regular if each.pk in until]
        # One that pays nothing yet does not change how the year is reckoned.
        basis = Basis.of((each.timing.starts_on, each.timing.frequency) for each in paying)
        covered = [
            part
            for each in paying
            for part in within(
                self.accruals, each.timing.starts_on, min(until[each.pk], each.timing.ends_on or dt.date.max)
            )
        ]
        amounts = [instalment(covered, period.first, period.last, basis) for _, period in open_periods]
        settled = sum((paid[each.pk].amount for each in regular if each.pk in paid), -self.repaid)
        owed = pounds(running_total(covered, dt.date.max, basis)) - settled
        for (each, period), amount, adjustment in zip(open_periods, amounts, balanced(amounts, owed), strict=True):
            if amount or adjustment:
                yield Due(each, period, amount, adjustment)

    def expected(self, first: dt.date, last: dt.date) -> Iterator[Due]:
        """What falls due from `first` to `last`, paid or not, without balances."""
        covered: list[Accrual] = []
        seen: list[tuple[dt.date, Frequency]] = []
        for each in self.schedules:
            timing = each.timing
            if not each.is_one_off:
                covered += within(self.accruals, timing.starts_on, timing.ends_on)
                seen.append((timing.starts_on, timing.frequency))
            basis = Basis.of(seen)
            for period in periods(timing, last):
                if period.due_on >= first:
                    amount = each.one_off_amount or instalment(covered, period.first, period.last, basis)
                    yield Due(each, period, amount)

    def _once(self, by: dt.date, paid: dict[int, Paid], frequency: str) -> Iterator[Due]:
        for each in self.schedules:
            if each.is_one_off and frequency in ("", Frequency.ONE_OFF) and each.pk not in paid:
                assert each.one_off_amount is not None  # noqa: S101  schedule_once_names_amount
                for period in periods(each.timing, by):
                    yield Due(each, period, each.one_off_amount)


def _until(paid: dict[int, Paid], open_periods: list[tuple[Planned, Period]]) -> dict[int, dt.date]:
    """By schedule, the day after the last one that is paid or to be paid."""
    until = {pk: each.last + ONE_DAY for pk, each in paid.items() if each.last is not None}
    for each, period in open_periods:
        until[each.pk] = max(until.get(each.pk, dt.date.min), period.last + ONE_DAY)
    return until


def _open(each: Planned, by: dt.date, paid: Paid, stands: set[dt.date] | None) -> Iterator[Period]:
    """The periods due by a day that do not stand. `stands` is given where there are gaps among those that do."""
    if stands is not None:
        yield from (period for period in periods(each.timing, by) if period.first not in stands)
    elif paid.last is None:
        yield from periods(each.timing, by)
    else:
        yield from periods(replace(each.timing, starts_on=paid.last + ONE_DAY), by)


def due_by(
    schedules: QuerySet[PaymentSchedule], by: dt.date, *, frequency: str = "", but_of_run: int | None = None
) -> Iterator[Due]:
    """What is due by a day on these schedules and is not paid, nor in an open run (other than `but_of_run`).

    Six reads, however many schedules. All schedules of a method of a PHB are needed to balance it, so `schedules`
    holds all of them or none.
    """
    plans = plans_of(schedules)
    paid = _paid(schedules, but_of_run)
    gaps = _gaps(plans, paid, but_of_run)
    for plan in plans:
        yield from plan.due(by, paid, gaps, frequency)


def plans_of(schedules: QuerySet[PaymentSchedule]) -> list[Plan]:
    """The schedules put together by PHB and method, with what was agreed for it. Three reads."""
    plans: dict[tuple[int, str], Plan] = defaultdict(Plan)
    fields = (
        "pk", "phb_id", "method", "frequency", "starts_on", "ends_on", "paid_when", "wait_days", "one_off_amount",
        "provider__name", "provider__payee_reference",
    )  # fmt: skip
    for row in schedules.order_by("phb_id", "method", "starts_on", "pk").values_list(*fields).iterator(PORTION):
        pk, phb_id, method, frequency, starts_on, ends_on, paid_when, wait_days, one_off_amount, name, number = row
        timing = Timing(Frequency(frequency), starts_on, ends_on, PaidWhen(paid_when), wait_days)
        planned = Planned(pk, phb_id, Method(method), timing, one_off_amount, name or "", number or "")
        plans[phb_id, method].schedules.append(planned)
    phb_ids = schedules.order_by().values("phb_id")
    parts = MethodPart.objects.filter(phb__in=phb_ids).order_by("phb_id", "starts_on")
    for phb_id, method, starts_on, ends_on, amount in parts.values_list(
        "phb_id", "method", "starts_on", "ends_on", "annual_amount"
    ).iterator(PORTION):
        if (phb_id, method) in plans and starts_on != ends_on:
            plans[phb_id, method].accruals.append(Accrual(starts_on, ends_on, amount))
    repaid = LedgerEntry.objects.filter(phb__in=phb_ids, kind=LedgerKind.REPAYMENT, reversal__isnull=True).order_by()
    for phb_id, method, total in repaid.values_list("phb_id", "method").annotate(total=Sum("amount")):
        if (phb_id, method) in plans:
            plans[phb_id, method].repaid = -total
    return list(plans.values())


def _standing(but_of_run: int | None) -> QuerySet[Payment]:
    rows = Payment.objects.filter(state__in=STANDING)
    return rows if but_of_run is None else rows.exclude(run=but_of_run)


def _paid(schedules: QuerySet[PaymentSchedule], but_of_run: int | None) -> dict[int, Paid]:
    rows: Any = _standing(but_of_run).filter(schedule__in=schedules.order_by().values("pk")).order_by()
    totals = rows.values_list("schedule_id").annotate(
        periods=Count("pk"),
        last=Max("period_last"),
        instalments=Sum("instalment_amount"),
        adjustments=Sum("adjustment_amount"),
    )
    return {pk: Paid(count, last, one + other) for pk, count, last, one, other in totals.iterator(PORTION)}


def _gaps(plans: Iterable[Plan], paid: dict[int, Paid], but_of_run: int | None) -> dict[int, set[dt.date]]:
    """The first days of what stands, of those schedules in which a period before the last one does not. Few."""
    broken = [
        each.pk
        for plan in plans
        for each in plan.schedules
        if each.pk in paid and not each.is_one_off and _is_broken(each.timing, paid[each.pk])
    ]
    if not broken:
        return {}
    found: dict[int, set[dt.date]] = defaultdict(set)
    for start in range(0, len(broken), PORTION):
        rows = _standing(but_of_run).filter(schedule__in=broken[start : start + PORTION])
        for pk, first in rows.values_list("schedule_id", "period_first"):
            found[pk].add(first)
    return found


def _is_broken(timing: Timing, paid: Paid) -> bool:
    assert paid.last is not None  # noqa: S101  there is at least one
    return count_of_periods(timing, paid.last) != paid.periods


def count_of_periods(timing: Timing, until: dt.date) -> int:
    """How many periods begin by a day."""
    first = timing.starts_on
    if timing.frequency == Frequency.MONTHLY:
        return (until.year - first.year) * 12 + until.month - first.month + 1
    length = {Frequency.WEEKLY: 7, Frequency.FOUR_WEEKLY: 28}[timing.frequency]
    return (until - first).days // length + 1


def returned_offsets(
    schedules: QuerySet[PaymentSchedule],
) -> dict[tuple[int, dt.date], tuple[Decimal, dict[str, str]]]:
    """What was set off against payments that the bank returned: it is set off again when they are paid again."""
    rows = Payment.objects.filter(
        Q(state=PaymentState.RETURNED), schedule__in=schedules.order_by().values("pk"), offset_amount__gt=0
    ).order_by("pk")
    return {(each.schedule_id, each.period_first): (each.offset_amount, each.offsets) for each in rows}
