"""What levels suggest, with the reference data that arrives with the product."""

import json
from typing import Any

import pytest

from budgets.reference.needs_tools import FILE
from budgets.rules.needs_profiles import Domain, NeedsLevel, check_levels, read_suggestions, suggested_by

TOOLS = {tool["code"]: tool for tool in json.loads(FILE.read_text(encoding="utf-8"))}


def suggested(code: str, *levels: str) -> str | None:
    found = suggested_by(
        {str(place): level for place, level in enumerate(levels)}, read_suggestions(TOOLS[code]["suggestions"])
    )
    return found.text.split(":")[0] if found else None


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (["priority"], "Expected to be eligible for continuing healthcare"),
        (["severe", "severe"], "Expected to be eligible for continuing healthcare"),
        (["severe", "low", "low"], "May be eligible for continuing healthcare"),
        (["high", "high", "moderate"], "May be eligible for continuing healthcare"),
        (["severe"], None),
        (["moderate", "moderate", "low"], None),
        (["not_assessed", "none"], None),
    ],
)
def test_what_the_levels_of_an_adult_suggest(levels: list[str], said: str | None) -> None:
    assert suggested("adults-2018", *levels) == said


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (["severe"], "Continuing care is likely"),
        (["high", "high", "high"], "Continuing care is likely"),
        (["high", "high"], "Just below continuing care"),
        (["high", "moderate"], None),
    ],
)
def test_what_the_levels_of_a_child_suggest(levels: list[str], said: str | None) -> None:
    assert suggested("children-2016", *levels) == said


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_reference_data_is_whole(tool: dict[str, Any]) -> None:
    assert len(tool["domains"]) == (10 if tool["is_for_children"] else 12)
    assert len({domain["code"] for domain in tool["domains"]}) == len(tool["domains"])
    for domain in tool["domains"]:
        places = [NeedsLevel.values.index(level) for level in domain["levels"]]
        assert places == sorted(set(places)), domain["code"]
        assert domain["source"]
    assert all(suggestion["source"] for suggestion in tool["suggestions"])


def test_ceilings_of_the_adults_tool() -> None:
    ceilings = {domain["code"]: domain["levels"][-1] for domain in TOOLS["adults-2018"]["domains"]}
    assert [code for code, level in ceilings.items() if level == "priority"] == [
        "breathing",
        "behaviour",
        "drug-therapies",
        "altered-states",
    ]
    assert [code for code, level in ceilings.items() if level == "high"] == [
        "continence",
        "communication",
        "psychological",
    ]


def test_profile_of_nothing_assessed_is_refused() -> None:
    domains = [Domain("skin", "Skin", ("none", "low"))]
    assert [each.field for each in check_levels({"skin": "not_assessed"}, domains)] == [""]
    assert check_levels({"skin": "low"}, domains) == []
    assert [each.field for each in check_levels({"skin": "low", "hair": "low"}, domains)] == [""]
