"""Rule sets as data: what is read, what is refused, and that the reference files are sound."""

import copy
import csv
import datetime as dt

import pytest

from eligibility.rules import Layer, Outcome, RuleSetStatus, RulesRefused, read_rule_set, read_rule_set_file
from tests.support.rules import TIMELINE, llr, national, reference_data

VALID = {
    "code": "local-autism",
    "number": 1,
    "title": "People with autism",
    "layer": "local",
    "cohort": "ld-autism-adult",
    "effective_from": "2016-04-01",
    "outcome": "may_request",
    "says": "People with autism may ask for a budget.",
    "source": "Paper, para 1",
    "criteria": {"fact": "autism", "equals": True},
}
READING = {"id": "R1", "title": "one way", "criteria": VALID["criteria"]}


def without(key):
    return {name: value for name, value in VALID.items() if name != key}


def test_rule_set_reads_with_sensible_defaults():
    rule_set = read_rule_set(VALID)

    assert rule_set.status is RuleSetStatus.IN_FORCE
    assert rule_set.effective_to is None
    assert rule_set.chosen.title == "As written"
    assert not rule_set.is_statement


@pytest.mark.parametrize("rule_set", [*national(), *llr()], ids=lambda each: f"{each.code}-{each.number}")
def test_reference_rule_set_survives_the_way_through_its_stored_form(rule_set):
    columns = (
        "code",
        "number",
        "title",
        "layer",
        "cohort",
        "effective_from",
        "effective_to",
        "status",
        "outcome",
        "source",
    )

    assert read_rule_set({**{name: getattr(rule_set, name) for name in columns}, **rule_set.content()}) == rule_set


@pytest.mark.parametrize("rule_set", [*national(), *llr()], ids=lambda each: f"{each.code}-{each.number}")
def test_reference_rule_set_names_a_cohort_and_cites_its_source(rule_set):
    with (TIMELINE / "cohorts.csv").open(encoding="utf-8", newline="") as file:
        cohorts = {row["code"] for row in csv.DictReader(file)}

    assert rule_set.cohort in cohorts
    assert rule_set.source
    assert all(warning.source for warning in rule_set.warnings)


def test_national_rule_sets_are_national_and_local_ones_never_give_a_right():
    assert {rule_set.layer for rule_set in national()} == {Layer.NATIONAL}
    assert {rule_set.layer for rule_set in llr()} == {Layer.LOCAL}
    assert [each.code for each in llr() if each.outcome.is_legal_right] == [
        each.code for each in llr() if each.is_statement
    ]


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        (dt.date(2014, 3, 31), Outcome.MAY_BE_CONSIDERED),
        (dt.date(2014, 4, 1), Outcome.RIGHT_TO_ASK),
        (dt.date(2014, 9, 30), Outcome.RIGHT_TO_ASK),
        (dt.date(2014, 10, 1), Outcome.RIGHT_TO_HAVE),
        (dt.date(2026, 11, 22), Outcome.RIGHT_TO_HAVE),
    ],
)
def test_one_version_of_the_chc_right_holds_on_each_date(on, outcome):
    held = [each for each in national() if each.code == "national-chc" and each.is_effective_on(on)]

    assert [each.outcome for each in held] == [outcome]


def test_children_and_ld_criteria_are_only_proposed():
    assert {each.code for each in llr() if each.status is RuleSetStatus.PROPOSED} == {"llr-ld-autism-child"}


@pytest.mark.parametrize(
    ("data", "path", "remedy"),
    [
        (without("source"), "source", "Give the rule set's source"),
        (without("criteria"), "criteria", "Give the criteria"),
        ({**VALID, "source": " "}, "source", "in words"),
        ({**VALID, "outcme": "x"}, "outcme", "Did you mean outcome?"),
        ({**VALID, "outcome": "may_ask"}, "outcome", "Give one of right_to_have"),
        ({**VALID, "outcome": "not_offered"}, "outcome", "what somebody who meets the criteria gets"),
        ({**VALID, "layer": "regional"}, "layer", "Give one of national, local"),
        ({**VALID, "number": 0}, "number", "from 1"),
        ({**VALID, "effective_from": "April"}, "effective_from", "year-month-day"),
        ({**VALID, "effective_to": "2016-03-31"}, "effective_to", "on or after the first"),
        ({**VALID, "criteria": {"all": []}}, "criteria.all", "This branch is empty"),
        ({**VALID, "applies_when": {"fact": "x", "equals": 1}}, "applies_when.fact", "There is no fact 'x'"),
        ({**VALID, "readings": [READING]}, "criteria", "not both"),
        ({**without("criteria"), "readings": []}, "readings", "This list is empty"),
        ({**without("criteria"), "readings": [READING, {**READING, "id": "R2"}]}, "chosen", "one of R1, R2"),
        ({**without("criteria"), "readings": [READING, READING], "chosen": "R1"}, "readings", "its own id"),
        ({**without("criteria"), "readings": [{**READING, "criteria": {"any": []}}], "chosen": "R1"},
         "readings[0].criteria.any", "This branch is empty"),
        ({**VALID, "warnings": [{"kind": "x", "text": "Look.", "source": "p"}]}, "warnings[0].kind", "Give one of"),
        ({**VALID, "warnings": [{"kind": "local", "text": "Look.", "source": "p", "unless_policy": "x"}]},
         "warnings[0].unless_policy", "no such policy"),
    ],
)  # fmt: skip
def test_faulty_rule_set_is_refused_with_path_and_remedy(data, path, remedy):
    with pytest.raises(RulesRefused) as refused:
        read_rule_set(data)

    problems = {problem.path: problem.message for problem in refused.value.problems}
    assert remedy in problems[path]


def test_file_with_overlapping_versions_is_refused():
    data = copy.deepcopy(reference_data("national"))
    data["rule_sets"][0]["versions"][0]["effective_to"] = "2014-04-01"

    with pytest.raises(RulesRefused, match="Versions 1 and 2 both hold on 2014-04-01"):
        read_rule_set_file(data)


def test_file_names_the_place_of_every_fault():
    data = copy.deepcopy(reference_data("llr"))
    data["rule_sets"][1]["versions"][0]["criteria"] = {"any": []}
    data["rule_sets"][2]["versions"] = []

    with pytest.raises(RulesRefused) as refused:
        read_rule_set_file(data)

    assert [problem.path for problem in refused.value.problems] == [
        "rule_sets[1].versions[0].criteria.any",
        "rule_sets[2].versions",
    ]
