"""Criteria: nested all / any / not over facts, evaluated in three-valued logic.

As data a criterion is one of

    {"all": [criterion, …]}   {"any": [criterion, …]}   {"not": criterion}
    {"fact": "chc", "equals": "eligible"}
    {"fact": "mental_health_act_section", "in": ["s2", "s3"]}
    {"fact": "age", "at_least": 18}   {"fact": "age", "under": 18}
    {"part": "ld-or-autism"}          a named criterion that several places of one version share

`criteria_reading` reads them.

Truth is True, False or None (not known yet), combined as Kleene does: one False settles `all`, one True
settles `any`, whatever else is not known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from eligibility.rules.fact_types import FactValue
from eligibility.rules.facts import fact_for_rule

Truth = bool | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a rule: where it is (a path such as `readings[1].criteria.all[0]`) and what to do about it.

    `line` is that of the text it was read from, if it was. `is_gap` marks what a draft may still leave open: a branch
    without conditions, a choice not made yet.
    """

    path: str
    message: str
    is_gap: bool = False
    line: int | None = None

    def __str__(self) -> str:
        where = ", ".join(filter(None, ("" if self.line is None else f"line {self.line}", self.path)))
        return f"{where}: {self.message}" if where else self.message


class RulesRefused(ValueError):
    """The rules cannot be used; `problems` names every fault with its path and remedy."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


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
        """The criterion as data; `criteria_reading.read_criterion` reads it back."""


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
        assert fact is not None  # noqa: S101 - reading refused every other fact
        if self.operator == "at_least":
            return f"aged {self.value} or over" if self.fact == "age" else f"{fact.label}: {self.value} or more"
        if self.operator == "under":
            return f"aged under {self.value}" if self.fact == "age" else f"{fact.label}: fewer than {self.value}"
        if isinstance(self.value, tuple):
            return f"{fact.label}: {' or '.join(fact.value_label(value) for value in self.value)}"
        return fact.says(self.value)


@dataclass(frozen=True, slots=True)
class Joined(Criterion):
    """Several criteria as one: one that is `settled_by` settles the whole, whatever the others are."""

    word: ClassVar[str]
    settled_by: ClassVar[bool]

    members: tuple[Criterion, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.word, self.members)))

    def __hash__(self) -> int:
        return self._hash

    def truth(self, facts: Mapping[str, FactValue | None]) -> Truth:
        result: Truth = not self.settled_by
        for member in self.members:
            truth = member.truth(facts)
            if truth is self.settled_by:
                return truth
            if truth is None:
                result = None
        return result

    def given(self, facts: Mapping[str, FactValue | None]) -> Criterion | bool:
        left: list[Criterion] = []
        for member in self.members:
            rest = member.given(facts)
            if rest is self.settled_by:
                return self.settled_by
            if isinstance(rest, Criterion):
                left.append(rest)
        return _joined(type(self), left, not self.settled_by)

    def comparisons(self) -> Iterator[Comparison]:
        for member in self.members:
            yield from member.comparisons()

    def as_json(self) -> dict[str, Any]:
        return {self.word: [member.as_json() for member in self.members]}


class All(Joined):
    """True when every member is."""

    __slots__ = ()
    word = "all"
    settled_by = False


class AnyOf(Joined):
    """True when at least one member is."""

    __slots__ = ()
    word = "any"
    settled_by = True


@dataclass(frozen=True, slots=True)
class Not(Criterion):
    """True when its inner criterion is False; not known while that is not known."""

    inner: Criterion
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(("not", self.inner)))

    def __hash__(self) -> int:
        return self._hash

    def truth(self, facts: Mapping[str, FactValue | None]) -> Truth:
        truth = self.inner.truth(facts)
        return None if truth is None else not truth

    def given(self, facts: Mapping[str, FactValue | None]) -> Criterion | bool:
        rest = self.inner.given(facts)
        return Not(rest) if isinstance(rest, Criterion) else not rest

    def comparisons(self) -> Iterator[Comparison]:
        yield from self.inner.comparisons()

    def as_json(self) -> dict[str, Any]:
        return {"not": self.inner.as_json()}


@dataclass(frozen=True, slots=True)
class PartUse(Criterion):
    """A named part of the version, in the place of what it stands for.

    It is resolved when it is read and dissolves into what it stands for as soon as anything is known, so neither the
    screening nor the exact analysis ever looks a name up.
    """

    name: str
    inner: Criterion
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.inner))

    def __hash__(self) -> int:
        return self._hash

    def truth(self, facts: Mapping[str, FactValue | None]) -> Truth:
        return self.inner.truth(facts)

    def given(self, facts: Mapping[str, FactValue | None]) -> Criterion | bool:
        return self.inner.given(facts)

    def comparisons(self) -> Iterator[Comparison]:
        yield from self.inner.comparisons()

    def as_json(self) -> dict[str, Any]:
        return {"part": self.name}


def facts_used(*criteria: Criterion) -> set[str]:
    """Codes of the facts that the criteria compare (`age` for an age)."""
    return {comparison.fact for criterion in criteria for comparison in criterion.comparisons()}


def _joined(kind: type[Joined], left: list[Criterion], empty: bool) -> Criterion | bool:
    if not left:
        return empty
    return left[0] if len(left) == 1 else kind(tuple(left))


def grounds(criterion: Criterion, facts: Mapping[str, FactValue | None]) -> list[str]:
    """Codes of the facts that make the criterion what it is: those that met it, failed it, or leave it
    open.
    """
    return list(dict.fromkeys(_grounds(criterion, facts)))


def _grounds(criterion: Criterion, facts: Mapping[str, FactValue | None]) -> Iterator[str]:
    if isinstance(criterion, Comparison):
        yield criterion.fact
    elif isinstance(criterion, Not | PartUse):
        yield from _grounds(criterion.inner, facts)
    elif isinstance(criterion, All | AnyOf):
        truth = criterion.truth(facts)
        telling = [member for member in criterion.members if member.truth(facts) is truth]
        for member in telling:
            yield from _grounds(member, facts)
