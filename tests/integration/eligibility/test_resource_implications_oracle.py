"""The whole job against a naive second way: everybody of a random register screened twice, one after the other.

The oracle asks the screening itself, and finds people, facts, budgets and averages in loops over all rows.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from statistics import mean

import time_machine
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.models import PersonalHealthBudget
from eligibility.models import ResourceImplications, ResourceImplicationsPerson, Screening
from eligibility.rules.implications_result import Result
from eligibility.rules.resource_implications import Change
from eligibility.selectors.rule_sets import rule_book
from eligibility.services import resource_implications as services
from offers.models import Cohort
from phb_register.models import CommissionerKind, Person, Succession
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, PersonFactory
from tests.factories.resource_implications import (
    BEFORE,
    COHORT,
    IN_PERIOD,
    PERIOD,
    TODAY,
    asked,
    commissioner_with_offer,
    make_version,
    screened,
)

IN = 2
HELD = {"effective_from": BEFORE}
TREE = {
    "any": [
        {"all": [{"fact": "long_term_condition", "equals": True}, {"fact": "age", "at_least": 18}]},
        {"fact": "mental_health_need", "equals": True},
    ]
}
STRICTER = {"all": [{"fact": "long_term_condition", "equals": True}, {"fact": "end_of_life", "equals": True}]}

known = st.sampled_from([True, False, None])
screenings = st.lists(
    st.fixed_dictionaries(
        {
            "received_on": st.sampled_from([BEFORE, IN_PERIOD, TODAY, TODAY + dt.timedelta(days=1)]),
            "condition": known,
            "facts": st.fixed_dictionaries(
                {
                    "chc": st.sampled_from(["not_eligible", "not_eligible", "eligible", None]),
                    "mental_health_need": st.sampled_from([False, False, None, True]),
                    "end_of_life": st.sampled_from([False, True]),
                }
            ),
        }
    ),
    min_size=1,
    max_size=2,
)
people = st.lists(
    st.fixed_dictionaries(
        {
            "whose": st.sampled_from(["own", "own", "closed", "another's"]),
            "born_on": st.sampled_from([dt.date(1950, 1, 1), dt.date(2008, 11, 22), dt.date(2008, 11, 23)]),
            "died_on": st.sampled_from([None, None, None, TODAY]),
            "has_budget": st.booleans(),
            "screenings": st.one_of(screenings, screenings, st.just([])),
        }
    ),
    min_size=8,
    max_size=12,
)


class ImplicationsOfRandomRegisters(TestCase):
    """Each example is rolled back before the next."""

    @given(people, st.sampled_from([(None, TREE), (TREE, STRICTER), (STRICTER, TREE), (TREE, {"not": TREE})]))
    @settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    def test_job_finds_what_screening_everybody_twice_finds(self, register, trees):
        with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
            run = self.worked_out(register, *trees)
            found, expected = found_and_expected(run)
            assert found == expected

    def worked_out(self, register, now, then):
        own = commissioner_with_offer()
        closed = CommissionerFactory(kind=CommissionerKind.CCG, closed_on=dt.date(2022, 6, 30))
        Succession.objects.create(predecessor=closed, successor=own, took_effect_on=dt.date(2022, 7, 1))
        cohort = Cohort.objects.get(code=COHORT)
        for _ in range(4):
            # With one more there are enough to take an average of.
            bare_budget(own, cohort=cohort, agreed_on=BEFORE, started_on=BEFORE)
        whose = {"own": own, "closed": closed, "another's": CommissionerFactory()}
        for each in register:
            dates = {"born_on": each["born_on"], "died_on": each["died_on"]}
            person = PersonFactory(commissioner=whose[each["whose"]], **dates)
            for screening in each["screenings"]:
                screened(own, person=person, **screening)
            if each["has_budget"]:
                bare_budget(own, cohort=cohort, agreed_on=BEFORE, started_on=BEFORE, person=person)
        version = make_version(own, then)
        if now is not None:
            held = make_version(own, now, 2, version.rule_set, approval_status="approved", prepared_by=None, **HELD)
            assert held.is_effective_on(TODAY)
        run = asked(version, own)
        services.work_out(implications=run, progress=lambda done, total: None)
        return ResourceImplications.objects.get(pk=run.pk)


def found_and_expected(run):
    result = Result.from_dict(run.result)
    rows = ResourceImplicationsPerson.objects.filter(implications=run)
    found = {
        each.person_id: (
            each.change,
            each.was_referred,
            each.has_budget,
            each.estimated_annual_amount,
        )
        for each in rows
    }
    counts = (result.people, result.referred, result.nothing_known, result.unchanged)
    expected, expected_counts = naive(run)
    by_change = {change.value: result.total(change) for change in Change}
    listed = {change.value: sum(each[0] == change for each in expected.values()) for change in Change}
    return (found, counts, by_change), (expected, expected_counts, listed)


def naive(run):
    """Everybody in a loop: who counts, what is known, what two whole answers say."""
    own = run.commissioner
    ids = {own.pk, *Succession.objects.filter(successor=own).values_list("predecessor_id", flat=True)}
    before = rule_book(own, TODAY)
    tried = replace(run.version.as_rules(), effective_from=TODAY)
    after = replace(before, rule_sets=(*(each for each in before.rule_sets if each.code != tried.code), tried))
    budgets = [each for each in PersonalHealthBudget.objects.all() if each.commissioner_id in ids]
    average = (
        Decimal(mean(each.annual_amount for each in budgets)).quantize(Decimal("0.01")) if len(budgets) > 4 else None
    )
    found, people, referred, unscreened = {}, 0, 0, 0
    for person in Person.objects.all():
        all_of_them = list(Screening.objects.filter(referral__person=person).order_by("assessed_on", "pk"))
        theirs = [each for each in all_of_them if each.referral.commissioner_id in ids]
        was_referred = any(PERIOD[0] <= each.referral.received_on <= PERIOD[1] for each in theirs)
        budget = next((each for each in budgets if each.person_id == person.pk), None)
        if budget is not None:
            was_referred = was_referred or PERIOD[0] <= budget.referral.received_on <= PERIOD[1]
        counts = person.commissioner_id in ids or was_referred
        if not counts or (person.died_on and person.died_on <= TODAY):
            continue
        people += 1
        referred += was_referred
        latest = [each for each in theirs if each.assessed_on <= TODAY][-1:]
        if not latest:
            unscreened += 1
            continue
        effect = naive_change(before, after, latest[0].facts, person.born_on)
        if effect is None:
            continue
        adds, ends = effect == "comes_in" and not budget, effect == "falls_out" and budget
        amount = None
        if effect in ("comes_in", "falls_out") and average is not None:
            amount = average if adds else -average if ends else Decimal(0)
        found[person.pk] = (effect, was_referred, budget is not None, amount)
    return found, (people, referred, unscreened, people - unscreened - len(found))


UNKNOWN = ("chc", "long_term_condition", "mental_health_need", "end_of_life")
VALUES = {"chc": ("eligible", "not_eligible")}


def naive_change(before, after, facts, born_on):
    """By the strength of both answers in every way to fill the gaps."""
    ways = [{}]
    for code in UNKNOWN:
        if facts.get(code) is None:
            ways = [{**way, code: value} for way in ways for value in VALUES.get(code, (True, False))]
    pairs = [
        tuple(book.screen(facts={**facts, **way}, born_on=born_on).outcome.strength for book in (before, after))
        for way in ways
    ]
    low_now, low_then = (min(pair[side] for pair in pairs) for side in (0, 1))
    if low_then >= IN:
        if low_now < IN:
            return "comes_in"
        return "stronger" if low_then > low_now else "weaker" if low_then < low_now else None
    if low_now >= IN and all(pair[1] < IN for pair in pairs):
        return "falls_out"
    return "not_settled" if any((one >= IN) is not (other >= IN) for one, other in pairs) else None
