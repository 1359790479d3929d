"""What the figures of money of a commissioner cost, beside SQL by hand for the same sums.

The SQL does the least that this register needs, where every budget runs the whole year at one amount, is paid by the
NHS alone and nothing was reversed or set off: it adds up what is agreed and what was paid, and what is left of the
one for the other. The page's statement asks all there is to ask: of changes, shares, one-offs, periods of two years,
reversals, recoveries, offsets and savings. Both must come to the same sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction

from budgets.rules.money import total
from budgets.selectors.money import Glance, glance_of, period_of
from phb_register import clock
from phb_register.dates import financial_year
from reporting.benchmark.payable import Body, invent_budgets
from reporting.benchmark.timing import Timing, compare, rows_of

REPEATS = 3

PAYMENTS = """
    INSERT INTO budgets_payment (run_id, number, schedule_id, phb_id, method, period_first, period_last, due_on,
        instalment_amount, adjustment_amount, offset_amount, offsets, amount, payee_name, payee_reference,
        payee_last_four, is_new_payee, is_changed, state, held_reason)
    SELECT %(run)s, row_number() OVER (), schedule.id, schedule.phb_id, schedule.method, month::date,
        (month + interval '1 month - 1 day')::date, month::date, paid.amount, 0, 0, '{}', paid.amount, 'Somebody', '',
        '', false, false, 'included', ''
    FROM budgets_paymentschedule schedule
    JOIN budgets_personalhealthbudget phb ON phb.id = schedule.phb_id
    JOIN budgets_methodpart part ON part.phb_id = schedule.phb_id AND part.method = schedule.method
        AND part.ends_on IS NULL
    CROSS JOIN LATERAL (SELECT round(part.annual_amount / 12, 2) AS amount) paid
    CROSS JOIN generate_series(%(first)s::timestamp, %(first)s::timestamp + interval '5 months', '1 month') AS month
    WHERE phb.commissioner_id = %(commissioner)s
"""

LEDGER = """
    INSERT INTO budgets_ledgerentry (phb_id, commissioner_id, method, kind, amount, entered_on, payment_id, note,
        entered_by_id, recorded_at)
    SELECT phb_id, %(commissioner)s, method, 'payment', amount, due_on, id, '', %(by)s, now()
    FROM budgets_payment WHERE run_id = %(run)s AND amount > 0
"""

SHARES = """
    INSERT INTO budgets_fundingshare (phb_id, agreed_budget_id, funder, body_name, percent, starts_on)
    SELECT agreed.phb_id, agreed.id, 'nhs', '', 100, agreed.applies_from
    FROM budgets_agreedbudget agreed
    JOIN budgets_personalhealthbudget phb ON phb.id = agreed.phb_id
    WHERE phb.commissioner_id = %(commissioner)s
        AND NOT EXISTS (SELECT 1 FROM budgets_fundingshare share WHERE share.agreed_budget_id = agreed.id)
"""

RUN = """
    INSERT INTO budgets_paymentrun (reference, commissioner_id, number, pays_on, frequency, status, prepared_by_id,
        checked_by_id, released_by_id, checked_count, checked_amount, checked_totals)
    VALUES (gen_random_uuid(), %(commissioner)s, 1, %(first)s, '', 'released', %(by)s,
        %(second)s, %(second)s, 1, 1, '{}')
    RETURNING id
"""

BY_HAND = """
    WITH paid AS (
        SELECT phb_id, method, sum(amount) AS amount FROM budgets_ledgerentry
        WHERE commissioner_id = %(commissioner)s AND financial_year = %(year)s AND entered_on <= %(as_at)s
        GROUP BY phb_id, method
    )
    SELECT phb.cohort_id, part.method, sum(part.annual_amount), sum(coalesce(paid.amount, 0)),
        sum(greatest(part.annual_amount, coalesce(paid.amount, 0)))
    FROM budgets_personalhealthbudget phb
    JOIN budgets_methodpart part ON part.phb_id = phb.id AND part.starts_on <= %(first)s AND part.ends_on IS NULL
    LEFT JOIN paid ON paid.phb_id = phb.id AND paid.method = part.method
    WHERE phb.commissioner_id = %(commissioner)s AND phb.started_on <= %(first)s AND phb.ended_on IS NULL
    GROUP BY phb.cohort_id, part.method
"""


@dataclass(frozen=True)
class CommitmentsCost:
    """Milliseconds of the figures and of SQL by hand, medians, for so many budgets."""

    budgets: int
    timing: Timing


def commitments_cost(budgets: int) -> CommitmentsCost:
    """The money of a commissioner with so many budgets, each paid for six months. Everything is rolled back."""
    with transaction.atomic():
        body = invent_budgets(budgets, financial_year(clock.today()).start)
        _pay(body)
        found = _measure(body, budgets)
        transaction.set_rollback(True)
    return found


def _pay(body: Body) -> None:
    params: dict[str, Any] = {
        "commissioner": body.commissioner.pk,
        "first": body.starts_on,
        "by": body.finance.pk,
        "second": body.second.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(RUN, params)
        params["run"] = cursor.fetchone()[0]
        for statement in (SHARES, PAYMENTS, LEDGER):
            cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in ("budgets_fundingshare", "budgets_payment", "budgets_ledgerentry"):
            cursor.execute(f"ANALYZE {table}")


def _measure(body: Body, budgets: int) -> CommitmentsCost:
    period = period_of(financial_year(body.starts_on).begins, clock.today())
    params = {
        "commissioner": body.commissioner.pk, "year": period.year.begins, "as_at": period.as_at,
        "first": body.starts_on,
    }  # fmt: skip
    figures: Callable[[], Glance] = lambda: glance_of(body.commissioner, period)  # noqa: E731
    _same(figures(), rows_of(BY_HAND, params))
    timing = compare(
        "Commitments by cohort and method", page=figures, sql=lambda: rows_of(BY_HAND, params), repeats=REPEATS,
        queries=1,
    )  # fmt: skip
    return CommitmentsCost(budgets, timing)


def _same(glance: Glance, by_hand: list[tuple[Any, ...]]) -> None:
    """Raise `CommandError` where the two ways to the sums differ."""
    whole = total([cell.whole for cell in glance.cells.values()])
    sums = tuple(sum((row[place] for row in by_hand), Decimal(0)) for place in (2, 3, 4))
    if (whole.budget, whole.paid, whole.committed) != sums:
        raise CommandError(f"The figures are {whole}, the SQL by hand {sums}: one of them is wrong")
