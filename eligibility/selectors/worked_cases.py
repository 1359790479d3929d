"""The worked cases of a version, run with the version in its place."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from eligibility.models import RuleSetVersion
from eligibility.rules.case_files import Case, read_case_file
from phb_register.models import Commissioner

from .rule_sets import RuleBook, commissioners_by_code, rule_book


@dataclass(frozen=True)
class CaseResult:
    """A worked case and where the answer is not the one it expects, in words."""

    case: Case
    differences: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        """Whether the answer is the one expected."""
        return not self.differences

    @property
    def in_words(self) -> str:
        """The differences for a page: codes read as words."""
        return "; ".join(self.differences).replace("_", " ")


def run_cases(version: RuleSetVersion) -> list[CaseResult]:
    """Each worked case of a version against the rules that would hold if it were approved.

    A case is screened for its commissioner on its day: outside the version's own dates by what holds there. Raises
    ``RulesRefused`` for content that cannot be read, and ``CaseFileRefused`` for cases that cannot.
    """
    rules = version.as_rules()
    commissioners = commissioners_by_code()

    @cache
    def book(code: str, on: dt.date) -> RuleBook:
        return rule_book(commissioners[code], on, instead=rules)

    return [
        CaseResult(case, tuple(case.differences(book(case.commissioner, case.assessed_on).screen(facts=case.facts))))
        for case in cases_of(version.cases, commissioners)
    ]


def cases_of(stored: list[dict[str, Any]], commissioners: dict[str, Commissioner]) -> list[Case]:
    """Stored cases as the rules take them. Raises ``CaseFileRefused``."""
    if not stored:
        return []
    return read_case_file(json.dumps({"cases": stored}), commissioners.__contains__)
