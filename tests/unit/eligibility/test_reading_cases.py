"""Readings tried on worked cases, content checks, and the vocabulary by theme."""

import pytest

from eligibility.rules import RulesRefused, read_criterion, read_rule_set
from eligibility.rules.content_checks import content_problems, read_content_text, submission_problems
from eligibility.rules.fact_themes import themes
from eligibility.rules.facts import comparable_codes
from eligibility.rules.reading_cases import cases_by_reading, settled_truth
from tests.support.rules import llr
from tests.unit.eligibility.test_parts import AUTISM, EITHER, USE, data

EHC = {"fact": "ehc_plan", "equals": True}


def readings(*trees, **more):
    listed = [{"id": f"R{place}", "title": "t", "criteria": tree} for place, tree in enumerate(trees, start=1)]
    return {"says": "x", "readings": listed, "chosen": "R1", **more}


def case(name, on="2016-04-01", **facts):
    return {"id": name, "assessed_on": on, "facts": facts, "why": f"why {name}"}


def test_each_reading_answers_each_case_with_the_scope_they_share():
    content = readings(
        USE, {"all": [AUTISM, EHC]}, parts={"ld-or-autism": EITHER}, applies_when={"fact": "age", "under": 18}
    )
    table = cases_by_reading(
        content,
        [
            case("child", born_on="2010-01-01", autism=True, ehc_plan=False),
            case("open", born_on="2010-01-01", autism=True),
            case("adult", born_on="1970-01-01", autism=True),
            case("both", born_on="2010-01-01", autism=True, ehc_plan=True),
        ],
    )

    assert [(row.name, row.truths, table.disagree(row)) for row in table.rows] == [
        ("child", (True, False), True),
        ("open", (True, None), True),
        ("adult", (False, False), False),
        ("both", (True, True), False),
    ]
    assert table.rows[0].why == "why child"


def test_unfinished_reading_and_unreadable_case_are_told():
    table = cases_by_reading(
        readings(AUTISM, {"all": []}),
        [case("one", autism=True), case("two", autsm=True), case("three", on="soon", autism=True)],
    )

    assert table.unfinished == {1}
    assert [row.is_readable for row in table.rows] == [True, False, False]
    assert not table.disagree(table.rows[0])


def test_nothing_can_be_tried_while_the_scope_is_unfinished():
    assert cases_by_reading(readings(AUTISM, applies_when={"any": []}), []).unfinished == {0}


def test_truth_is_settled_where_every_way_of_filling_the_gaps_agrees():
    either_way = read_criterion({"any": [{"fact": "age", "under": 18}, {"fact": "age", "at_least": 18}]})

    assert settled_truth(either_way, {}) is True
    assert settled_truth(read_criterion({"not": either_way.as_json()}), {}) is False
    assert settled_truth(read_criterion(AUTISM), {}) is None


@pytest.mark.parametrize("rule_set", llr(), ids=lambda each: f"{each.code}-{each.number}")
def test_content_that_comes_with_the_product_has_no_problem(rule_set):
    assert content_problems(rule_set.content()) == []
    assert submission_problems(rule_set) == []


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ({"readings": [{"id": "R1", "title": "t", "criteria": {"all": []}}]},
         [("says", True), ("readings[0].criteria.all", True)]),
        (readings({}, {"fact": "age"}, chosen=""),
         [("chosen", True), ("readings[0].criteria", True), ("readings[1].criteria", True)]),
        (readings({"fact": "age", "under": 999}), [("readings[0].criteria.under", False)]),
        (readings(AUTISM, code="x"), [("code", False)]),
        (readings(AUTISM, says=""), [("says", True)]),
        (readings(AUTISM, chosen="R7"), [("chosen", False)]),
    ],
)  # fmt: skip
def test_gaps_of_a_draft_are_told_from_faults(content, problems):
    assert [(problem.path, problem.is_gap) for problem in content_problems(content)] == problems


def test_version_is_not_ready_with_an_unused_part_or_a_choice_without_reason():
    several = data(None, {"ld-or-autism": EITHER}, readings=readings(AUTISM, EHC)["readings"], chosen="R1")
    del several["criteria"]

    assert [problem.path for problem in submission_problems(read_rule_set(several))] == [
        "parts.ld-or-autism", "reading_note",
    ]  # fmt: skip
    several["reading_note"] = "It fits."
    several["readings"][0]["criteria"] = USE
    assert submission_problems(read_rule_set(several)) == []


def test_content_text_may_have_gaps():
    text = '{"says": "x", "readings": [{"id": "R1", "title": "t", "criteria": {"any": []}}], "chosen": "R1"}'

    assert read_content_text(text)["chosen"] == "R1"


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ('{\n"says": "x"\n"readings": []}', 3, "not JSON"),
        ("[]", 1, "Give an object"),
        ('{"says": "x",\n"criteria": {"all": [\n{"fact": "chcc", "equals": 1}]}}', 3, "Did you mean chc?"),
        ('{"says": "x",\n"readngs": []}', 2, "Did you mean readings?"),
        ('{"says": "a\\u0000b",\n"criteria": {"fact": "autism", "equals": true}}', 1, "cannot be kept"),
        ('{"says":\n"a\\ud800b"}', 2, "cannot be kept"),
    ],
)
def test_faulty_content_text_names_the_line_and_the_remedy(text, line, remedy):
    with pytest.raises(RulesRefused) as refused:
        read_content_text(text)

    assert refused.value.problems[0].line == line
    assert remedy in refused.value.problems[0].message


def test_whole_characters_are_kept_however_they_are_written():
    text = r'{"says": "\ud83d\ude00 \\u0000", "criteria": {"fact": "autism", "equals": true}}'

    assert read_content_text(text)["says"] == "😀 \\u0000"


def test_every_fact_that_criteria_may_compare_stands_in_one_theme():
    placed = [fact.code for theme in themes() for fact in theme.facts]

    assert sorted(placed) == sorted(comparable_codes())
