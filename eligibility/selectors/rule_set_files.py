"""Rule sets and worked cases as files that can be imported again."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from eligibility.models import RuleSet, RuleSetVersion
from eligibility.rules.case_lists import case_file


def rule_set_file(rule_set: RuleSet, versions: Iterable[RuleSetVersion]) -> str:
    """The text of a file of one rule set, in the form of the reference rule sets, worked cases and all."""
    return as_text(
        {
            "rule_sets": [
                {
                    "code": rule_set.code,
                    "title": rule_set.title,
                    "layer": rule_set.layer.value,
                    "commissioner": rule_set.commissioner.code if rule_set.commissioner else None,
                    "cohort": rule_set.cohort.code,
                    "versions": [_version(version) for version in versions],
                }
            ]
        }
    )


def case_file_of(version: RuleSetVersion) -> str:
    """The text of a case file with the worked cases of a version."""
    return as_text(case_file(version.cases, [f"Worked cases of {version}."]))


def as_text(value: Mapping[str, Any] | list[Any]) -> str:
    """A JSON value as people read and edit it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _version(version: RuleSetVersion) -> dict[str, Any]:
    return {
        "effective_from": version.effective_from.isoformat(),
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
        "status": version.status,
        "outcome": version.outcome,
        "source": version.source,
        "change_note": version.change_note,
        **version.content,
        "cases": version.cases,
    }
