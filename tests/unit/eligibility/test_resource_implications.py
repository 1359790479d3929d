"""What a version changes, by two oracles: one fills every gap in every way, the other screens everybody twice."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eligibility.rules import FACTS, Layer, LineStatus, OfferLine, Outcome, read_rule_set, screen
from eligibility.rules.outcomes import BY_STRENGTH
from eligibility.rules.resource_implications import IN, Change, VersionEffects, as_if_held
from tests.support.rules import llr, llr_lines, national
from tests.unit.eligibility.test_properties import (
    GIVING,
    VALUES,
    best,
    completions,
    criteria,
    matters,
    partial_facts,
    rules,
)

ON = dt.date(2018, 6, 1)
BORN_ON = dt.date(1970, 6, 15)


def rule_set(code, outcome, tree, number=1):
    return read_rule_set(
        {
            "code": code,
            "number": number,
            "title": code,
            "layer": "national",
            "cohort": f"cohort-{code}",
            "effective_from": "2013-04-01",
            "outcome": outcome,
            "says": "It says so.",
            "source": "para 1",
            "criteria": tree,
        }
    )


def effects_of(before, version, **kwargs):
    after = [each for each in before if each.code != version.code] + [as_if_held(version, ON)]
    lines = kwargs.get("offer_lines", ())
    return VersionEffects(
        before=before, after=after, code=version.code, cohort=version.cohort, offer_lines=lines, on=ON
    )


versions = st.tuples(st.sampled_from(GIVING), criteria)
AUTISM, PLAN = {"fact": "autism", "equals": True}, {"fact": "ehc_plan", "equals": True}
UNKNOWN = dict.fromkeys(VALUES)


@given(rules, st.one_of(st.none(), versions), versions, partial_facts)
@settings(max_examples=150)
# In by the one exactly where out by the other, which no random pair is likely to be.
@example([], (Outcome.RIGHT_TO_ASK, AUTISM), (Outcome.RIGHT_TO_ASK, {"not": AUTISM}), UNKNOWN)
# Open before and after, and yet nothing can change.
@example([], (Outcome.RIGHT_TO_ASK, AUTISM), (Outcome.RIGHT_TO_ASK, {"not": {"not": AUTISM}}), UNKNOWN)
# Settled by two open rules between them.
@example([(Outcome.MAY_REQUEST, AUTISM)], None, (Outcome.RIGHT_TO_ASK, {"not": AUTISM}), UNKNOWN)
# Another fact than those that the version asks for can matter, and one that it asks for can not.
@example([(Outcome.RIGHT_TO_HAVE, AUTISM)], None, (Outcome.RIGHT_TO_ASK, {"any": [AUTISM, PLAN]}), UNKNOWN)
def test_effect_agrees_with_every_completion_of_the_gaps(others, now, then, facts):
    shared = [(outcome, tree) for outcome, tree in others]
    before, after = shared + ([now] if now else []), [*shared, then]
    book = [rule_set(f"rule-{place}", *each) for place, each in enumerate(shared)]
    book += [rule_set("changed", *now)] if now else []
    effect = effects_of(book, rule_set("changed", *then, number=2)).of_facts(facts, BORN_ON)

    table = {tuple(each.values()): (best(before, each), best(after, each)) for each in completions(facts)}
    assert (effect.change if effect else None) == change_of(table)
    if effect and effect.change is Change.NOT_SETTLED:
        switched = {values: (one >= IN) is not (other >= IN) for values, (one, other) in table.items()}
        if all(switched.values()):
            switched = {values: other >= IN for values, (_, other) in table.items()}
        assert set(effect.missing) == matters(switched, facts)
    elif effect:
        assert effect.missing == ()


def change_of(table):
    """The oracle: by the least a person has, and where that is not enough to say, whether anything can switch."""
    low_before, low_after = (min(found[side] for found in table.values()) for side in (0, 1))
    high_after = max(found[1] for found in table.values())
    if low_after >= IN:
        if low_before < IN:
            return Change.COMES_IN
        if low_after == low_before:
            return None
        return Change.STRONGER if low_after > low_before else Change.WEAKER
    if low_before >= IN > high_after:
        return Change.FALLS_OUT
    return Change.NOT_SETTLED if any((one >= IN) is not (other >= IN) for one, other in table.values()) else None


REAL = (*national(), *llr())
LOOSENED = {"any": [{"fact": "ehc_plan", "equals": True}, {"fact": "long_term_condition", "equals": True}]}


@pytest.mark.parametrize("code", sorted({each.code for each in REAL if each.is_effective_on(ON)}))
def test_effect_is_that_of_screening_everybody_twice(code):
    """Every real rule set, each with a version made looser, over people of whom much or little is known."""
    chance = random.Random(code)
    version = loosened(next(each for each in REAL if each.code == code and each.is_effective_on(ON)))
    effects = effects_of(REAL, version, offer_lines=llr_lines())
    book = [each for each in REAL if each.code != code and each.is_effective_on(ON)]
    for _ in range(60):
        facts = somebody(chance)
        born_on = dt.date(chance.randint(1930, 2017), 6, 15)
        before, after = (
            screen(facts=facts, born_on=born_on, assessed_on=ON, rule_sets=rule_sets, offer_lines=llr_lines())
            for rule_sets in (REAL, [*book, version])
        )
        assert_as_screened(effects.of_facts(facts, born_on), before, after, version.cohort)


def assert_as_screened(effect, before, after, cohort):
    """The effect, by two whole answers."""
    was, will_be = before.settled_so_far.strength, after.settled_so_far.strength
    could_be = max([will_be, *(basis.outcome.strength for basis in after.possible)])
    if effect is None:
        assert was == will_be or max(was, could_be) < IN or not (before.is_settled and after.is_settled)
        assert (was >= IN) is (will_be >= IN)
        return
    assert (effect.from_outcome, effect.to_outcome) == (in_any_case(before), in_any_case(after))
    if effect.change is Change.NOT_SETTLED:
        assert effect.missing
        assert not (before.is_settled and after.is_settled)
        return
    expected = {
        Change.COMES_IN: was < IN <= will_be,
        Change.FALLS_OUT: could_be < IN <= was,
        Change.STRONGER: IN <= was < will_be,
        Change.WEAKER: IN <= will_be < was,
    }
    assert expected[effect.change]
    if effect.change in (Change.COMES_IN, Change.FALLS_OUT):
        assert effect.cohort == cohort
        return
    carrying = before if effect.change is Change.STRONGER else after
    strength = carrying.settled_so_far
    bases = [each for each in carrying.bases if each.outcome is strength] or [
        each for each in carrying.possible if each.outcome is strength
    ]
    assert effect.cohort == bases[0].cohort


def in_any_case(answer):
    """What somebody has whatever is still found out, unless that is nothing yet."""
    return answer.settled_so_far if answer.settled_so_far.strength >= IN else answer.outcome


def loosened(held):
    """The next version: any other need will do too."""
    readings = tuple(
        replace(reading, criteria=read_rule_set(as_data(held, reading)).criteria) for reading in held.readings
    )
    return replace(held, number=held.number + 1, readings=readings, applies_when=None)


def as_data(held, reading):
    content = held.content()
    own = next(each for each in content["readings"] if each["id"] == reading.id)
    whole = {"any": [own["criteria"], LOOSENED]}
    return {
        **{key: value for key, value in content.items() if key not in ("readings", "chosen", "applies_when")},
        "code": held.code,
        "number": held.number,
        "title": held.title,
        "layer": held.layer.value,
        "cohort": held.cohort,
        "effective_from": held.effective_from,
        "outcome": held.outcome.value,
        "source": held.source,
        "criteria": whole,
    }


def somebody(chance):
    """Facts of somebody: nothing, little, much or all is known."""
    share = chance.choice([0, 0.3, 0.9, 1])
    return {
        code: chance.choice(fact.definite_values())
        for code, fact in FACTS.items()
        if chance.random() < share and code != "born_on"
    }


def test_people_of_every_change_are_met():
    """A guard on the oracles above: two versions of one rule, and facts, that lead to each change."""
    lines = {"any": [AUTISM, PLAN]}
    cases = [
        (Change.COMES_IN, [], None, ("right_to_ask", AUTISM), {"autism": True}),
        (Change.FALLS_OUT, [], ("right_to_ask", AUTISM), ("right_to_ask", PLAN), {"autism": True, "ehc_plan": False}),
        (Change.STRONGER, [], ("right_to_ask", AUTISM), ("right_to_have", lines), {"autism": True}),
        (Change.WEAKER, [], ("right_to_have", AUTISM), ("right_to_ask", lines), {"autism": True}),
        (Change.NOT_SETTLED, [], ("right_to_ask", AUTISM), ("right_to_ask", PLAN), {"autism": True}),
        (None, [("right_to_have", AUTISM)], None, ("right_to_ask", PLAN), {"autism": True}),
        (None, [], ("right_to_ask", AUTISM), ("right_to_have", AUTISM), {"autism": False}),
    ]
    for expected, others, now, then, facts in cases:
        book = [rule_set(f"rule-{place}", *each) for place, each in enumerate(others)]
        book += [rule_set("changed", *now)] if now else []
        effect = effects_of(book, rule_set("changed", *then, number=2)).of_facts(facts, BORN_ON)
        assert (effect.change if effect else None) == expected


def test_ground_that_stays_is_that_of_the_other_rule_set():
    book = [rule_set("a-local", "may_request", PLAN), rule_set("b-national", "may_request", PLAN)]
    book[0] = replace(book[0], layer=Layer.LOCAL)
    line = OfferLine("cohort-a-local", LineStatus.LIVE, None, None, "Phase 1", "para 1")
    held, then = rule_set("changed", "right_to_ask", AUTISM), rule_set("changed", "may_be_considered", AUTISM, number=2)
    both = {"autism": True, "ehc_plan": True}
    weaker = effects_of([*book, held], then, offer_lines=[line]).of_facts(both, BORN_ON)
    stronger = effects_of([*book, then], held, offer_lines=[line]).of_facts(both, BORN_ON)
    assert (weaker.change, weaker.cohort) == (Change.WEAKER, "cohort-b-national")
    assert (stronger.change, stronger.cohort) == (Change.STRONGER, "cohort-b-national")


def test_missing_facts_are_those_that_decide():
    effects = effects_of([rule_set("changed", "right_to_ask", AUTISM)], rule_set("changed", "right_to_ask", PLAN))
    assert effects.of_facts({"autism": True}, BORN_ON).missing == ("ehc_plan",)
    assert effects.of_facts({}, BORN_ON).missing == ("autism", "ehc_plan")


def test_effect_is_on_the_age_that_day():
    version = rule_set("changed", "right_to_have", {"fact": "age", "at_least": 18})
    effects = effects_of([], version)
    assert effects.of_facts({}, dt.date(2000, 6, 1)).change is Change.COMES_IN
    assert effects.of_facts({}, dt.date(2000, 6, 2)) is None


def test_ages_that_no_rule_tells_apart_are_one_group():
    tree = {"any": [{"fact": "age", "under": 18}, {"all": [AUTISM, {"fact": "age", "at_least": 65}]}]}
    effects = effects_of([], rule_set("changed", "right_to_have", tree))
    for facts in ({"autism": True}, {}):
        by_group = {}
        for age in range(100):
            found = effects.of_facts(facts, dt.date(ON.year - age, 1, 1))
            by_group.setdefault(effects.age_group(age), set()).add(found)
        assert all(len(found) == 1 for found in by_group.values())
        assert 3 <= len(by_group) <= 5


def test_version_is_tried_as_if_it_held_that_day():
    version = replace(
        rule_set("changed", "right_to_have", AUTISM),
        effective_from=dt.date(2019, 4, 1),
        effective_to=dt.date(2020, 3, 31),
    )
    for on in (dt.date(2018, 6, 1), dt.date(2019, 6, 1), dt.date(2021, 6, 1)):
        assert as_if_held(version, on).is_effective_on(on)
    assert effects_of([], version).of_facts({"autism": True}, BORN_ON).change is Change.COMES_IN


def test_stored_fact_that_the_vocabulary_no_longer_has_is_not_known():
    effects = effects_of([], rule_set("changed", "right_to_have", AUTISM))
    outdated = {"autism": "perhaps", "shoe_size": 7}
    assert effects.of_facts(outdated, BORN_ON).change is Change.NOT_SETTLED
    assert effects.of_facts({**outdated, "autism": True}, BORN_ON).change is Change.COMES_IN


def test_version_of_a_group_that_the_local_offer_leaves_out_gives_nothing():
    held = next(each for each in llr() if each.layer == "local" and not each.is_statement and each.is_effective_on(ON))
    assert effects_of([], held, offer_lines=()).gives is Outcome.NOT_OFFERED
    assert effects_of([], held, offer_lines=llr_lines()).gives.strength >= IN
    assert BY_STRENGTH.index(Outcome.MAY_BE_CONSIDERED) == IN


def test_facts_used_are_those_of_every_rule_that_gives_something():
    book = [rule_set("other", "right_to_have", {"fact": "chc", "equals": "eligible"})]
    effects = effects_of(book, rule_set("changed", "right_to_ask", AUTISM))
    assert set(effects.facts_used) == {"chc", "autism"}
