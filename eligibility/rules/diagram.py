"""What can still change: an exact analysis of the strongest outcome over every completion of the unknown
facts.

Three-valued logic alone is cautious: it may call an answer open although every way of filling the gaps leads
to the same place. So the open rules are turned into a reduced, ordered decision diagram. It is canonical,
which gives three things by construction: the answer is settled exactly when the diagram is one leaf; a fact
can still change the answer exactly when it labels a node; and neither depends on the order in which facts
became known. A known fact only ever restricts the diagram, so a settled answer can never become unsettled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from eligibility.rules.criteria import Comparison, Criterion
from eligibility.rules.fact_types import FactValue
from eligibility.rules.facts import AGE, OLDEST_AGE, VOCABULARY, fact_for_rule

OpenRule = tuple[int, Criterion]
"""The strength a rule would give, and what is left of its criterion."""

_ORDER = {AGE: 0, **{fact.code: place for place, fact in enumerate(VOCABULARY, start=1)}}


@dataclass(frozen=True, eq=False, slots=True)
class Branch:
    """A node: one child for each group of values of the fact that the rules do not tell apart."""

    fact: str
    groups: tuple[tuple[FactValue, ...], ...]
    children: tuple[Node, ...]


Node = int | Branch
"""A leaf is a strength."""


def diagram(floor: int, rules: Iterable[OpenRule]) -> Node:
    """The diagram of the strongest outcome, where `floor` is the strength already established."""
    return _diagram(floor, tuple(rule for rule in rules if rule[0] > floor))


def forget() -> None:
    """Forget the diagrams made so far, so that one can be timed from nothing."""
    _diagram.cache_clear()


def lowest(node: Node) -> int:
    """The strength reached whatever the facts not known yet turn out to be."""
    return min(_leaves(node))


def highest(node: Node) -> int:
    """The strength reached if they turn out best."""
    return max(_leaves(node))


def deciding_facts(node: Node) -> tuple[str, ...]:
    """The facts that can still change the answer, in the order of the vocabulary; empty when it is
    settled.
    """
    return tuple(sorted({branch.fact for branch in branches(node)}, key=_ORDER.__getitem__))


@lru_cache(maxsize=1024)
def _diagram(floor: int, rules: tuple[OpenRule, ...]) -> Node:
    return _Builder(rules).build(floor, rules)


def _leaves(node: Node) -> set[int]:
    found = {child for branch in branches(node) for child in branch.children if isinstance(child, int)}
    return found or {node}  # type: ignore[arg-type]  # a diagram without branches is a leaf


def branches(node: Node) -> Iterable[Branch]:
    """Every node of a diagram but its leaves, each once."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Branch) and id(current) not in seen:
            seen.add(id(current))
            waiting.extend(current.children)
            yield current


def joined(
    fact: str,
    groups: tuple[tuple[FactValue, ...], ...],
    children: tuple[Node, ...],
    made: dict[tuple[str, tuple[int, ...]], Branch],
    known: Branch | None = None,
) -> Node:
    """The one node for these children: a child itself where all are the same, else a shared branch.

    `made` holds the branches there are; `known` is the branch to take in where it has none for them yet.
    """
    names = tuple(child if isinstance(child, int) else id(child) for child in children)
    if len(set(names)) == 1:
        return children[0]
    return made.setdefault((fact, names), known or Branch(fact, groups, children))


class _Builder:
    """Builds one diagram by asking the facts in a fixed order, sharing equal remainders and equal nodes."""

    def __init__(self, rules: Sequence[OpenRule]) -> None:
        comparisons: dict[str, set[Comparison]] = {}
        for _strength, criterion in rules:
            for comparison in criterion.comparisons():
                comparisons.setdefault(comparison.fact, set()).add(comparison)
        self.groups = {fact: _groups(fact, found) for fact, found in comparisons.items()}
        self.order = sorted(self.groups, key=_ORDER.__getitem__)
        self.done: dict[tuple[int, int, tuple[OpenRule, ...]], Node] = {}
        self.made: dict[tuple[str, tuple[int, ...]], Branch] = {}

    def build(self, floor: int, rules: tuple[OpenRule, ...], place: int = 0) -> Node:
        if not rules:
            return floor
        key = (floor, place, rules)
        if key not in self.done:
            fact = self.order[place]
            children = tuple(
                self.build(*self._after(floor, rules, fact, group[0]), place + 1) for group in self.groups[fact]
            )
            self.done[key] = joined(fact, self.groups[fact], children, self.made)
        return self.done[key]

    def _after(
        self, floor: int, rules: tuple[OpenRule, ...], fact: str, value: FactValue
    ) -> tuple[int, tuple[OpenRule, ...]]:
        """The strength established, and the rules that could still raise it, once the fact has the value."""
        left: list[OpenRule] = []
        for strength, criterion in rules:
            rest = criterion.given({fact: value})
            if rest is True:
                floor = max(floor, strength)
            elif isinstance(rest, Criterion):
                left.append((strength, rest))
        return floor, tuple(rule for rule in left if rule[0] > floor)


def _groups(code: str, comparisons: Iterable[Comparison]) -> tuple[tuple[FactValue, ...], ...]:
    """The values of a fact, put together where no comparison tells them apart."""
    fact = fact_for_rule(code)
    assert fact is not None  # noqa: S101 - a criterion holds declared facts only
    values: Iterable[FactValue] = range(OLDEST_AGE + 1) if code == AGE else fact.definite_values()
    asked = list(comparisons)
    groups: dict[tuple[bool, ...], list[FactValue]] = {}
    for value in values:
        groups.setdefault(tuple(comparison.matches(value) for comparison in asked), []).append(value)
    return tuple(tuple(group) for group in groups.values())
