"""The national return of a commissioner and quarter: as submitted, or as it would be now."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from phb_register.models import Commissioner, Person
from phb_register.selectors.commissioners import members_on
from reporting.models import NationalReturn, ReturnWindow, Snapshot
from reporting.return_checks import LONG_WITHOUT_START_DAYS, Finding, Listed, Window, findings
from reporting.rules.counting import WHEELCHAIR_REVIEW_MONTHS, CountingPolicy
from reporting.rules.quarters import Quarter, quarter_of
from reporting.rules.returns import (
    CELLS_BY_CODE,
    TOTAL,
    WHEELCHAIR,
    Basis,
    Cell,
    Change,
    Course,
    Explained,
    cells,
    change_of,
    explained,
)
from reporting.selectors import records
from reporting.selectors.records import NAMED, Records
from reporting.selectors.return_standings import (
    People,
    courses_by_person,
    courses_of,
    holders_in,
    people_of,
    standings_of,
)
from reporting.selectors.scope import Counted, counted
from reporting.selectors.snapshots import policy_in

#: The national collection began with this quarter.
FIRST_QUARTER = Quarter(2017, 1)

# Whom a check is about, by what it found. They are conditions over `record` and the `person` it names.
_LISTED: dict[Listed, str] = {
    Listed.NO_START_DATE: (
        "record.started_on IS NULL AND record.ended_on IS NULL "
        "AND record.agreed_on < %(as_at)s - %(long)s * interval '1 day'"
    ),
    Listed.NO_NHS_NUMBER: (
        "person.nhs_number IS NULL AND record.started_on <= %(as_at)s "
        "AND (record.ended_on IS NULL OR record.ended_on > greatest(%(year_start)s::date, record.started_on))"
    ),
    Listed.REVIEW_TOO_OLD: (
        "record.cohort_code = %(wheelchair)s AND record.started_on <= %(as_at)s AND %(needs_review)s "
        "AND (record.ended_on IS NULL OR record.ended_on > %(as_at)s) "
        "AND greatest(record.started_on, record.reviewed_on) + %(review_months)s * interval '1 month' < %(as_at)s"
    ),
}


@dataclass(frozen=True)
class ReturnOn:
    """A return with what it counts: `submitted` where it was, and then its cells and budgets are those of its snapshot.

    `as_at` is the end of the quarter, or today while the quarter goes on.
    """

    quarter: Quarter
    scope: Counted
    submitted: NationalReturn | None

    @property
    def policy(self) -> CountingPolicy:
        """How is counted."""
        return policy_in(self.submitted.snapshot) if self.submitted else self.scope.policy

    @cached_property
    def records(self) -> Records:
        """The budgets looked at."""
        return records.of_snapshot(self.submitted.snapshot) if self.submitted else records.live(self.scope)

    @cached_property
    def people(self) -> People:
        """Everybody counted."""
        return people_of(self.records, self.policy)

    @cached_property
    def cells(self) -> dict[str, int]:
        """Every cell by its code."""
        if self.submitted:
            return dict(self.submitted.cells)
        return cells(standings_of(self.people), self.policy.breakdown)

    @cached_property
    def compared(self) -> dict[str, People]:
        """The people of the last return of the quarter before, of that quarter as known now, and of this one.

        Where the quarter before was not returned, it is as known now. It is counted for the bodies of this quarter, so
        that a commissioner that took over is compared with those it took over from.
        """
        before = self.quarter.before
        last = NationalReturn.objects.of(self.scope.commissioner, before.end).first()
        known = people_of(records.live(replace(self.scope, as_at=before.end)), self.policy)
        returned = people_of(records.of_snapshot(last.snapshot), policy_in(last.snapshot)) if last else known
        return {"returned": returned, "known": known, "now": self.people}

    @cached_property
    def courses(self) -> dict[Basis, dict[Course, int]]:
        """How people came to stand where they do since the quarter before."""
        return courses_of(**self.compared)

    @cached_property
    def as_counted_now(self) -> dict[str, int]:
        """Every cell as the register has it now, for one that was submitted."""
        live = people_of(records.live(self.scope), self.policy)
        return cells(standings_of(live), self.policy.breakdown)


def return_on(commissioner: Commissioner, quarter: Quarter, today: dt.date) -> ReturnOn:
    """The return of a quarter that has begun: the last submitted, or as it would be now."""
    submitted = NationalReturn.objects.of(commissioner, quarter.end).first()
    return ReturnOn(quarter, counted(commissioner, min(quarter.end, today)), submitted)


def return_of_snapshot(snapshot: Snapshot, scope: Counted) -> ReturnOn:
    """The return that a snapshot of a quarter's end gives, before it is submitted."""
    found = ReturnOn(quarter_of(snapshot.as_at), scope, None)
    found.__dict__["records"] = records.of_snapshot(snapshot)
    return found


def submitted_by_quarter(commissioner: Commissioner) -> dict[Quarter, NationalReturn]:
    """The last return of each quarter that has one."""
    found: dict[Quarter, NationalReturn] = {}
    rows = NationalReturn.objects.filter(snapshot__commissioner=commissioner)
    for each in rows.select_related("snapshot", "submitted_by").order_by("snapshot__number"):
        found[quarter_of(each.snapshot.as_at)] = each
    return found


def quarters_of(commissioner: Commissioner, today: dt.date) -> list[Quarter]:
    """The quarters of the collection in which a commissioner was there, the latest first."""
    last = quarter_of(min(today, commissioner.closed_on or today))
    found = []
    while last >= FIRST_QUARTER and last.end >= commissioner.opened_on:
        found.append(last)
        last = last.before
    return found


def quarters_with_returns(
    commissioner: Commissioner, today: dt.date
) -> list[tuple[Quarter, NationalReturn | None, ReturnWindow | None, bool]]:
    """The quarters, each with its last return, its window, and whether it is over."""
    returned = submitted_by_quarter(commissioner)
    windows = {Quarter(each.year, each.quarter): each for each in ReturnWindow.objects.all()}
    return [
        (each, returned.get(each), windows.get(each), each.end < today) for each in quarters_of(commissioner, today)
    ]


def windows() -> Sequence[ReturnWindow]:
    """Every window that is recorded, the latest first."""
    return list(ReturnWindow.objects.all())


def bodies_of(commissioner: Commissioner, today: dt.date) -> Sequence[Commissioner]:
    """The commissioners of a partnership or the nation, which make its returns."""
    return list(members_on(commissioner, today))


def window_of(quarter: Quarter) -> ReturnWindow | None:
    """The days on which the collection takes the return of a quarter, where they are recorded."""
    return ReturnWindow.objects.of(quarter.begins, quarter.number)


def findings_of(found: ReturnOn, today: dt.date) -> list[Finding]:
    """What the checks find in a return now."""
    window = window_of(found.quarter)
    return findings(
        found.quarter,
        found.cells,
        found.policy.breakdown,
        listed=_listed(found),
        changed={basis: changes(found, basis, rows=[TOTAL])[0] for basis in Basis},
        window=Window(window.opens_on, window.closes_on) if window else None,
        today=today,
    )


def changes(found: ReturnOn, basis: Basis, rows: Sequence[str] | None = None) -> list[Explained]:
    """Each row with what changed since the return of the quarter before, to the last person."""
    courses, breakdown = found.courses[basis], found.policy.breakdown
    return explained(courses, breakdown, rows=rows) if rows else explained(courses, breakdown)


@dataclass(frozen=True)
class Mover:
    """Somebody who came into a row or out of it, and how they stood and stand."""

    person: Person
    course: Course


def movers(found: ReturnOn, cell: Cell, change: Change) -> list[Mover]:
    """Those who changed in one way in a row since the quarter before, by name."""
    moved = {
        person: course
        for person, course in courses_by_person(cell.basis, **found.compared)
        if change_of(course, cell.row, cell.column, found.policy.breakdown) == change
    }
    return [Mover(person, moved[person.pk]) for person in _named(Person.objects.filter(pk__in=moved))]


def people_in(found: ReturnOn, code: str) -> QuerySet[Person]:
    """The people whom a cell counts, or whom a check is about. Raises `KeyError` for another code."""
    ids = _listed_ids(found, Listed(code)) if code in set(Listed) else holders_in(found.people, CELLS_BY_CODE[code])
    return _named(Person.objects.filter(pk__in=ids))


def differences_since(found: ReturnOn) -> Mapping[str, tuple[int, int]]:
    """The cells of a submitted return that the register has otherwise now, with both numbers."""
    now = found.as_counted_now
    return {code: (number, now[code]) for code, number in found.cells.items() if now[code] != number}


def _named(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.select_related("commissioner").order_by("family_name", "given_name", "pk")


def _listed(found: ReturnOn) -> dict[Listed, int]:
    """How many people each check is about."""
    columns = ", ".join(f"count(DISTINCT record.person) FILTER (WHERE {condition})" for condition in _LISTED.values())
    with connection.cursor() as cursor:
        cursor.execute(_over_records(found, columns), _listed_params(found))
        return dict(zip(_LISTED, cursor.fetchone(), strict=True))


def _listed_ids(found: ReturnOn, which: Listed) -> RawSQL:
    sql = f"{_over_records(found, 'record.person')} WHERE {_LISTED[which]}"
    given = _listed_params(found)
    values = [given[name] for name in NAMED.findall(sql)]
    return RawSQL(NAMED.sub("%s", sql), values, output_field=BigIntegerField())  # noqa: S611


def _over_records(found: ReturnOn, columns: str) -> str:
    joined = "JOIN phb_register_person AS person ON person.id = record.person"
    return f"SELECT {columns} FROM ({found.records.sql}) AS record {joined}"  # noqa: S608


def _listed_params(found: ReturnOn) -> dict[str, Any]:
    return found.people.params | {
        "long": LONG_WITHOUT_START_DAYS,
        "wheelchair": WHEELCHAIR,
        "review_months": WHEELCHAIR_REVIEW_MONTHS,
    }
