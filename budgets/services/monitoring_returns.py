"""What becomes of a monitoring return: received, queried, answered, reconciled, waived, reopened."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import MonitoringReturn
from budgets.rules import agreement
from budgets.rules import monitoring_states as states
from budgets.rules.monitoring_states import RiskLevel
from budgets.selectors.monitoring import reconciliation_of
from phb_register import audit, clock, scope
from phb_register.models import User
from phb_register.roles import Permission

from .monitoring import record_step
from .surplus import work_out_surplus

NO_LONGER = "This was done already, perhaps by somebody else. Look at what was recorded before you do anything else"
LARGEST_BALANCE = Decimal("9999999999.99")


def held_return(monitoring_return: MonitoringReturn, by: User) -> MonitoringReturn:
    """The return as it now stands, held to the end of the transaction, for somebody who monitors its budget."""
    rows = MonitoringReturn.objects.select_related("schedule__phb__commissioner", "schedule__phb__person")
    held = rows.select_for_update(of=("self",)).get(pk=monitoring_return.pk)
    scope.check(by, Permission.MONITOR_BUDGETS, held.schedule.phb.commissioner)
    return held


@transaction.atomic
def receive_return(
    *,
    monitoring_return: MonitoringReturn,
    closing_balance: Decimal,
    by: User,
    on: dt.date | None = None,
    note: str = "",
) -> MonitoringReturn:
    """Record that a return came with no file: what it says stood on the account at the end, in pounds.

    Enough at low risk; at the others a statement is needed before it can be reconciled. Raises ``PermissionDenied`` or
    ``BudgetRefused``.
    """
    held, day = _ready(monitoring_return, states.RECEIVE, by=by, on=on)
    if abs(closing_balance) > LARGEST_BALANCE:
        raise BudgetRefused([Problem("closing_balance", "Enter the balance in pounds and pence, like 1,234.50")])
    mark_received(held, closing_balance, by=by, on=day, note=note)
    return held


def mark_received(held: MonitoringReturn, balance: Decimal, *, by: User, on: dt.date, note: str = "") -> None:
    """Part of what records a return, by hand or by file: its day, its balance, and what that means for a surplus.

    The first file after a hand-written balance replaces that balance.
    """
    if on < held.first_on:
        first = agreement.day(held.first_on)
        raise BudgetRefused([Problem("on", f"Enter a date on or after {first}, the first day the return covers")])
    if held.status == states.ReturnStatus.DUE:
        held.status, held.received_on = states.RECEIVE.to_status, on
        _record(held, states.RECEIVE, by=by, on=on, note=note)
    held.closing_balance = balance
    held.save(update_fields=["status", "received_on", "closing_balance"])
    work_out_surplus(monitoring_return=held, by=by, on=on)


@transaction.atomic
def query_return(
    *, monitoring_return: MonitoringReturn, question: str, by: User, on: dt.date | None = None
) -> MonitoringReturn:
    """Ask about something in a return. Raises as the others do."""
    held, day = _ready(monitoring_return, states.QUERY, by=by, on=on)
    return _moved(held, states.QUERY, by=by, on=day, note=_said(question, "question", "Enter what you ask"))


@transaction.atomic
def answer_query(
    *, monitoring_return: MonitoringReturn, answer: str, by: User, on: dt.date | None = None
) -> MonitoringReturn:
    """Record what was answered. Raises as the others do."""
    held, day = _ready(monitoring_return, states.ANSWER, by=by, on=on)
    return _moved(held, states.ANSWER, by=by, on=day, note=_said(answer, "answer", "Enter what was answered"))


@transaction.atomic
def waive_return(
    *, monitoring_return: MonitoringReturn, reason: str, by: User, on: dt.date | None = None
) -> MonitoringReturn:
    """Do without a return, for a reason. Raises as the others do."""
    held, day = _ready(monitoring_return, states.WAIVE, by=by, on=on)
    return _moved(held, states.WAIVE, by=by, on=day, note=_said(reason, "reason", "Enter why it is not needed"))


@transaction.atomic
def expect_return(
    *, monitoring_return: MonitoringReturn, reason: str, by: User, on: dt.date | None = None
) -> MonitoringReturn:
    """Expect a return that was waived after all. Raises as the others do."""
    held, day = _ready(monitoring_return, states.EXPECT, by=by, on=on)
    return _moved(held, states.EXPECT, by=by, on=day, note=_said(reason, "reason", "Enter why it is needed after all"))


@transaction.atomic
def reconcile_return(
    *, monitoring_return: MonitoringReturn, by: User, on: dt.date | None = None, difference_note: str = ""
) -> MonitoringReturn:
    """Close a return: every line matched, every receipt asked for seen, every difference explained.

    From then on it never changes, unless it is reopened. Raises as the others do.
    """
    held, day = _ready(monitoring_return, states.RECONCILE, by=by, on=on)
    found = reconciliation_of(held)
    problems = []
    if not found.has_statement and held.risk_level != RiskLevel.LOW:
        problems.append(Problem("", "Store the statement first. A balance alone is enough at low risk only"))
    if found.unmatched_lines:
        problems.append(Problem("", f"Match the lines that are left first: {found.unmatched_lines}"))
    if found.receipts_missing:
        problems.append(Problem("", f"See the receipts asked for first: {found.receipts_missing} missing"))
    if found.differences and not difference_note.strip():
        problems.append(Problem("difference_note", "Enter what explains the differences"))
    if problems:
        raise BudgetRefused(problems)
    held.difference_note = difference_note.strip() if found.differences else ""
    held.reconciled_on, held.reconciled_by = day, by
    held.status = states.RECONCILE.to_status
    held.save(update_fields=["status", "reconciled_on", "reconciled_by", "difference_note"])
    _record(held, states.RECONCILE, by=by, on=day, note=held.difference_note)
    return held


@transaction.atomic
def reopen_return(
    *, monitoring_return: MonitoringReturn, reason: str, by: User, on: dt.date | None = None
) -> MonitoringReturn:
    """Open a reconciled return again, for a reason, so that it can be corrected. Raises as the others do."""
    held, day = _ready(monitoring_return, states.REOPEN, by=by, on=on)
    why = _said(reason, "reason", "Enter what is to be corrected")
    held.reconciled_on = held.reconciled_by = None
    held.status = states.REOPEN.to_status
    held.save(update_fields=["status", "reconciled_on", "reconciled_by"])
    _record(held, states.REOPEN, by=by, on=day, note=why)
    return held


def _ready(
    monitoring_return: MonitoringReturn, step: states.ReturnStep, *, by: User, on: dt.date | None
) -> tuple[MonitoringReturn, dt.date]:
    """The return, held, if this may be done to it on the day."""
    held = held_return(monitoring_return, by)
    if step not in states.steps_from(held.status):
        raise BudgetRefused([Problem("", NO_LONGER)])
    today = clock.today()
    day = on or today
    earliest = held.received_on or held.first_on
    if day > today:
        raise BudgetRefused([Problem("on", "Date must be today or in the past")])
    if day < earliest:
        said = "it was received" if held.received_on else "the period begins"
        raise BudgetRefused([Problem("on", f"Date must be on or after {agreement.day(earliest)}, when {said}")])
    return held, day


def _said(text: str, field: str, remedy: str) -> str:
    if not text.strip():
        raise BudgetRefused([Problem(field, remedy)])
    return text.strip()


def _moved(held: MonitoringReturn, step: states.ReturnStep, *, by: User, on: dt.date, note: str) -> MonitoringReturn:
    held.status = step.to_status
    held.save(update_fields=["status"])
    _record(held, step, by=by, on=on, note=note)
    return held


def _record(held: MonitoringReturn, step: states.ReturnStep, *, by: User, on: dt.date, note: str = "") -> None:
    record_step(held, step, by=by, on=on, note=note)
    audit.record(
        actor=by,
        action=f"return-{step.action}",
        subject=held,
        commissioner=held.schedule.phb.commissioner,
        detail={"on": on.isoformat(), "number": held.number},
    )
