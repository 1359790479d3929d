"""Rule sets as text: every fault with its line, its place and the remedy."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.rules import RulesRefused, read_rule_set_file, read_rule_set_text
from tests.support.rules import REFERENCE, reference_data

TEXT = """{
  "rule_sets": [
    {
      "code": "local",
      "title": "Local",
      "layer": "local",
      "commissioner": "LLR",
      "cohort": "chc",
      "versions": [
        {
          "effective_from": "2016-04-01",
          "effective_to": "2017-03-31",
          "outcome": "may_request",
          "says": "It says so.",
          "source": "para 1",
          "parts": {
            "either": {
              "title": "Either",
              "criteria": {"fact": "autism", "equals": true}
            }
          },
          "criteria": {
            "all": [
              {"part": "either"},
              {
                "fact": "chc",
                "in": ["eligible"]
              }
            ]
          },
          "cases": [{"id": "one"}]
        },
        {
          "effective_from": "2017-04-01",
          "outcome": "may_request",
          "says": "It says so.",
          "source": "para 1",
          "criteria": {"fact": "autism", "equals": true}
        }
      ]
    }
  ]
}"""
VERSION = "rule_sets[0].versions[0]"


def faults(text):
    with pytest.raises(RulesRefused) as refused:
        read_rule_set_text(text)
    return [(problem.line, problem.path, problem.message) for problem in refused.value.problems]


def line_of(words):
    (line,) = (number for number, line in enumerate(TEXT.splitlines(), start=1) if words in line)
    return line


def test_sound_text_is_read():
    assert [(each.code, each.number) for each in read_rule_set_text(TEXT)] == [("local", 1), ("local", 2)]


@pytest.mark.parametrize("name", ["national", "llr"])
def test_reference_files_are_read_the_same_as_text(name):
    text = (REFERENCE / f"{name}.json").read_text(encoding="utf-8")

    assert read_rule_set_text(text) == read_rule_set_file(reference_data(name))


@pytest.mark.parametrize(
    ("before", "after", "path", "remedy"),
    [
        ('"fact": "chc"', '"fact": "chcc"', f"{VERSION}.criteria.all[1].fact", "Did you mean chc?"),
        ('"in": ["eligible"]', '"in": ["maybe"]', f"{VERSION}.criteria.all[1].in[0]", "give one of eligible"),
        ('{"part": "either"}', '{"part": "eiter"}', f"{VERSION}.criteria.all[0].part", "Did you mean either?"),
        ('{"part": "either"}', '{"any": []}', f"{VERSION}.criteria.all[0].any", "This branch is empty"),
        ('"title": "Either"', '"title": ""', f"{VERSION}.parts.either.title", "a title in words"),
        ('"effective_to": "2017-03-31"', '"effective_to": "2017-31-03"', f"{VERSION}.effective_to", "year-month-day"),
        ('"layer": "local"', '"layer": "locale"', "rule_sets[0].layer", "Did you mean local?"),
        ('"commissioner": "LLR"', '"comissioner": "LLR"', "rule_sets[0].comissioner", "Remove it"),
        ('"layer": "local"', '"layer": null', "rule_sets[0].layer", "Give the rule set's layer"),
        ('"title": "Local"', f'"title": "{"L" * 161}"', "rule_sets[0].title", "in at most 160 characters"),
        ('"title": "Local"', '"title": null', "rule_sets[0].title", "Give the rule set's title"),
        ('"effective_from": "2016-04-01"', '"effective_from": null', f"{VERSION}.effective_from", "effective from"),
    ],
)
def test_fault_is_told_with_its_line(before, after, path, remedy):
    ((line, where, message),) = faults(TEXT.replace(before, after))

    assert (line, where) == (line_of(before), path)
    assert remedy in message


def test_text_that_is_no_json_is_told_by_its_line_alone():
    with pytest.raises(RulesRefused, match=r"^line 2: This is not JSON: expecting value"):
        read_rule_set_text('{\n"rule_sets": ,}')


def test_source_that_is_too_long_is_told_with_its_line():
    ((line, where, message),) = faults(TEXT.replace("para 1", "p" * 301, 1))

    assert (line, where) == (15, f"{VERSION}.source")
    assert "in at most 300 characters" in message


def test_loop_among_parts_is_told_with_its_line():
    loop = '"criteria": {"not": {"part": "either"}}'
    before = '"criteria": {"fact": "autism", "equals": true}\n            }'
    ((line, where, message),) = faults(TEXT.replace(before, f"{loop}\n            }}"))

    assert (line, where) == (19, f"{VERSION}.parts.either.criteria.not.part")
    assert "either → either" in message


def test_overlapping_versions_are_told_with_the_line_of_the_later_one():
    ((line, where, message),) = faults(TEXT.replace('"2017-04-01"', '"2017-03-31"'))

    assert (line, where) == (line_of('"2017-04-01"'), "rule_sets[0].versions[1].effective_from")
    assert "Versions 1 and 2 both hold on 2017-03-31. End the earlier one" in message


def test_what_is_missing_is_told_with_the_line_of_the_version():
    ((line, where, message),) = faults(TEXT.replace('"outcome": "may_request",', "", 1))

    assert (line, where) == (10, f"{VERSION}.outcome")
    assert "Give the rule set's outcome" in message


def test_text_that_is_no_json_names_the_line():
    ((line, _where, message),) = faults(TEXT.replace('"code": "local",', '"code": "local"'))

    assert line == line_of('"title": "Local"')
    assert "This is not JSON" in message


def test_two_rule_sets_with_one_code_are_refused():
    data = json.loads(TEXT)
    data["rule_sets"].append(data["rule_sets"][0] | {"versions": [data["rule_sets"][0]["versions"][1]]})

    assert "rule_sets[1].code" in [path for _line, path, _message in faults(json.dumps(data))]


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1, 3), st.sampled_from(["", "either", "chc", "2016-04-01"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["all", "any", "not", "fact", "part", "equals", "text"]), inner, max_size=3),
    ),
    max_leaves=5,
)
places = st.sampled_from(
    ["parts", "criteria", "readings", "chosen", "reading_note", "applies_when", "funding", "warnings", "says",
     "direct_payment_conditions", "effective_from", "effective_to", "status", "outcome", "number", "layer"]
)  # fmt: skip


@given(places, values, st.booleans())
@settings(max_examples=200)
def test_no_value_in_any_place_breaks_the_reading(key, value, is_shared):
    data = json.loads(TEXT)
    rule_set = data["rule_sets"][0]
    (rule_set if is_shared else rule_set["versions"][0])[key] = value

    try:
        assert read_rule_set_text(json.dumps(data, indent=1))
    except RulesRefused:
        assert all(line and message for line, _path, message in faults(json.dumps(data, indent=1)))


@given(values)
def test_no_json_breaks_the_reading(value):
    with pytest.raises(RulesRefused):
        read_rule_set_text(json.dumps({"rule_sets": value}))
