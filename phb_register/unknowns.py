"""Whether a reader who knows how numbers add up can work one of them out. Pure.

A number is safe where another set of numbers fits everything the reader knows and has a different number there. Such
a set is looked for by changing unknown numbers by one, each at most once, until every sum holds again. What is found
is a real second answer, so a number called safe is safe; and every number that was changed on the way is safe by the
same answer. What is not found within `MOST_STEPS` counts as not safe: that only hides more.
"""

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

MOST_STEPS = 400

#: Each number's sign in "the parts less the total is nought".
Signs = Mapping[str, int]


class Unknowns:
    """Numbers that a reader does not know, each with the lowest it must be taken for, and the sums they stand in."""

    def __init__(self, sums: Iterable[Signs]) -> None:
        self.sums: list[Signs] = list(sums)
        self.sums_of: dict[str, list[int]] = {}
        for index, signs in enumerate(self.sums):
            for key in signs:
                self.sums_of.setdefault(key, []).append(index)
        self._room: dict[str, int] = {}
        self._safe: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._room

    def add(self, key: str, value: int, lowest: int) -> None:
        """Say that the reader does not know a number, only that it is `lowest` or more. What was safe stays so."""
        self._room[key] = value - lowest

    def settle(self) -> set[str]:
        """Find the numbers that the reader gets by subtracting, one after the other: alone unknown in a sum. They are
        unknown no more."""
        told: set[str] = set()
        left = [sum(key in self._room for key in signs) for signs in self.sums]
        waiting = [index for index, number in enumerate(left) if number == 1]
        while waiting:
            alone = next((key for key in self.sums[waiting.pop()] if key in self._room), None)
            if alone is not None:
                told.add(alone)
                del self._room[alone]
                for index in self.sums_of[alone]:
                    left[index] -= 1
                    if left[index] == 1:
                        waiting.append(index)
        return told

    def neighbours(self, key: str) -> set[str]:
        """Every number that stands in a sum with this one, itself among them."""
        return {other for index in self.sums_of.get(key, ()) for other in self.sums[index]}

    def reached_from(self, keys: Iterable[str]) -> set[str]:
        """The unknown numbers that hang together with any of these by sums."""
        waiting, found = list(keys), set(keys)
        while waiting:
            for other in self.neighbours(waiting.pop()):
                if other not in found and other in self._room:
                    found.add(other)
                    waiting.append(other)
        return found

    def is_safe(self, key: str) -> bool:
        """Whether the number may be another for all that the reader knows."""
        if key in self._safe:
            return True
        for step in (1, -1):
            answer = self._other_answer(key, step)
            if answer is not None:
                self._safe |= answer
                return True
        return False

    def _allows(self, key: str, step: int) -> bool:
        room = self._room.get(key)
        return room is not None and (step > 0 or room > 0)

    def _other_answer(self, key: str, step: int) -> frozenset[str] | None:
        """The numbers that another answer changes, where `key` is one higher or lower; None where none was found.

        Each sum that is out is put right by another of its numbers, which may put its other sums out, and so on until
        all hold: those with the fewest sums out first. A set of sums that are out is tried once.
        """
        if not self._allows(key, step):
            return None
        start = self._out_by((), key, step)
        waiting = [(len(start), 0, start, frozenset([key]))]
        tried, steps = {start}, 0
        while waiting:
            _, _, out, changed = heappop(waiting)
            if not out:
                return changed
            index, excess = out[0]
            for other, sign in self.sums[index].items():
                other_step = -sign if excess > 0 else sign
                if other in changed or not self._allows(other, other_step):
                    continue
                after = self._out_by(out, other, other_step)
                if not after:
                    return changed | {other}
                if after not in tried:
                    tried.add(after)
                    steps += 1
                    heappush(waiting, (len(after), steps, after, changed | {other}))
            if steps > MOST_STEPS:
                return None
        return None

    def _out_by(self, out: tuple[tuple[int, int], ...], key: str, step: int) -> tuple[tuple[int, int], ...]:
        """By how much each sum is out once `key` has changed by `step`; sums that hold are left out."""
        found = dict(out)
        for index in self.sums_of.get(key, ()):
            found[index] = found.get(index, 0) + step * self.sums[index][key]
        return tuple(sorted((index, excess) for index, excess in found.items() if excess))
