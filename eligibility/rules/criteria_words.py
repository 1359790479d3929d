"""Criteria in plain words: a tree of sentences that a page or a document lays out as nested lists.

Takes the raw data rather than what was read from it, because a draft has to be shown while it is unfinished.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eligibility.rules.criteria import Problem
from eligibility.rules.criteria_reading import OPERATORS
from eligibility.rules.fact_types import AnswerType, Fact
from eligibility.rules.facts import AGE, fact_for_rule


class NodeKind(StrEnum):
    """What stands at a place of a tree."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    CONDITION = "condition"
    PART = "part"
    EMPTY = "empty"
    ODD = "odd"

    @property
    def is_group(self) -> bool:
        """Whether it holds a list of others."""
        return self in (NodeKind.ALL, NodeKind.ANY)


HEADINGS: Mapping[NodeKind, str] = {
    NodeKind.ALL: "All of these",
    NodeKind.ANY: "Any of these",
    NodeKind.NOT: "None of this",
}
_NOTHING_YET = "Nothing yet"


@dataclass(frozen=True, slots=True)
class Words:
    """A node in words. `text` heads the `children` of a group, and is the whole sentence of a condition.

    `missing` says what a draft still lacks here; `faults` are what is wrong with it.
    """

    path: str
    kind: NodeKind
    text: str
    children: tuple[Words, ...] = ()
    missing: str = ""
    faults: tuple[str, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether it heads a list."""
        return self.kind.is_group or self.kind is NodeKind.NOT

    def sentence(self) -> str:
        """The whole tree on one line, brackets around each group inside another."""
        if not self.is_group:
            return self.text
        inner = "; ".join(f"({child.sentence()})" if child.is_group else child.sentence() for child in self.children)
        return f"{self.text}: {inner or self.missing}"


def kind_of(data: object) -> NodeKind:
    """What the data at a place of a tree is meant to be."""
    if data is None or data == {}:
        return NodeKind.EMPTY
    if not isinstance(data, Mapping):
        return NodeKind.ODD
    if "fact" in data:
        return NodeKind.CONDITION
    if len(data) != 1:
        return NodeKind.ODD
    ((key, value),) = data.items()
    if key in ("all", "any"):
        return NodeKind(key) if isinstance(value, list) else NodeKind.ODD
    return NodeKind(key) if key in ("not", "part") else NodeKind.ODD


def in_words(
    data: object, path: str = "criteria", titles: Mapping[str, str] | None = None, problems: Iterable[Problem] = ()
) -> Words:
    """A tree in words, finished or not. `titles` are those of the parts by name; `problems` are put where they are."""
    titles = titles or {}
    here = [problem for problem in problems if is_under(problem.path, path)]
    kind = kind_of(data)
    children: tuple[Words, ...] = ()
    missing = ""
    if isinstance(data, Mapping) and kind.is_group:
        listed = data[kind.value]
        children = tuple(
            in_words(item, f"{path}.{kind.value}[{index}]", titles, here) for index, item in enumerate(listed)
        )
        missing = "" if children else "Nothing is in this group yet. Add a condition, or remove the group."
    elif isinstance(data, Mapping) and kind is NodeKind.NOT:
        children = (in_words(data["not"], f"{path}.not", titles, here),)
    elif kind is NodeKind.EMPTY:
        missing = "Nothing stands here yet. Add a condition or a group."
    own = [problem for problem in here if not any(is_under(problem.path, child.path) for child in children)]
    if kind is NodeKind.CONDITION and any(problem.is_gap for problem in own):
        missing = "This condition does not say yet what it compares with."
    return Words(
        path=path,
        kind=kind,
        text=HEADINGS.get(kind) or _text(data, kind, titles),
        children=children,
        missing=missing,
        faults=tuple(problem.message for problem in own if not problem.is_gap),
    )


def condition_in_words(data: Mapping[str, Any]) -> str:
    """A comparison as a sentence that starts with the fact's label."""
    code = data.get("fact")
    fact = fact_for_rule(code) if isinstance(code, str) else None
    if fact is None:
        return f"{code}: not a fact of the vocabulary"
    operator = next((each for each in OPERATORS[fact.answer_type] if each in data), None)
    if operator is None:
        return f"{fact.label}: not said yet"
    return f"{fact.label}: {comparison_in_words(fact, operator, data[operator])}"


def comparison_in_words(fact: Fact, operator: str, value: object) -> str:
    """What is asked of a fact, without its name: "18 or over", "section 2 or section 3"."""
    if operator == "at_least":
        return f"{value} or over" if fact.code == AGE else f"{value} or more"
    if operator == "under":
        return f"under {value}" if fact.code == AGE else f"fewer than {value}"
    if operator == "in":
        return " or ".join(_value(fact, each) for each in value) if isinstance(value, list | tuple) else str(value)
    return f"exactly {value}" if fact.answer_type is AnswerType.WHOLE_NUMBER else _value(fact, value)


def _value(fact: Fact, value: object) -> str:
    if isinstance(value, bool | str) and value in fact.definite_values():
        return fact.value_label(value)
    return f"“{value}”, which is no answer to it"


def _text(data: object, kind: NodeKind, titles: Mapping[str, str]) -> str:
    if kind is NodeKind.CONDITION and isinstance(data, Mapping):
        return condition_in_words(data)
    if kind is NodeKind.PART and isinstance(data, Mapping):
        name = data["part"]
        return titles.get(str(name), f"{name}: no part of this version")
    return _NOTHING_YET if kind is NodeKind.EMPTY else "Something that is no criterion"


def is_under(path: str, other: str) -> bool:
    """Whether a path is another one or leads on from it."""
    return path.startswith(other) and path[len(other) : len(other) + 1] in ("", ".", "[")
