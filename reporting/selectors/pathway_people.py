"""The people behind a figure of pathway or quality: the very rows that it counts, in the order of their names."""

# ruff: noqa: S608  (made of constants and the names of columns; every value is a parameter)

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from django.db import connection

from budgets.models import PersonalHealthBudget
from eligibility.models import Referral
from phb_register.models import Person
from reporting import measures as m
from reporting.measures import pathway, quality
from reporting.rules.pathway import OFFERED
from reporting.selectors.known import as_known
from reporting.selectors.pathway import DECIDED, ELIGIBLE, OUTCOMES, PAID, REVIEWS, SAVINGS, Walked
from reporting.selectors.people import removed_since

#: Which rows each measure counts; `part` and `reason` narrow them.
ROWS_OF: dict[str, str] = {
    pathway.PEOPLE_FOUND_ELIGIBLE.code: ELIGIBLE,
    pathway.PEOPLE_OFFERED.code: ELIGIBLE,
    pathway.PEOPLE_BY_ANSWER.code: ELIGIBLE,
    pathway.PEOPLE_BY_WHY_NOT.code: ELIGIBLE,
    pathway.REFERRALS_DECIDED.code: DECIDED,
    pathway.REFERRALS_BY_REFUSAL.code: DECIDED,
    pathway.DECIDED_ON_TIME.code: DECIDED,
    pathway.DAYS_TO_DECISION.code: DECIDED,
    pathway.DAYS_TO_FIRST_PAYMENT.code: PAID,
    quality.REVIEWS_ON_TIME.code: REVIEWS,
    quality.ANNUAL_SAVING.code: SAVINGS,
    quality.OUTCOMES_CHANGED.code: OUTCOMES,
}
_MODELS: dict[str, Any] = {ELIGIBLE: Person, DECIDED: Referral}
_ONLY: dict[str, str] = {
    pathway.PEOPLE_OFFERED.code: "part = ANY(%(offered)s)",
    pathway.PEOPLE_BY_WHY_NOT.code: "reason <> ''",
    pathway.REFERRALS_BY_REFUSAL.code: "reason <> ''",
    pathway.DECIDED_ON_TIME.code: "is_on_time",
}


@dataclass(frozen=True)
class PathwayRow:
    """One row of a list: the person, the record it links to, and what was counted of them.

    It `is_removed` where it was known on the day asked for, and is no longer on the register.
    """

    person: Person
    record: Person | Referral | PersonalHealthBudget
    counted: dict[str, Any] = field(default_factory=dict)
    is_removed: bool = False


class PeopleBehind(Sequence[PathwayRow]):
    """The rows that a figure counts, read a page at a time. Raises `KeyError` for a measure without a list."""

    def __init__(self, measure: m.Measure, asked: Walked, *, part: str = "", reason: str = "") -> None:
        self.rows = ROWS_OF[measure.code]
        self._asked = asked
        conditions = [_ONLY.get(measure.code, "TRUE")]
        conditions += ["part = %(part)s"] if part else []
        conditions += ["reason = %(reason)s"] if reason else []
        self._where = " AND ".join(conditions)
        self._params = asked.params | {"part": part, "reason": reason, "offered": [each.value for each in OFFERED]}

    def __len__(self) -> int:
        return int(self._read("SELECT count(*) AS n FROM counted WHERE " + self._where)[0]["n"])

    @overload
    def __getitem__(self, index: int) -> PathwayRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PathwayRow]: ...
    def __getitem__(self, index: int | slice) -> PathwayRow | Sequence[PathwayRow]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        first, last, _ = index.indices(len(self))
        found = self._read(
            f"""
            SELECT counted.* FROM counted JOIN phb_register_person holder ON holder.id = counted.person_id
            WHERE {self._where}
            ORDER BY holder.family_name, holder.given_name, counted.id, counted
            LIMIT {max(last - first, 0)} OFFSET {first}
            """
        )
        model = _MODELS.get(self.rows, PersonalHealthBudget)
        with as_known(self._asked.scope.known_on):
            people = Person.objects.in_bulk({row["person_id"] for row in found})
            records = model.objects.in_bulk({row["id"] for row in found})
        removed = removed_since(list(records.values())) if self._asked.scope.known_on else frozenset()
        return [PathwayRow(people[row["person_id"]], records[row["id"]], row, row["id"] in removed) for row in found]

    def _read(self, select: str) -> list[dict[str, Any]]:
        with as_known(self._asked.scope.known_on), connection.cursor() as cursor:
            cursor.execute(f"WITH counted AS ({self._asked.statement(self.rows)}) {select}", self._params)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
