"""The budgets that figures of a date and its financial year look at, one a row, with what counts of each.

One statement in one shape, from the register as it is (`live`) or from a snapshot (`of_snapshot`), so that whatever is
counted from it is counted alike.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from budgets.enums import Method
from budgets.rules.agreement import WHOLE, adult_if_born_by
from phb_register.dates import financial_year
from reporting.models import Snapshot, SnapshotRecord
from reporting.selectors.scope import Counted

COLUMNS: tuple[str, ...] = tuple(
    field.attname for field in SnapshotRecord._meta.concrete_fields if field.attname not in ("id", "snapshot_id")
)
#: In the order of the alphabet, in which a snapshot keeps them.
_METHODS = sorted(Method.values)
#: A parameter of a statement, by its name.
NAMED = re.compile(r"%\((\w+)\)s")

# The methods of the day and of the year so far, who shares the cost, and when it was last reviewed. A part that ended
# on the day it began was never in force. What hangs on the budgets is gathered for all of them at once: asked for one
# by one it would take ten times as long for a nation.
_IN_FORCE = "%(as_at)s >= starts_on AND (ends_on IS NULL OR ends_on > %(as_at)s)"
_ON_THE_DAY = ", ".join(f"CASE WHEN bool_or(method = '{each}' AND {_IN_FORCE}) THEN '{each}' END" for each in _METHODS)
_IN_THE_YEAR = ", ".join(f"CASE WHEN bool_or(method = '{each}') THEN '{each}' END" for each in _METHODS)
_LIVE = f"""
    WITH chosen AS MATERIALIZED (
        SELECT phb.* FROM budgets_personalhealthbudget AS phb
        WHERE {{counted}} AND phb.agreed_on <= %(as_at)s AND (phb.ended_on IS NULL OR phb.ended_on >= %(year_start)s)
    ), part AS (
        SELECT phb_id, array_remove(ARRAY[{_ON_THE_DAY}]::varchar[], NULL) AS on_the_day,
            array_remove(ARRAY[{_IN_THE_YEAR}]::varchar[], NULL) AS in_the_year
        FROM budgets_methodpart
        WHERE phb_id IN (SELECT id FROM chosen) AND starts_on <= %(as_at)s
            AND (ends_on IS NULL OR (ends_on > %(year_start)s AND ends_on > starts_on))
        GROUP BY phb_id
    ), joint AS (
        SELECT DISTINCT phb_id FROM budgets_fundingshare
        WHERE phb_id IN (SELECT id FROM chosen) AND percent < %(whole)s AND {_IN_FORCE}
    ), reviewed AS (
        SELECT phb_id, max(held_on) AS held_on FROM budgets_review AS review
        WHERE phb_id IN (SELECT id FROM chosen) AND held_on <= %(as_at)s
            AND NOT EXISTS (SELECT 1 FROM budgets_review AS correction WHERE correction.corrects_id = review.id)
        GROUP BY phb_id
    )
    SELECT phb.id AS phb, phb.person_id AS person, phb.commissioner_id AS responsible, cohort.code AS cohort_code,
        phb.agreed_on, phb.started_on, phb.ended_on, phb.end_reason,
        coalesce(part.on_the_day, '{{}}') AS methods, coalesce(part.in_the_year, '{{}}') AS methods_in_year,
        person.born_on > %(adult_if_born_by)s AS is_child, phb.is_fast_track, joint.phb_id IS NOT NULL AS is_joint,
        phb.is_one_off, phb.lives_in, reviewed.held_on AS reviewed_on
    FROM chosen AS phb
    JOIN phb_register_person AS person ON person.id = phb.person_id
    JOIN offers_cohort AS cohort ON cohort.id = phb.cohort_id
    LEFT JOIN part ON part.phb_id = phb.id
    LEFT JOIN joint ON joint.phb_id = phb.id
    LEFT JOIN reviewed ON reviewed.phb_id = phb.id
"""  # noqa: S608


@dataclass(frozen=True)
class Records:
    """A statement that gives records, with its parameters, and the date they are looked at."""

    sql: str
    params: dict[str, Any]
    as_at: dt.date


def live(scope: Counted) -> Records:
    """The budgets of a scope as the register has them now."""
    params = scope.sql_params | {
        "adult_if_born_by": adult_if_born_by(scope.as_at),
        "whole": WHOLE,
        "year_start": financial_year(scope.as_at).start,
    }
    return Records(_LIVE.replace("{counted}", scope.in_sql("phb.commissioner_id")), params, scope.as_at)


def of_snapshot(snapshot: Snapshot) -> Records:
    """The budgets of a snapshot as it found them."""
    sql = f"SELECT {', '.join(COLUMNS)} FROM reporting_snapshotrecord WHERE snapshot_id = %(snapshot)s"  # noqa: S608
    return Records(sql, {"snapshot": snapshot.pk}, snapshot.as_at)


def fingerprint_of(records: Records) -> tuple[int, str]:
    """How many records there are, and the SHA-256 of all of them in the order of the budgets."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*), encode(sha256(convert_to(
                coalesce(string_agg(to_jsonb(record)::text, E'\\n' ORDER BY record.phb), ''), 'UTF8'
            )), 'hex')
            FROM ({records.sql}) AS record
            """,  # noqa: S608
            records.params,
        )
        number, digest = cursor.fetchone()
    return number, digest
