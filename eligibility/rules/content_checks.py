"""What is wrong with a version's content, and what a draft still lacks. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from eligibility.rules.content_paths import line_of
from eligibility.rules.criteria import Problem, RulesRefused
from eligibility.rules.fact_types import closest
from eligibility.rules.located_json import LocatedObject, NotJson, parse
from eligibility.rules.rule_set_reading import located, read_rule_set
from eligibility.rules.rule_sets import RuleSet

CONTENT_KEYS = (
    "says",
    "applies_when",
    "parts",
    "criteria",
    "readings",
    "chosen",
    "reading_note",
    "funding",
    "warnings",
    "direct_payment_conditions",
)
# The rest of a version, sound: here the content alone is looked at.
_COLUMNS = {
    "code": "content",
    "number": 1,
    "title": "Content",
    "layer": "local",
    "cohort": "content",
    "effective_from": datetime.date.min,
    "outcome": "may_request",
    "source": "Content",
}


def content_problems(content: Mapping[str, Any]) -> list[Problem]:
    """Every fault and every gap of a version's content, with its path and remedy."""
    problems = [
        Problem(key, f"The content of a version has no {key!r}.{closest(key, CONTENT_KEYS)} Remove it.")
        for key in content
        if key not in CONTENT_KEYS
    ]
    known = {key: value for key, value in content.items() if key in CONTENT_KEYS}
    try:
        read_rule_set({**known, **_COLUMNS})
    except RulesRefused as refused:
        problems.extend(refused.problems)
    return problems


def read_content_text(text: str) -> dict[str, Any]:
    """The content that a text says, which may have gaps. Raises RulesRefused with the line of every fault."""
    try:
        data = parse(text)
    except NotJson as error:
        raise RulesRefused([Problem("", str(error), line=error.line)]) from error
    if not isinstance(data, LocatedObject):
        raise RulesRefused([Problem("", "Give an object, from { to }.", line=line_of(data, ""))])
    faults = [problem for problem in content_problems(data) if not problem.is_gap]
    if faults:
        raise located(RulesRefused(faults), data)
    return data


def submission_problems(rule_set: RuleSet) -> list[Problem]:
    """What a version that reads well still lacks before others are asked to approve it."""
    problems = list(_unused_parts(rule_set))
    if len(rule_set.readings) > 1 and not rule_set.reading_note.strip():
        message = "There are several readings. Say why the answer rests on the one you chose."
        problems.append(Problem("reading_note", message, is_gap=True))
    return problems


def _unused_parts(rule_set: RuleSet) -> Iterator[Problem]:
    used = set(parts_used(rule_set.content()))
    for part in rule_set.parts:
        if part.name not in used:
            message = f"Nothing uses the part “{part.title}”. Use it, or remove it."
            yield Problem(f"parts.{part.name}", message)


def parts_used(data: object) -> Iterator[str]:
    """The names of the parts that a content, or a piece of one, uses; a name for each use."""
    waiting = [data]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Mapping):
            if isinstance(here.get("part"), str):
                yield here["part"]
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
