"""Criteria read from data, with every fault found: where it is and what to do about it.

A part is a named criterion that several places of one version share. It is resolved here, once, so that a screening
never looks a name up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from eligibility.rules.criteria import All, AnyOf, Comparison, Criterion, Joined, Not, PartUse, Problem, RulesRefused
from eligibility.rules.fact_types import AnswerType, Fact, closest
from eligibility.rules.facts import comparable_codes, fact_for_rule

DEEPEST = 20
LARGEST = 500
"""Comparisons in one tree, its parts written out. Parts that use parts could otherwise double again and again."""
PART_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_NAME = 60
OPERATORS: Mapping[AnswerType, tuple[str, ...]] = {
    AnswerType.YES_NO: ("equals",),
    AnswerType.CHOICE: ("equals", "in"),
    AnswerType.WHOLE_NUMBER: ("at_least", "under", "equals"),
}
_BRANCHES = ("all", "any", "not")
_FORMS = (*_BRANCHES, "fact", "part")
_ONE_OF = 'one of "all", "any", "not", "fact" or "part"'


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion with a name, shared by several places of one version."""

    name: str
    title: str
    criteria: Criterion


def read_criterion(data: object, path: str = "criteria") -> Criterion:
    """The tree behind JSON data that stands alone and so can name no part.

    Raises RulesRefused with every fault found: an unknown fact, a value of the wrong type, an empty branch, a loop.
    """
    reader = CriteriaReader()
    criterion = reader.read(data, path)
    if reader.problems or criterion is None:
        raise RulesRefused(reader.problems)
    return criterion


class CriteriaReader:
    """Reads the trees of one version and collects the faults of all of them in `problems`."""

    def __init__(self, parts: object = None, path: str = "parts") -> None:
        """`parts` is the raw object of named parts; `path` says where it stands."""
        self.problems: list[Problem] = []
        self._declared: Mapping[str, Any] = {}
        self._found: dict[str, Part] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        if isinstance(parts, Mapping):
            self._declared = parts
        elif parts is not None:
            self._fault(path, "Give the parts as an object: a name, and under it a title and criteria.")
        for name in self._used_first(path):
            self._read_part(name, f"{path}.{name}")
        self.parts = tuple(self._found[name] for name in self._declared if name in self._found)

    def read(self, data: object, path: str) -> Criterion | None:
        """One tree; None where it has faults, which are then in `problems` (or in those of a part it names)."""
        criterion = self._read(data, path, ())
        if criterion is None:
            return None
        depth, size = self._measured(criterion)
        if depth > DEEPEST:
            self._fault(path, f"Nested more than {DEEPEST} deep with its parts written out. Make it simpler.")
            return None
        if size > LARGEST:
            self._fault(path, f"More than {LARGEST} conditions with its parts written out. Make it simpler.")
            return None
        return criterion

    def _fault(self, path: str, message: str, *, is_gap: bool = False) -> None:
        self.problems.append(Problem(path, message, is_gap=is_gap))

    def _used_first(self, path: str) -> list[str]:
        """The names of the parts, each after those it uses. Says every loop, and goes on as if it were not there."""
        uses = {
            name: {used: where for where, used in _parts_used(raw, f"{path}.{name}") if used in self._declared}
            for name, raw in self._declared.items()
        }
        while True:
            try:
                return list(TopologicalSorter(uses).static_order())
            except CycleError as error:
                loop = error.args[1][::-1]
                where = uses[loop[0]].pop(loop[1])
                message = f"These parts make a loop: {' → '.join(loop)}. Write one of them out instead of naming it."
                self._fault(where, message)

    def _read_part(self, name: str, where: str) -> None:
        """Keep a declared part, if it is sound."""
        raw = self._declared[name]
        if not PART_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            self._fault(where, f"Name a part in small letters, digits and hyphens, at most {LONGEST_NAME}.")
            return
        if not isinstance(raw, Mapping) or set(raw) - {"title", "criteria"}:
            self._fault(where, "Give a part as a title and criteria, and nothing else.")
            return
        title = raw.get("title")
        if not isinstance(title, str) or not title.strip():
            self._fault(f"{where}.title", "Give the part a title in words.")
        criteria = self.read(raw.get("criteria") or {}, f"{where}.criteria")
        if criteria is not None:
            self._found[name] = Part(name, str(title), criteria)
            self._sizes[name] = self._measured(criteria)

    def _measured(self, criterion: Criterion) -> tuple[int, int]:
        """How deep the tree is and how many comparisons it holds, parts written out but never walked twice."""
        if isinstance(criterion, PartUse):
            return self._sizes[criterion.name]
        if isinstance(criterion, Comparison):
            return 1, 1
        members = criterion.members if isinstance(criterion, Joined) else (criterion.inner,)  # type: ignore[attr-defined]
        measured = [self._measured(member) for member in members]
        return 1 + max(depth for depth, _size in measured), sum(size for _depth, size in measured)

    def _read(self, data: object, path: str, above: tuple[int, ...]) -> Criterion | None:
        if not isinstance(data, dict):
            self._fault(path, f"Give an object with {_ONE_OF}.")
            return None
        if id(data) in above:
            self._fault(path, "This criterion contains itself. Write it out instead of the loop.")
            return None
        if len(above) >= DEEPEST:
            self._fault(path, f"Nested more than {DEEPEST} deep. Split it into simpler criteria.")
            return None
        if "fact" in data:
            return self._comparison(data, path)
        if len(data) != 1 or next(iter(data)) not in _FORMS:
            self._fault(path, _branch_remedy(data), is_gap=not data)
            return None
        if "part" in data:
            return self._part_use(data["part"], path)
        return self._branch(data, path, (*above, id(data)))

    def _branch(self, data: dict[str, Any], path: str, below: tuple[int, ...]) -> Criterion | None:
        ((branch, listed),) = data.items()
        if branch == "not":
            inner = self._read(listed, f"{path}.not", below)
            return None if inner is None else Not(inner)
        if not isinstance(listed, list) or not listed:
            message = "This branch is empty. List at least one criterion, or remove it."
            self._fault(f"{path}.{branch}", message, is_gap=listed == [])
            return None
        read = [self._read(item, f"{path}.{branch}[{index}]", below) for index, item in enumerate(listed)]
        found = tuple(criterion for criterion in read if criterion is not None)
        if len(found) < len(read):
            return None
        return All(found) if branch == "all" else AnyOf(found)

    def _part_use(self, name: object, path: str) -> Criterion | None:
        where = f"{path}.part"
        if not isinstance(name, str) or name not in self._declared:
            meant = closest(str(name), self._declared)
            named = (
                f"Use one of: {', '.join(self._declared)}."
                if self._declared
                else 'This version names none under "parts".'
            )
            self._fault(where, f"There is no part {name!r}.{meant} {named}")
            return None
        # A part that is declared and was not kept has faults of its own, which are said already.
        part = self._found.get(name)
        return None if part is None else PartUse(name, part.criteria)

    def _comparison(self, data: dict[str, Any], path: str) -> Comparison | None:
        code = data["fact"]
        fact = fact_for_rule(code) if isinstance(code, str) else None
        if fact is None:
            codes = comparable_codes()
            remedy = "Compare the age instead." if code == "born_on" else f"Use one of: {', '.join(codes)}."
            self._fault(f"{path}.fact", f"There is no fact {code!r} to compare.{closest(str(code), codes)} {remedy}")
            return None
        allowed = OPERATORS[fact.answer_type]
        given = [key for key in data if key != "fact"]
        if len(given) != 1 or given[0] not in allowed:
            quoted = " or ".join(f'"{operator}"' for operator in allowed)
            self._fault(path, f'Compare "{fact.code}" with exactly one of {quoted}.', is_gap=not given)
            return None
        operator = given[0]
        where = f"{path}.{operator}"
        if operator == "in":
            return self._listed(fact, data["in"], where)
        if not _fits(fact, data[operator]):
            self._fault(where, _value_remedy(fact))
            return None
        return Comparison(fact.code, operator, data[operator])

    def _listed(self, fact: Fact, listed: object, where: str) -> Comparison | None:
        if not isinstance(listed, list) or not listed:
            self._fault(where, "This list is empty. Name at least one value.", is_gap=listed == [])
            return None
        wrong = [index for index, value in enumerate(listed) if not _fits(fact, value)]
        for index in wrong:
            self._fault(f"{where}[{index}]", _value_remedy(fact))
        return None if wrong else Comparison(fact.code, "in", tuple(listed))


def _parts_used(data: object, path: str) -> Iterator[tuple[str, str]]:
    """Every use of a part below the data: its path and the name. Looks no deeper than criteria may go."""
    waiting = [(data, path, 0)]
    while waiting:
        here, where, depth = waiting.pop()
        if depth > 2 * DEEPEST + 2:
            continue
        if isinstance(here, Mapping):
            if isinstance(here.get("part"), str):
                yield f"{where}.part", here["part"]
            waiting.extend((value, f"{where}.{key}", depth + 1) for key, value in here.items())
        elif isinstance(here, list):
            waiting.extend((value, f"{where}[{index}]", depth + 1) for index, value in enumerate(here))


def _branch_remedy(data: dict[str, Any]) -> str:
    if not data:
        return f"This criterion is empty. Give {_ONE_OF}."
    odd = [key for key in data if key not in _FORMS]
    if odd:
        return f'"{odd[0]}" means nothing here. Use {_ONE_OF}.{closest(odd[0], _FORMS)}'
    return f"Give exactly {_ONE_OF}, and nest the others inside it."


def _fits(fact: Fact, value: object) -> bool:
    if fact.answer_type is AnswerType.WHOLE_NUMBER:
        return isinstance(value, int) and not isinstance(value, bool) and fact.lowest <= value <= fact.highest
    if fact.answer_type is AnswerType.YES_NO:
        return isinstance(value, bool)
    return isinstance(value, str) and value in fact.definite_values()


def _value_remedy(fact: Fact) -> str:
    if fact.answer_type is AnswerType.WHOLE_NUMBER:
        return f'"{fact.code}" is a whole number: give one from {fact.lowest} to {fact.highest}.'
    if fact.answer_type is AnswerType.YES_NO:
        return f'"{fact.code}" is a yes-or-no fact: give true or false.'
    values = ", ".join(str(value) for value in fact.definite_values())
    return f'"{fact.code}" is a choice: give one of {values}.'
