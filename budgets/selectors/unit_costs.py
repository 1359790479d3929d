"""What a week costs: its average and spread by cohort, method and care type; and what organisations are paid."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from budgets.rules.money import PENNY

from .money import Period

# A week is 7 of 365 days (`rules.periods`). One-off budgets have no week. The care of a PHB is what the support plan in
# force buys, added up for each care type.
UNIT_COSTS = """
    WITH held AS MATERIALIZED (
        SELECT phb.id, phb.cohort_id, phb.referral_id
        FROM budgets_personalhealthbudget phb
        WHERE phb.commissioner_id = ANY(%(scope)s) AND NOT phb.is_one_off AND phb.started_on <= %(as_at)s
            AND (phb.ended_on IS NULL OR phb.ended_on > %(as_at)s)
    ),
    part AS MATERIALIZED (
        SELECT held.id, held.cohort_id, part.method, part.annual_amount
        FROM held
        JOIN budgets_methodpart part ON part.phb_id = held.id AND part.starts_on <= %(as_at)s
            AND (part.ends_on IS NULL OR part.ends_on > %(as_at)s)
    ),
    whole AS MATERIALIZED (
        SELECT id, cohort_id, round(sum(annual_amount) * 7 / 365, 2) AS weekly FROM part GROUP BY id, cohort_id
    ),
    care AS (
        SELECT held.id, service.category, round(sum(
            CASE service.recurrence WHEN 'weekly' THEN service.amount * 365 ELSE service.amount * 7 END
        ) / 365, 2) AS weekly
        FROM held
        JOIN budgets_supportplan plan ON plan.referral_id = held.referral_id
            AND plan.status IN ('signed', 'superseded') AND plan.in_force_from <= %(as_at)s
            AND (plan.in_force_until IS NULL OR plan.in_force_until > %(as_at)s)
        JOIN budgets_planservice service ON service.plan_id = plan.id AND service.recurrence IN ('weekly', 'annual')
        GROUP BY held.id, service.category
    ),
    line (kind, code, weekly) AS (
        SELECT 'all', '', weekly FROM whole
        UNION ALL SELECT 'cohort', cohort.code, weekly FROM whole
            JOIN offers_cohort cohort ON cohort.id = whole.cohort_id
        UNION ALL SELECT 'method', method, round(annual_amount * 7 / 365, 2) FROM part
        UNION ALL SELECT 'care', category, weekly FROM care
    )
    SELECT kind, code, count(*), round(avg(weekly), 2),
        percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY weekly), round(stddev_samp(weekly), 2)
    FROM line GROUP BY kind, code ORDER BY kind, code
"""

# An entry of the ledger belongs to the organisation that the payment went to: the provider of a notional part, the
# third party, or whoever holds the account of a direct payment, as arranged on the first day paid for.
ORGANISATIONS = """
    WITH paid AS (
        SELECT coalesce(schedule.provider_id, third.organisation_id, direct.account_holder_id) AS organisation_id,
            entry.phb_id, entry.method, sum(entry.amount) AS amount
        FROM budgets_ledgerentry entry
        LEFT JOIN budgets_ledgerentry undone ON undone.id = entry.reverses_id
        JOIN budgets_payment payment ON payment.id = coalesce(entry.payment_id, undone.payment_id)
        JOIN budgets_paymentschedule schedule ON schedule.id = payment.schedule_id
        LEFT JOIN budgets_thirdpartyarrangement third ON entry.method = 'third_party' AND third.phb_id = entry.phb_id
            AND third.starts_on <= payment.period_first
            AND (third.ends_on IS NULL OR third.ends_on > payment.period_first)
        LEFT JOIN budgets_directpaymentarrangement direct ON entry.method = 'direct_payment'
            AND direct.phb_id = entry.phb_id AND direct.starts_on <= payment.period_first
            AND (direct.ends_on IS NULL OR direct.ends_on > payment.period_first)
        WHERE entry.commissioner_id = ANY(%(scope)s) AND entry.financial_year = %(year)s
            AND entry.entered_on <= %(as_at)s
            AND coalesce(undone.kind, entry.kind) IN ('payment', 'offset', 'repayment')
        GROUP BY 1, 2, 3
    ),
    planned AS (
        SELECT service.provider_id AS organisation_id, phb.id AS phb_id, round(sum(
            CASE service.recurrence WHEN 'weekly' THEN service.amount * 365 / 7 ELSE service.amount END
        ), 2) AS amount
        FROM budgets_personalhealthbudget phb
        JOIN budgets_supportplan plan ON plan.referral_id = phb.referral_id
            AND plan.status IN ('signed', 'superseded') AND plan.in_force_from <= %(as_at)s
            AND (plan.in_force_until IS NULL OR plan.in_force_until > %(as_at)s)
        JOIN budgets_planservice service ON service.plan_id = plan.id AND service.recurrence IN ('weekly', 'annual')
            AND service.provider_id IS NOT NULL
        WHERE phb.commissioner_id = ANY(%(scope)s) AND phb.started_on <= %(as_at)s
            AND (phb.ended_on IS NULL OR phb.ended_on > %(as_at)s)
        GROUP BY service.provider_id, phb.id
    )
    SELECT organisation.name, organisation.kinds, coalesce(paid.services, 0), coalesce(paid.held, 0),
        coalesce(paid.budgets, 0), coalesce(planned.amount, 0), coalesce(planned.budgets, 0)
    FROM budgets_supportorganisation organisation
    LEFT JOIN (
        SELECT organisation_id, sum(amount) FILTER (WHERE method <> 'direct_payment') AS services,
            sum(amount) FILTER (WHERE method = 'direct_payment') AS held, count(DISTINCT phb_id) AS budgets
        FROM paid WHERE organisation_id IS NOT NULL GROUP BY organisation_id
    ) paid ON paid.organisation_id = organisation.id
    LEFT JOIN (
        SELECT organisation_id, sum(amount) AS amount, count(*) AS budgets FROM planned GROUP BY organisation_id
    ) planned ON planned.organisation_id = organisation.id
    WHERE paid.budgets > 0 OR planned.budgets > 0
    ORDER BY coalesce(paid.services, 0) + coalesce(paid.held, 0) DESC, coalesce(planned.amount, 0) DESC,
        organisation.name, organisation.id
"""


@dataclass(frozen=True)
class UnitCost:
    """The weekly cost of some budgets, in pounds. `kind` says of what: all, a cohort, a method or a care type.

    `spread` is the standard deviation of the sample, None for a single budget.
    """

    kind: str
    code: str
    budgets: int
    average: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    spread: Decimal | None


@dataclass(frozen=True)
class OrganisationPaid:
    """What an organisation was paid in a financial year, in pounds: for what it does, and for accounts it holds.

    `planned` is what support plans in force buy from it in a year.
    """

    name: str
    kinds: tuple[str, ...]
    paid: Decimal
    held: Decimal
    paid_budgets: int
    planned: Decimal
    planned_budgets: int


def unit_costs(ids: Collection[int], as_at: dt.date) -> list[UnitCost]:
    """Of all, each cohort, method and care type: the weekly cost of the budgets in place at the end of a day."""
    rows = _rows(UNIT_COSTS, {"scope": sorted(ids), "as_at": as_at})
    return [
        UnitCost(kind, code, budgets, average, _pounds(lower), _pounds(median), _pounds(upper), spread)
        for kind, code, budgets, average, (lower, median, upper), spread in rows
    ]


def organisations_paid(ids: Collection[int], period: Period) -> list[OrganisationPaid]:
    """Every organisation that was paid in the year, or that plans in force buy from: the most paid first."""
    rows = _rows(ORGANISATIONS, period.params(ids))
    return [OrganisationPaid(name, tuple(kinds), *rest) for name, kinds, *rest in rows]


def _pounds(value: float) -> Decimal:
    return Decimal(str(value)).quantize(PENNY)


def _rows(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
