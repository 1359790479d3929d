"""Criteria in plain words, finished or not."""

import pytest
from hypothesis import given

from eligibility.rules import RulesRefused, read_criterion
from eligibility.rules.criteria_words import NodeKind, condition_in_words, in_words
from tests.support.rules import llr, national
from tests.unit.eligibility.test_properties import criteria

AUTISM = {"fact": "autism", "equals": True}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (AUTISM, "Autism: yes"),
        ({"fact": "autism", "equals": False}, "Autism: no"),
        ({"fact": "age", "at_least": 18}, "Age: 18 or over"),
        ({"fact": "age", "under": 25}, "Age: under 25"),
        ({"fact": "age", "equals": 16}, "Age: exactly 16"),
        ({"fact": "high_level_domains", "at_least": 2}, "Domains at High or above: 2 or more"),
        ({"fact": "high_level_domains", "under": 2}, "Domains at High or above: fewer than 2"),
        ({"fact": "chc", "equals": "eligible"}, "NHS continuing healthcare (CHC): eligible"),
        ({"fact": "mental_health_act_section", "in": ["s2", "s3"]},
         "Section of the Mental Health Act: section 2 or section 3"),
        ({"fact": "chc"}, "NHS continuing healthcare (CHC): not said yet"),
        ({"fact": "chcc", "equals": 1}, "chcc: not a fact of the vocabulary"),
        ({"fact": "chc", "equals": "maybe"}, "NHS continuing healthcare (CHC): “maybe”, which is no answer to it"),
    ],
)  # fmt: skip
def test_condition_is_a_sentence_with_the_label_of_its_fact(data, words):
    assert condition_in_words(data) == words


def test_tree_is_nested_words_with_the_place_of_each():
    data = {"all": [{"not": {"any": [AUTISM, {"part": "adult"}]}}, {"fact": "age", "under": 25}]}
    words = in_words(data, titles={"adult": "Adults"})

    assert words.sentence() == "All of these: (None of this: (Any of these: Autism: yes; Adults)); Age: under 25"
    inner = words.children[0].children[0]
    assert (inner.kind, inner.path) == (NodeKind.ANY, "criteria.all[0].not")
    assert [child.path for child in inner.children] == [f"criteria.all[0].not.any[{place}]" for place in (0, 1)]


def test_unfinished_branches_say_what_is_missing_and_faults_stand_where_they_are():
    data = {"all": [{"any": []}, {}, {"not": {}}, {"fact": "age"}, {"fact": "age", "under": 900}, {"al": []}]}
    with pytest.raises(RulesRefused) as refused:
        read_criterion(data)
    words = in_words(data, problems=refused.value.problems)
    group, empty, negated, open_condition, wrong, odd = words.children

    assert "Nothing is in this group yet" in group.missing
    assert "Nothing stands here yet" in empty.missing
    assert "Nothing stands here yet" in negated.children[0].missing
    assert "does not say yet" in open_condition.missing
    assert [each.faults for each in (words, group, empty, negated, open_condition)] == [()] * 5
    assert "from 0 to 130" in wrong.faults[0]
    assert "means nothing here" in odd.faults[0]


@pytest.mark.parametrize("odd", [None, [], 3, "all", {"all": 3}, {"any": [1], "all": []}, {"part": 5}, {"fact": []}])
def test_anything_at_all_has_words(odd):
    assert in_words({"all": [odd]}).sentence()


@pytest.mark.parametrize("rule_set", [*national(), *llr()], ids=lambda each: f"{each.code}-{each.number}")
def test_every_rule_set_that_comes_with_the_product_has_words_without_fault(rule_set):
    for reading in rule_set.readings:
        words = in_words(reading.criteria.as_json())
        assert "which is no answer" not in words.sentence()
        assert "not a fact" not in words.sentence()


@given(criteria)
def test_words_have_the_shape_of_the_tree(tree):
    def shape(data):
        ((key, value),) = [(key, value) for key, value in data.items() if key in ("all", "any", "not", "fact")]
        inner = value if isinstance(value, list) else [value] if key == "not" else []
        return ("condition" if key == "fact" else key, [shape(item) for item in inner])

    def shape_of_words(words):
        return (words.kind.value, [shape_of_words(child) for child in words.children])

    assert shape_of_words(in_words(tree)) == shape(tree)
