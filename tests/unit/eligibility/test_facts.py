"""The vocabulary of facts, and how raw answers become values."""

import datetime as dt
import json

import pytest

from eligibility.rules import FACTS, VOCABULARY, AnswerType, FactsRefused, read_facts
from eligibility.rules.facts import age_on, asked
from tests.support.rules import CASES

ON = dt.date(2018, 6, 1)


def test_vocabulary_is_exactly_what_worked_cases_use():
    defaults = json.loads(CASES.read_text(encoding="utf-8"))["defaults"]

    later = {fact.code for fact in VOCABULARY if fact.presumed is not None}
    assert set(FACTS) - later == {*defaults, "born_on"}


def test_every_default_of_the_worked_cases_is_an_answer():
    defaults = json.loads(CASES.read_text(encoding="utf-8"))["defaults"]

    assert {code: value for code, value in read_facts(defaults, assessed_on=ON).items() if code in defaults} == defaults


@pytest.mark.parametrize("fact", VOCABULARY, ids=lambda fact: fact.code)
def test_fact_is_declared_completely(fact):
    assert fact.question.endswith("?")
    assert fact.label
    assert fact.attested_by
    assert bool(fact.choices) is (fact.answer_type is AnswerType.CHOICE)
    assert bool(fact.met and fact.unmet) is (fact.answer_type is AnswerType.YES_NO)


def test_facts_not_given_are_not_known():
    facts = read_facts({}, assessed_on=ON)

    assert set(facts) == {*FACTS, "age"}
    assert {value for code, value in facts.items() if code == "age" or FACTS[code].presumed is None} == {None}


@pytest.mark.parametrize("code", ["chc", "continuing_care"])
def test_not_assessed_is_the_same_as_not_known(code):
    assert read_facts({code: "not_assessed"}, assessed_on=ON)[code] is None


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        ((2000, 6, 15), (2018, 6, 14), 17),
        ((2000, 6, 15), (2018, 6, 15), 18),
        ((2000, 6, 15), (2018, 12, 31), 18),
        ((2000, 2, 29), (2018, 2, 28), 17),
        ((2000, 2, 29), (2018, 3, 1), 18),
        ((2000, 2, 29), (2016, 2, 29), 16),
        ((2018, 6, 1), (2018, 6, 1), 0),
    ],
)
def test_age_changes_on_the_birthday(born_on, on, age):
    assert age_on(dt.date(*born_on), dt.date(*on)) == age
    assert read_facts({"born_on": dt.date(*born_on)}, assessed_on=dt.date(*on))["age"] == age


@pytest.mark.parametrize(
    ("given", "code", "remedy"),
    [
        ({"learning_disabilty": True}, "learning_disabilty", "Did you mean learning_disability?"),
        ({"age": 40}, "age", "There is no fact called age"),
        ({"chc": "Eligible"}, "chc", "Give one of eligible, not_eligible, not_assessed"),
        ({"chc": True}, "chc", "Give one of"),
        ({"autism": "true"}, "autism", "Give true, false or null"),
        ({"autism": 1}, "autism", "Give true, false or null"),
        ({"high_level_domains": True}, "high_level_domains", "whole number from 0 to 10"),
        ({"high_level_domains": 11}, "high_level_domains", "whole number from 0 to 10"),
        ({"high_level_domains": -1}, "high_level_domains", "whole number from 0 to 10"),
        ({"high_level_domains": "2"}, "high_level_domains", "whole number from 0 to 10"),
        ({"born_on": "15/06/1970"}, "born_on", "year-month-day"),
        ({"born_on": "1970-02-30"}, "born_on", "year-month-day"),
        ({"born_on": "19700615"}, "born_on", "year-month-day"),
        ({"born_on": dt.datetime(1970, 6, 15, tzinfo=dt.UTC)}, "born_on", "year-month-day"),
        ({"born_on": "2018-06-02"}, "born_on", "on or before the day"),
        ({"born_on": "1870-01-01"}, "born_on", "less than 130 years"),
    ],
)
def test_answers_that_do_not_fit_are_refused_with_the_remedy(given, code, remedy):
    with pytest.raises(FactsRefused) as refused:
        read_facts(given, assessed_on=ON)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert remedy in refused.value.problems[0].message


def test_every_fact_that_does_not_fit_is_named_at_once():
    with pytest.raises(FactsRefused) as refused:
        read_facts({"chc": 1, "autism": 2, "ehc_plan": True}, assessed_on=ON)

    assert [problem.code for problem in refused.value.problems] == ["chc", "autism"]


@pytest.mark.parametrize(
    ("code", "value", "clause"),
    [
        ("autism", True, "is autistic"),
        ("autism", False, "is not recorded as autistic"),
        ("autism", None, "Autism: not known yet"),
        ("chc", "not_eligible", "NHS continuing healthcare (CHC): not eligible"),
        ("mental_health_act_section", "s3", "Section of the Mental Health Act: section 3"),
        ("high_level_domains", 2, "Domains at High or above: 2"),
        ("born_on", dt.date(1970, 6, 5), "Date of birth: 5 June 1970"),
    ],
)
def test_fact_reads_as_a_clause(code, value, clause):
    assert FACTS[code].says(value) == clause


def test_fact_declared_later_is_presumed_of_a_record_that_does_not_mention_it():
    facts = read_facts({}, assessed_on=ON)
    assert facts["services_not_working"] is False
    assert facts["long_term_condition"] is None


def test_fact_given_as_not_known_is_not_presumed():
    assert read_facts({"services_not_working": None}, assessed_on=ON)["services_not_working"] is None


def test_nothing_is_presumed_of_somebody_who_can_be_asked():
    facts = read_facts(asked({"diabetes": True}), assessed_on=ON)
    assert facts["services_not_working"] is None
    assert facts["diabetes"] is True
