"""What a version of a rule set would change for people: who would come in, who would fall out. Pure.

Two books of rules are compared, alike but for the one version. Most people are settled by that version's own
criteria: where they say the same before and after, nothing changes for the person whatever else holds. Only the
others are put to all the rules, twice.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eligibility.rules.criteria import All, AnyOf, Comparison, Criterion, Not
from eligibility.rules.diagram import Node, OpenRule, deciding_facts, diagram, highest, lowest
from eligibility.rules.fact_types import FactValue
from eligibility.rules.facts import AGE, FACTS, FactsRefused, question_for, read_facts
from eligibility.rules.offer_lines import OfferLine
from eligibility.rules.outcomes import BY_STRENGTH, Layer, Outcome
from eligibility.rules.rule_sets import RuleSet
from eligibility.rules.screening import given_by

IN = Outcome.MAY_BE_CONSIDERED.strength
"""From this strength on an outcome gives something now: whoever has less is out."""

Known = Mapping[str, FactValue | None]


class Change(StrEnum):
    """What a version changes for a person, by what they have whatever the facts not known yet turn out to be."""

    COMES_IN = "comes_in"
    FALLS_OUT = "falls_out"
    STRONGER = "stronger"
    WEAKER = "weaker"
    NOT_SETTLED = "not_settled"

    @property
    def words(self) -> str:
        """The change as it stands over a column."""
        return _CHANGE_WORDS[self]


_CHANGE_WORDS = {
    Change.COMES_IN: "Would come in",
    Change.FALLS_OUT: "Would fall out",
    Change.STRONGER: "Stronger ground",
    Change.WEAKER: "Weaker ground",
    Change.NOT_SETTLED: "Not settled",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes for a person by all the rules, before and after.

    An outcome is what they have whatever the missing facts turn out to be; `more_information_needed` where that is
    nothing yet, and could still be something.
    `cohort` is the version's; of somebody whose ground only gets stronger or weaker, the group of the weaker ground,
    on which they stand by the one book alone.
    `missing` are the facts that decide whether anything changes; empty where it is settled.
    """

    change: Change
    from_outcome: Outcome
    to_outcome: Outcome
    cohort: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule set as far as it matters here: what it gives whoever meets its criteria on the day."""

    code: str
    is_local: bool
    cohort: str
    strength: int
    criteria: Criterion


Left = tuple[_Rule, Criterion | bool]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a person has by a whole book: between `low`, whatever the missing facts turn out to be, and `high`."""

    low: int
    high: int
    outcome: Outcome
    established: tuple[_Rule, ...]
    open_rules: tuple[tuple[_Rule, Criterion], ...]

    @property
    def cohort(self) -> str:
        """The group whose rule set gives `low`; of several, one of the law, then by code."""
        giving = [rule for rule in self.established if rule.strength == self.low] or [
            rule for rule, _ in self.open_rules if rule.strength == self.low
        ]
        return min(giving, key=lambda rule: (rule.is_local, rule.code)).cohort

    @property
    def is_in(self) -> Criterion | bool:
        """What must hold for the person to be given something now."""
        if self.low >= IN or self.high < IN:
            return self.low >= IN
        parts = tuple(left for rule, left in self.open_rules if rule.strength >= IN)
        return parts[0] if len(parts) == 1 else AnyOf(parts)


def as_if_held(version: RuleSet, on: datetime.date) -> RuleSet:
    """The version with its dates stretched to hold on a day: it is asked what it would change, not when."""
    ends = version.effective_to
    return replace(
        version,
        effective_from=min(version.effective_from, on),
        effective_to=None if ends is None else max(ends, on),
    )


class VersionEffects:
    """What one version changes for the people of a commissioner on a day; made once, asked for each person.

    `before` and `after` are the rule sets of the two books; only those of the rule set `code` differ.
    """

    def __init__(
        self,
        *,
        before: Iterable[RuleSet],
        after: Iterable[RuleSet],
        code: str,
        cohort: str,
        offer_lines: Sequence[OfferLine],
        on: datetime.date,
    ) -> None:
        self.on = on
        self.cohort = cohort
        held = [each for each in before if each.is_effective_on(on)]
        self._shared = _giving((each for each in held if each.code != code), offer_lines, on)
        self._before = _giving((each for each in held if each.code == code), offer_lines, on)
        changed = (each for each in after if each.code == code and each.is_effective_on(on))
        self._after = _giving(changed, offer_lines, on)
        self._most = max((rule.strength for rule in (*self._before, *self._after)), default=0)
        comparisons = [
            comparison
            for rule in (*self._shared, *self._before, *self._after)
            for comparison in rule.criteria.comparisons()
        ]
        used = {comparison.fact for comparison in comparisons}
        self.facts_used = tuple(code for code in FACTS if code in used)
        """The stored facts that the rules look at; the age, which they may look at too, is worked out."""
        self._age_steps = sorted({step for each in comparisons if each.fact == AGE for step in _steps(each)})

    def age_group(self, age: int) -> int:
        """The same number for ages that no rule tells apart."""
        return bisect_right(self._age_steps, age)

    @property
    def gives(self) -> Outcome:
        """What the version gives whoever meets its criteria that day, as the local offer's timeline stands."""
        return BY_STRENGTH[max((rule.strength for rule in self._after), default=0)]

    def of_facts(self, raw: Mapping[str, object], born_on: datetime.date) -> Effect | None:
        """The effect on a person of whom these facts are stored; None where nothing changes."""
        return self.of_known(known_facts(raw, born_on=born_on, on=self.on))

    def of_known(self, known: Known) -> Effect | None:
        """The effect on a person by facts already read."""
        before, after = _left(self._before, known), _left(self._after, known)
        if _are_alike(before, after):
            return None
        shared = _left(self._shared, known)
        if max((rule.strength for rule, left in shared if left is True), default=0) >= self._most:
            return None
        return self._compare(_standing([*shared, *before]), _standing([*shared, *after]))

    def _compare(self, before: _Standing, after: _Standing) -> Effect | None:
        """By what the person has in any case; where being in or out hangs on missing facts, by those."""
        if after.low >= IN:
            if before.low < IN:
                return _effect(Change.COMES_IN, before, after, self.cohort)
            if after.low > before.low:
                return _effect(Change.STRONGER, before, after, before.cohort)
            return _effect(Change.WEAKER, before, after, after.cohort) if after.low < before.low else None
        if after.high < IN <= before.low:
            return _effect(Change.FALLS_OUT, before, after, self.cohort)
        missing = _deciding(before.is_in, after.is_in)
        return _effect(Change.NOT_SETTLED, before, after, self.cohort, missing) if missing else None


def _steps(comparison: Comparison) -> tuple[int, ...]:
    """The ages from which on a comparison of the age may come out differently."""
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    ages = [value for value in values if isinstance(value, int)]
    return (*ages, *(age + 1 for age in ages))


def known_facts(raw: Mapping[str, object], *, born_on: datetime.date, on: datetime.date) -> Known:
    """Stored facts as the rules read them. What the vocabulary has no place for any more is not known."""
    given = {**raw, "born_on": born_on}
    try:
        return read_facts(given, assessed_on=on)
    except FactsRefused as refused:
        outdated = {problem.code for problem in refused.problems}
        return read_facts({code: value for code, value in given.items() if code not in outdated}, assessed_on=on)


def _giving(rule_sets: Iterable[RuleSet], lines: Sequence[OfferLine], on: datetime.date) -> list[_Rule]:
    """The rule sets that can give somebody something. A statement only quotes what a local paper says."""
    found = []
    for each in rule_sets:
        strength = given_by(each, lines, on).outcome.strength
        if strength and not each.is_statement:
            found.append(_Rule(each.code, each.layer is Layer.LOCAL, each.cohort, strength, each.criteria))
    return found


def _left(rules: Iterable[_Rule], known: Known) -> list[Left]:
    """The rules that the known facts do not rule out, with what is left of their criteria."""
    found: list[Left] = []
    for rule in rules:
        left = rule.criteria.given(known)
        if left is not False:
            found.append((rule, left))
    return found


def _are_alike(before: list[Left], after: list[Left]) -> bool:
    """Whether the two versions of the rule set come to the same for a person."""
    if len(before) != len(after):
        return False
    return all(
        (one.strength, one.cohort, left) == (other.strength, other.cohort, right)
        for (one, left), (other, right) in zip(before, after, strict=True)
    )


def _standing(lefts: Iterable[Left]) -> _Standing:
    established: list[_Rule] = []
    open_rules: list[tuple[_Rule, Criterion]] = []
    for rule, left in lefts:
        if isinstance(left, Criterion):
            open_rules.append((rule, left))
        else:
            established.append(rule)
    floor = max((rule.strength for rule in established), default=0)
    node = diagram(floor, [(rule.strength, left) for rule, left in open_rules])
    low = lowest(node)
    outcome = BY_STRENGTH[low] if isinstance(node, int) or low >= IN else Outcome.MORE_INFORMATION_NEEDED
    return _Standing(low, highest(node), outcome, tuple(established), tuple(open_rules))


def _effect(change: Change, before: _Standing, after: _Standing, cohort: str, missing: tuple[str, ...] = ()) -> Effect:
    return Effect(change, before.outcome, after.outcome, cohort, missing)


def _deciding(before: Criterion | bool, after: Criterion | bool) -> tuple[str, ...]:
    """The facts on which it hangs whether a person who is in would be out, or the other way about; empty if none."""
    if before == after:
        return ()
    differs = _differs(before, after)
    node: Node = int(differs) if isinstance(differs, bool) else _decision(differs)
    if node == 1 and isinstance(after, Criterion):
        # They are in by one version exactly where they are out by the other: which it is hangs on the facts.
        node = _decision(after)
    return tuple(question_for(code).code for code in deciding_facts(node))


def _decision(criterion: Criterion) -> Node:
    rules: list[OpenRule] = [(1, criterion)]
    return diagram(0, rules)


def _differs(one: Criterion | bool, other: Criterion | bool) -> Criterion | bool:
    if isinstance(one, bool) and isinstance(other, bool):
        return one is not other
    if isinstance(one, bool):
        return _differs(other, one)
    if isinstance(other, bool):
        return Not(one) if other else one
    return AnyOf((All((one, Not(other))), All((other, Not(one)))))
