"""Trying a version on everybody: who would come in or fall out, person by person, and what that would cost."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from eligibility import slots
from eligibility.rules import RuleSet
from eligibility.rules.implications_result import COSTED, Average, RestsOn, Result, Row
from eligibility.rules.resource_implications import Change, Effect, VersionEffects, as_if_held
from eligibility.selectors.implied_people import PersonKnown, Scope, people_in_scope, what_is_known
from eligibility.selectors.rule_sets import rule_book
from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.rules import age_on
from phb_register.selectors.commissioners import accountable_on

# Answers kept for people alike in all facts that matter. Beyond that they are hardly alike, and memory is dearer.
MOST_KEPT = 20_000
HOLDERS_PORTION = 10_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Body:
    """A commissioner accountable on the day, what the version changes for its people, and whom it counts."""

    commissioner: Commissioner
    effects: VersionEffects
    counts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Changed:
    """A person for whom something changes. `amount` is the change of what is spent a year, None if not estimated."""

    person_id: int
    commissioner_id: int
    effect: Effect
    was_referred: bool
    has_budget: bool = False
    amount: Decimal | None = None


@dataclass
class Tally:
    """What is counted on the way."""

    people: int = 0
    referred: int = 0
    nothing_known: int = 0
    changed: list[Changed] = field(default_factory=list)


class Trial:
    """One version tried on the people of a commissioner or partnership. Reads only.

    Raises ``RulesRefused`` where the version cannot be read.
    """

    def __init__(self, *, version: RuleSet, commissioner: Commissioner, scope: Scope, today: dt.date) -> None:
        self.version = version
        self.scope = scope
        # What budgets cost is known of the past only.
        self.costed_on = min(scope.as_at, today)
        self.bodies = _bodies(version, scope)
        self._body_of = {pk: body for body in self.bodies for pk in body.counts}
        self._kept: dict[tuple[int, str, int], Effect | None] = {}
        self.facts_used = sorted({code for body in self.bodies for code in body.effects.facts_used})

    def run(self, progress: Progress) -> tuple[Result, list[Changed]]:
        """Everybody tried. ``progress`` is told how many people of how many are done."""
        people = people_in_scope(self.scope)
        progress(0, len(people))
        tally = Tally()
        for portion in what_is_known(self.scope, people, self.facts_used):
            for person in portion:
                self._try(person, tally)
            progress(tally.people, len(people))
        averages = self._averages(tally.changed)
        changed = list(self._costed(tally.changed, averages))
        return self._result(tally, changed, averages), changed

    def _try(self, person: PersonKnown, tally: Tally) -> None:
        tally.people += 1
        tally.referred += person.was_referred
        if person.facts is None:
            tally.nothing_known += 1
            return
        body = self._body_of[person.commissioner_id]
        effect = self._effect(body, person)
        if effect is not None:
            tally.changed.append(Changed(person.person_id, body.commissioner.pk, effect, person.was_referred))

    def _effect(self, body: Body, person: PersonKnown) -> Effect | None:
        """The effect on a person, from memory where somebody alike was tried already."""
        assert person.facts is not None  # noqa: S101  whoever was never screened is counted apart
        age = body.effects.age_group(age_on(person.born_on, self.scope.as_at))
        key = (body.commissioner.pk, person.facts, age)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = body.effects.of_facts(person.read(), person.born_on)
        return self._kept[key]

    def _averages(self, changed: Iterable[Changed]) -> dict[tuple[int, str], Average | None]:
        """The average budget of each commissioner and cohort in which something changes."""
        cohorts = Cohort.objects.in_bulk(field_name="code")
        bodies = {body.commissioner.pk: body for body in self.bodies}
        wanted = {(each.commissioner_id, each.effect.cohort) for each in changed}
        return {(pk, code): self._average(bodies[pk], cohorts[code]) for pk, code in sorted(wanted)}

    def _average(self, body: Body, cohort: Cohort) -> Average | None:
        """Of the commissioner's own budgets; where those are too few of all commissioners', then of all cohorts'."""
        everybody = self.scope.commissioner_ids
        for rests_on, of_cohort, ids in (
            (RestsOn.COMMISSIONER, cohort, body.counts),
            (RestsOn.ALL_COMMISSIONERS, cohort, everybody),
            (RestsOn.ALL_COHORTS, None, everybody),
        ):
            found = slots.average_budget(of_cohort, ids, self.costed_on)
            if found is not None:
                return Average(found.mean, found.low, found.high, found.budgets, rests_on)
        return None

    def _costed(self, changed: list[Changed], averages: dict[tuple[int, str], Average | None]) -> Iterator[Changed]:
        for start in range(0, len(changed), HOLDERS_PORTION):
            portion = changed[start : start + HOLDERS_PORTION]
            holders = slots.budget_holders([each.person_id for each in portion], self.costed_on)
            for each in portion:
                has_budget = (each.person_id, each.effect.cohort) in holders
                average = averages[each.commissioner_id, each.effect.cohort]
                yield Changed(
                    each.person_id,
                    each.commissioner_id,
                    each.effect,
                    each.was_referred,
                    has_budget,
                    _amount(each.effect.change, has_budget, average),
                )

    def _result(self, tally: Tally, changed: list[Changed], averages: dict[tuple[int, str], Average | None]) -> Result:
        people: Counter[tuple[int, str, Change]] = Counter()
        referred: Counter[tuple[int, str, Change]] = Counter()
        costed: Counter[tuple[int, str, Change]] = Counter()
        missing: Counter[str] = Counter()
        for each in changed:
            key = (each.commissioner_id, each.effect.cohort, each.effect.change)
            people[key] += 1
            referred[key] += each.was_referred
            costed[key] += changes_spending(each.effect.change, each.has_budget)
            missing.update(each.effect.missing)
        names = {body.commissioner.pk: body.commissioner for body in self.bodies}
        cohorts = Cohort.objects.in_bulk(field_name="code")
        rows = [
            Row(
                commissioner_code=names[pk].code,
                commissioner_name=names[pk].name,
                cohort_code=code,
                cohort_name=cohorts[code].name,
                people={change: people[pk, code, change] for change in Change},
                referred={change: referred[pk, code, change] for change in Change},
                costed={change: costed[pk, code, change] for change in COSTED},
                average=average,
            )
            for (pk, code), average in averages.items()
        ]
        return Result(
            people=tally.people,
            referred=tally.referred,
            nothing_known=tally.nothing_known,
            unchanged=tally.people - tally.nothing_known - len(changed),
            rows=tuple(sorted(rows, key=lambda row: (row.commissioner_name, cohorts[row.cohort_code].position))),
            missing=dict(sorted(missing.items())),
            gives={body.commissioner.name: body.effects.gives.value for body in self.bodies},
        )


def changes_spending(change: Change, has_budget: bool) -> bool:
    """Whether a change adds a budget or ends one: who has one already, or has none to lose, costs what they did."""
    return (change is Change.COMES_IN and not has_budget) or (change is Change.FALLS_OUT and has_budget)


def _amount(change: Change, has_budget: bool, average: Average | None) -> Decimal | None:
    if change not in COSTED or average is None:
        return None
    if not changes_spending(change, has_budget):
        return Decimal(0)
    return -average.mean if change is Change.FALLS_OUT else average.mean


def _bodies(version: RuleSet, scope: Scope) -> list[Body]:
    """Those accountable on the day for the people of the scope, each with the two books that are compared."""
    members: dict[int, set[int]] = {}
    heirs: dict[int, Commissioner] = {}
    for commissioner in Commissioner.objects.filter(pk__in=scope.commissioner_ids).order_by("pk"):
        heir = accountable_on(commissioner, scope.as_at)
        heirs[heir.pk] = heir
        members.setdefault(heir.pk, set()).add(commissioner.pk)
    tried = as_if_held(version, scope.as_at)
    found = []
    for pk, heir in heirs.items():
        before = rule_book(heir, scope.as_at)
        after = rule_book(heir, scope.as_at, instead=tried)
        effects = VersionEffects(
            before=before.rule_sets,
            after=after.rule_sets,
            code=version.code,
            cohort=version.cohort,
            offer_lines=after.offer_lines,
            on=scope.as_at,
        )
        found.append(Body(heir, effects, frozenset(members[pk])))
    return found
