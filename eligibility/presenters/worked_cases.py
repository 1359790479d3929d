"""Worked cases on pages: what is known in each, what it expects, and how it came out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from eligibility.models import RuleSetVersion
from eligibility.rules import FACTS, FactValue, Outcome
from eligibility.rules.case_files import Case
from eligibility.rules.fact_types import read_value
from eligibility.selectors.worked_cases import CaseResult
from phb_register.presenters import counted, spoken_date

from .answers import TAGS, Tag

PASSED = Tag("Passed", "nhsuk-tag--green")
FAILED = Tag("Failed", "nhsuk-tag--red")
NOT_RUN = Tag("Not run", "nhsuk-tag--grey")


@dataclass(frozen=True)
class ShownCase:
    """A worked case as a card."""

    name: str
    tag: Tag
    differences: str
    when: str
    known: Sequence[str]
    rest: str
    expects: str
    why: str
    url: str
    remove_url: str


def shown_cases(version: RuleSetVersion, results: Sequence[CaseResult]) -> list[ShownCase]:
    """The cases of a version with how they came out; not run where the version cannot be read."""
    if results:
        return [_shown(version, place, result.case, result) for place, result in enumerate(results, start=1)]
    return [_not_run(version, place, case) for place, case in enumerate(version.cases, start=1)]


def _shown(version: RuleSetVersion, place: int, case: Case, result: CaseResult) -> ShownCase:
    return ShownCase(
        name=case.id,
        tag=PASSED if result.has_passed else FAILED,
        differences=result.in_words,
        when=f"{case.commissioner}, on {spoken_date(case.assessed_on)}",
        known=_known(case.facts),
        rest=_rest(case.facts),
        expects=_expects(version.cases[place - 1]["expect"]),
        why=case.why,
        **_links(version, place),
    )


def _not_run(version: RuleSetVersion, place: int, case: Mapping[str, Any]) -> ShownCase:
    return ShownCase(
        name=str(case.get("id")),
        tag=NOT_RUN,
        differences="",
        when=f"{case.get('commissioner')}, on {_day(case.get('assessed_on'))}",
        known=_known(case.get("facts") or {}),
        rest=_rest(case.get("facts") or {}),
        expects=_expects(case.get("expect") or {}),
        why=str(case.get("why") or ""),
        **_links(version, place),
    )


def _links(version: RuleSetVersion, place: int) -> dict[str, str]:
    arguments = [version.rule_set.code, version.number, place]
    return {
        "url": reverse("eligibility:rule-set-case", args=arguments),
        "remove_url": reverse("eligibility:rule-set-case-remove", args=arguments),
    }


def _known(facts: Mapping[str, Any]) -> list[str]:
    """What a case says of its person beside everything that does not hold."""
    read = _read(facts)
    words = [FACTS[code].says(value) for code, value in read.items() if value is not None and not _says_no(value)]
    return [f"{each[:1].upper()}{each[1:]}" for each in words]


def _rest(facts: Mapping[str, Any]) -> str:
    """How many questions were answered with no, and how many not at all."""
    read = _read(facts)
    no = sum(value is not None and _says_no(value) for value in read.values())
    unknown = sum(value is None for value in read.values())
    parts = [f"no to {counted(no, 'other question', 'other questions')}"] if no else []
    if unknown:
        parts.append(f"{counted(unknown, 'fact', 'facts')} not known")
    return ", ".join(parts)


def _read(facts: Mapping[str, Any]) -> dict[str, FactValue | None]:
    """Every fact of the vocabulary; one that cannot be read counts as not known here, and its fault is told beside."""
    found: dict[str, FactValue | None] = {}
    for code, fact in FACTS.items():
        try:
            found[code] = read_value(fact, facts.get(code))
        except ValueError:
            found[code] = None
    return found


def _says_no(value: FactValue) -> bool:
    return value in (False, 0, "none", "not_eligible")


def _expects(expect: Mapping[str, Any]) -> str:
    parts = []
    if expect.get("outcome"):
        parts.append(TAGS[Outcome(expect["outcome"])][0] if _is_outcome(expect["outcome"]) else str(expect["outcome"]))
    if expect.get("direct_payment"):
        parts.append(f"direct payment {str(expect['direct_payment']).replace('_', ' ')}")
    if "offered_from" in expect:
        parts.append(f"offered from {_day(expect['offered_from'])}")
    if expect.get("missing") is not None:
        parts.append(f"missing: {_listed(expect['missing'])}")
    if expect.get("warns"):
        parts.append(f"warns: {_listed(expect['warns'])}")
    return "; ".join(parts)


def _day(value: Any) -> str:
    try:
        return spoken_date(dt.date.fromisoformat(value)) if value else "no day"
    except (TypeError, ValueError):
        return str(value)


def _is_outcome(value: Any) -> bool:
    return value in [each.value for each in Outcome]


def _listed(names: str | Iterable[str]) -> str:
    return ", ".join([names] if isinstance(names, str) else names) or "none"
