"""A payment run from asking for it to its release: prepared by one person, checked and released by another."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max

from budgets.models import Payment, PaymentRun
from budgets.payment_enums import Frequency, PaymentState, RunStatus
from budgets.rules import payment_run_states as steps
from budgets.selectors.payments import control_totals
from budgets.selectors.run_drafts import Draft, drafts_of
from phb_register import scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

from .offsets import apply_offsets
from .payment_preparing import enqueue
from .payment_run_steps import locked, may_take, record_step, refused, take_step

#: How long before its day a run is prepared at most, and how long after: banks take no payment for a day gone by.
LONGEST_AHEAD_DAYS = 62
NO_LONGER = "What is due has changed since the run was prepared. Leave it out here; the next run works it out anew"

#: What a payment was prepared with and must still be when it is made.
COMPARED = (
    "period_last",
    F("instalment_amount") + F("adjustment_amount"),
    "offset_amount",
    "offsets",
    "payee_name",
    "payee_reference",
    "payee_last_four",
)

# Gross, with what was set off as an entry of its own; in the order of the run.
ENTER = """
    INSERT INTO budgets_ledgerentry (
        phb_id, commissioner_id, method, kind, amount, entered_on, payment_id, note, entered_by_id, recorded_at
    )
    SELECT payment.phb_id, phb.commissioner_id, payment.method, line.kind, line.amount, %(pays_on)s, payment.id, '',
        %(by)s, now()
    FROM budgets_payment payment
    JOIN budgets_personalhealthbudget phb ON phb.id = payment.phb_id
    CROSS JOIN LATERAL (
        VALUES ('payment', payment.amount + payment.offset_amount), ('offset', -payment.offset_amount)
    ) AS line (kind, amount)
    WHERE payment.run_id = %(run)s AND payment.state = 'included' AND line.amount <> 0
    ORDER BY payment.number, line.kind DESC
"""

HOLD_BUDGETS = """
    SELECT count(*) FROM (
        SELECT FROM budgets_personalhealthbudget phb
        WHERE phb.id IN (SELECT phb_id FROM budgets_payment WHERE run_id = %(run)s AND state = 'included')
        ORDER BY phb.id FOR KEY SHARE
    ) AS held
"""


@transaction.atomic
def ask_for_run(
    *, commissioner: Commissioner, pays_on: dt.date, by: User, today: dt.date, frequency: str = ""
) -> PaymentRun:
    """Ask for a run that pays on a day what is due by then, of all schedules or of those of one frequency.

    A job works it out. There is one open run at a time. Raises `PermissionDenied` without PREPARE_PAYMENTS for the
    commissioner, or `BudgetRefused`.
    """
    commissioner = Commissioner.objects.select_for_update().get(pk=commissioner.pk)
    scope.check(by, Permission.PREPARE_PAYMENTS, commissioner)
    if not commissioner.is_body or not commissioner.is_open_on(pays_on):
        raise refused("Select a commissioner that exists on the day: a partnership pays nobody", "commissioner")
    if not today <= pays_on <= today + dt.timedelta(days=LONGEST_AHEAD_DAYS):
        raise refused(f"Enter a day that is today or at most {LONGEST_AHEAD_DAYS} days ahead", "pays_on")
    if frequency and frequency not in Frequency.values:
        raise refused("Select which schedules to pay", "frequency")
    existing = PaymentRun.objects.filter(commissioner=commissioner, status__in=steps.OPEN_STATUSES).first()
    if existing is not None:
        raise refused(f"Release or abandon payment run {existing.number} first. One run is open at a time")
    last = PaymentRun.objects.filter(commissioner=commissioner).aggregate(last=Max("number"))["last"] or 0
    run = PaymentRun.objects.create(
        commissioner=commissioner, number=last + 1, pays_on=pays_on, frequency=frequency, prepared_by=by
    )
    record_step(run, steps.ASK, from_status="", by=by, on=today)
    run.job = enqueue(run)
    run.save(update_fields=["job"])
    return run


@transaction.atomic
def check_run(*, run: PaymentRun, by: User, on: dt.date, count: int, amount: Decimal) -> int:
    """Check a run: `count` payments of `amount` pounds are what the checker saw. Never by whoever prepared it.

    What can no longer be paid, or is no longer what is due, is held first; the run then stays to be checked, and the
    number held is the answer. 0 says that it is checked. Raises `PermissionDenied` or `BudgetRefused`.
    """
    run = locked(run)
    step = may_take(run, "check", by)
    held = hold_what_changed(run)
    if held:
        return held
    totals = control_totals(run)
    if (totals.count, totals.amount) != (count, amount):
        raise refused("The run was changed since you opened it. Look at its totals again, then check it")
    if not totals.count:
        raise refused("There is nothing to pay in this run. Abandon it")
    run.checked_by, run.checked_count, run.checked_amount = by, totals.count, totals.amount
    run.checked_totals = totals.by_method
    take_step(run, step, by=by, on=on)
    return 0


@transaction.atomic
def release_run(*, run: PaymentRun, by: User, on: dt.date) -> int:
    """Release a checked run: its payments enter the ledger, once. Never by whoever prepared it.

    What can no longer be paid is held first and the run goes back to be checked; the number held is the answer, 0
    where it is released, also where it was released before. Raises `PermissionDenied` or `BudgetRefused`.
    """
    run = locked(run)
    if run.status == RunStatus.RELEASED:
        scope.check(by, Permission.RELEASE_PAYMENTS, run.commissioner)
        return 0
    step = may_take(run, "release", by)
    _hold_still(run)
    changed = what_changed(run)
    if changed:
        _back(run, by=by, on=on, note="What can be paid has changed since it was checked")
        return _hold(changed)
    run.released_by = by
    take_step(run, step, by=by, on=on)
    enter_in_ledger(run, by)
    Payment.objects.filter(run=run, state=PaymentState.HELD).update(state=PaymentState.LEFT_OUT)
    _apply_offsets(run, by)
    return 0


@transaction.atomic
def send_back(*, run: PaymentRun, by: User, on: dt.date, reason: str) -> PaymentRun:
    """Take back that a run was checked, so that payments can be held. Raises `PermissionDenied` or `BudgetRefused`."""
    run = locked(run)
    may_take(run, "send_back", by)
    if not reason.strip():
        raise refused("Enter why the run goes back", "reason")
    _back(run, by=by, on=on, note=reason.strip())
    return run


@transaction.atomic
def abandon_run(*, run: PaymentRun, by: User, on: dt.date, reason: str) -> PaymentRun:
    """Give a run up: nothing in it is paid, and the next run pays it. Raises `PermissionDenied` or `BudgetRefused`."""
    run = locked(run)
    step = may_take(run, "abandon", by)
    if not reason.strip():
        raise refused("Enter why the run is abandoned", "reason")
    _clear_check(run)
    take_step(run, step, by=by, on=on, note=reason.strip())
    Payment.objects.filter(run=run).update(state=PaymentState.LEFT_OUT)
    return run


def hold_what_changed(run: PaymentRun) -> int:
    """Hold the included payments that can no longer be made as they were prepared. How many."""
    return _hold(what_changed(run))


def what_changed(run: PaymentRun) -> dict[int, str]:
    """Of the payments included, by id, those that would not be made so now, and why."""
    now = {(each.due.schedule.pk, each.due.period.first): each for each in drafts_of(run, compares=False)}
    rows = Payment.objects.filter(run=run, state=PaymentState.INCLUDED).order_by("number")
    found = {}
    for pk, schedule_id, first, *prepared in rows.values_list("pk", "schedule_id", "period_first", *COMPARED):
        draft = now.get((schedule_id, first))
        if draft is not None and draft.against:
            found[pk] = draft.against
        elif draft is None or prepared != _compared(draft):
            found[pk] = NO_LONGER
    return found


def _hold_still(run: PaymentRun) -> None:
    """Wait for whoever changes a budget that is paid, and have the next wait.

    Before anything enters the access log, which has one writer at a time: somebody who held a budget and waited for
    the log would wait for us, and we for them.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD_BUDGETS, {"run": run.pk})


def _compared(draft: Draft) -> list[Any]:
    """What it would be now of the columns `COMPARED`."""
    payee = (draft.payee.name, draft.payee.payee_reference, draft.payee.last_four)
    return [draft.due.period.last, draft.gross_amount, draft.offset_amount, draft.offsets, *payee]


def enter_in_ledger(run: PaymentRun, by: User) -> None:
    """One statement, however many payments."""
    with connection.cursor() as cursor:
        cursor.execute(ENTER, {"run": run.pk, "pays_on": run.pays_on, "by": by.pk})


def _apply_offsets(run: PaymentRun, by: User) -> None:
    rows = Payment.objects.filter(run=run, state=PaymentState.INCLUDED).exclude(offsets={})
    taken = {int(number): Decimal(amount) for each in rows for number, amount in each.offsets.items()}
    if taken:
        apply_offsets(applied=taken, on=run.pays_on, by=by)


def _hold(changed: dict[int, str]) -> int:
    rows = list(Payment.objects.filter(pk__in=changed))
    for payment in rows:
        payment.state, payment.held_reason = PaymentState.HELD, changed[payment.pk]
    Payment.objects.bulk_update(rows, ["state", "held_reason"], batch_size=500)
    return len(rows)


def _back(run: PaymentRun, *, by: User, on: dt.date, note: str) -> None:
    _clear_check(run)
    take_step(run, steps.SEND_BACK, by=by, on=on, note=note)


def _clear_check(run: PaymentRun) -> None:
    run.checked_by, run.checked_count, run.checked_amount, run.checked_totals = None, None, None, None
