"""Words and sizes."""

import datetime as dt

import pytest

from offers.enums import EditionStatus, LineStatus
from offers.presenters.wording import CONFIRMATIONS, DONE_WORDS, EDITION_TAGS, LINE_TAGS, file_size, spoken, when
from offers.rules.editions import Verb


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 KB"), (41_029, "41 KB"), (999_400, "999 KB"), (1_000_000, "1.0 MB"), (1_249_000, "1.2 MB")],
)
def test_file_size_in_the_unit_that_reads_best(size: int, words: str) -> None:
    assert file_size(size) == words


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (None, None, ""),
        (dt.date(2016, 4, 1), None, "from 1 April 2016"),
        (None, dt.date(2017, 4, 1), "until 31 March 2017"),
        (dt.date(2016, 4, 1), dt.date(2017, 4, 1), "from 1 April 2016 until 31 March 2017"),
    ],
)
def test_when_names_the_last_day_it_is_offered(starts_on: dt.date, ends_on: dt.date, words: str) -> None:
    assert when(starts_on, ends_on) == words


def test_spoken_has_no_leading_zero() -> None:
    assert spoken(dt.date(2017, 2, 7)) == "7 February 2017"


def test_every_state_has_its_colour_and_every_verb_its_words() -> None:
    assert set(EDITION_TAGS) == set(EditionStatus)
    assert set(LINE_TAGS) == set(LineStatus)
    assert set(DONE_WORDS) == set(Verb)
    assert set(CONFIRMATIONS) == set(Verb) - {Verb.SUPERSEDE}
