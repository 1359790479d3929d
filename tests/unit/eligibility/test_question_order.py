"""That questions are asked in the order that settles the answer soonest, beside an oracle that tries every order.

The oracle reads rules as tables of truth and knows nothing of diagrams: it asks every page first in turn, whatever the
answers, and takes the best.
"""

import datetime as dt
import functools
import itertools
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.rules import next_questions, screen, screening
from eligibility.rules.facts import asked
from eligibility.rules.question_order import _Search, question_order
from eligibility.rules.question_pages import page_of, questions_on_page
from eligibility.rules.screening import questions_to_ask
from tests.support.rules import llr, llr_lines, national
from tests.unit.eligibility.test_properties import GIVING, holds, rule_set

ON = dt.date(2018, 6, 1)
RULES = (*national(), *llr())
# Yes or no each, so that both answers are equally likely to the oracle and to the rules alike; two pairs share a page.
FACTS = ("s117_aftercare", "learning_disability", "autism", "needs_above_local_authority", "ehc_plan", "may_benefit")
# How far from the best possible order the one that is kept to may be, in expected pages.
NEAR = 1.1

comparisons = st.builds(lambda code, value: {"fact": code, "equals": value}, st.sampled_from(FACTS), st.booleans())
criteria = st.recursive(
    comparisons,
    lambda parts: st.one_of(
        st.builds(lambda found: {"all": found}, st.lists(parts, min_size=2, max_size=3)),
        st.builds(lambda found: {"any": found}, st.lists(parts, min_size=2, max_size=3)),
    ),
    max_leaves=7,
)
rules = st.lists(st.tuples(st.sampled_from(GIVING), criteria), min_size=1, max_size=3)


def table_of(found):
    """The strongest outcome for every way of answering everything, in the order of the answers."""
    everything = (dict(zip(FACTS, values, strict=True)) for values in itertools.product((True, False), repeat=6))
    return tuple(max([0, *(outcome.strength for outcome, tree in found if holds(tree, each))]) for each in everything)


def split(free, table, code):
    """The table where the fact is so, and where it is not."""
    step = 2 ** (len(free) - 1 - free.index(code))
    is_so = [(place // step) % 2 == 0 for place in range(len(table))]
    return tuple(v for v, so in zip(table, is_so, strict=True) if so), tuple(
        v for v, so in zip(table, is_so, strict=True) if not so
    )


@functools.cache
def fewest_pages(free, table):
    """The oracle: the pages expected in the best order there is."""
    matter = [code for code in free if len(set(split(free, table, code))) == 2]
    if not matter:
        return 0.0
    pages = {tuple(code for code in page_of(each) if code in matter) for each in matter}
    return min(1 + pages_after(free, table, page) for page in pages)


def pages_after(free, table, page):
    if not page:
        return fewest_pages(free, table)
    rest = tuple(code for code in free if code != page[0])
    return statistics.mean(pages_after(rest, half, page[1:]) for half in split(free, table, page[0]))


def pages_asked(rule_sets, everything):
    """How many pages the register asks somebody of whom all this is so."""
    facts, pages = {}, 0
    while questions := next_questions(facts=facts, assessed_on=ON, rule_sets=rule_sets):
        page = questions_on_page(questions[0].code, questions)
        assert [fact.code for fact in questions[: len(page)]] == [fact.code for fact in page]
        facts |= {fact.code: everything[fact.code] for fact in page}
        pages += 1
    return pages


@given(rules)
@settings(max_examples=25)
def test_order_asks_hardly_more_pages_than_the_best_one(found):
    rule_sets = [rule_set(number, *each) for number, each in enumerate(found)]
    pages = statistics.mean(
        pages_asked(rule_sets, dict(zip(FACTS, values, strict=True)))
        for values in itertools.product((True, False), repeat=6)
    )
    best = fewest_pages(FACTS, table_of(found))

    assert best <= pages + 1e-9
    assert pages <= best * NEAR + 1e-9
    order = questions_to_ask(facts={}, assessed_on=ON, rule_sets=rule_sets)
    assert order.expected == pytest.approx(pages)


def best_there_is(search, node, done):
    """The pages expected in the best order: every page tried first, on the diagram of the rules that are in use."""
    if not search.pages(node):
        return 0.0
    if id(node) not in done:
        done[id(node)] = min(
            1 + sum(weight * best_there_is(search, left, done) for weight, left in search.after(node, page))
            for page in search.pages(node)
        )
    return done[id(node)]


@pytest.mark.parametrize("born_on", ["1980-06-15", "2014-01-01"])
@pytest.mark.parametrize("on", [dt.date(2015, 6, 1), dt.date(2018, 6, 1), dt.date(2026, 11, 22)])
def test_order_is_within_one_percent_of_the_best_on_the_rules_in_use(monkeypatch, born_on, on):
    roots = []
    monkeypatch.setattr(screening, "question_order", lambda node, unknown: roots.append(node) or question_order(node))
    given = {"facts": asked({"born_on": born_on}), "assessed_on": on, "rule_sets": RULES, "offer_lines": llr_lines()}
    order = questions_to_ask(**given)
    search = _Search(roots[0], frozenset())
    assert order.expected <= best_there_is(search, roots[0], {}) * 1.01


@given(rules, st.lists(st.booleans(), min_size=6, max_size=6), st.sets(st.sampled_from(FACTS)))
@settings(max_examples=40)
def test_pages_asked_lie_between_the_least_and_the_most(found, values, unknown):
    rule_sets = [rule_set(number, *each) for number, each in enumerate(found)]
    everything = dict(zip(FACTS, values, strict=True))
    facts, not_known, pages = {}, set(), 0
    first = order = questions_to_ask(facts={}, assessed_on=ON, rule_sets=rule_sets)
    while order.pages:
        pages += 1
        facts |= {code: everything[code] for code in order.pages[0] if code not in unknown}
        not_known |= {code for code in order.pages[0] if code in unknown}
        order = questions_to_ask(facts=facts, assessed_on=ON, rule_sets=rule_sets, not_known=not_known)

    assert first.least <= pages <= first.most


def test_pages_are_the_most_where_nobody_knows_anything():
    order = questions_to_ask(facts={"born_on": "1980-06-15"}, assessed_on=ON, rule_sets=RULES, offer_lines=llr_lines())
    not_known, pages = set(), 0
    left = order
    while left.pages:
        pages += 1
        not_known |= set(left.pages[0])
        left = questions_to_ask(
            facts={"born_on": "1980-06-15"},
            assessed_on=ON,
            rule_sets=RULES,
            offer_lines=llr_lines(),
            not_known=not_known,
        )
    assert pages == order.most


@pytest.mark.parametrize(("born_on", "first"), [("1980-06-15", "chc"), ("2010-06-15", "continuing_care")])
def test_first_question_is_the_one_that_settles_most(born_on, first):
    questions = next_questions(
        facts={"born_on": born_on}, assessed_on=dt.date(2026, 11, 22), rule_sets=RULES, offer_lines=llr_lines()
    )
    assert questions[0].code == first


def test_no_asked_question_cannot_matter():
    """Each question, on its own, has two answers that lead to different places for some way of filling the rest."""
    facts = {"born_on": "1980-06-15", "chc": "not_eligible", "chc_fast_track": False, "wheelchair_need": "none"}
    questions = next_questions(facts=facts, assessed_on=ON, rule_sets=RULES, offer_lines=llr_lines())
    answer = screen(facts=facts, assessed_on=ON, rule_sets=RULES, offer_lines=llr_lines())

    assert {fact.code for fact in questions} == set(answer.missing)
    assert "continuing_care" not in answer.missing
