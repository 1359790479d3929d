"""What a payment run is to pay, from what is there: due periods, payees, set-offs, and what stands against each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from budgets.enums import Method
from budgets.models import PaymentRun, PaymentSchedule
from budgets.models.payments import LONGEST_WAIT_DAYS
from budgets.rules.agreement import DIRECT_PAYMENTS_BEGAN_ON
from budgets.rules.offsets import set_off
from budgets.rules.payability import Payable, Payee
from phb_register.models.commissioners import counted_ids

from .instalments import Due, due_by, returned_offsets
from .offsets import approved_between
from .payability import judged

NOTHING = Decimal("0.00")
PENNY = Decimal("0.01")
PORTION = 5000
NOBODY = Payee("", "")
Progress = Callable[[int, int], None]

# The last payment that was made of each method of each PHB that is asked for: one look into the index each.
PREVIOUS = """
    SELECT asked.phb_id, asked.method, last.schedule_id, last.amount + last.offset_amount, last.payee_name,
        last.payee_reference, last.payee_last_four
    FROM unnest(%s::bigint[], %s::text[]) AS asked (phb_id, method)
    CROSS JOIN LATERAL (
        SELECT payment.* FROM budgets_payment payment
        JOIN budgets_paymentrun run ON run.id = payment.run_id AND run.status = 'released'
        WHERE payment.phb_id = asked.phb_id AND payment.method = asked.method AND payment.state = 'included'
        ORDER BY payment.period_first DESC, payment.id DESC LIMIT 1
    ) AS last
"""


@dataclass(slots=True)
class Draft:
    """A payment as it would be made. `against` says what stands in its way, with the remedy and the rule."""

    due: Due
    payee: Payee = NOBODY
    offset_amount: Decimal = NOTHING
    offsets: dict[str, str] = field(default_factory=dict)
    against: str = ""
    previous_amount: Decimal | None = None
    is_new_payee: bool = True

    @property
    def gross_amount(self) -> Decimal:
        """The instalment, and what earlier payments were short or over."""
        return self.due.instalment_amount + self.due.adjustment_amount

    @property
    def amount(self) -> Decimal:
        """What goes to the bank."""
        return self.gross_amount - self.offset_amount

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the payment before by more than the penny that rounding moves."""
        if self.due.adjustment_amount or self.offset_amount:
            return True
        return self.previous_amount is not None and abs(self.previous_amount - self.gross_amount) > PENNY


@dataclass(frozen=True, slots=True)
class Previous:
    """The last payment made of a method: by which schedule, how much, to whom."""

    schedule_id: int
    gross_amount: Decimal
    payee: Payee


def commissioners_of_run(run: PaymentRun) -> list[int]:
    """The commissioners whose PHBs a run pays: its own and those it succeeded."""
    return sorted(counted_ids([run.commissioner_id], run.pays_on))


def drafts_of(run: PaymentRun, progress: Progress = lambda done, total: None, *, compares: bool = True) -> list[Draft]:
    """Everything that is due by the day of the run and is paid by no other, in the order of the run.

    For a run that is prepared already it gives what it would be now. `compares`: with what was paid the time before.
    The number of reads does not depend on how much is due, but for what is read in portions.
    """
    latest = run.pays_on + dt.timedelta(days=LONGEST_WAIT_DAYS)
    schedules = PaymentSchedule.objects.filter(phb__commissioner__in=commissioners_of_run(run), starts_on__lte=latest)
    drafts = [Draft(due) for due in due_by(schedules, run.pays_on, frequency=run.frequency, but_of_run=run.pk)]
    progress(0, len(drafts))
    _set_off(drafts, schedules, run.pays_on)
    for start in range(0, len(drafts), PORTION):
        portion = drafts[start : start + PORTION]
        _ask(portion, run.pays_on)
        if compares:
            _compare(portion)
        progress(start + len(portion), len(drafts))
    return drafts


def _payable(draft: Draft, pays_on: dt.date) -> Payable:
    schedule = draft.due.schedule
    return Payable(schedule.phb_id, schedule.method, pays_on, draft.due.period.last)


def _ask(drafts: Sequence[Draft], pays_on: dt.date) -> None:
    """Whether each may be paid, and to whom."""
    items = [_payable(draft, pays_on) for draft in drafts]
    answers = judged(items)
    for draft, item in zip(drafts, items, strict=True):
        problems, payee = answers[item]
        draft.against = ". ".join(problem.message for problem in problems)
        if item.method == Method.NOTIONAL:
            payee = Payee(draft.due.schedule.provider_name, draft.due.schedule.provider_reference)
        draft.payee = payee or NOBODY
        if not draft.payee.name and not draft.against:
            draft.against = "Record who is paid: nobody is recorded on the day"


def _compare(drafts: Sequence[Draft]) -> None:
    """What was paid the time before, so that a checker sees what is new."""
    before = previous_payments((each.due.schedule.phb_id, each.due.schedule.method) for each in drafts)
    for draft in drafts:
        schedule = draft.due.schedule
        previous = before.get((schedule.phb_id, schedule.method))
        if previous is None:
            continue
        draft.is_new_payee = previous.payee != draft.payee
        if previous.schedule_id == schedule.pk:
            draft.previous_amount = previous.gross_amount


def previous_payments(asked: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Previous]:
    """By PHB and method, the last payment that was made and stands. One read."""
    pairs = sorted(set(asked))
    with connection.cursor() as cursor:
        cursor.execute(PREVIOUS, [[phb_id for phb_id, _ in pairs], [str(method) for _, method in pairs]])
        return {
            (phb_id, method): Previous(schedule_id, amount, Payee(name, reference, last_four))
            for phb_id, method, schedule_id, amount, name, reference, last_four in cursor.fetchall()
        }


def _set_off(drafts: Sequence[Draft], schedules: QuerySet[PaymentSchedule], pays_on: dt.date) -> None:
    """What was approved to be set off by the day, and what was set off against a payment that came back."""
    again = returned_offsets(schedules)
    # Asked of the schedules and not of a list of numbers: few offsets, many payments.
    phb_ids: Any = schedules.order_by().values("phb_id")
    approved = approved_between(phb_ids, DIRECT_PAYMENTS_BEGAN_ON, pays_on)
    waiting: dict[tuple[int, str], list[tuple[int, Decimal]]] = defaultdict(list)
    for (phb_id, method, _), offset in sorted(approved.items(), key=lambda item: item[0][2]):
        waiting[phb_id, method].append((offset.pk, offset.amount))
    for draft in drafts:
        schedule = draft.due.schedule
        returned = again.get((schedule.pk, draft.due.period.first))
        if returned is not None:
            draft.offset_amount = set_off(draft.gross_amount, returned[0])
        for number, amount in waiting.pop((schedule.phb_id, schedule.method), ()):
            taken = set_off(draft.amount, amount)
            if taken:
                draft.offset_amount += taken
                draft.offsets[str(number)] = str(taken)
