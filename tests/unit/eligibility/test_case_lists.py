"""Worked cases as they are kept and as files."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.rules import FACTS, AnswerType
from eligibility.rules.case_files import CaseFileRefused, read_case_file
from eligibility.rules.case_lists import case_file, cases_to_keep
from tests.support.rules import CASES


def known(code):
    return True


def answers(fact):
    if fact.answer_type is AnswerType.DATE:
        return st.just("1990-02-03")
    return st.sampled_from([None, *fact.definite_values()])


facts = st.fixed_dictionaries({}, optional={code: answers(fact) for code, fact in FACTS.items()})
lists = st.lists(facts, min_size=1, max_size=4).map(
    lambda found: [
        {
            "id": f"case-{place}",
            "commissioner": "04C",
            "assessed_on": "2020-01-01",
            "facts": {code: each[code] for code in FACTS if code in each},
            "expect": {"outcome": "not_offered", "missing": []},
            "why": "",
        }
        for place, each in enumerate(found)
    ]
)


@given(lists)
def test_kept_cases_go_out_as_a_file_and_come_in_the_same(cases):
    file = json.dumps(case_file(cases, ["About"]))
    back = cases_to_keep(file, known)
    assert back == cases


def test_file_of_the_product_reads_the_same_after_a_round_trip():
    text = CASES.read_text(encoding="utf-8")
    kept = cases_to_keep(text, known)
    again = cases_to_keep(json.dumps(case_file(kept, [])), known)
    assert again == kept
    assert [case.facts for case in read_case_file(text, known)] == [case["facts"] for case in kept]


def test_defaults_stand_once_in_a_file_and_in_every_kept_case():
    text = json.dumps(
        {
            "defaults": {"autism": False, "chc": "not_eligible"},
            "cases": [
                {
                    "id": str(n),
                    "commissioner": "04C",
                    "assessed_on": "2020-01-01",
                    "facts": {"autism": n == 1},
                    "expect": {"outcome": "not_offered"},
                }
                for n in range(3)
            ],
        }
    )
    kept = cases_to_keep(text, known)
    assert [case["facts"] for case in kept] == [{"chc": "not_eligible", "autism": n == 1} for n in range(3)]
    file = case_file(kept, [])
    assert file["defaults"] == {"chc": "not_eligible", "autism": False}
    assert [case["facts"] for case in file["cases"]] == [{}, {"autism": True}, {}]


def test_file_with_faults_is_refused_with_its_lines():
    with pytest.raises(CaseFileRefused) as refused:
        cases_to_keep('{"cases": [\n{"id": "a"}\n]}', known)
    assert {problem.line for problem in refused.value.problems} == {2}
