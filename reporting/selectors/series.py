"""How many budgets were in place month by month: starts less ends, summed up by PostgreSQL in one pass."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.db import connection

from reporting.selectors.scope import Counted

# Filled in with the condition of `Counted.where`.
IN_PLACE_BY_MONTH = """
    WITH change AS (
        SELECT date_trunc('month', started_on)::date AS month, count(*) AS started, 0 AS ended
        FROM budgets_personalhealthbudget AS phb
        WHERE {counted} AND started_on <= %(as_at)s
        GROUP BY 1
        UNION ALL
        SELECT date_trunc('month', ended_on)::date, 0, count(*)
        FROM budgets_personalhealthbudget AS phb
        WHERE {counted} AND ended_on <= %(as_at)s AND started_on IS NOT NULL
        GROUP BY 1
    )
    SELECT month::date, coalesce(sum(started), 0), coalesce(sum(ended), 0),
        sum(coalesce(sum(started), 0) - coalesce(sum(ended), 0)) OVER (ORDER BY month)
    FROM generate_series(
        (SELECT min(month) FROM change), date_trunc('month', %(as_at)s::date), interval '1 month'
    ) AS month
    LEFT JOIN change USING (month)
    GROUP BY month
    ORDER BY month
"""


@dataclass(frozen=True)
class Month:
    """One point of the line: budgets in place at the end of `on`, and what started and ended in that month."""

    on: dt.date
    in_place: int
    started: int
    ended: int


def months_in_place(scope: Counted) -> list[Month]:
    """Each month from the first start to the as-at date, whose month goes up to that day.

    The commissioners counted are those of the as-at date throughout, so that the line has no steps where
    members came or went. Empty where no budget has started.
    """
    with connection.cursor() as cursor:
        cursor.execute(IN_PLACE_BY_MONTH.format(counted=scope.where("phb")), scope.sql_params)
        return [
            Month(min(_last_day(month), scope.as_at), int(in_place), int(started), int(ended))
            for month, started, ended, in_place in cursor.fetchall()
        ]


def _last_day(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
