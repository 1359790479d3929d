"""What was taken out of a text and what was put in, line by line and word by word. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, OUT, IN = "same", "out", "in"

#: Beyond this many words against words, a line is shown as taken out whole and put in whole: finding what is alike
#: in two very long lines could take longer than a reader waits.
MOST_COMPARISONS = 90_000
#: Lines that share less than this are two different lines.
_ALIKE = 0.4


@dataclass(frozen=True)
class Words:
    """Some words that stayed (`same`), were taken out (`out`) or put in (`in`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Passage:
    """A line of either text. Of lines that stayed as they were, only how many there are (`unchanged`)."""

    words: tuple[Words, ...] = ()
    unchanged: int = 0


def passages(was: str, now: str) -> tuple[Passage, ...]:
    """The lines of two texts in one, with what differs in each; lines that are the same are counted, not shown."""
    return tuple(_passages(_lines(was), _lines(now)))


def _passages(was: Sequence[str], now: Sequence[str]) -> Iterator[Passage]:
    for tag, a, a_end, b, b_end in _steps(was, now):
        if tag == "equal":
            yield Passage(unchanged=a_end - a)
            continue
        out, put_in = was[a:a_end], now[b:b_end]
        for before, after in zip(out, put_in, strict=False):
            yield from _line(before, after)
        yield from (Passage((Words(OUT, line),)) for line in out[len(put_in) :])
        yield from (Passage((Words(IN, line),)) for line in put_in[len(out) :])


def _line(was: str, now: str) -> Iterator[Passage]:
    before, after = was.split(), now.split()
    steps = _steps(before, after)
    alike = sum(a_end - a for tag, a, a_end, _, _ in steps if tag == "equal")
    if 2 * alike < _ALIKE * (len(before) + len(after)):
        yield Passage((Words(OUT, was),))
        yield Passage((Words(IN, now),))
        return
    words: list[Words] = []
    for tag, a, a_end, b, b_end in steps:
        if tag == "equal":
            words.append(Words(SAME, " ".join(after[b:b_end])))
            continue
        if a < a_end:
            words.append(Words(OUT, " ".join(before[a:a_end])))
        if b < b_end:
            words.append(Words(IN, " ".join(after[b:b_end])))
    yield Passage(tuple(words))


def _steps(was: Sequence[str], now: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(was) * len(now) > MOST_COMPARISONS:
        return [("replace", 0, len(was), 0, len(now))]
    return SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes()


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
