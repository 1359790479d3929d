"""Criteria: nested all / any / not over facts, evaluated in three-valued logic.

As data a criterion is one of

    {"all": [criterion, …]}   {"any": [criterion, …]}   {"not": criterion}
    {"fact": "chc", "equals": "eligible"}
    {"fact": "mental_health_act_section", "in": ["s2", "s3"]}
    {"fact": "age", "at_least": 18}   {"fact": "age", "under": 18}

Truth is True, False or None (not known yet), combined as Kleene does: one False settles `all`, one True
settles `any`, whatever else is not known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from eligibility.rules.fact_types import AnswerType, Fact, FactValue, closest
from eligibility.rules.facts import comparable_codes, fact_for_rule

Truth = bool | None
DEEPEST = 20
_BRANCHES = ("all", "any", "not")
_OPERATORS = {
    AnswerType.YES_NO: ("equals",),
    AnswerType.CHOICE: ("equals", "in"),
    AnswerType.WHOLE_NUMBER: ("at_least", "under", "equals"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a rule: where it is (a path such as `readings[1].criteria.all[0]`) and what to do about
    it.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class RulesRefused(ValueError):
    """The rules cannot be used; `problems` names every fault with its path and remedy."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class Criterion(ABC):
    """A node of the tree. Nodes are immutable and hash once, because the exact analysis uses them as keys."""

    __slots__ = ()

    @abstractmethod
    def truth(self, facts: Mapping[str, FactValue | None]) -> Truth:
        """True, False or None for what is known."""

    @abstractmethod
    def given(self, facts: Mapping[str, FactValue | None]) -> Criterion | bool:
        """What is left of the criterion once the known facts are filled in; a bool where nothing is left."""

    @abstractmethod
    def comparisons(self) -> Iterator[Comparison]:
        """Every comparison in the tree."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """The criterion as data; `read_criterion` reads it back."""


@dataclass(frozen=True, slots=True)
class Comparison(Criterion):
    """One fact compared. `value` is a tuple for `in`."""

    fact: str
    operator: str
    value: FactValue | tuple[FactValue, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.fact, self.operator, self.value)))

    def __hash__(self) -> int:
        return self._hash

    def matches(self, known: FactValue) -> bool:
        """Whether a known value meets the comparison."""
        if self.operator == "equals":
            return known == self.value
        if self.operator == "in":
            return known in self.value  # type: ignore[operator]
        if self.operator == "at_least":
            return known >= self.value  # type: ignore[operator]
        return known < self.value  # type: ignore[operator]

    def truth(self, facts: Mapping[str, FactValue | None]) -> Truth:
        known = facts.get(self.fact)
        return None if known is None else self.matches(known)

    def given(self, facts: Mapping[str, FactValue | None]) -> Criterion | bool:
        known = facts.get(self.fact)
        return self if known is None else self.matches(known)

    def comparisons(self) -> Iterator[Comparison]:
        yield self

    def as_json(self) -> dict[str, Any]:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"fact": self.fact, self.operator: value}

    def says(self) -> str:
        """The comparison as a clause, for a reason."""
        fact = fact_for_rule(self.fact)
        assert fact is not None  # noqa: S101 - read_criterion refused every other fact
        if self.operator == "at_least":
            return f"aged {self.value} or over" if self.fact == "age" else f"{fact.label}: {self.value} or more"
        if self.operator == "under":
            return f"aged under {self.value}" if self.fact == "age" else f"{fact.label}: fewer than {self.value}"
        if isinstance(self.value, tuple):
            return f"{fact.label}: {' or '.join(fact.value_label(value) for value in self.value)}"
        return fact.says(self.value)


@dataclass(frozen=True, slots=True)
class Joined(Criterion):
    """Several parts as one: one part that is `settled_by` settles the whole, whatever the others are."""

    word: ClassVar[str]
    settled_by: ClassVar[bool]

    parts: tuple[Criterion, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.word, self.parts)))

    def __hash__(self) -> int:
        return self._hash

    def truth(self, facts: Mapping[str, FactValue | None]) -> Truth:
        result: Truth = not self.settled_by
        for part in self.parts:
            truth = part.truth(facts)
            if truth is self.settled_by:
                return truth
            if truth is None:
                result = None
        return result

    def given(self, facts: Mapping[str, FactValue | None]) -> Criterion | bool:
        left: list[Criterion] = []
        for part in self.parts:
            rest = part.given(facts)
            if rest is self.settled_by:
                return self.settled_by
            if isinstance(rest, Criterion):
                left.append(rest)
        return _joined(type(self), left, not self.settled_by)

    def comparisons(self) -> Iterator[Comparison]:
        for part in self.parts:
            yield from part.comparisons()

    def as_json(self) -> dict[str, Any]:
        return {self.word: [part.as_json() for part in self.parts]}


class All(Joined):
    """True when every part is."""

    __slots__ = ()
    word = "all"
    settled_by = False


class AnyOf(Joined):
    """True when at least one part is."""

    __slots__ = ()
    word = "any"
    settled_by = True


@dataclass(frozen=True, slots=True)
class Not(Criterion):
    """True when its part is False; not known while its part is not known."""

    part: Criterion
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("not", self.part)))

    def __hash__(self) -> int:
        return self._hash

    def truth(self, facts: Mapping[str, FactValue | None]) -> Truth:
        truth = self.part.truth(facts)
        return None if truth is None else not truth

    def given(self, facts: Mapping[str, FactValue | None]) -> Criterion | bool:
        rest = self.part.given(facts)
        return Not(rest) if isinstance(rest, Criterion) else not rest

    def comparisons(self) -> Iterator[Comparison]:
        yield from self.part.comparisons()

    def as_json(self) -> dict[str, Any]:
        return {"not": self.part.as_json()}


def facts_used(*criteria: Criterion) -> set[str]:
    """Codes of the facts that the criteria compare (`age` for an age)."""
    return {comparison.fact for criterion in criteria for comparison in criterion.comparisons()}


def read_criterion(data: object, path: str = "criteria") -> Criterion:
    """The tree behind JSON data.

    Raises RulesRefused with every fault found: an unknown fact, a value of the wrong type, an empty branch, a
    loop.
    """
    problems: list[Problem] = []
    criterion = _read(data, path, problems, ())
    if problems or criterion is None:
        raise RulesRefused(problems)
    return criterion


def _joined(kind: type[Joined], left: list[Criterion], empty: bool) -> Criterion | bool:
    if not left:
        return empty
    return left[0] if len(left) == 1 else kind(tuple(left))


def _read(data: object, path: str, problems: list[Problem], above: tuple[int, ...]) -> Criterion | None:
    if not isinstance(data, dict):
        problems.append(Problem(path, 'Give an object with "all", "any", "not" or "fact".'))
        return None
    if id(data) in above:
        problems.append(Problem(path, "This criterion contains itself. Write the part out instead of the loop."))
        return None
    if len(above) >= DEEPEST:
        problems.append(Problem(path, f"Nested more than {DEEPEST} deep. Split it into simpler criteria."))
        return None
    branches = [key for key in _BRANCHES if key in data]
    if "fact" in data:
        return _read_comparison(data, path, problems)
    if len(branches) != 1 or len(data) != 1:
        problems.append(Problem(path, _branch_remedy(data)))
        return None
    branch = branches[0]
    below = (*above, id(data))
    if branch == "not":
        part = _read(data["not"], f"{path}.not", problems, below)
        return None if part is None else Not(part)
    listed = data[branch]
    if not isinstance(listed, list) or not listed:
        problems.append(Problem(f"{path}.{branch}", "This branch is empty. List at least one criterion, or remove it."))
        return None
    parts = [_read(item, f"{path}.{branch}[{index}]", problems, below) for index, item in enumerate(listed)]
    found = tuple(part for part in parts if part is not None)
    if len(found) < len(parts):
        return None
    return All(found) if branch == "all" else AnyOf(found)


def _branch_remedy(data: dict[str, Any]) -> str:
    allowed = (*_BRANCHES, "fact")
    if not data:
        return 'This criterion is empty. Give one of "all", "any", "not" or "fact".'
    odd = [key for key in data if key not in allowed]
    if odd:
        meant = closest(odd[0], allowed)
        return f'"{odd[0]}" means nothing here. Use one of "all", "any", "not" or "fact".{meant}'
    return 'Give exactly one of "all", "any", "not" or "fact", and nest the others inside it.'


def _read_comparison(data: dict[str, Any], path: str, problems: list[Problem]) -> Comparison | None:
    code = data["fact"]
    fact = fact_for_rule(code) if isinstance(code, str) else None
    if fact is None:
        remedy = "Compare the age instead." if code == "born_on" else f"Use one of: {', '.join(comparable_codes())}."
        problems.append(
            Problem(
                f"{path}.fact",
                f"There is no fact {code!r} to compare.{closest(code, comparable_codes())} {remedy}",
            )
        )
        return None
    allowed = _OPERATORS[fact.answer_type]
    given = [key for key in data if key != "fact"]
    if len(given) != 1 or given[0] not in allowed:
        quoted = " or ".join(f'"{operator}"' for operator in allowed)
        problems.append(Problem(path, f'Compare "{fact.code}" with exactly one of {quoted}.'))
        return None
    operator = given[0]
    where = f"{path}.{operator}"
    if operator == "in":
        return _read_listed(fact, data["in"], where, problems)
    if not _fits(fact, data[operator]):
        problems.append(Problem(where, _value_remedy(fact)))
        return None
    return Comparison(fact.code, operator, data[operator])


def _read_listed(fact: Fact, listed: object, where: str, problems: list[Problem]) -> Comparison | None:
    if not isinstance(listed, list) or not listed:
        problems.append(Problem(where, "This list is empty. Name at least one value."))
        return None
    wrong = [index for index, value in enumerate(listed) if not _fits(fact, value)]
    problems.extend(Problem(f"{where}[{index}]", _value_remedy(fact)) for index in wrong)
    return None if wrong else Comparison(fact.code, "in", tuple(listed))


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


def grounds(criterion: Criterion, facts: Mapping[str, FactValue | None]) -> list[str]:
    """Codes of the facts that make the criterion what it is: those that met it, failed it, or leave it
    open.
    """
    return list(dict.fromkeys(_grounds(criterion, facts)))


def _grounds(criterion: Criterion, facts: Mapping[str, FactValue | None]) -> Iterator[str]:
    if isinstance(criterion, Comparison):
        yield criterion.fact
    elif isinstance(criterion, Not):
        yield from _grounds(criterion.part, facts)
    elif isinstance(criterion, All | AnyOf):
        truth = criterion.truth(facts)
        telling = [part for part in criterion.parts if part.truth(facts) is truth]
        for part in telling:
            yield from _grounds(part, facts)
