"""How often monitoring returns are due: setting that up, changing it, going on with it, and ending it."""

import datetime as dt

from django.db import transaction

from budgets.enums import Method
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import (
    BudgetSettings,
    MonitoringReturn,
    MonitoringReturnTransition,
    PersonalHealthBudget,
    ReturnSchedule,
)
from budgets.rules import agreement
from budgets.rules import monitoring_states as states
from budgets.rules.monitoring_states import ReturnStatus, RiskLevel
from budgets.rules.return_periods import ONE_DAY, ReturnPeriod, first_period, next_period
from budgets.selectors.monitoring import schedules_behind
from phb_register import audit, clock
from phb_register.models import User
from phb_register.roles import Permission

from .holding import held_budget

MONEY_LEAVES = (Method.DIRECT_PAYMENT, Method.THIRD_PARTY)


@transaction.atomic
def start_monitoring(
    *,
    phb: PersonalHealthBudget,
    method: str,
    risk_level: str,
    starts_on: dt.date,
    by: User,
    reason: str = "",
    on: dt.date | None = None,
) -> ReturnSchedule:
    """Say how often returns are due for money that is paid out, from the day it began to be; the first is scheduled.

    Asking again with the same level gives the schedule there is. Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    phb = held_budget(phb, by, Permission.MONITOR_BUDGETS)
    day = on or clock.today()
    standing = ReturnSchedule.objects.going_on().filter(phb=phb, method=method).first()
    if standing is not None:
        if standing.risk_level == risk_level:
            return standing
        raise BudgetRefused([Problem("", "Returns are scheduled already. Change the risk level instead")])
    _check_start(phb, method, risk_level, starts_on, reason)
    settings = BudgetSettings.objects.of(phb.commissioner, day)
    schedule = ReturnSchedule.objects.create(
        phb=phb,
        method=method,
        risk_level=risk_level,
        risk_reason=reason.strip(),
        starts_on=starts_on,
        first_weeks=settings.first_return_weeks,
        months=months_at(settings, risk_level),
        set_by=by,
        set_on=day,
    )
    _go_on(schedule, settings, day)
    audit.record(
        actor=by,
        action="monitoring-started",
        subject=schedule,
        commissioner=phb.commissioner,
        detail={"method": method, "risk_level": risk_level, "starts_on": starts_on.isoformat()},
    )
    return schedule


def _check_start(phb: PersonalHealthBudget, method: str, risk_level: str, starts_on: dt.date, reason: str) -> None:
    problems = []
    if method not in MONEY_LEAVES or not phb.method_parts.filter(method=method).exists():
        problems.append(Problem("method", "Select a method of this budget by which money is paid out"))
    if risk_level not in RiskLevel.values:
        problems.append(Problem("risk_level", "Select the risk level"))
    if risk_level == RiskLevel.HIGH and not reason.strip():
        problems.append(Problem("reason", "Enter why the risk is high"))
    if starts_on < phb.agreed_on:
        agreed = agreement.day(phb.agreed_on)
        problems.append(Problem("starts_on", f"Enter a first day on or after {agreed}, when the budget was agreed"))
    if phb.ended_on is not None and starts_on >= phb.ended_on:
        ended = agreement.day(phb.ended_on)
        problems.append(Problem("starts_on", f"Enter a first day before {ended}, when the budget ended"))
    last = ReturnSchedule.objects.filter(phb=phb, method=method, ends_on__gte=starts_on).order_by("-ends_on").first()
    if last is not None and last.ends_on is not None:
        after = agreement.day(last.ends_on)
        problems.append(Problem("starts_on", f"Enter a first day after {after}, the last day returns covered before"))
    if problems:
        raise BudgetRefused(problems)


def months_at(settings: BudgetSettings, risk_level: str) -> int:
    """Months between returns at a risk level."""
    return {
        RiskLevel.HIGH.value: settings.high_return_months,
        RiskLevel.MEDIUM.value: settings.medium_return_months,
    }.get(risk_level, settings.low_return_months)


@transaction.atomic
def change_risk_level(
    *, schedule: ReturnSchedule, risk_level: str, reason: str, by: User, on: dt.date | None = None
) -> ReturnSchedule:
    """Look at the money more closely, or less, from now on. A return that runs is shortened where the new level asks
    for it sooner, and never lengthened. Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    phb = held_budget(schedule.phb, by, Permission.MONITOR_BUDGETS)
    day = on or clock.today()
    schedule = ReturnSchedule.objects.select_for_update().get(pk=schedule.pk)
    problems = []
    if schedule.ends_on is not None:
        problems.append(Problem("", "These returns have ended. There is nothing to change"))
    if risk_level not in RiskLevel.values or risk_level == schedule.risk_level:
        problems.append(Problem("risk_level", "Select another risk level than the present one"))
    if not reason.strip():
        problems.append(Problem("reason", "Enter why the risk level changes"))
    if problems:
        raise BudgetRefused(problems)
    settings = BudgetSettings.objects.of(phb.commissioner, day)
    before, schedule.risk_level, schedule.risk_reason = schedule.risk_level, risk_level, reason.strip()
    schedule.months, schedule.set_by, schedule.set_on = months_at(settings, risk_level), by, day
    schedule.save(update_fields=["risk_level", "risk_reason", "months", "set_by", "set_on"])
    running = schedule.returns.filter(status=ReturnStatus.DUE).order_by("-number").first()
    if running is not None:
        running.risk_level = risk_level
        if running.number > 1:
            period = next_period(running.first_on - ONE_DAY, schedule.months, anchor_day=_anchor_day(schedule))
            _shorten(running, max(day, period.last_on), settings)
        running.save(update_fields=["risk_level", "last_on", "due_on"])
    audit.record(
        actor=by,
        action="risk-level-changed",
        subject=schedule,
        commissioner=phb.commissioner,
        detail={"from": before, "to": risk_level},
    )
    return schedule


def _shorten(running: MonitoringReturn, last_on: dt.date, settings: BudgetSettings) -> None:
    if last_on < running.last_on:
        running.last_on = last_on
        running.due_on = last_on + ONE_DAY * settings.return_days


def extend_returns(*, until: dt.date) -> int:
    """Schedule every return whose period has begun by ``until`` (a day), and end those of PHBs that ended.

    Safe to run again: each is made once. Answers how many were made. Called each day.
    """
    made = 0
    for schedule_id in schedules_behind(until):
        with transaction.atomic():
            rows = ReturnSchedule.objects.select_for_update(of=("self",)).select_related("phb__commissioner")
            schedule = rows.get(pk=schedule_id)
            settings = BudgetSettings.objects.of(schedule.phb.commissioner, until)
            if schedule.phb.ended_on is not None and schedule.ends_on is None:
                made += _end(schedule, settings, max(schedule.phb.ended_on - ONE_DAY, schedule.starts_on), until)
            else:
                made += _go_on(schedule, settings, until)
    return made


def end_monitoring(*, phb: PersonalHealthBudget, last_on: dt.date, on: dt.date, method: str | None = None) -> int:
    """Let the last return of a PHB cover its days until ``last_on``: when it ended, or its money stopped.

    Part of whatever ended it, which checked who may. Answers how many returns were made.
    """
    settings = BudgetSettings.objects.of(phb.commissioner, on)
    rows = ReturnSchedule.objects.select_for_update().going_on().filter(phb=phb)
    made = 0
    for schedule in rows.filter(method=method) if method else rows:
        made += _end(schedule, settings, max(last_on, schedule.starts_on), on)
    return made


def _go_on(schedule: ReturnSchedule, settings: BudgetSettings, until: dt.date) -> int:
    """The returns up to the one that ``until`` falls in."""
    latest, made = schedule.returns.order_by("-number").first(), 0
    while latest is None or latest.last_on < min(until, schedule.ends_on or until):
        if latest is None:
            period = first_period(schedule.starts_on, schedule.first_weeks)
        else:
            period = next_period(latest.last_on, schedule.months, anchor_day=_anchor_day(schedule))
        latest = _add(schedule, period, settings, number=latest.number + 1 if latest else 1, on=until)
        made += 1
    return made


def _end(schedule: ReturnSchedule, settings: BudgetSettings, last_on: dt.date, on: dt.date) -> int:
    schedule.ends_on = last_on
    schedule.save(update_fields=["ends_on"])
    made = _go_on(schedule, settings, last_on)
    for beyond in schedule.returns.filter(status=ReturnStatus.DUE, first_on__gt=last_on):
        record_step(beyond, states.WAIVE, by=schedule.set_by, on=on, note="The money stopped before it")
        MonitoringReturn.objects.filter(pk=beyond.pk).update(status=ReturnStatus.WAIVED)
    running = schedule.returns.filter(status=ReturnStatus.DUE, first_on__lte=last_on, last_on__gte=last_on).first()
    if running is not None:
        _shorten(running, last_on, settings)
        running.is_final = True
        running.save(update_fields=["last_on", "due_on", "is_final"])
    return made


def _add(
    schedule: ReturnSchedule, period: ReturnPeriod, settings: BudgetSettings, *, number: int, on: dt.date
) -> MonitoringReturn:
    added = MonitoringReturn.objects.create(
        schedule=schedule,
        number=number,
        first_on=period.first_on,
        last_on=period.last_on,
        due_on=period.last_on + ONE_DAY * settings.return_days,
        risk_level=schedule.risk_level,
    )
    record_step(added, states.SCHEDULE, by=schedule.set_by, on=max(schedule.set_on, on))
    return added


def _anchor_day(schedule: ReturnSchedule) -> int:
    return (first_period(schedule.starts_on, schedule.first_weeks).last_on + ONE_DAY).day


def record_step(
    monitoring_return: MonitoringReturn, step: states.ReturnStep, *, by: User, on: dt.date, note: str = ""
) -> None:
    """The append-only row of one step of a return."""
    MonitoringReturnTransition.objects.create(
        monitoring_return=monitoring_return,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
