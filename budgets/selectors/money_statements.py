"""The SQL behind every figure of money (`rules.money`): one pass over the budgets of a financial year.

The grain is one method of one PHB. Whatever is shown is a sum of grains that were rounded to the penny, so parts add
to totals. Of all funders, and of the NHS by the funding shares in force on the day that the money is for.

Parameters: `scope` (ids of commissioners, or of PHBs: see `SCOPES`), `first` and `next` (1 April of the year and of
the next), `days` (365 or 366), `year` (the calendar year it begins in) and `as_at`.
"""

#: By what the rows are chosen: the column that `= ANY(%(scope)s)` is put to, of a PHB and of a ledger entry.
SCOPES = {
    "commissioners": ("phb.commissioner_id", "entry.commissioner_id"),
    "budgets": ("phb.id", "entry.phb_id"),
}

# Kinds of the ledger that are money paid out; a reversal is of the kind that it reverses.
_PAID = "('payment', 'offset', 'repayment')"
_NHS = "coalesce(nhs.percent, 0)"


#: A month of any length in equal parts for each of its days, and twelve of them: a year by months.
_MONTH = 377_580
_WHOLE = 12 * _MONTH


def _parts(day: str) -> str:
    """Months of a date in those parts, counted from year nought."""
    return (
        f"((extract(year FROM {day})::int * 12 + extract(month FROM {day})::int)::bigint * {_MONTH}"
        f" + (extract(day FROM {day})::int - 1) * ({_MONTH} / extract(day FROM"
        f" date_trunc('month', {day}) + interval '1 month - 1 day')::int))"
    )


def _grains(scope: str) -> str:
    phb, entry = SCOPES[scope]
    return f"""
    WITH spell AS MATERIALIZED (
        SELECT phb.id, phb.cohort_id, phb.started_on, phb.is_one_off, phb.previous_annual_amount,
            greatest(phb.started_on, %(first)s) AS first, least(phb.ended_on, %(next)s) AS until
        FROM budgets_personalhealthbudget phb
        WHERE {phb} = ANY(%(scope)s) AND phb.started_on < %(next)s
            AND (phb.ended_on IS NULL OR (phb.ended_on > %(first)s AND phb.ended_on > phb.started_on))
    ),
    -- What a day of a part is worth, times the days of the year; what is agreed once stands on one day whole.
    piece AS MATERIALIZED (
        SELECT spell.id AS phb_id, part.method, part.annual_amount AS a_day,
            greatest(part.starts_on, spell.first) AS first, least(part.ends_on, spell.until) AS until, false AS once
        FROM spell
        JOIN budgets_methodpart part ON part.phb_id = spell.id
        WHERE NOT spell.is_one_off AND part.starts_on < spell.until
            AND (part.ends_on IS NULL OR part.ends_on > greatest(part.starts_on, spell.first))
        UNION ALL
        SELECT spell.id, part.method, part.annual_amount * %(days)s, spell.started_on, spell.started_on + 1, true
        FROM spell
        JOIN budgets_methodpart part ON part.phb_id = spell.id
        WHERE spell.is_one_off AND spell.started_on >= %(first)s AND part.starts_on < spell.until
            AND (part.ends_on IS NULL OR part.ends_on >= spell.until)
        UNION ALL
        SELECT spell.id, agreed.one_off_method, agreed.one_off_amount * %(days)s, held.day, held.day + 1, true
        FROM spell
        JOIN budgets_agreedbudget agreed ON agreed.phb_id = spell.id AND agreed.one_off_amount > 0
        CROSS JOIN LATERAL (SELECT greatest(agreed.applies_from, spell.started_on) AS day) held
        WHERE held.day >= %(first)s AND held.day < spell.until AND NOT EXISTS (
            SELECT 1 FROM budgets_agreedbudget later
            WHERE later.phb_id = spell.id AND later.number > agreed.number AND later.applies_from <= held.day
        )
    ),
    nhs AS MATERIALIZED (
        SELECT share.phb_id, share.starts_on, coalesce(share.ends_on, 'infinity'::date) AS ends_on,
            sum(share.percent) AS percent
        FROM budgets_fundingshare share
        JOIN budgets_personalhealthbudget phb ON phb.id = share.phb_id
        WHERE {phb} = ANY(%(scope)s) AND share.funder = 'nhs'
            AND (share.ends_on IS NULL OR share.ends_on > share.starts_on)
        GROUP BY share.phb_id, share.starts_on, share.ends_on
    ),
    -- What is paid by the month accrues by the month (`rules.instalments`): the latest schedule that begins by the end
    -- of the year decides for the whole of it.
    monthly AS MATERIALIZED (
        SELECT DISTINCT ON (schedule.phb_id, schedule.method) schedule.phb_id, schedule.method,
            schedule.frequency = 'monthly' AS is_so
        FROM budgets_paymentschedule schedule
        JOIN spell ON spell.id = schedule.phb_id
        WHERE schedule.frequency <> 'one_off'
        ORDER BY schedule.phb_id, schedule.method, schedule.starts_on >= %(next)s,
            CASE WHEN schedule.starts_on < %(next)s THEN %(next)s - schedule.starts_on
                ELSE schedule.starts_on - %(next)s END
    ),
    budget AS (
        SELECT piece.phb_id, piece.method, CASE
            WHEN monthly.is_so IS NOT TRUE THEN round(sum(a_day * (until - first)) / %(days)s, 2)
            ELSE round(sum(CASE WHEN once THEN a_day / %(days)s * {_WHOLE}
                ELSE a_day * ({_parts("until")} - {_parts("first")}) END) / {_WHOLE}, 2) END AS whole
        FROM piece
        LEFT JOIN monthly USING (phb_id, method)
        GROUP BY piece.phb_id, piece.method, monthly.is_so
    ),
    budget_nhs AS (
        SELECT held.phb_id, held.method, CASE
            WHEN monthly.is_so IS NOT TRUE THEN round(sum(a_day * (until - first) * percent) / (100 * %(days)s), 2)
            ELSE round(sum(percent * CASE WHEN once THEN a_day / %(days)s * {_WHOLE}
                ELSE a_day * ({_parts("until")} - {_parts("first")}) END) / (100 * {_WHOLE}), 2) END AS part
        FROM (
            SELECT piece.phb_id, piece.method, piece.a_day, piece.once, nhs.percent,
                greatest(piece.first, nhs.starts_on) AS first, least(piece.until, nhs.ends_on) AS until
            FROM piece
            JOIN nhs ON nhs.phb_id = piece.phb_id AND nhs.starts_on < piece.until AND nhs.ends_on > piece.first
        ) held
        LEFT JOIN monthly USING (phb_id, method)
        GROUP BY held.phb_id, held.method, monthly.is_so
    ),
    entry AS MATERIALIZED (
        SELECT entry.phb_id, entry.method, entry.amount, entry.entered_on, entry.financial_year,
            coalesce(undone.kind, entry.kind) AS kind, coalesce(entry.payment_id, undone.payment_id) AS payment_id
        FROM budgets_ledgerentry entry
        LEFT JOIN budgets_ledgerentry undone ON undone.id = entry.reverses_id
        WHERE {entry} = ANY(%(scope)s) AND entry.financial_year BETWEEN %(year)s - 1 AND %(year)s
            AND entry.entered_on <= %(as_at)s
    ),
    cash AS (
        SELECT entry.phb_id, entry.method,
            coalesce(sum(amount) FILTER (WHERE kind IN {_PAID}), 0) AS paid,
            round(coalesce(sum(amount * {_NHS}) FILTER (WHERE kind IN {_PAID}), 0) / 100, 2) AS paid_nhs,
            -coalesce(sum(amount) FILTER (WHERE kind = 'recovery'), 0) AS recovered,
            -round(coalesce(sum(amount * {_NHS}) FILTER (WHERE kind = 'recovery'), 0) / 100, 2) AS recovered_nhs
        FROM entry
        LEFT JOIN nhs ON nhs.phb_id = entry.phb_id AND entry.entered_on >= nhs.starts_on
            AND entry.entered_on < nhs.ends_on
        WHERE entry.financial_year = %(year)s
        GROUP BY entry.phb_id, entry.method
    ),
    net AS (
        SELECT payment_id, sum(amount) AS amount FROM entry WHERE kind IN {_PAID} GROUP BY payment_id
    ),
    -- A payment for days of two years counts in each by its days; the second year has the rest of the pennies.
    covered AS MATERIALIZED (
        SELECT payment.phb_id, payment.method,
            CASE WHEN upto.before = 0 AND upto.days = upto.all_days THEN net.amount ELSE
                round(net.amount * upto.days / upto.all_days, 2) - round(net.amount * upto.before / upto.all_days, 2)
            END AS paid_for,
            CASE WHEN payment.state NOT IN ('included', 'reversed') THEN 0
                WHEN upto.before = 0 AND upto.days = upto.all_days THEN due.amount ELSE
                round(due.amount * upto.days / upto.all_days, 2) - round(due.amount * upto.before / upto.all_days, 2)
            END AS settled,
            {_NHS} AS percent
        FROM net
        JOIN budgets_payment payment ON payment.id = net.payment_id
        CROSS JOIN LATERAL (SELECT payment.instalment_amount + payment.adjustment_amount AS amount) due
        CROSS JOIN LATERAL (SELECT
            least(payment.period_last + 1, %(next)s) - payment.period_first AS days,
            greatest(%(first)s - payment.period_first, 0) AS before,
            payment.period_last + 1 - payment.period_first AS all_days
        ) upto
        LEFT JOIN nhs ON nhs.phb_id = payment.phb_id AND payment.period_first >= nhs.starts_on
            AND payment.period_first < nhs.ends_on
        WHERE payment.period_first < %(next)s AND payment.period_last >= %(first)s
    ),
    coverage AS (
        SELECT phb_id, method, sum(paid_for) AS paid_for, round(sum(paid_for * percent) / 100, 2) AS paid_for_nhs,
            sum(settled) AS settled, round(sum(settled * percent) / 100, 2) AS settled_nhs
        FROM covered GROUP BY phb_id, method
    ),
    set_off AS (
        SELECT offsets.phb_id, offsets.method, sum(offsets.amount) AS amount,
            round(sum(offsets.amount * {_NHS}) / 100, 2) AS amount_nhs
        FROM budgets_offset offsets
        JOIN budgets_personalhealthbudget phb ON phb.id = offsets.phb_id
        LEFT JOIN nhs ON nhs.phb_id = offsets.phb_id AND offsets.pays_on >= nhs.starts_on
            AND offsets.pays_on < nhs.ends_on
        WHERE {phb} = ANY(%(scope)s) AND offsets.status = 'approved'
            AND offsets.pays_on >= %(first)s AND offsets.pays_on < %(next)s
        GROUP BY offsets.phb_id, offsets.method
    ),
    amounts (phb_id, method, budget, budget_nhs, paid, paid_nhs, paid_for, paid_for_nhs, settled, settled_nhs,
        recovered, recovered_nhs, offsets, offsets_nhs) AS (
        SELECT phb_id, method, whole, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric,
            0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric FROM budget
        UNION ALL SELECT phb_id, method, 0, part, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM budget_nhs
        UNION ALL SELECT phb_id, method, 0, 0, paid, paid_nhs, 0, 0, 0, 0, recovered, recovered_nhs, 0, 0 FROM cash
        UNION ALL SELECT phb_id, method, 0, 0, 0, 0, paid_for, paid_for_nhs, settled, settled_nhs, 0, 0, 0, 0
            FROM coverage
        UNION ALL SELECT phb_id, method, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, amount, amount_nhs FROM set_off
    ),
    summed AS (
        SELECT phb_id, method, sum(budget) AS budget, sum(budget_nhs) AS budget_nhs, sum(paid) AS paid,
            sum(paid_nhs) AS paid_nhs, sum(paid_for) AS paid_for, sum(paid_for_nhs) AS paid_for_nhs,
            greatest(sum(budget) - sum(settled), 0) AS to_come,
            greatest(least(sum(budget_nhs) - sum(settled_nhs), sum(budget) - sum(settled)), 0) AS to_come_nhs,
            sum(recovered) AS recovered, sum(recovered_nhs) AS recovered_nhs,
            sum(offsets) AS offsets, sum(offsets_nhs) AS offsets_nhs
        FROM amounts GROUP BY phb_id, method
    ),
    grain AS MATERIALIZED (
        SELECT summed.*, phb.cohort_id FROM summed JOIN budgets_personalhealthbudget phb ON phb.id = summed.phb_id
    )
    """  # noqa: S608  the parts are constants of this module


# Two kinds of rows from one pass: of each cohort and method; and of each cohort what its budgets replaced.
_BY_COHORT_AND_METHOD = """
    SELECT cohort_id, method, sum(budget), sum(budget_nhs), sum(paid), sum(paid_nhs), sum(paid_for),
        sum(paid_for_nhs), sum(to_come), sum(to_come_nhs), sum(recovered), sum(recovered_nhs), sum(offsets),
        sum(offsets_nhs), count(*) FILTER (WHERE budget <> 0), count(*) FILTER (WHERE paid <> 0),
        count(*) FILTER (WHERE paid_for <> 0), count(*) FILTER (WHERE to_come <> 0),
        count(*) FILTER (WHERE recovered <> 0), count(*) FILTER (WHERE offsets <> 0),
        count(*) FILTER (WHERE (budget, paid, paid_for, to_come, recovered, offsets)
            IS DISTINCT FROM (budget_nhs, paid_nhs, paid_for_nhs, to_come_nhs, recovered_nhs, offsets_nhs)),
        NULL::numeric, NULL::numeric, NULL::bigint, NULL::bigint, NULL::bigint
    FROM grain GROUP BY cohort_id, method
    UNION ALL
    SELECT spell.cohort_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, coalesce(sum(replaced.amount), 0),
        coalesce(sum(cost.forecast) FILTER (WHERE replaced.amount IS NOT NULL), 0),
        count(replaced.amount), count(*) FILTER (WHERE replaced.amount IS NULL), count(*)
    FROM spell
    CROSS JOIN LATERAL (
        SELECT CASE WHEN NOT spell.is_one_off THEN
            round(spell.previous_annual_amount * (spell.until - spell.first) / %(days)s, 2)
        END AS amount
    ) replaced
    LEFT JOIN (
        SELECT phb_id, sum(paid_for + to_come - recovered - offsets) AS forecast FROM grain GROUP BY phb_id
    ) cost ON cost.phb_id = spell.id
    GROUP BY spell.cohort_id
"""

_OF_BUDGETS = """
    SELECT phb_id, method, budget, budget_nhs, paid, paid_nhs, paid_for, paid_for_nhs, to_come, to_come_nhs, recovered,
        recovered_nhs, offsets, offsets_nhs
    FROM grain ORDER BY phb_id, method
"""

BY_COHORT_AND_METHOD = "\n".join((_grains("commissioners"), _BY_COHORT_AND_METHOD))
OF_BUDGETS = "\n".join((_grains("budgets"), _OF_BUDGETS))
