"""The screening itself: rule sets, offer lines and facts in, an answer out. Pure; the same input, the same
answer.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eligibility.rules import axes
from eligibility.rules.answers import Answer, Basis, NotMet, Reason, RuleVersion, Warned
from eligibility.rules.criteria import Criterion, Truth, grounds
from eligibility.rules.diagram import Node, OpenRule, deciding_facts, diagram, highest, lowest
from eligibility.rules.fact_types import Fact, FactValue
from eligibility.rules.facts import AGE, FACTS, question_for, read_facts
from eligibility.rules.offer_lines import Offered, OfferLine, offered, weaker
from eligibility.rules.outcomes import BY_STRENGTH, Layer, Outcome, RuleSetStatus, WarningKind
from eligibility.rules.question_order import QuestionOrder, question_order
from eligibility.rules.rule_sets import Condition, Policy, RuleSet

Known = Mapping[str, FactValue | None]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One rule set against the known facts: what it gives those who meet it today, and whether this person
    does.
    """

    rule_set: RuleSet
    criteria: Criterion
    gives: Offered
    truth: Truth
    left: Criterion | bool

    @property
    def strength(self) -> int:
        return self.gives.outcome.strength


def screen(
    *,
    facts: Mapping[str, object],
    assessed_on: datetime.date,
    rule_sets: Iterable[RuleSet],
    offer_lines: Sequence[OfferLine] = (),
    policy: Policy | None = None,
    born_on: datetime.date | None = None,
    notices: Iterable[Warned] = (),
) -> Answer:
    """The answer for one person on one day.

    `facts` are raw values by code; what is left out is not known. `rule_sets` may hold any versions: those of
    the date are used. `notices` are warnings the caller already has (about the commissioner). Raises
    FactsRefused.
    """
    known = _known(facts, assessed_on, born_on)
    judged = _judge(rule_sets, offer_lines, known, assessed_on)
    giving = [each for each in judged if not each.rule_set.is_statement]
    node = _diagram(giving)
    missing = deciding_facts(node)
    established = sorted((each for each in giving if _is_basis(each)), key=_strongest_first)
    floor = established[0].strength if established else 0
    # Two open rules may between them cover every case (a right at 18 and a right below 18, the age not
    # known): then the outcome is settled although neither rule is.
    settled = BY_STRENGTH[node] if isinstance(node, int) else None
    open_ones = sorted(
        (each for each in giving if each.truth is None and floor < each.strength <= highest(node)),
        key=_strongest_first,
    )
    bases = tuple(_basis(each, known) for each in established)
    possible = tuple(_basis(each, known, missing) for each in open_ones)
    outcome = settled if settled is not None else Outcome.MORE_INFORMATION_NEEDED
    not_met = tuple(_not_met(each, known) for each in giving if each.truth is False or each.strength == 0)
    permission = axes.direct_payment(known, assessed_on, _conditions(established))
    return Answer(
        assessed_on=assessed_on,
        outcome=outcome,
        settled_so_far=settled if settled is not None else BY_STRENGTH[lowest(node)],
        bases=bases,
        possible=possible,
        not_met=not_met,
        missing=tuple(question_for(code).code for code in missing),
        offered_from=_offered_from(outcome, (*bases, *possible)),
        direct_payment=permission,
        method=axes.method(known, permission.permission),
        funding=axes.funding(known, _strongest_now(established)),
        warnings=(*notices, *_warnings(judged, known, policy or Policy())),
        reasons=_reasons(outcome, bases, possible, not_met, assessed_on),
        rule_versions=tuple(_version(each.rule_set) for each in judged),
    )


def next_questions(
    *,
    facts: Mapping[str, object],
    assessed_on: datetime.date,
    rule_sets: Iterable[RuleSet],
    offer_lines: Sequence[OfferLine] = (),
    born_on: datetime.date | None = None,
) -> list[Fact]:
    """The facts that can still change the outcome, page by page in the order that settles it soonest.

    Empty when it is settled. Ask the first page, add its answers and call again: an answer often makes later
    questions pointless.
    """
    order = questions_to_ask(
        facts=facts, assessed_on=assessed_on, rule_sets=rule_sets, offer_lines=offer_lines, born_on=born_on
    )
    return [question_for(code) for code in order.facts]


def questions_to_ask(
    *,
    facts: Mapping[str, object],
    assessed_on: datetime.date,
    rule_sets: Iterable[RuleSet],
    offer_lines: Sequence[OfferLine] = (),
    born_on: datetime.date | None = None,
    not_known: Collection[str] = (),
) -> QuestionOrder:
    """The pages still to be asked, and how many it can take. What nobody knows (`not_known`) is not asked again."""
    known = _known(facts, assessed_on, born_on)
    judged = _judge(rule_sets, offer_lines, known, assessed_on)
    node = _diagram([each for each in judged if not each.rule_set.is_statement])
    return question_order(node, not_known)


def _known(facts: Mapping[str, object], on: datetime.date, born_on: datetime.date | None) -> Known:
    return read_facts({**facts, "born_on": born_on} if born_on else facts, assessed_on=on)


def _judge(rule_sets: Iterable[RuleSet], lines: Sequence[OfferLine], known: Known, on: datetime.date) -> list[_Judged]:
    found = []
    for rule_set in rule_sets:
        if not rule_set.is_effective_on(on):
            continue
        criteria = rule_set.criteria
        left = criteria.given(known)
        truth = left if isinstance(left, bool) else None
        found.append(_Judged(rule_set, criteria, given_by(rule_set, lines, on), truth, left))
    return found


def given_by(rule_set: RuleSet, lines: Sequence[OfferLine], on: datetime.date) -> Offered:
    """What a rule set gives those who meet its criteria on a date, by its status and the local offer's timeline."""
    outcome = rule_set.outcome
    if rule_set.status is RuleSetStatus.PROPOSED:
        outcome = weaker(outcome, Outcome.MAY_BE_CONSIDERED)
    if rule_set.layer is Layer.NATIONAL or rule_set.is_statement:
        return Offered(outcome)
    return offered(rule_set.cohort, outcome, lines, on)


def _is_basis(each: _Judged) -> bool:
    return each.truth is True and each.strength > 0


def _diagram(giving: Iterable[_Judged]) -> Node:
    floor = 0
    open_rules: list[OpenRule] = []
    for each in giving:
        if each.truth is True:
            floor = max(floor, each.strength)
        elif isinstance(each.left, Criterion):
            open_rules.append((each.strength, each.left))
    return diagram(floor, open_rules)


def _strongest_now(established: Sequence[_Judged]) -> RuleSet | None:
    """The rule set of the strongest basis, if it gives something now."""
    if established and established[0].strength >= Outcome.MAY_BE_CONSIDERED.strength:
        return established[0].rule_set
    return None


def _strongest_first(each: _Judged) -> tuple[int, int, bool, str]:
    starts = each.gives.offered_from
    return (
        -each.strength,
        starts.toordinal() if starts else 0,
        each.rule_set.layer is Layer.LOCAL,
        each.rule_set.code,
    )


def _version(rule_set: RuleSet) -> RuleVersion:
    return RuleVersion(rule_set.code, rule_set.number)


def _clauses(criteria: Criterion, known: Known) -> tuple[str, ...]:
    return tuple(_clause(code, known[code]) for code in grounds(criteria, known))


def _clause(code: str, value: FactValue | None) -> str:
    if code == AGE:
        return "date of birth: not known yet" if value is None else f"aged {value}"
    return FACTS[code].says(value)


def _basis(each: _Judged, known: Known, missing: tuple[str, ...] = ()) -> Basis:
    rule_set, line = each.rule_set, each.gives.line
    reasons = [Reason(rule_set.says, rule_set.source)]
    if line is not None:
        reasons.append(Reason(_line_says(each.gives, line), line.source))
    if rule_set.status is RuleSetStatus.PROPOSED:
        text = "These criteria are only proposed, so a person who meets them may be considered, no more."
        reasons.append(Reason(text, rule_set.source))
    asked = {comparison.fact for comparison in each.left.comparisons()} if isinstance(each.left, Criterion) else set()
    several = len(rule_set.readings) > 1
    return Basis(
        rule_set=_version(rule_set),
        title=rule_set.title,
        layer=rule_set.layer,
        cohort=rule_set.cohort,
        outcome=each.gives.outcome,
        reasons=tuple(reasons),
        because=_clauses(each.criteria, known),
        reading=rule_set.chosen_id if several else "",
        reading_title=rule_set.chosen.title if several else "",
        funding=rule_set.funding.kind,
        phase=line.phase if line else "",
        offered_from=each.gives.offered_from,
        missing=tuple(question_for(code).code for code in missing if code in asked),
    )


def _line_says(gives: Offered, line: OfferLine) -> str:
    if gives.outcome is Outcome.NOT_YET_OFFERED:
        start = gives.offered_from
        when = f"from {start.day} {start:%B %Y}" if start else "later, without a date so far"
        return f"The local offer has this group in {line.phase}, {when} ({line.status.value})."
    if line.status.value == "live":
        return f"The local offer has this group since {line.phase}."
    standing = {"planned": "planned", "scoping": "being scoped", "proposed": "proposed"}[line.status.value]
    return f"The local offer has this group in {line.phase}, but it is still only {standing}."


def _not_met(each: _Judged, known: Known) -> NotMet:
    rule_set = each.rule_set
    because = (
        _clauses(each.criteria, known) if each.truth is False else ("no line of the local offer covers this group",)
    )
    return NotMet(_version(rule_set), rule_set.title, rule_set.layer, rule_set.cohort, because, rule_set.source)


def _conditions(established: Sequence[_Judged]) -> tuple[Condition, ...]:
    """Conditions of the strongest basis: those of the local offer never bind somebody whom the law gives a right."""
    return established[0].rule_set.direct_payment_conditions if established else ()


def _offered_from(outcome: Outcome, bases: Iterable[Basis]) -> datetime.date | None:
    if outcome is not Outcome.NOT_YET_OFFERED:
        return None
    starts = [basis.offered_from for basis in bases if basis.outcome is outcome and basis.offered_from]
    return min(starts, default=None)


def _reasons(
    outcome: Outcome,
    bases: tuple[Basis, ...],
    possible: tuple[Basis, ...],
    not_met: tuple[NotMet, ...],
    on: datetime.date,
) -> tuple[Reason, ...]:
    """The sentences that carry the outcome; never empty, each with its source."""
    if outcome is Outcome.MORE_INFORMATION_NEEDED:
        found = [
            Reason(
                f"{basis.title}: {basis.outcome.words}, if the facts still missing fit.",
                basis.reasons[0].source,
            )
            for basis in possible
        ]
    elif outcome is Outcome.NOT_OFFERED:
        found = [Reason(f"{each.title}: {'; '.join(each.because)}.", each.source) for each in not_met]
    else:
        carrying = [basis for basis in bases if basis.outcome is outcome] or [
            basis for basis in possible if basis.outcome is outcome
        ]
        found = [reason for basis in carrying for reason in basis.reasons]
    if not found:
        found = [Reason("No rule set covers this date, so no budget is offered.", f"Rule sets in force on {on}")]
    return tuple(dict.fromkeys(found))


def _warnings(judged: Sequence[_Judged], known: Known, policy: Policy) -> tuple[Warned, ...]:
    found: list[Warned] = []
    for each in judged:
        rule_set = each.rule_set
        found.extend(_readings_disagree(each, known))
        if rule_set.is_statement:
            found.extend(_differs_from_law(each, judged))
        elif each.strength == 0 and each.truth:
            continue
        found.extend(
            Warned(warning.kind, warning.text, warning.source, rule_set.code)
            for warning in rule_set.warnings
            if warning.applies(each.truth, known, policy)
        )
    return tuple(dict.fromkeys(found))


def _readings_disagree(each: _Judged, known: Known) -> Iterable[Warned]:
    rule_set = each.rule_set
    if len(rule_set.readings) < 2:
        return
    truths = {reading.id: rule_set.whole(reading).truth(known) for reading in rule_set.readings}
    if True in truths.values() and False in truths.values():
        lets_in = ", ".join(name for name, truth in truths.items() if truth is True)
        keeps_out = ", ".join(name for name, truth in truths.items() if truth is False)
        text = (
            f"{rule_set.title}: the wording can be read in more than one way. {lets_in} would "
            f"let this person in, {keeps_out} would not. "
            f"The answer rests on {rule_set.chosen_id} ({rule_set.chosen.title})."
        )
        yield Warned(WarningKind.READING, text, rule_set.source, rule_set.code)


def _differs_from_law(statement: _Judged, judged: Sequence[_Judged]) -> Iterable[Warned]:
    """A warning where a local paper claims another right than the law gives this person on this date."""
    if statement.truth is not True:
        return
    rule_set = statement.rule_set
    law = [
        each
        for each in judged
        if each.rule_set.layer is Layer.NATIONAL and each.rule_set.cohort == rule_set.cohort and each.truth is True
    ]
    strongest = min(law, key=_strongest_first, default=None)
    given = strongest.gives.outcome if strongest else Outcome.NOT_OFFERED
    if given is not rule_set.outcome:
        source = f"{rule_set.source}; {strongest.rule_set.source}" if strongest else rule_set.source
        text = (
            f"{rule_set.title}: the local paper says “{rule_set.outcome.words}”, "
            f"the law on this date says “{given.words}”. The answer follows the law."
        )
        yield Warned(WarningKind.LOCAL, text, source, rule_set.code)
