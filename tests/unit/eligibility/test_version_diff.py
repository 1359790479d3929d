"""What differs between two versions: examples a person would write, and what holds of any two."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.rules import read_rule_set
from eligibility.rules.tree_diff import Change, compare_trees
from eligibility.rules.version_diff import comparable, compare_values, compare_versions
from tests.support.rules import llr, national
from tests.unit.eligibility.test_parts import AUTISM, EITHER, LEARNING, USE, data
from tests.unit.eligibility.test_properties import criteria

ADULT = {"fact": "age", "at_least": 18}
CHILD = {"fact": "age", "under": 18}
EHC = {"fact": "ehc_plan", "equals": True}


def tree_differences(old, new):
    found = compare_trees(old, new, "criteria", "Criteria", ({"young": "Young"}, {"young": "Young"}))
    return [(each.kind.value, each.where, each.before, each.after) for each in found]


@pytest.mark.parametrize(
    ("old", "new", "differences"),
    [
        (ADULT, ADULT, []),
        (ADULT, {"fact": "age", "at_least": 16}, [("changed", "Criteria", "Age: 18 or over", "Age: 16 or over")]),
        ({"all": [AUTISM, ADULT]}, {"all": [AUTISM, CHILD]},
         [("changed", "Criteria › all of these", "Age: 18 or over", "Age: under 18")]),
        ({"all": [AUTISM]}, {"all": [AUTISM, EHC]},
         [("added", "Criteria › all of these", "", "Education, health and care (EHC) plan: yes")]),
        ({"all": [AUTISM, EHC]}, {"all": [EHC]}, [("removed", "Criteria › all of these", "Autism: yes", "")]),
        ({"all": [AUTISM, EHC]}, {"all": [EHC, AUTISM]},
         [("moved", "Criteria › all of these, order", "Autism: yes; Education, health and care (EHC) plan: yes",
           "Education, health and care (EHC) plan: yes; Autism: yes")]),
        ({"all": [AUTISM, EHC]}, {"any": [AUTISM, EHC]}, [("changed", "Criteria", "All of these", "Any of these")]),
        # A group put around the whole, or taken away, is no change of what is inside.
        (AUTISM, {"any": [AUTISM, LEARNING]},
         [("added", "Criteria › any of these", "", "Learning disability: yes")]),
        ({"any": [AUTISM, LEARNING]}, {"all": [{"any": [AUTISM, LEARNING]}, ADULT]},
         [("added", "Criteria › all of these", "", "Age: 18 or over")]),
        (AUTISM, {"all": [AUTISM]}, [("changed", "Criteria", "Autism: yes", "All of these: Autism: yes")]),
        (AUTISM, {"not": AUTISM}, [("changed", "Criteria", "Autism: yes", "None of this: Autism: yes")]),
        ({"not": {"any": [AUTISM, EHC]}}, {"not": {"any": [AUTISM]}},
         [("removed", "Criteria › none of this › any of these", "Education, health and care (EHC) plan: yes", "")]),
        # A branch is found again by what it says, wherever it stands.
        ({"all": [{"any": [AUTISM, LEARNING]}, {"any": [CHILD, EHC]}]},
         {"all": [{"any": [EHC, {"fact": "age", "under": 25}]}, {"any": [AUTISM, LEARNING]}]},
         [("changed", "Criteria › all of these › any of these", "Age: under 18", "Age: under 25"),
          ("moved", "Criteria › all of these › any of these, order",
           "Age: under 18; Education, health and care (EHC) plan: yes",
           "Education, health and care (EHC) plan: yes; Age: under 25"),
          ("moved", "Criteria › all of these, order",
           "Any of these: Autism: yes; Learning disability: yes; Any of these: Age: under 18; "
           "Education, health and care (EHC) plan: yes",
           "Any of these: Education, health and care (EHC) plan: yes; Age: under 25; "
           "Any of these: Autism: yes; Learning disability: yes")]),
        ({"all": [{"any": [AUTISM, EHC]}, ADULT]}, {"all": [{"any": [AUTISM]}, ADULT, EHC]},
         [("moved", "Criteria › all of these › any of these → Criteria › all of these",
           "Education, health and care (EHC) plan: yes", "Education, health and care (EHC) plan: yes")]),
        ({"all": [AUTISM, {}]}, {"all": [AUTISM, {"part": "young"}]},
         [("removed", "Criteria › all of these", "Nothing yet", ""),
          ("added", "Criteria › all of these", "", "Young")]),
        (None, ADULT, [("added", "Criteria", "", "Age: 18 or over")]),
        ({"fact": "chc", "equals": "eligible"}, {"fact": "chc", "in": ["eligible"]},
         [("changed", "Criteria", *["NHS continuing healthcare (CHC): eligible"] * 2)]),
    ],
)  # fmt: skip
def test_trees_are_compared_branch_by_branch(old, new, differences):
    assert tree_differences(old, new) == differences


def test_every_kind_of_thing_is_named():
    old = read_rule_set(data({"all": [USE, CHILD]}, {"ld-or-autism": EITHER}, status="proposed"))
    readings = [
        {"id": "only", "title": "As written", "criteria": {"all": [EITHER["criteria"], CHILD]}},
        {"id": "R2", "title": "strict", "criteria": AUTISM},
    ]
    changed = data(
        None, readings=readings, chosen="only", reading_note="It fits.", effective_to="2017-03-31", applies_when=EHC
    )
    del changed["criteria"]
    changed["warnings"] = [{"kind": "age", "text": "Look.", "source": "para 2", "when": ADULT}]
    changed["direct_payment_conditions"] = [{"text": "No block contract.", "source": "para 3"}]
    new = read_rule_set({**changed, "says": "It says more.", "source": "para 9", "outcome": "may_be_considered"})
    case = {"id": "one", "facts": {"autism": True, "chc": "eligible"}, "expect": {"outcome": "may_request"}}
    later = {"id": "one", "facts": {"autism": False, "ehc_plan": None}, "expect": {"outcome": "may_be_considered"}}
    found = compare_versions(old, new, old_cases=[case], new_cases=[later, {"id": "two"}])

    assert [(each.path, each.kind.value, each.where, each.before, each.after) for each in found] == [
        ("effective_to", "added", "Last day", "", "31 March 2017"),
        ("status", "changed", "Status", "proposed", "in force"),
        ("outcome", "changed", "What it gives", "may request", "may be considered"),
        ("source", "changed", "Source", "para 1", "para 9"),
        ("says", "changed", "Sentence that explains it", "It says so.", "It says more."),
        ("reading_note", "added", "Why this reading", "", "It fits."),
        ("applies_when", "added", "In every reading", "", "Education, health and care (EHC) plan: yes"),
        (
            "readings[0].criteria.all[0]",
            "removed",
            "Reading only › all of these",
            "Learning disability or autism",
            "",
        ),
        (
            "readings[0].criteria.all[0]",
            "added",
            "Reading only › all of these",
            "",
            "Any of these: Learning disability: yes; Autism: yes",
        ),
        ("readings[1]", "added", "Readings", "", "R2: strict"),
        ("parts.ld-or-autism", "removed", "Parts", "Learning disability or autism", ""),
        ("warnings[0]", "added", "Warning", "", "Look."),
        ("direct_payment_conditions[0]", "added", "Condition on direct payments", "", "No block contract."),
        ("cases[0].facts.autism", "changed", "Worked case “one”, facts, Autism", "yes", "no"),
        (
            "cases[0].facts.chc",
            "removed",
            "Worked case “one”, facts, NHS continuing healthcare (CHC)",
            "Eligible",
            "",
        ),
        (
            "cases[0].facts.ehc_plan",
            "added",
            "Worked case “one”, facts, Education, health and care (EHC) plan",
            "",
            "not known yet",
        ),
        ("cases[0].expect.outcome", "changed", "Worked case “one”, expected, What it gives", "may request",
         "may be considered"),
        ("cases[1]", "added", "Worked case", "", "two"),
    ]  # fmt: skip


def test_case_that_lost_its_facts_says_so():
    (found,) = compare_values({"cases": [{"id": "one", "facts": {"autism": True}}]}, {"cases": [{"id": "one"}]})

    assert (found.kind, found.where) == (Change.REMOVED, "Worked case “one”, facts")


def test_value_of_another_type_is_another_value():
    one, other = ({"cases": [{"id": "one", "facts": {"high_level_domains": value}}]} for value in (1, True))

    assert [(each.before, each.after) for each in compare_values(one, other)] == [("1", "yes")]


def test_tie_between_two_likely_branches_is_broken_the_same_both_ways():
    one = {"all": [AUTISM, {"fact": "age", "under": 18}, {"fact": "age", "under": 16}]}
    other = {"all": [AUTISM, EHC, {"fact": "age", "under": 20}]}

    there, back = tree_differences(one, other), tree_differences(other, one)
    assert ("changed", "Criteria › all of these", "Age: under 16", "Age: under 20") in there
    assert ("changed", "Criteria › all of these", "Age: under 20", "Age: under 16") in back


# Any two versions: variants of the real ones, with any criteria.
REAL = (*national(), *llr())


@st.composite
def versions(draw):
    base = draw(st.sampled_from(REAL))
    content = base.content()
    trees = draw(st.lists(criteria, min_size=1, max_size=3))
    kept = content["readings"][: draw(st.integers(0, 2))]
    added = [{"id": f"N{number}", "title": "New", "criteria": tree} for number, tree in enumerate(trees)]
    content["readings"] = draw(st.permutations([*kept, *added]))
    content["chosen"] = "N0"
    if draw(st.booleans()):
        content["parts"] = {"either": {"title": draw(st.sampled_from(["A", "B"])), "criteria": draw(criteria)}}
        content["readings"][0]["criteria"] = {"all": [{"part": "either"}, content["readings"][0]["criteria"]]}
    columns = {"code": "x", "number": 1, **comparable(base)}
    return read_rule_set({**columns, **content})


def cases():
    facts = st.dictionaries(st.sampled_from(["autism", "ehc_plan"]), st.sampled_from([True, False, None]))
    case = st.fixed_dictionaries({"id": st.sampled_from("abc")}, optional={"facts": facts, "why": st.just("x")})
    return st.lists(case, max_size=3)


def as_data(version, its_cases):
    return json.dumps({**comparable(version), "cases": its_cases}, sort_keys=True)


@given(versions(), cases())
@settings(max_examples=60)
def test_version_does_not_differ_from_itself(version, its_cases):
    assert compare_versions(version, version, old_cases=its_cases, new_cases=list(its_cases)) == []
    assert compare_versions(version, replace(version, code="other", number=9)) == []


@given(versions(), versions(), cases(), cases())
@settings(max_examples=150)
def test_versions_differ_exactly_where_their_data_does_and_the_same_both_ways(one, other, ones, others):
    there = compare_versions(one, other, old_cases=ones, new_cases=others)
    back = compare_versions(other, one, old_cases=others, new_cases=ones)

    assert bool(there) == (as_data(one, ones) != as_data(other, others))
    swapped = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}
    assert Counter((each.kind, each.before, each.after) for each in there) == Counter(
        (swapped.get(each.kind, each.kind), each.after, each.before) for each in back
    )


@given(criteria, criteria)
@settings(max_examples=150)
def test_trees_differ_exactly_where_their_data_does(one, other):
    assert bool(tree_differences(one, other)) == (json.dumps(one) != json.dumps(other))
