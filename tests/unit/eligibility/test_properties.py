"""What must hold of every screening, whatever the rules and the facts, against oracles that know nothing of the code.

The oracle of the first tests reads rules as JSON with its own few lines, and fills every gap in every way.
"""

import datetime as dt
import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.rules import FACTS, Answer, AnswerType, Outcome, next_questions, read_rule_set, screen
from eligibility.rules.facts import asked as as_asked
from eligibility.rules.outcomes import BY_STRENGTH
from tests.support.rules import llr, llr_lines, national

ON = dt.date(2018, 6, 1)
# Few facts, of every kind, so that every completion can be tried.
VALUES = {
    "autism": (True, False),
    "ehc_plan": (True, False),
    "chc": ("eligible", "not_eligible"),
    "wheelchair_need": ("none", "short_term", "long_term"),
    "high_level_domains": tuple(range(11)),
}
GIVING = [outcome for outcome in BY_STRENGTH if outcome.strength >= Outcome.MAY_BE_CONSIDERED.strength]

comparisons = st.one_of(
    st.builds(
        lambda code, value: {"fact": code, "equals": value}, st.sampled_from(["autism", "ehc_plan"]), st.booleans()
    ),
    st.builds(lambda value: {"fact": "chc", "equals": value}, st.sampled_from(VALUES["chc"])),
    st.builds(
        lambda values: {"fact": "wheelchair_need", "in": sorted(values)},
        st.sets(st.sampled_from(VALUES["wheelchair_need"]), min_size=1),
    ),
    st.builds(
        lambda operator, value: {"fact": "high_level_domains", operator: value},
        st.sampled_from(["at_least", "under", "equals"]),
        st.integers(0, 10),
    ),
)
criteria = st.recursive(
    comparisons,
    lambda parts: st.one_of(
        st.builds(lambda found: {"all": found}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda found: {"any": found}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, parts),
    ),
    max_leaves=6,
)
rules = st.lists(st.tuples(st.sampled_from(GIVING), criteria), min_size=1, max_size=4)
partial_facts = st.fixed_dictionaries(
    {code: st.one_of(st.none(), st.sampled_from(values)) for code, values in VALUES.items()}
)


def rule_set(number, outcome, tree):
    return read_rule_set(
        {
            "code": f"rule-{number}",
            "number": 1,
            "title": f"Rule {number}",
            "layer": "national",
            "cohort": "chc",
            "effective_from": "2013-04-01",
            "outcome": outcome,
            "says": "It says so.",
            "source": "para 1",
            "criteria": tree,
        }
    )


def holds(tree, facts):
    """The oracle's reading of a criterion when every fact is known."""
    if "all" in tree:
        return all(holds(part, facts) for part in tree["all"])
    if "any" in tree:
        return any(holds(part, facts) for part in tree["any"])
    if "not" in tree:
        return not holds(tree["not"], facts)
    known = facts[tree["fact"]]
    if "equals" in tree:
        return known == tree["equals"]
    if "in" in tree:
        return known in tree["in"]
    return known >= tree["at_least"] if "at_least" in tree else known < tree["under"]


def best(found, facts):
    """The oracle's outcome when every fact is known."""
    return max([0, *(outcome.strength for outcome, tree in found if holds(tree, facts))])


def completions(facts):
    """Every way to fill the gaps."""
    gaps = [code for code, value in facts.items() if value is None]
    for values in itertools.product(*(VALUES[code] for code in gaps)):
        yield {**facts, **dict(zip(gaps, values, strict=True))}


@given(rules, partial_facts)
@settings(max_examples=150)
def test_answer_agrees_with_every_completion_of_the_gaps(found, facts):
    table = {tuple(each.values()): best(found, each) for each in completions(facts)}
    answer = screen(
        facts=facts, assessed_on=ON, rule_sets=[rule_set(number, *each) for number, each in enumerate(found)]
    )

    strengths = set(table.values())
    if len(strengths) == 1:
        assert answer.outcome is BY_STRENGTH[strengths.pop()]
    else:
        assert answer.outcome is Outcome.MORE_INFORMATION_NEEDED
        assert answer.settled_so_far is BY_STRENGTH[min(strengths)]
    assert set(answer.missing) == matters(table, facts)


def matters(table, facts):
    """The oracle: facts for which two completions that differ in nothing else come out differently."""
    found = set()
    for place, code in enumerate(facts):
        if facts[code] is not None:
            continue
        for values, strength in table.items():
            for other in VALUES[code]:
                if table[(*values[:place], other, *values[place + 1 :])] != strength:
                    found.add(code)
    return found


# The real rules, any facts.
ANSWERS = {
    code: (
        st.dates(dt.date(1920, 1, 1), dt.date(2013, 1, 1)).map(dt.date.isoformat)
        if fact.answer_type is AnswerType.DATE
        else st.sampled_from(fact.definite_values())
    )
    for code, fact in FACTS.items()
}
full_facts = st.fixed_dictionaries(ANSWERS)
dates = st.dates(dt.date(2013, 4, 1), dt.date(2026, 12, 31))
subsets = st.sets(st.sampled_from(sorted(FACTS)))
RULES = (*national(), *llr())


def llr_answer(facts, on, rule_sets=RULES):
    """The answer for somebody who can still be asked, so that nothing is presumed of them."""
    return screen(facts=as_asked(facts), assessed_on=on, rule_sets=rule_sets, offer_lines=llr_lines())


@given(full_facts, dates, subsets, subsets)
def test_known_fact_never_unsettles_a_settled_answer(everything, on, fewer, others):
    before = llr_answer({code: everything[code] for code in fewer}, on)
    after = llr_answer({code: everything[code] for code in fewer | others}, on)

    if before.is_settled:
        assert after.outcome is before.outcome
        assert after.missing == ()
    else:
        assert set(after.missing) <= set(before.missing)
        assert after.settled_so_far.strength >= before.settled_so_far.strength


@given(full_facts, dates, subsets, st.randoms(use_true_random=False))
def test_order_of_facts_and_of_rules_never_changes_the_answer(everything, on, known, chance):
    order = sorted(known)
    chance.shuffle(order)
    mixed = list(RULES)
    chance.shuffle(mixed)

    one = llr_answer({code: everything[code] for code in sorted(known)}, on)
    other = llr_answer({code: everything[code] for code in order}, on, mixed)

    assert (one.outcome, one.missing, one.bases, one.direct_payment) == (
        other.outcome, other.missing, other.bases, other.direct_payment
    )  # fmt: skip


@given(full_facts, dates, subsets)
def test_question_matters_and_the_answer_that_asking_reaches_is_the_whole_one(everything, on, known):
    # Somebody who can be asked: what was not answered yet is not known, and nothing is presumed.
    facts = {**dict.fromkeys(FACTS), **{code: everything[code] for code in known}}
    asked = []
    while questions := next_questions(facts=as_asked(facts), assessed_on=on, rule_sets=RULES, offer_lines=llr_lines()):
        assert {fact.code for fact in questions} == set(llr_answer(facts, on).missing)
        assert facts[questions[0].code] is None
        asked.append(questions[0].code)
        facts[questions[0].code] = everything[questions[0].code]

    assert llr_answer(facts, on).outcome is llr_answer(everything, on).outcome
    assert len(asked) == len(set(asked))


@given(full_facts, dates, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_questions_asked_in_any_order_reach_the_same_answer(everything, on, chance):
    facts = {}
    while missing := llr_answer(facts, on).missing:
        code = chance.choice(missing)
        facts[code] = everything[code]

    assert llr_answer(facts, on).outcome is llr_answer(everything, on).outcome


@given(full_facts, dates, subsets)
def test_every_answer_cites_a_source(everything, on, known):
    answer = llr_answer({code: everything[code] for code in known}, on)

    for axis in (answer, answer.direct_payment, answer.method, answer.funding):
        assert axis.reasons
    said = [*answer.reasons, *answer.direct_payment.reasons, *answer.method.reasons, *answer.funding.reasons]
    said += [reason for basis in (*answer.bases, *answer.possible) for reason in basis.reasons]
    assert all(reason.text and reason.source for reason in said)
    assert all(warning.text and warning.source for warning in answer.warnings)
    assert all(each.source for each in answer.not_met)


@given(full_facts, dates)
def test_rules_of_the_date_are_the_ones_used(everything, on):
    used = {(version.code, version.number) for version in llr_answer(everything, on).rule_versions}

    assert used == {
        (each.code, each.number)
        for each in RULES
        if each.effective_from <= on and (each.effective_to or dt.date.max) >= on
    }


@given(full_facts, dates)
def test_outcome_is_the_strongest_of_its_bases_and_settled_when_everything_is_known(everything, on):
    answer = llr_answer(everything, on)

    assert answer.is_settled
    strongest = max((basis.outcome.strength for basis in answer.bases), default=0)
    assert answer.outcome.strength == strongest
    assert [basis.outcome.strength for basis in answer.bases] == sorted(
        (basis.outcome.strength for basis in answer.bases), reverse=True
    )


@given(full_facts, dates, subsets)
def test_stored_answer_reads_back_the_same(everything, on, known):
    answer = llr_answer({code: everything[code] for code in known}, on)

    assert Answer.from_dict(answer.as_dict()) == answer


@given(full_facts, dates)
def test_local_layer_never_takes_a_legal_right_away_nor_gives_one(everything, on):
    law = screen(facts=everything, assessed_on=on, rule_sets=national())
    both = llr_answer(everything, on)

    if law.outcome.is_legal_right or both.outcome.is_legal_right:
        assert both.outcome is law.outcome
    assert both.outcome.strength >= law.outcome.strength


def test_properties_meet_every_outcome():
    """A guard on the generators: the real rules give each outcome for some of a few thousand people."""
    chance = random.Random(7)
    met = set()
    for _ in range(3000):
        facts = {
            code: f"{chance.randint(1930, 2012)}-06-15"
            if fact.answer_type is AnswerType.DATE
            else chance.choice(fact.definite_values())
            for code, fact in FACTS.items()
            if code in ("born_on", "learning_disability", "chc", "ehc_plan", "may_benefit", "mental_health_need")
            or code == chance.choice(list(FACTS))
        }
        defaults = {
            code: fact.definite_values()[-1] if fact.answer_type is AnswerType.YES_NO else None
            for code, fact in FACTS.items()
            if fact.answer_type is AnswerType.YES_NO
        }
        met.add(llr_answer({**defaults, **facts}, dt.date(chance.randint(2013, 2020), 5, 1)).outcome)

    assert met >= set(Outcome) - {Outcome.MAY_REQUEST}
