"""What was taken out and what was put in."""

import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.rules.words import Passage, Words, passages

TEXTS = st.text("ab \n", max_size=60)


def test_passages_mark_words_and_count_lines_that_stayed() -> None:
    was = "Nothing else changes.\nNor this.\nA budget is paid every month by us"
    now = "Nothing else changes.\nNor this.\nA budget is paid every four weeks by us\nAsk us."
    assert passages(was, now) == (
        Passage(unchanged=2),
        Passage(
            (
                Words("same", "A budget is paid every"),
                Words("out", "month"),
                Words("in", "four weeks"),
                Words("same", "by us"),
            )
        ),
        Passage((Words("in", "Ask us."),)),
    )


def test_passages_of_two_different_lines_are_two_lines() -> None:
    assert passages("One thing is said", "Quite another matter") == (
        Passage((Words("out", "One thing is said"),)),
        Passage((Words("in", "Quite another matter"),)),
    )


@given(TEXTS, TEXTS)
@settings(max_examples=100)
def test_passages_hold_all_words_of_both(was: str, now: str) -> None:
    found = passages(was, now)
    changed = [words for each in found for words in each.words]
    for text, kinds in ((was, ("same", "out")), (now, ("same", "in"))):
        lines = [line.split() for line in text.split("\n") if line.strip()]
        shown = [word for words in changed if words.kind in kinds for word in words.text.split()]
        hidden = sum(each.unchanged for each in found)
        assert sorted(shown) == sorted(word for line in _without_common(lines, hidden, shown) for word in line)
    assert all(each.unchanged for each in found) == _same(was, now)


def _same(was: str, now: str) -> bool:
    return [line.split() for line in was.split("\n") if line.strip()] == [
        line.split() for line in now.split("\n") if line.strip()
    ]


def _without_common(lines: list[list[str]], hidden: int, shown: list[str]) -> list[list[str]]:
    """The lines but those that were counted: as many as were, such that the rest are the words shown."""
    rest = sorted(shown)
    for left_out in combinations(range(len(lines)), hidden):
        kept = [line for at, line in enumerate(lines) if at not in left_out]
        if sorted(word for line in kept for word in line) == rest:
            return kept
    return [["nothing fits"]]


@pytest.mark.parametrize(("was", "now"), [("a b " * 5000, "a c " * 5000), ("a\nb\n" * 3000, "b\nc\n" * 3000)])
def test_passages_of_long_texts_take_no_time(was: str, now: str) -> None:
    started = time.process_time()
    passages(was, now)
    passages("a b " * 140, "a c " * 140)
    assert time.process_time() - started < 2
