"""What differs between two versions, as the page of both says it."""

from typing import Any

from eligibility.presenters.rule_set_pages import difference_table
from eligibility.rules.tree_diff import Change, Difference


def rows(*differences: Difference) -> list[list[Any]]:
    return [[cell["text"] for cell in row] for row in difference_table(differences)["rows"]]


def case(kind: Change, before: str = "", after: str = "") -> Difference:
    return Difference(path="cases", kind=kind, where="Worked case", before=before, after=after)


def test_cases_that_came_and_went_are_a_row_each_and_stand_last() -> None:
    shown = rows(
        case("added", after="grown-up"),
        case("removed", before="one"),
        Difference(path="says", kind="changed", where="Sentence that explains it", before="Old", after="New"),
        case("removed", before="two"),
    )
    assert shown == [
        ["Sentence that explains it", "Changed", "Old", "New"],
        ["Worked case", "Added", "–", "grown-up"],
        ["Worked cases", "Removed", "one; two", "–"],
    ]
