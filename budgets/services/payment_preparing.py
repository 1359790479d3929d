"""Writing what a payment run pays: everything is worked out first, then written in one transaction."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from budgets.models import Payment, PaymentRun
from budgets.payment_enums import PaymentState, RunStatus
from budgets.rules import payment_run_states as steps
from budgets.selectors.run_drafts import Draft, Progress, drafts_of
from phb_register import jobs
from phb_register.models import Job

from .payment_run_steps import take_step

JOB_KIND = "payment-run"
PORTION = 20_000
COLUMNS = (
    "run_id", "number", "schedule_id", "phb_id", "method", "period_first", "period_last", "due_on",
    "instalment_amount", "adjustment_amount", "offset_amount", "offsets", "amount", "previous_amount", "payee_name",
    "payee_reference", "payee_last_four", "is_new_payee", "is_changed", "state", "held_reason", "held_by_id",
)  # fmt: skip


def prepare(*, run: PaymentRun, progress: Progress = lambda done, total: None) -> PaymentRun:
    """Work out the payments of a run and write them. Prepared or abandoned already, it changes nothing.

    Nothing is written until everything is worked out, and then all of it in one transaction, so a worker that is
    killed leaves nothing behind but the job, which is run again.
    """
    if run.status != RunStatus.PREPARING:
        return run
    return _write(run, drafts_of(run, progress))


@transaction.atomic
def _write(run: PaymentRun, drafts: Sequence[Draft]) -> PaymentRun:
    held = PaymentRun.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=run.pk)
    if held.status != RunStatus.PREPARING:
        return held
    copy_payments(held, drafts)
    take_step(held, steps.PREPARE, by=held.prepared_by, on=held.transitions.earliest("pk").occurred_on)
    return held


def copy_payments(run: PaymentRun, drafts: Sequence[Draft]) -> None:
    """By COPY, because a run may have tens of thousands."""
    table = Payment._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, len(drafts), PORTION):
            buffer = io.StringIO()
            csv.writer(buffer).writerows(_rows(run, drafts[start : start + PORTION], start + 1))
            buffer.seek(0)
            # An empty cell without quotes is null: only the amount before and who held it may be.
            columns = ", ".join(COLUMNS)
            cursor.copy_expert(
                f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (payee_name, payee_reference, "
                "payee_last_four, held_reason))",
                buffer,
            )


def _rows(run: PaymentRun, drafts: Sequence[Draft], number: int) -> Iterator[tuple[Any, ...]]:
    for place, draft in enumerate(drafts, start=number):
        due = draft.due
        yield (
            run.pk,
            place,
            due.schedule.pk,
            due.schedule.phb_id,
            due.schedule.method.value,
            due.period.first,
            due.period.last,
            due.period.due_on,
            due.instalment_amount,
            due.adjustment_amount,
            draft.offset_amount,
            json.dumps(draft.offsets),
            draft.amount,
            draft.previous_amount,
            draft.payee.name,
            draft.payee.payee_reference,
            draft.payee.last_four,
            draft.is_new_payee,
            draft.is_changed,
            (PaymentState.HELD if draft.against else PaymentState.INCLUDED).value,
            draft.against,
            None,
        )


def enqueue(run: PaymentRun) -> Job:
    """Ask for the job of a run, once."""
    return jobs.enqueue(
        kind=JOB_KIND,
        key=f"{JOB_KIND}-{run.pk}",
        parameters={"run": run.pk},
        requested_by=run.prepared_by,
        commissioner=run.commissioner,
    )
