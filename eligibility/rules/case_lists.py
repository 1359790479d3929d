"""Worked cases as a version keeps them, and as a file: the list a file holds with the defaults put into every case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from eligibility.rules.case_files import CASE_KEYS, parse_case_file, read_case_value
from eligibility.rules.facts import FACTS


def cases_to_keep(text: str, is_commissioner: Callable[[str], bool]) -> list[dict[str, Any]]:
    """The cases of a file, each standing by itself: with every fact that the defaults gave it.

    Raises ``CaseFileRefused`` with the line and remedy of every fault.
    """
    return cases_of_value(parse_case_file(text), is_commissioner)


def cases_of_value(data: Any, is_commissioner: Callable[[str], bool]) -> list[dict[str, Any]]:
    """As ``cases_to_keep``, for a file that is parsed already."""
    read = read_case_value(data, is_commissioner)
    return [
        {
            "id": case.id,
            "commissioner": case.commissioner,
            "assessed_on": case.assessed_on.isoformat(),
            "facts": _in_order(case.facts),
            "expect": dict(item["expect"]),
            "why": case.why,
        }
        for case, item in zip(read, data["cases"], strict=True)
    ]


def case_file(cases: Iterable[Mapping[str, Any]], about: Iterable[str]) -> dict[str, Any]:
    """Kept cases as a file's value. What all of them have in common stands once, as the defaults."""
    listed = [{key: case[key] for key in CASE_KEYS if key in case} for case in cases]
    defaults = _common(listed) if len(listed) > 1 else {}
    return {
        "about": list(about),
        "defaults": defaults,
        "cases": [{**case, "facts": _without(case["facts"], defaults)} for case in listed],
    }


def _common(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """The facts that every case has, with the value that most give them; not whose birthday it is."""
    first, *rest = [case["facts"] for case in cases]
    shared = [code for code in first if code != "born_on" and all(code in facts for facts in rest)]
    return {code: _usual([first[code], *(facts[code] for facts in rest)]) for code in shared}


def _usual(values: list[Any]) -> Any:
    return max(values, key=values.count)


def _without(facts: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in facts.items() if code not in defaults or defaults[code] != value}


def _in_order(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts in the order of the vocabulary, so that two files of the same cases are the same text."""
    return {code: facts[code] for code in FACTS if code in facts} | dict(facts)
