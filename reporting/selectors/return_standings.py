"""How each person stands in the national return, worked out by PostgreSQL from records, of now or of a snapshot.

`reporting.rules.returns` says what stands where; `tests` hold the two against each other and against a loop.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from budgets.enums import Method
from phb_register.dates import financial_year
from reporting import measures as m
from reporting.rules.counting import WHEELCHAIR_REVIEW_MONTHS, Breakdown, CountingPolicy, CountsFrom
from reporting.rules.returns import (
    CHILDREN,
    EVERYBODY,
    GROUPS,
    METHODS,
    TOTAL,
    WHEELCHAIR,
    Basis,
    Cell,
    Course,
    Standing,
)
from reporting.selectors.records import NAMED, Records

_OTHER = GROUPS[-1]
_FAST_TRACK = GROUPS[0]
#: The columns of a person that say how they stand on a basis: whether a child, the place of their sub-group (none where
#: they do not count), and which methods they have.
PREFIXES = {Basis.YEAR_TO_DATE: "year", Basis.QUARTER_END: "day"}
_HELD = tuple(Method.values)
_NAMES = ("returned", "known", "now")

# A budget counts in the year where it was in place on a day of it; by one switch also where it was agreed and neither
# started nor ended. At the end of the quarter it counts while it is in place.
_PEOPLE = """
    SELECT person, bool_or(is_child) AS is_child,
        min(place) FILTER (WHERE in_year) AS year_group,
        min(place) FILTER (WHERE on_day) AS day_group,
        {methods}
    FROM (
        SELECT person, is_child, methods, methods_in_year, {place} AS place,
            ({counts}) AND NOT (NOT %(counts_notional)s AND methods_in_year = ARRAY['notional']::varchar[])
                AND CASE
                    WHEN started_on <= %(as_at)s
                        THEN ended_on IS NULL OR ended_on > greatest(%(year_start)s::date, started_on)
                    ELSE %(counts_agreed)s AND (ended_on IS NULL OR ended_on > %(as_at)s)
                END AS in_year,
            ({counts}) AND NOT (NOT %(counts_notional)s AND methods = ARRAY['notional']::varchar[])
                AND started_on IS NOT NULL AND started_on <= %(as_at)s AND (ended_on IS NULL OR ended_on > %(as_at)s)
                AND NOT (
                    %(needs_review)s AND cohort_code = %(wheelchair)s
                    AND greatest(started_on, reviewed_on) + %(review_months)s * interval '1 month' < %(as_at)s
                ) AS on_day
        FROM ({records}) AS record
    ) AS record
    WHERE in_year OR on_day
    GROUP BY person
"""
_COUNTS = "(%(counts_joint)s OR NOT is_joint) AND (%(counts_one_off)s OR NOT is_one_off)"


@dataclass(frozen=True)
class People:
    """A statement that gives people with their standings, its parameters, and under which methods they count."""

    sql: str
    params: dict[str, Any]
    breakdown: Breakdown


def people_of(records: Records, policy: CountingPolicy) -> People:
    """Everybody whom the return of these records counts, one a row."""
    methods = ", ".join(
        f"coalesce(bool_or({flag} AND '{method}' = ANY({column})), false) AS {prefix}_{method}"
        for prefix, flag, column in (("year", "in_year", "methods_in_year"), ("day", "on_day", "methods"))
        for method in _HELD
    )
    chosen = " ".join(
        f"WHEN cohort_code = '{code}' THEN {place}" for place, group in enumerate(GROUPS) for code in group.cohorts
    )
    place = f"CASE WHEN cohort_code = 'chc' AND is_fast_track THEN {GROUPS.index(_FAST_TRACK)} {chosen} "
    place += f"ELSE {GROUPS.index(_OTHER)} END"
    sql = _PEOPLE.format(methods=methods, place=place, counts=_COUNTS, records="{records}")
    params = records.params | {
        "counts_notional": policy.counts_notional,
        "counts_joint": policy.counts_joint,
        "counts_one_off": policy.counts_one_off,
        "counts_agreed": policy.counts_from == CountsFrom.AGREED,
        "needs_review": policy.wheelchair_needs_review,
        "wheelchair": WHEELCHAIR,
        "review_months": WHEELCHAIR_REVIEW_MONTHS,
        "as_at": records.as_at,
        "year_start": financial_year(records.as_at).start,
    }
    return People(sql.replace("{records}", records.sql), params, policy.breakdown)


def standings_of(people: People) -> dict[tuple[Standing | None, Standing | None], int]:
    """How many people stand alike, on both bases."""
    columns = ", ".join(_columns(Basis.YEAR_TO_DATE) + _columns(Basis.QUARTER_END))
    width = len(_columns(Basis.YEAR_TO_DATE))
    found: dict[tuple[Standing | None, Standing | None], int] = {}
    sql = f"SELECT {columns}, count(*) FROM ({people.sql}) AS person GROUP BY {columns}"  # noqa: S608
    for *row, number in _execute(sql, people.params):
        pair = (_standing(row[:width]), _standing(row[width:]))
        found[pair] = found.get(pair, 0) + number
    return found


def courses_of(*, returned: People, known: People, now: People) -> dict[Basis, dict[Course, int]]:
    """How many people came the same way, on each basis: as last returned, as that is known now, and as they are now."""
    sql, params = _joined(returned, known, now)
    columns = [column for basis in Basis for name in _NAMES for column in _named(name, basis)]
    listed = ", ".join(columns)
    found: dict[Basis, dict[Course, int]] = {basis: {} for basis in Basis}
    half = len(columns) // 2
    counted = f"SELECT {listed}, count(*) FROM {sql} GROUP BY {listed}"  # noqa: S608
    for *row, number in _execute(counted, params):
        for basis, values in zip(Basis, (row[:half], row[half:]), strict=True):
            course = _course(values)
            found[basis][course] = found[basis].get(course, 0) + number
    return found


def courses_by_person(basis: Basis, *, returned: People, known: People, now: People) -> list[tuple[int, Course]]:
    """The same with each person's id, of those only who stand in another way now than when they were last returned."""
    sql, params = _joined(returned, known, now)
    columns = [column for name in _NAMES for column in _named(name, basis)]
    moved = f"({', '.join(_named('returned', basis))}) IS DISTINCT FROM ({', '.join(_named('now', basis))})"
    listed = f"SELECT person, {', '.join(columns)} FROM {sql} WHERE {moved}"  # noqa: S608
    courses = [(person, _course(row)) for person, *row in _execute(listed, params)]
    return [(person, course) for person, course in courses if course.returned != course.now]


def holders_in(people: People, cell: Cell) -> RawSQL:
    """The ids of the people that a cell counts, for a filter."""
    condition = _condition(cell, people.breakdown)
    sql = f"SELECT person FROM ({people.sql}) AS person WHERE {condition}"  # noqa: S608
    values = [people.params[name] for name in NAMED.findall(sql)]
    return RawSQL(NAMED.sub("%s", sql), values, output_field=BigIntegerField())  # noqa: S611


def _condition(cell: Cell, breakdown: Breakdown) -> str:
    """That a person is counted in a cell, in SQL. Its words are those of this module, never a user's."""
    prefix = PREFIXES[cell.basis]
    parts = [f"{prefix}_group IS NOT NULL"]
    if cell.column != EVERYBODY:
        parts.append("is_child" if cell.column == CHILDREN else "NOT is_child")
    if cell.row in METHODS:
        parts += _method_condition(cell.row, prefix, breakdown)
    elif cell.row != TOTAL:
        place = next(place for place, group in enumerate(GROUPS) if group.code == cell.row)
        parts.append(f"{prefix}_group = {place}")
    return " AND ".join(parts)


def _method_condition(method: str, prefix: str, breakdown: Breakdown) -> list[str]:
    if method == m.NOT_RECORDED:
        return [f"NOT {prefix}_{each}" for each in _HELD]
    stronger = m.METHOD_PRECEDENCE[: m.METHOD_PRECEDENCE.index(method)] if breakdown == Breakdown.STRONGEST else ()
    return [f"{prefix}_{method}", *(f"NOT {prefix}_{each}" for each in stronger)]


def _columns(basis: Basis) -> list[str]:
    prefix = PREFIXES[basis]
    return [f"{prefix}_group", "is_child", *(f"{prefix}_{method}" for method in _HELD)]


def _standing(row: Iterable[Any]) -> Standing | None:
    place, is_child, *held = row
    if place is None:
        return None
    methods = frozenset(method for method, is_held in zip(_HELD, held, strict=True) if is_held)
    return Standing(methods, GROUPS[place].code, is_child)


def _course(row: Sequence[Any]) -> Course:
    """Three standings on one basis, one after the other."""
    width = len(row) // len(_NAMES)
    return Course(*(_standing(row[start : start + width]) for start in range(0, len(row), width)))


def _joined(returned: People, known: People, now: People) -> tuple[str, dict[str, Any]]:
    """The people of three statements side by side: what follows FROM, whose columns `_named` names."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for name, people in zip(_NAMES, (returned, known, now), strict=True):
        own = {key: f"{name}_{key}" for key in people.params}
        params |= {own[key]: value for key, value in people.params.items()}
        inner = people.sql % {key: f"%({new})s" for key, new in own.items()}
        chosen = ", ".join(
            f"{column} AS {alias}"
            for basis in Basis
            for column, alias in zip(_columns(basis), _named(name, basis), strict=True)
        )
        parts.append(f"(SELECT person, {chosen} FROM ({inner}) AS inside) AS {name}")  # noqa: S608
    return f"{parts[0]} FULL JOIN {parts[1]} USING (person) FULL JOIN {parts[2]} USING (person)", params


def _named(name: str, basis: Basis) -> list[str]:
    return [f"{name}_{PREFIXES[basis]}_{column.removeprefix(f'{PREFIXES[basis]}_')}" for column in _columns(basis)]


def _execute(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
