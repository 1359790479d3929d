"""Two timelines laid side by side: which phase and which line of the one are which of the other.

Timelines are those of a snapshot (`offers.selectors.content`). They carry no keys of rows, because a phase that was
taken out and entered again is the same promise to its readers: what is alike is the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Generic, TypeVar

Phase = Mapping[str, Any]
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class PlacedLine:
    """A line with the phase it stands in, and its places in the timeline: the phase's, and its own in the phase."""

    phase: Phase
    line: Mapping[str, Any]
    place: tuple[int, int]


@dataclass(frozen=True)
class Pair(Generic[Thing]):
    """The same thing in both timelines; None where it is not in one of them."""

    was: Thing | None
    now: Thing | None
    has_moved: bool = False


@dataclass(frozen=True)
class Match:
    """Two timelines side by side: their phases and lines in the order of the later one, what is gone at the end."""

    phases: tuple[Pair[Phase], ...]
    lines: tuple[Pair[PlacedLine], ...]


def match(was: Sequence[Phase], now: Sequence[Phase]) -> Match:
    """Lay two timelines side by side.

    A phase is the same by its name, or else by its dates or its words for when. A line is the same by its cohort: in
    the same phase with the same note, or else in the same phase, or else in another one, to which it has moved.
    """
    partners = _pair(
        range(len(was)),
        range(len(now)),
        lambda a, b: was[a]["name"] == now[b]["name"],
        lambda a, b: _when(was[a]) == _when(now[b]) and any(_when(was[a])),
    )
    return Match(_phases(was, now, partners), _lines(was, now, partners))


def _phases(was: Sequence[Phase], now: Sequence[Phase], partners: Mapping[int, int]) -> tuple[Pair[Phase], ...]:
    # By the later one's places, those that keep their order stay; the others have moved.
    order = sorted(partners.values())
    blocks = SequenceMatcher(a=[partners[a] for a in sorted(partners)], b=order, autojunk=False).get_matching_blocks()
    in_order = {order[at] for block in blocks for at in range(block.b, block.b + block.size)}
    earlier = {b: a for a, b in partners.items()}
    found = [
        Pair(was[earlier[b]] if b in earlier else None, phase, has_moved=b in earlier and b not in in_order)
        for b, phase in enumerate(now)
    ]
    return (*found, *(Pair(phase, None) for a, phase in enumerate(was) if a not in partners))


def _lines(was: Sequence[Phase], now: Sequence[Phase], partners: Mapping[int, int]) -> tuple[Pair[PlacedLine], ...]:
    before, after = _placed(was), _placed(now)

    def same_phase(a: int, b: int) -> bool:
        return partners.get(before[a].place[0]) == after[b].place[0]

    def same_cohort(a: int, b: int) -> bool:
        return bool(before[a].line["cohort"] == after[b].line["cohort"])

    def same_note(a: int, b: int) -> bool:
        return bool(before[a].line["note"] == after[b].line["note"])

    found = _pair(
        range(len(before)),
        range(len(after)),
        lambda a, b: same_cohort(a, b) and same_phase(a, b) and same_note(a, b),
        lambda a, b: same_cohort(a, b) and same_phase(a, b),
        lambda a, b: same_cohort(a, b) and same_note(a, b),
        same_cohort,
    )
    earlier = {b: a for a, b in found.items()}
    pairs = [
        Pair(
            before[earlier[b]] if b in earlier else None, line, has_moved=b in earlier and not same_phase(earlier[b], b)
        )
        for b, line in enumerate(after)
    ]
    return (*pairs, *(Pair(line, None) for a, line in enumerate(before) if a not in found))


def _pair(was: range, now: range, *alike: Callable[[int, int], bool]) -> dict[int, int]:
    """Who goes with whom: each way of being alike in turn, the first free partner first."""
    found: dict[int, int] = {}
    free = list(now)
    for is_alike in alike:
        for a in was:
            partner = next((b for b in free if is_alike(a, b)), None) if a not in found else None
            if partner is not None:
                found[a] = partner
                free.remove(partner)
    return found


def _placed(timeline: Sequence[Phase]) -> list[PlacedLine]:
    return [
        PlacedLine(phase, line, (at, place))
        for at, phase in enumerate(timeline)
        for place, line in enumerate(phase["lines"])
    ]


def _when(phase: Phase) -> tuple[str | None, str | None, str]:
    return phase["starts_on"], phase["ends_on"], phase["timing"]
