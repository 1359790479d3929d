"""The SQL behind the figures of quality: reviews kept on time, what budgets save, and outcomes.

As in `pathway_statements`: of each, the rows that it counts, over the same parameters.
"""

# ruff: noqa: S608  (made of constants and the names of columns; every value is a parameter)

from budgets.models.review_due import NEXT_REVIEW_DUE
from reporting.selectors.scope import Counted

_NEXT_DUE = NEXT_REVIEW_DUE.format(
    started="phb.started_on",
    paid="paid.first_on",
    direct="paid.first_direct_on",
    held="held.last_on",
    recorded="due.recorded_from",
)

#: That a review counts: no other corrects it.
_COUNTS = "NOT EXISTS (SELECT FROM budgets_review correction WHERE correction.corrects_id = review.id)"


def reviews_due(scope: Counted, *, is_now: bool) -> str:
    """Reviews that were due in the period: `id` of the budget, `part` (how it was kept), `due_on`, `held_on`.

    A review counts on the day by which it was due when it was held. One of a budget that ended on or before that day
    was not due. What is due and was not held is read where the database keeps it, if the period ends today; of an
    earlier day it is worked out by the same rule from what had happened by then.
    """
    return f"""
    WITH phb AS ({_budgets(scope)})
    SELECT phb.id, phb.person_id,
        CASE WHEN review.held_on <= review.due_on THEN 'on_time' ELSE 'late' END AS part, '' AS reason,
        review.due_on, review.held_on
    FROM budgets_review review JOIN phb ON phb.id = review.phb_id
    WHERE review.due_on BETWEEN %(first)s AND %(as_at)s AND review.held_on <= %(as_at)s
        AND {_COUNTS}
    UNION ALL
    {_not_held_now() if is_now else _not_held_then()}
    """


def _not_held_now() -> str:
    return """
    SELECT phb.id, phb.person_id, 'not_held', '', due.due_on, NULL::date
    FROM budgets_reviewdue due JOIN phb ON phb.id = due.phb_id
    WHERE due.due_on BETWEEN %(first)s AND %(as_at)s AND (due.ended_on IS NULL OR due.ended_on > due.due_on)
    """


def _not_held_then() -> str:
    return f"""
    SELECT phb.id, phb.person_id, 'not_held', '', next.due_on, NULL::date
    FROM phb
    JOIN budgets_reviewdue due ON due.phb_id = phb.id
    LEFT JOIN LATERAL (
        SELECT max(review.held_on) AS last_on FROM budgets_review review
        WHERE review.phb_id = phb.id AND review.held_on <= %(as_at)s AND {_COUNTS}
    ) held ON TRUE
    LEFT JOIN LATERAL (
        SELECT min(entered_on) AS first_on,
            min(entered_on) FILTER (WHERE method = 'direct_payment') AS first_direct_on
        FROM budgets_ledgerentry entry
        WHERE entry.phb_id = phb.id AND kind = 'payment' AND entered_on <= %(as_at)s
    ) paid ON TRUE
    CROSS JOIN LATERAL (SELECT {_NEXT_DUE} AS due_on) next
    WHERE phb.started_on <= %(as_at)s AND (phb.ended_on IS NULL OR phb.ended_on > %(first)s)
        AND next.due_on BETWEEN %(first)s AND %(as_at)s
        AND (phb.ended_on IS NULL OR phb.ended_on > next.due_on)
    """


def savings(scope: Counted) -> str:
    """Budgets in place at the end of the as-at date, one-off ones left out: `part` is known or unknown, two amounts.

    `part` says whether the cost of the package replaced is recorded. The amounts are of a whole year, in pounds.
    """
    return f"""
    WITH phb AS ({_budgets(scope)})
    SELECT phb.id, phb.person_id, CASE WHEN previous_annual_amount IS NULL THEN 'unknown' ELSE 'known' END AS part,
        '' AS reason, previous_annual_amount AS replaced, coalesce(agreed.annual_amount, phb.annual_amount) AS amount
    FROM phb
    LEFT JOIN LATERAL (
        SELECT agreed.annual_amount FROM budgets_agreedbudget agreed
        WHERE agreed.phb_id = phb.id AND agreed.applies_from <= %(as_at)s
        ORDER BY agreed.number DESC LIMIT 1
    ) agreed ON TRUE
    WHERE NOT is_one_off AND started_on <= %(as_at)s AND (ended_on IS NULL OR ended_on > %(as_at)s)
    """


def outcomes(scope: Counted) -> str:
    """Answers that can be compared: `id` of the budget, `part` (what changed), `reason` (the scale), two levels.

    The latest review held in the period at which a level was said, against the last answer from before the budget,
    on the same version of the scale.
    """
    return f"""
    WITH phb AS ({_budgets(scope)}),
    latest AS (
        SELECT DISTINCT ON (rating.phb_id, rating.scale_id) phb.id, phb.person_id, rating.scale_id, rating.level,
            review.held_on
        FROM budgets_review review
        JOIN budgets_outcomerating rating ON rating.review_id = review.id
        JOIN phb ON phb.id = rating.phb_id
        WHERE review.held_on BETWEEN %(first)s AND %(as_at)s AND NOT rating.prefers_not_to_say
            AND {_COUNTS}
        ORDER BY rating.phb_id, rating.scale_id, review.held_on DESC, review.number DESC
    )
    SELECT latest.id, latest.person_id, CASE
            WHEN latest.level = before.level THEN 'same'
            WHEN (latest.level > before.level) = (scale.direction = 'last_is_best') THEN 'better'
            ELSE 'worse' END AS part, scale.id::text AS reason, before.level AS level_before, latest.level AS level_now,
        latest.held_on
    FROM latest
    JOIN budgets_outcomescale scale ON scale.id = latest.scale_id
    CROSS JOIN LATERAL (
        SELECT rating.level FROM budgets_outcomerating rating
        WHERE rating.phb_id = latest.id AND rating.scale_id = latest.scale_id AND rating.review_id IS NULL
            AND rating.rated_on <= %(as_at)s
        ORDER BY rating.id DESC LIMIT 1
    ) before
    WHERE before.level IS NOT NULL
    """


def _budgets(scope: Counted) -> str:
    """Budgets of the bodies that count."""
    columns = "id, person_id, started_on, ended_on, annual_amount, previous_annual_amount, is_one_off"
    return f"SELECT {columns} FROM budgets_personalhealthbudget AS phb WHERE {scope.where('phb')}"
