"""What a writer is helped with: easy read lines in order, the template, what is put in, and two texts side by side."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.enums import SectionKind
from offers.rules import easy_read
from offers.rules.easy_read import MOST_LINES, TypedLine, rearranged, tidied
from offers.rules.pictures import PICTURES
from offers.rules.sides import compared
from offers.rules.template import TEMPLATE, with_inserted
from offers.rules.text import figure_codes, problems, render
from tests.architecture.rooms import ROOT

ONE, TWO, THREE = (TypedLine("", word) for word in ("one", "two", "three"))


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("up-2", ["two", "one", "three"]),
        ("down-2", ["one", "three", "two"]),
        ("remove-2", ["one", "three"]),
        ("add-2", ["one", "two", "", "three"]),
        ("up-1", ["one", "two", "three"]),
        ("down-3", ["one", "two", "three"]),
        ("remove-4", ["one", "two", "three"]),
        ("remove-0", ["one", "two", "three"]),
        ("remove-²", ["one", "two", "three"]),
        ("fly-1", ["one", "two", "three"]),
        ("", ["one", "two", "three"]),
    ],
)
def test_rearranged_by_a_button(act, words):
    assert [line.words for line in rearranged([ONE, TWO, THREE], act)] == words


def test_rearranged_adds_no_line_beyond_the_most():
    assert len(rearranged([ONE] * MOST_LINES, "add-1")) == MOST_LINES


def test_tidied_leaves_out_lines_without_words_and_spare_spaces():
    assert tidied([TypedLine("home", "  You  can ask "), TypedLine("home", " "), TypedLine()]) == [
        TypedLine("home", "You can ask")
    ]


def test_problems_name_the_line_and_the_remedy():
    lines = [ONE, TypedLine("dragon", "A {{ figure.x }} line"), TypedLine("", "w" * 301)]
    assert [(place, field) for place, field, _ in easy_read.problems(lines)] == [
        (1, "picture"),
        (1, "words"),
        (2, "words"),
    ]


def test_template_has_every_kind_of_section_and_each_starter_may_be_saved():
    assert set(TEMPLATE) == set(SectionKind)
    for template in TEMPLATE.values():
        assert template.points
        assert problems(template.starter, ["phbs_in_place"]) == []
        assert render(template.starter, {}).startswith("<")
    contacts = render(TEMPLATE[SectionKind.CONTACTS].starter, {})
    assert ">Role</th>" in contacts


@pytest.mark.parametrize(
    ("body", "what", "expected"),
    [
        ("We have", "population", "We have {{ figure.population }}"),
        ("We have ", "population", "We have {{ figure.population }}"),
        ("", "population", "{{ figure.population }}"),
        ("We have", "nobody-has-it", "We have"),
        ("We have", "", "We have"),
    ],
)
def test_inserted_figure_goes_to_the_end(body, what, expected):
    assert with_inserted(body, "funding", what, ["population"]) == expected


def test_inserted_table_and_template_stand_apart():
    assert "<table" in render(with_inserted("Words", "funding", "table", []), {})
    assert with_inserted("", "who-can-have-one", "template", []).startswith("### People who have a right")
    assert figure_codes(with_inserted("", "introduction", "template", [])) == ["phbs_in_place"]


def test_sides_mark_what_only_one_has():
    theirs, mine = compared("You can ask a nurse.", "You can ask your nurse now.")
    assert [(part.text, part.is_only_here) for part in theirs] == [("You can ask ", False), ("a nurse.", True)]
    assert [(part.text, part.is_only_here) for part in mine] == [("You can ask ", False), ("your nurse now.", True)]


@given(st.text(max_size=200), st.text(max_size=200))
def test_sides_put_together_are_the_texts(theirs, mine):
    left, right = compared(theirs, mine)
    assert ("".join(part.text for part in left), "".join(part.text for part in right)) == (theirs, mine)
    if theirs == mine:
        assert not any(part.is_only_here for part in (*left, *right))


def test_sides_of_very_long_texts_are_left_unmarked():
    theirs, mine = compared("a " * 4000, "b " * 4000)
    assert [len(theirs), len(mine), theirs[0].is_only_here] == [1, 1, False]


def test_pictures_are_drawn_hold_nothing_foreign_and_say_what_they_show():
    folder = ROOT / "static" / "src" / "pictures"
    assert {file.stem for file in folder.glob("*.svg")} == {picture.code for picture in PICTURES} | {"none"}
    assert len({picture.shows for picture in PICTURES}) == len(PICTURES) >= 24
    for file in folder.glob("*.svg"):
        drawn = file.read_text()
        assert set(re.findall(r"<(\w+)", drawn)) <= {"svg", "g", "path", "circle", "rect"}, file
        assert not re.search(r"href|style|url\(|on\w+=", drawn), file
