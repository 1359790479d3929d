"""Parts: a criterion with a name, shared inside one version."""

import itertools

import pytest

from eligibility.rules import RulesRefused, read_rule_set, screen
from eligibility.rules.criteria import grounds
from eligibility.rules.criteria_reading import DEEPEST, LARGEST

AUTISM = {"fact": "autism", "equals": True}
LEARNING = {"fact": "learning_disability", "equals": True}
EITHER = {"title": "Learning disability or autism", "criteria": {"any": [LEARNING, AUTISM]}}
USE = {"part": "ld-or-autism"}


def data(criteria, parts=None, **more):
    return {
        "code": "local",
        "number": 1,
        "title": "Local",
        "layer": "national",
        "cohort": "chc",
        "effective_from": "2016-04-01",
        "outcome": "may_request",
        "says": "It says so.",
        "source": "para 1",
        "criteria": criteria,
        **({} if parts is None else {"parts": parts}),
        **more,
    }


def read(criteria, **parts):
    return read_rule_set(data(criteria, {name.replace("_", "-"): part for name, part in parts.items()}))


def problems(criteria, parts):
    with pytest.raises(RulesRefused) as refused:
        read_rule_set(data(criteria, parts))
    return [(problem.path, problem.message) for problem in refused.value.problems]


def test_part_is_what_it_stands_for():
    named = read({"all": [USE, {"fact": "age", "under": 18}]}, ld_or_autism=EITHER).criteria
    plain = read({"all": [EITHER["criteria"], {"fact": "age", "under": 18}]}).criteria

    for facts in ({}, {"autism": True}, {"autism": False, "learning_disability": False}, {"age": 20}):
        assert named.truth(facts) is plain.truth(facts)
        assert grounds(named, facts) == grounds(plain, facts)
    assert named.given({"autism": False}) == plain.given({"autism": False})
    assert list(named.comparisons()) == list(plain.comparisons())


def test_answer_is_the_same_with_and_without_the_name():
    on = read_rule_set(data(AUTISM)).effective_from
    whole = {"any": [{"all": [USE, {"fact": "age", "under": 18}]}, {"all": [USE, {"fact": "age", "at_least": 18}]}]}
    written_out = {"any": [{"all": [EITHER["criteria"], each["all"][1]]} for each in whole["any"]]}

    for facts in ({}, {"autism": True}, {"autism": False}):
        named = screen(facts=facts, assessed_on=on, rule_sets=[read(whole, ld_or_autism=EITHER)])
        assert named == screen(facts=facts, assessed_on=on, rule_sets=[read(written_out)])
    assert screen(facts={"autism": True}, assessed_on=on, rule_sets=[read(whole, ld_or_autism=EITHER)]).is_settled


def test_reference_survives_the_way_through_json():
    rule_set = read({"not": USE}, ld_or_autism=EITHER)

    content = rule_set.content()
    assert content["parts"] == {"ld-or-autism": EITHER}
    assert content["readings"][0]["criteria"] == {"not": USE}
    columns = {name: value for name, value in data(AUTISM).items() if name not in ("criteria", "says")}
    assert read_rule_set({**columns, **content}) == rule_set


def test_version_without_parts_says_nothing_of_them():
    assert "parts" not in read(AUTISM).content()


def test_parts_use_parts_in_any_order():
    rule_set = read(
        {"part": "outer"}, outer={"title": "Outer", "criteria": {"all": [USE, AUTISM]}}, ld_or_autism=EITHER
    )

    assert rule_set.criteria.truth({"autism": True}) is True
    assert [part.name for part in rule_set.parts] == ["outer", "ld-or-autism"]


def test_loop_is_named_with_the_remedy():
    parts = {
        "one": {"title": "One", "criteria": {"not": {"part": "two"}}},
        "two": {"title": "Two", "criteria": {"any": [AUTISM, {"part": "three"}]}},
        "three": {"title": "Three", "criteria": {"part": "one"}},
    }
    ((path, message),) = problems({"part": "one"}, parts)

    assert path in ("parts.one.criteria.not.part", "parts.two.criteria.any[1].part", "parts.three.criteria.part")
    loop = message.removeprefix("These parts make a loop: ").partition(". ")[0].split(" → ")
    assert loop[0] == loop[-1]
    assert set(itertools.pairwise(loop)) == {("one", "two"), ("two", "three"), ("three", "one")}
    assert "Write one of them out" in message


def test_part_that_names_itself_is_a_loop():
    assert problems(USE, {"ld-or-autism": {"title": "Itself", "criteria": USE}}) == [
        (
            "parts.ld-or-autism.criteria.part",
            "These parts make a loop: ld-or-autism → ld-or-autism. Write one of them out instead of naming it.",
        )
    ]


@pytest.mark.parametrize(
    ("parts", "path", "remedy"),
    [
        ({"ld-autism": EITHER}, "criteria.part", "Did you mean ld-autism? Use one of: ld-autism."),
        ({}, "criteria.part", 'names none under "parts"'),
        ([], "parts", "Give the parts as an object"),
        ({"ld-or-autism": "yes"}, "parts.ld-or-autism", "a title and criteria"),
        ({"ld-or-autism": {"title": "x"}}, "parts.ld-or-autism.criteria", "This criterion is empty"),
        ({"ld-or-autism": {"criteria": AUTISM}}, "parts.ld-or-autism.title", "a title in words"),
        ({"ld-or-autism": EITHER, "Ödd": EITHER}, "parts.Ödd", "small letters"),
        ({"ld-or-autism": {"title": "x", "criteria": {"any": []}}}, "parts.ld-or-autism.criteria.any", "is empty"),
    ],
)
def test_faulty_part_is_refused_with_path_and_remedy(parts, path, remedy):
    found = dict(problems(USE, parts))

    assert remedy in found[path]


def test_part_is_named_alone():
    ((path, message),) = problems({"part": "ld-or-autism", "any": [AUTISM]}, {"ld-or-autism": EITHER})

    assert path == "criteria"
    assert "exactly one" in message


def test_parts_that_double_again_and_again_are_refused():
    parts = {"p0": {"title": "0", "criteria": {"any": [AUTISM, LEARNING]}}}
    for place in range(1, 12):
        use = {"part": f"p{place - 1}"}
        parts[f"p{place}"] = {"title": str(place), "criteria": {"any": [use, use]}}

    ((path, message),) = problems({"part": "p11"}, parts)
    assert (path, f"More than {LARGEST} conditions" in message) == ("parts.p8.criteria", True)


def test_chain_of_parts_deeper_than_criteria_may_go_is_refused():
    parts = {"p0": {"title": "0", "criteria": AUTISM}}
    for place in range(1, 400):
        parts[f"p{place}"] = {"title": str(place), "criteria": {"not": {"part": f"p{place - 1}"}}}

    ((path, message),) = problems(AUTISM, parts)
    assert (path, "parts written out" in message) == (f"parts.p{DEEPEST}.criteria", True)
