"""How each reading of a wording answers the worked cases of a version. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eligibility.rules.criteria import All, Criterion, Truth
from eligibility.rules.criteria_reading import CriteriaReader
from eligibility.rules.diagram import diagram
from eligibility.rules.fact_types import FactValue
from eligibility.rules.facts import FactsRefused, read_facts


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case, and what each reading says of it: yes, no or not known (None), in the order of the readings.

    `readable` is False for a case whose facts cannot be used, and `truths` is empty then; a reading that is unfinished
    says nothing (its place in `unfinished` of the table).
    """

    name: str
    why: str
    truths: tuple[Truth, ...]
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class CaseTable:
    """Worked cases by readings. `unfinished` are the places of readings that cannot be tried yet."""

    rows: tuple[CaseRow, ...]
    unfinished: frozenset[int]

    def disagree(self, row: CaseRow) -> bool:
        """Whether the readings that can be tried answer the case differently."""
        tried = [truth for place, truth in enumerate(row.truths) if place not in self.unfinished]
        return len(set(tried)) > 1


def cases_by_reading(content: Mapping[str, Any], cases: Iterable[Mapping[str, Any]]) -> CaseTable:
    """Every case against every reading of a content, finished or not, the shared scope included."""
    reader = CriteriaReader(content.get("parts"))
    scope_data = content.get("applies_when")
    scope = None if scope_data is None else reader.read(scope_data, "applies_when")
    readings = [
        _whole(reader, scope_data is not None, scope, reading, place)
        for place, reading in enumerate(content.get("readings") or ())
    ]
    return CaseTable(
        rows=tuple(_row(case, readings) for case in cases),
        unfinished=frozenset(place for place, reading in enumerate(readings) if reading is None),
    )


def settled_truth(criterion: Criterion, facts: Mapping[str, FactValue | None]) -> Truth:
    """Whether the criterion is met however the facts not known turn out; None while that still matters."""
    left = criterion.given(facts)
    if isinstance(left, bool):
        return left
    node = diagram(0, [(1, left)])
    return bool(node) if isinstance(node, int) else None


def _whole(
    reader: CriteriaReader, is_scoped: bool, scope: Criterion | None, reading: object, place: int
) -> Criterion | None:
    criteria = reading.get("criteria") if isinstance(reading, Mapping) else None
    read = reader.read(criteria or {}, f"readings[{place}].criteria")
    if read is None or (is_scoped and scope is None):
        return None
    return All((scope, read)) if scope is not None else read


def _row(case: Mapping[str, Any], readings: Sequence[Criterion | None]) -> CaseRow:
    name, why = str(case.get("id") or ""), str(case.get("why") or "")
    try:
        given = case.get("facts")
        on = datetime.date.fromisoformat(str(case.get("assessed_on")))
        facts = read_facts(given if isinstance(given, Mapping) else {}, assessed_on=on)
    except (FactsRefused, ValueError):
        return CaseRow(name, why, (), is_readable=False)
    return CaseRow(name, why, tuple(settled_truth(each, facts) if each else None for each in readings))
