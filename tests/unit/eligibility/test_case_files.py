"""Files of worked cases: what is read, and how a faulty file is refused."""

import datetime as dt
import json
import time

import pytest

from eligibility.rules import Outcome, screen
from eligibility.rules.case_files import CaseFileRefused, read_case_file
from tests.support.rules import CASES, everybody, llr, llr_lines, national

CASE = {
    "id": "one",
    "commissioner": "04C",
    "assessed_on": "2018-06-01",
    "facts": {"born_on": "1970-06-15", "chc": "eligible"},
    "expect": {"outcome": "right_to_have"},
}


def read(*cases, defaults=None, **more):
    data = {"cases": list(cases), **more}
    if defaults is not None:
        data["defaults"] = defaults
    return read_case_file(json.dumps(data), {"04C", "LLR"}.__contains__)


def refusal(text):
    with pytest.raises(CaseFileRefused) as refused:
        read_case_file(text, {"04C", "LLR"}.__contains__)
    return refused.value.problems


def test_case_takes_the_defaults_it_does_not_list():
    [case] = read(CASE, defaults={"chc": "not_eligible", "autism": True})

    assert case.facts == {"born_on": "1970-06-15", "chc": "eligible", "autism": True}
    assert case.assessed_on == dt.date(2018, 6, 1)


def test_defaults_may_be_left_out():
    assert read(CASE)[0].facts == CASE["facts"]


def test_facts_may_be_null():
    assert read({**CASE, "facts": {"chc": None}}, defaults={"chc": "eligible"})[0].facts == {"chc": None}


def test_notes_for_readers_are_let_pass():
    assert len(read({**CASE, "why": "because", "author": "somebody"}, about=["x"], version=2)) == 1


def test_line_of_each_case_is_known():
    cases = read_case_file(CASES.read_text(encoding="utf-8"), lambda code: True)
    lines = CASES.read_text(encoding="utf-8").splitlines()

    assert all(f'"id": "{case.id}"' in lines[case.line] for case in cases)


@pytest.mark.parametrize(
    ("expect", "differences"),
    [
        ({"outcome": "right_to_have"}, []),
        ({"outcome": "not_offered"}, ["outcome right_to_have, expected not_offered"]),
        ({"outcome": "right_to_have", "direct_payment": "permitted"}, []),
        ({"outcome": "right_to_have", "direct_payment": "excluded"}, ["direct_payment permitted, expected excluded"]),
        ({"outcome": "right_to_have", "offered_from": None}, []),
        ({"outcome": "right_to_have", "offered_from": "2019-01-01"}, ["offered_from none, expected 2019-01-01"]),
        ({"outcome": "right_to_have", "missing": []}, []),
        ({"outcome": "right_to_have", "missing": "chc"}, ["missing none, expected chc"]),
        ({"outcome": "right_to_have", "missing": ["chc", "autism"]}, ["missing none, expected autism, chc"]),
        ({"outcome": "right_to_have", "warns": "fast_track"}, []),
        ({"outcome": "right_to_have", "warns": ["fast_track"]}, []),
        ({"outcome": "right_to_have", "warns": []}, []),
        ({"outcome": "right_to_have", "warns": ["fast_track", "local"]},
         ["warns fast_track, expected fast_track, local among them"]),
    ],
)  # fmt: skip
def test_case_checks_what_it_names_and_no_more(expect, differences):
    [case] = read({**CASE, "expect": expect})
    answer = screen(
        facts={**everybody(), "chc": "eligible", "chc_fast_track": True},
        assessed_on=case.assessed_on,
        rule_sets=(*national(), *llr()),
        offer_lines=llr_lines(),
    )

    assert answer.outcome is Outcome.RIGHT_TO_HAVE
    assert case.differences(answer) == differences


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"id": ""}, 'Give the case an "id"'),
        ({"commissioner": "ZZ9"}, 'There is no commissioner "ZZ9"'),
        ({"commissioner": None}, "There is no commissioner null"),
        ({"commissioner": ["04C"]}, 'There is no commissioner ["04C"]'),
        ({"assessed_on": "1 June 2018"}, "year-month-day"),
        ({"assessed_on": "2018-02-30"}, "year-month-day"),
        ({"assessed_on": 2018}, "year-month-day"),
        ({"facts": {"chcc": "eligible"}}, "Did you mean chc?"),
        ({"facts": {"chc": "yes"}}, "Give one of eligible"),
        ({"facts": {"born_on": "2018-06-02"}}, "on or before the day"),
        ({"facts": ["chc"]}, 'Give "facts" as an object'),
        ({"facts": None}, 'Give "facts" as an object'),
        ({"expect": {}}, 'Say in "expect"'),
        ({"expect": "right_to_have"}, 'Say in "expect"'),
        ({"expect": {"outcome": "right"}}, "give one of right_to_have"),
        ({"expect": {"outcom": "right_to_have"}}, "Did you mean outcome?"),
        ({"expect": {"outcome": "right_to_have", "direct_payment": "no"}}, "give one of permitted"),
        ({"expect": {"outcome": "right_to_have", "missing": ["x"]}}, 'there is no "x"'),
        ({"expect": {"outcome": "right_to_have", "warns": "x"}}, 'there is no "x"'),
        ({"expect": {"outcome": "right_to_have", "warns": {"x": 1}}}, "give a list"),
        ({"expect": {"outcome": "right_to_have", "offered_from": "soon"}}, "year-month-day"),
        ({"fact": {}}, "Did you mean facts?"),
    ],
)
def test_faulty_case_is_refused_with_its_name_line_and_remedy(change, remedy):
    text = '{"cases": [\n' + json.dumps(CASE) + ",\n" + json.dumps({**CASE, "id": "two", **change}) + "\n]}"

    problems = refusal(text)

    assert [problem.line for problem in problems] == [3]
    assert problems[0].case == ("two" if "id" not in change else "number 2")
    assert remedy in problems[0].message


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ("", 1, "not JSON"),
        ('{"cases": [\n{"id": "a",}\n]}', 2, "not JSON"),
        ("[]", 1, 'Give an object with a list of "cases"'),
        ("3", 1, 'Give an object with a list of "cases"'),
        ('{"about": "x"}', 1, "at least one case"),
        ('{\n"cases": []}', 2, "at least one case"),
        ('{\n"cases": [7]}', 2, "each case as an object"),
        ('{\n"cases": [{"id": "a",\n"id": "b"}]}', 3, '"id" is given twice in one object, first on line 2'),
        ('{"defaults": [],\n"cases": []}', 1, 'Give "defaults" as an object'),
        ('{"defaults": {\n"chc": 3}, "cases": []}', 2, "Give one of eligible"),
        ('{"default": {}, "cases": []}', 1, "Did you mean defaults?"),
        ("[" * 100_000, 1, "JSON"),
        ('{"about": "NaN",\n"cases": [NaN]}', 2, "NaN is no number that can be kept"),
        ('{"cases": [1,\n-Infinity]}', 2, "-Infinity is no number that can be kept"),
        ('{"cases": [1,\n1e999]}', 2, "1e999 is no number that can be kept"),
        ('{"cases": [1,\n' + "9" * 5000 + "]}", 2, "9999999999… is no number that can be kept"),
    ],
)
def test_faulty_file_is_refused_with_the_line_and_remedy(text, line, remedy):
    problem = refusal(text)[0]

    assert problem.line == line
    assert remedy in problem.message.replace("nested too deeply", "JSON")


def test_long_file_is_read_in_a_moment():
    text = json.dumps({"cases": [{**CASE, "id": str(number)} for number in range(3000)]}, indent=1)
    started = time.process_time()

    assert len(read_case_file(text, {"04C"}.__contains__)) == 3000
    assert time.process_time() - started < 3  # counting the lines before each name anew took ten


def test_id_used_twice_is_refused_with_the_line_of_the_first():
    text = '{"cases": [\n' + json.dumps(CASE) + ",\n" + json.dumps(CASE) + "\n]}"

    assert [(problem.line, problem.message) for problem in refusal(text)] == [
        (3, "The case on line 2 has this id already. Give another.")
    ]


def test_every_fault_of_a_file_is_named_at_once():
    text = json.dumps({"cases": [{**CASE, "commissioner": "ZZ9"}, {**CASE, "id": "two", "assessed_on": "x"}]})

    assert [problem.case for problem in refusal(text)] == ["one", "two"]
