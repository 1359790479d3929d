"""What a payment run costs from preparing to its release, beside SQL by hand that pays the same.

The SQL does the least that any way must do here: it asks of each budget whether it is in place, confirmed, planned
and arranged on the day and free of court orders, works out one month of a constant amount, and writes the payments;
then it releases them into the ledger. The run asks all the rules, balances earlier payments, compares with them, and
asks everything again before the money goes. Both must come to the same number and the same sum.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import Sum

from budgets.models import LedgerEntry, Payment, PaymentRun
from budgets.selectors.payments import control_totals
from budgets.services.payment_preparing import prepare
from budgets.services.payment_runs import ask_for_run, check_run, release_run
from phb_register import clock
from phb_register.dates import financial_year
from reporting.benchmark.implications import peak_memory
from reporting.benchmark.payable import Body, invent_budgets

PREPARE = """
    INSERT INTO budgets_payment (run_id, number, schedule_id, phb_id, method, period_first, period_last, due_on,
        instalment_amount, adjustment_amount, offset_amount, offsets, amount, payee_name, payee_reference,
        payee_last_four, is_new_payee, is_changed, state, held_reason)
    SELECT %(run)s, row_number() OVER (ORDER BY phb.id), schedule.id, phb.id, schedule.method, %(first)s, %(last)s,
        %(first)s, round(part.annual_amount / 12, 2), 0, 0, '{}', round(part.annual_amount / 12, 2),
        coalesce(organisation.name, person.family_name),
        coalesce(arranged.payee_reference, organisation.payee_reference, ''),
        coalesce(arranged.account_last_four, ''), true, false, 'included', ''
    FROM budgets_paymentschedule schedule
    JOIN budgets_personalhealthbudget phb ON phb.id = schedule.phb_id
    JOIN phb_register_person person ON person.id = phb.person_id
    JOIN budgets_methodpart part ON part.phb_id = phb.id AND part.method = schedule.method
        AND part.starts_on <= %(first)s AND (part.ends_on IS NULL OR part.ends_on > %(last)s)
    LEFT JOIN budgets_directpaymentarrangement arranged ON arranged.phb_id = phb.id
        AND arranged.starts_on <= %(first)s AND (arranged.ends_on IS NULL OR arranged.ends_on > %(first)s)
    LEFT JOIN budgets_supportorganisation organisation ON organisation.id = schedule.provider_id
    WHERE phb.commissioner_id = %(commissioner)s AND schedule.starts_on <= %(first)s AND schedule.ends_on IS NULL
        AND phb.started_on <= %(first)s AND phb.ended_on IS NULL AND person.died_on IS NULL
        AND EXISTS (SELECT 1 FROM budgets_agreedbudget agreed WHERE agreed.phb_id = phb.id
            AND agreed.applies_from <= %(first)s AND agreed.proposal_id IS NOT NULL)
        AND (schedule.method <> 'direct_payment' OR (
            arranged.consent_given_on <= %(first)s AND arranged.account_approved_on <= %(first)s
            AND EXISTS (SELECT 1 FROM budgets_supportplan plan WHERE plan.referral_id = phb.referral_id
                AND plan.status = 'signed' AND plan.in_force_from <= %(first)s)
            AND NOT EXISTS (SELECT 1 FROM budgets_courtorder held WHERE held.person_id = phb.person_id
                AND held.withdrawn_on IS NULL AND held.first_day <= %(first)s
                AND (held.last_day IS NULL OR held.last_day >= %(first)s))
        ))
        AND NOT EXISTS (SELECT 1 FROM budgets_payment paid WHERE paid.schedule_id = schedule.id
            AND paid.period_first = %(first)s AND paid.state IN ('included', 'held', 'reversed'))
"""

RELEASE = (
    "UPDATE budgets_paymentrun SET status = 'released', released_by_id = %(by)s WHERE id = %(run)s",
    """
    INSERT INTO budgets_ledgerentry (phb_id, commissioner_id, method, kind, amount, entered_on, payment_id, note,
        entered_by_id, recorded_at)
    SELECT payment.phb_id, phb.commissioner_id, payment.method, 'payment', payment.amount, %(first)s, payment.id, '',
        %(by)s, now()
    FROM budgets_payment payment JOIN budgets_personalhealthbudget phb ON phb.id = payment.phb_id
    WHERE payment.run_id = %(run)s AND payment.state = 'included'
    """,
)


@dataclass(frozen=True)
class RunCost:
    """Seconds of one step of a run, of SQL by hand where there is any, and memory in megabytes."""

    name: str
    payments: int
    seconds: float
    sql_seconds: float | None
    before: float
    peak: float

    @property
    def ratio(self) -> float | None:
        """How many times its SQL the step takes."""
        return self.seconds / self.sql_seconds if self.sql_seconds else None


def run_costs(payments: int) -> list[RunCost]:
    """What preparing, checking and releasing a run of so many payments costs. Everything is rolled back."""
    with transaction.atomic():
        starts_on = financial_year(clock.today()).start
        found = _Measured(invent_budgets(payments, starts_on), payments).costs()
        transaction.set_rollback(True)
    return found


class _Measured:
    """One run, measured step by step."""

    def __init__(self, body: Body, payments: int) -> None:
        self.body, self.payments, self.day = body, payments, body.starts_on
        self.run = ask_for_run(commissioner=body.commissioner, pays_on=self.day, by=body.finance, today=self.day)
        self.params: dict[str, Any] = {
            "run": self.run.pk,
            "commissioner": body.commissioner.pk,
            "first": self.day,
            "last": self.day.replace(day=30),
            "by": body.second.pk,
        }

    def costs(self) -> list[RunCost]:
        """Each step after its SQL, which is taken back before."""
        sql = self._taken_back(PREPARE, read=self._prepared)
        prepared = self._cost("Prepare", lambda: prepare(run=self.run), sql[0])
        self._same(sql[1], self._prepared())
        totals = control_totals(self.run)
        run = PaymentRun.objects.get(pk=self.run.pk)
        checked = self._cost(
            "Check",
            lambda: check_run(run=run, by=self.body.second, on=self.day, count=totals.count, amount=totals.amount),
            None,
        )
        sql = self._taken_back(*RELEASE, read=self._entered)
        released = self._cost("Release", lambda: release_run(run=run, by=self.body.second, on=self.day), sql[0])
        self._same(sql[1], self._entered())
        return [prepared, checked, released, _whole(prepared, checked, released)]

    def _cost(self, name: str, act: Callable[[], Any], sql_seconds: float | None) -> RunCost:
        with peak_memory() as memory:
            begun = time.perf_counter()
            act()
            _as_at_commit()
            seconds = time.perf_counter() - begun
        return RunCost(name, self.payments, seconds, sql_seconds, memory[0], memory[1])

    def _taken_back(self, *statements: str, read: Callable[[], Any]) -> tuple[float, Any]:
        """Seconds of statements by hand and what they came to; then as if they had never been."""
        with transaction.atomic():
            begun = time.perf_counter()
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement, self.params)
            _as_at_commit()
            seconds = time.perf_counter() - begun
            found = read()
            transaction.set_rollback(True)
        return seconds, found

    def _prepared(self) -> tuple[int, Decimal | None]:
        rows = Payment.objects.filter(run=self.run, state="included")
        return rows.count(), rows.aggregate(total=Sum("amount"))["total"]

    def _entered(self) -> tuple[int, Decimal | None]:
        rows = LedgerEntry.objects.filter(payment__run=self.run)
        return rows.count(), rows.aggregate(total=Sum("amount"))["total"]

    def _same(self, by_hand: Any, by_run: Any) -> None:
        if by_hand != by_run or by_run[0] != self.payments:
            raise CommandError(
                f"The run comes to {by_run}, the SQL by hand to {by_hand}, of {self.payments:,}: one of them is wrong"
            )


def _whole(*steps: RunCost) -> RunCost:
    """All steps of a run together."""
    return RunCost(
        "The whole run",
        steps[0].payments,
        sum(each.seconds for each in steps),
        sum(each.sql_seconds or 0 for each in steps),
        steps[0].before,
        max(each.peak for each in steps),
    )


def _as_at_commit() -> None:
    """Do now what a commit would: the checks that wait for the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
