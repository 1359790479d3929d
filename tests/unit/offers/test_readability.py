"""How hard a text is to read, against figures worked out by hand and a dictionary of how words are spoken."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.rules.easy_read import MOST_LINES, TypedLine, problems, tidied
from offers.rules.readability import HIGHEST_GRADE, measured, sentences_of, syllables, words_of

EASY_READ = Path("offers/demonstration_files/easy_read")
SECTIONS = sorted(EASY_READ.glob("*/*.txt"))

# Syllables as the CMU Pronouncing Dictionary (version 1.1.3 of its Python package) counts them, of the words of the
# demonstration's easy read texts and some of health care; words that it gives in two lengths are left out.
CMU = {
    1: (
        "age all an and are as ask at be been big but by can care cares change changed check child choose come cost "
        "costs could count days did do does drop each end fair faith far fast few find first fit for friend from full "
        "get gets go gone got group groups had hard has have health held help helps hold home how if ill in is it "
        "join just keep know large learn left less life like live look looks lot love make may mean means meet more "
        "much must near need needs new next no not note now nurse of on one or out own paid part pay pays phone plan "
        "planned plans please print put right rights ring safe said save say school send set share should skin small "
        "so some spend staff start step steps still stroke suits take talk taught teach team tell tells than that the "
        "them then there they thing things think this thought three tied to too train trust try turn two up use want "
        "was way ways we went what when who whose why will with words work works would write wrong year years yes yet "
        "you your "
    ),
    2: (
        "about account accounts adult adults after again alone april aside before being better budget budgets "
        "business cannot children council create decide doctor early easy employed evening events finding forget "
        "getting helper into language later learning leicester letter limit listen many matters money normal numbers "
        "only other outcomes payroll people people's person proposed public published quiet ready rutland science "
        "social something sometimes thinking thousand timeline very wheelchair worker "
    ),
    3: (
        "approval area assessment autism created decision edition employer employing example hospital idea insurance "
        "medicine october personal services somebody telephone "
    ),
    4: (
        "anxiety available commissioner commissioners consultation eligible everybody experience information society "
        "variety "
    ),
    5: ("coordinator disability organisation "),
}


@pytest.mark.parametrize("count", CMU)
def test_syllables_as_a_dictionary_counts_them(count):
    words = "".join(CMU[count]).split()
    assert {word: syllables(word) for word in words if syllables(word) != count} == {}


@pytest.mark.parametrize(
    ("word", "count"),
    [("NHS", 3), ("PHB", 3), ("WWW", 9), ("2017", 1), ("1,011", 1), ("13.8", 1), ("A", 1), ("don't", 1), ("B2", 1)],
)
def test_syllables_of_capitals_and_numbers(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("You can ask. We say yes or no!", ["You can ask.", "We say yes or no!"]),
        ("Between 1.5 and 2.5 for every 1,000 people", ["Between 1.5 and 2.5 for every 1,000 people"]),
        ("Is it for you? 20 people have one", ["Is it for you?", "20 people have one"]),
        ("He said “yes.” Then he went", ["He said “yes.”", "Then he went"]),
        ("For example e.g. this one", ["For example e.g. this one"]),
        ("… – !", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_stops(line, sentences):
    assert sentences_of(line) == sentences


def test_words_of_a_compound_are_several_and_a_number_is_one():
    assert words_of("A well-run home, with 1,011 people’s plans.") == [
        "A", "well", "run", "home", "with", "1,011", "people’s", "plans",
    ]  # fmt: skip


# Worked out by hand from the published formula.
@pytest.mark.parametrize(
    ("lines", "grade"),
    [
        # 6 words in 1 sentence, 6 syllables: 0.39 × 6 + 11.8 × 1 − 15.59 = −1.45
        (["The cat sat on the mat."], "-1.5"),
        # 11 words in 2 lines, 12 syllables: 0.39 × 5.5 + 11.8 × 12 / 11 − 15.59 = −0.572
        (["You can have a budget", "We help you to plan it"], "-0.6"),
        # 6 words in 1 sentence, 18 syllables: 0.39 × 6 + 11.8 × 3 − 15.59 = 22.15
        (["Continuing healthcare needs a multidisciplinary assessment"], "22.2"),
    ],
)
def test_grade_by_hand(lines, grade):
    assert measured(lines).grade == Decimal(grade)


def test_grade_of_five_is_easy_and_above_is_not():
    # 9 words, 13 syllables: 0.39 × 9 + 11.8 × 13 / 9 − 15.59 = 4.96; with one syllable more it is 6.28.
    easy = measured(["We help you to agree a personal health budget"])
    assert (easy.grade, easy.is_easy, HIGHEST_GRADE) == (Decimal("5.0"), True, Decimal(5))
    hard = measured(["We help you to agree a personal health solution"])
    assert (hard.grade, hard.is_easy) == (Decimal("6.3"), False)


def test_too_hard_sentences_come_hardest_first_with_their_long_words():
    found = measured(["You can ask us.", "Eligibility is assessed. It is decided by a panel of commissioners."])
    assert [(each.text, each.long_words) for each in found.too_hard] == [
        ("Eligibility is assessed.", ("Eligibility",)),
        ("It is decided by a panel of commissioners.", ("decided", "commissioners")),
    ]


def test_nothing_written_has_no_grade():
    assert measured([]) is None
    assert measured(["", "  ", "…"]) is None


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_measured_or_has_no_words(lines):
    found = measured(lines)
    assert (found is None) == (not any(words_of(line) for line in lines))
    if found is not None:
        assert found.words == sum(len(words_of(line)) for line in lines)


@pytest.mark.parametrize("file", SECTIONS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_demonstration_is_easy_to_read(file):
    lines = [TypedLine(*line.split(" | ", 1)) for line in file.read_text().splitlines()]
    assert lines == tidied(lines)
    assert len(lines) <= MOST_LINES
    assert problems(lines) == []
    assert all(line.picture for line in lines)
    found = measured(line.words for line in lines)
    assert found.is_easy, [each.text for each in found.too_hard]
    # One idea a line: no line goes on and on.
    assert max(len(words_of(each.text)) for each in found.sentences) <= 15


def test_demonstration_has_every_section_of_three_offers_in_easy_read():
    assert len(SECTIONS) == 27
    text = sorted((EASY_READ.parent / "sections").glob("*/*.md"))
    assert [(file.parent.name, file.stem) for file in text] == [(file.parent.name, file.stem) for file in SECTIONS]
