"""Nested criteria in three-valued logic, and what is said of faulty ones."""

import pytest

from eligibility.rules import RulesRefused, read_criterion
from eligibility.rules.criteria import grounds

YES = {"fact": "autism", "equals": True}
OTHER = {"fact": "learning_disability", "equals": True}


@pytest.mark.parametrize(
    ("criterion", "one", "other", "truth"),
    [
        ("all", True, True, True),
        ("all", True, False, False),
        ("all", True, None, None),
        ("all", False, None, False),
        ("all", None, None, None),
        ("all", False, False, False),
        ("any", True, True, True),
        ("any", True, False, True),
        ("any", True, None, True),
        ("any", False, None, None),
        ("any", None, None, None),
        ("any", False, False, False),
    ],
)
def test_truth_follows_kleene_when_facts_are_missing(criterion, one, other, truth):
    tree = read_criterion({criterion: [YES, OTHER]})

    assert tree.truth({"autism": one, "learning_disability": other}) is truth
    assert tree.truth({"autism": other, "learning_disability": one}) is truth


@pytest.mark.parametrize(("known", "truth"), [(True, False), (False, True), (None, None)])
def test_not_turns_truth_round_and_leaves_the_unknown(known, truth):
    assert read_criterion({"not": YES}).truth({"autism": known}) is truth


@pytest.mark.parametrize(
    ("data", "known", "truth"),
    [
        ({"fact": "age", "at_least": 18}, {"age": 17}, False),
        ({"fact": "age", "at_least": 18}, {"age": 18}, True),
        ({"fact": "age", "under": 18}, {"age": 18}, False),
        ({"fact": "age", "under": 18}, {"age": 17}, True),
        ({"fact": "high_level_domains", "equals": 2}, {"high_level_domains": 2}, True),
        ({"fact": "mental_health_act_section", "in": ["s2", "s3"]}, {"mental_health_act_section": "s3"}, True),
        ({"fact": "mental_health_act_section", "in": ["s2", "s3"]}, {"mental_health_act_section": "s4"}, False),
        ({"fact": "mental_health_act_section", "in": ["s2", "s3"]}, {}, None),
    ],
)
def test_comparison_holds_at_its_boundary(data, known, truth):
    assert read_criterion(data).truth(known) is truth


def test_what_is_left_drops_the_parts_that_known_facts_settle():
    tree = read_criterion({"any": [{"all": [YES, OTHER]}, {"not": {"fact": "ehc_plan", "equals": True}}]})

    assert tree.given({"autism": True, "ehc_plan": True}).as_json() == OTHER
    assert tree.given({"ehc_plan": False}) is True
    assert tree.given({"ehc_plan": True, "autism": False}) is False


def test_criteria_survive_the_way_through_json():
    data = {"any": [{"all": [YES, {"fact": "age", "under": 25}]}, {"not": OTHER}, {"fact": "chc", "in": ["eligible"]}]}

    assert read_criterion(data).as_json() == data


def test_grounds_name_the_facts_that_decided():
    tree = read_criterion({"all": [{"any": [YES, OTHER]}, {"fact": "age", "at_least": 18}]})

    assert grounds(tree, {"autism": True, "learning_disability": False, "age": 40}) == ["autism", "age"]
    assert grounds(tree, {"autism": False, "learning_disability": False, "age": 40}) == [
        "autism",
        "learning_disability",
    ]
    assert grounds(tree, {"autism": None, "learning_disability": False, "age": 40}) == ["autism"]


@pytest.mark.parametrize(
    ("data", "path", "remedy"),
    [
        ({"all": []}, "criteria.all", "This branch is empty"),
        ({"any": [YES, {"all": []}]}, "criteria.any[1].all", "This branch is empty"),
        ({}, "criteria", "This criterion is empty"),
        ({"al": [YES]}, "criteria", "Did you mean all?"),
        ({"all": [YES], "any": [OTHER]}, "criteria", "exactly one"),
        ([YES], "criteria", "Give an object"),
        ({"fact": "chcc", "equals": "eligible"}, "criteria.fact", "Did you mean chc?"),
        ({"fact": "born_on", "equals": "1970-01-01"}, "criteria.fact", "Compare the age instead"),
        ({"fact": "chc", "equals": True}, "criteria.equals", "give one of eligible, not_eligible"),
        ({"fact": "chc", "equals": "not_assessed"}, "criteria.equals", "give one of eligible, not_eligible"),
        ({"fact": "autism", "equals": "yes"}, "criteria.equals", "give true or false"),
        ({"fact": "age", "at_least": "18"}, "criteria.at_least", "is a whole number"),
        ({"fact": "age", "at_least": True}, "criteria.at_least", "is a whole number"),
        ({"fact": "high_level_domains", "at_least": 11}, "criteria.at_least", "from 0 to 10"),
        ({"fact": "autism", "at_least": 1}, "criteria", 'exactly one of "equals"'),
        ({"fact": "age"}, "criteria", 'exactly one of "at_least"'),
        ({"fact": "age", "at_least": 16, "under": 18}, "criteria", "exactly one"),
        ({"fact": "chc", "in": []}, "criteria.in", "This list is empty"),
        ({"fact": "chc", "in": ["eligible", "no"]}, "criteria.in[1]", "give one of"),
        ({"not": {"all": []}}, "criteria.not.all", "This branch is empty"),
    ],
)
def test_faulty_criteria_are_refused_with_path_and_remedy(data, path, remedy):
    with pytest.raises(RulesRefused) as refused:
        read_criterion(data)

    assert [problem.path for problem in refused.value.problems] == [path]
    assert remedy in refused.value.problems[0].message


def test_every_fault_is_named_at_once():
    with pytest.raises(RulesRefused) as refused:
        read_criterion({"all": [{"fact": "x", "equals": 1}, {"any": []}, YES]})

    assert [problem.path for problem in refused.value.problems] == ["criteria.all[0].fact", "criteria.all[1].any"]


def test_criteria_that_contain_themselves_are_refused():
    loop = {"all": [YES]}
    loop["all"].append({"not": loop})

    with pytest.raises(RulesRefused, match="contains itself"):
        read_criterion(loop)


def test_criteria_nested_too_deeply_are_refused():
    tree = YES
    for _ in range(25):
        tree = {"not": tree}

    with pytest.raises(RulesRefused, match="more than 20 deep"):
        read_criterion(tree)
