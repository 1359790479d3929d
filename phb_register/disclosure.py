"""Disclosure control: figures that leave the case team may not tell anything of one person.

Small numbers are shown as "*", and so are other numbers of the same table where a hidden one could otherwise
be worked out by subtracting. Pure: it is given numbers and how they add up, and gives back what may be shown.

The test of safety is not "two stars in a row" but the thing itself: a hidden number is safe when there is
another set of numbers that fits everything shown and has a different number there. A reader is taken to know
how the sums go, that "*" is never nought (noughts are shown), and nothing else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum, unique

STAR = "*"


@dataclass(frozen=True)
class Profile:
    """How numbers are hidden: 1 to `largest_hidden` become "*", the others are rounded to `round_to`."""

    code: str
    label: str
    explanation: str
    largest_hidden: int
    round_to: int = 1

    def is_small(self, value: int) -> bool:
        """Whether `value` must be hidden for its own sake. Nought is never hidden."""
        return 1 <= value <= self.largest_hidden

    def shown(self, value: int) -> int:
        """Return `value` as this profile shows it."""
        steps = (Decimal(value) / self.round_to).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return int(steps) * self.round_to


ONE_TO_FOUR = Profile(
    code="1-to-4",
    label="1 to 4 hidden",
    explanation=(
        "Numbers from 1 to 4 are shown as *, and so is another number where a hidden one could be worked out from it."
    ),
    largest_hidden=4,
)
ONE_TO_SEVEN = Profile(
    code="1-to-7",
    label="1 to 7 hidden, others rounded to 5",
    explanation=(
        "Numbers from 1 to 7 are shown as * and all others are rounded to the nearest 5, so they may not add "
        "up. Another number is shown as * where a hidden one could be worked out from it."
    ),
    largest_hidden=7,
    round_to=5,
)
PROFILES: dict[str, Profile] = {profile.code: profile for profile in (ONE_TO_FOUR, ONE_TO_SEVEN)}
DEFAULT_PROFILE = ONE_TO_FOUR


@unique
class Reason(StrEnum):
    """Why a number is shown or hidden; kept so that a release can be explained."""

    SHOWN = "shown"
    SMALL = "small number"
    PROTECTS_ANOTHER = "protects a small number"
    FROM_HIDDEN = "made from a hidden number"


@dataclass(frozen=True)
class Controlled:
    """A number after control: `value` is None where hidden, and `text` is what stands on the page."""

    value: int | Decimal | None
    text: str
    reason: Reason

    @property
    def is_hidden(self) -> bool:
        """Whether a star stands in its place."""
        return self.reason is not Reason.SHOWN


@dataclass(frozen=True)
class Sum:
    """`total` equals the sum of `parts`; all are keys of the numbers released together."""

    total: str
    parts: tuple[str, ...]

    def signs(self) -> dict[str, int]:
        """Return each key with its sign in "parts less total is nought"."""
        return dict.fromkeys(self.parts, 1) | {self.total: -1}


def protect(
    values: Mapping[str, int],
    sums: Sequence[Sum] = (),
    *,
    profile: Profile = DEFAULT_PROFILE,
    never_shown: Collection[str] = (),
    hidden_last: Collection[str] = (),
) -> dict[str, Controlled]:
    """Return each number as it may be shown beside the others.

    `never_shown` names numbers that a reader could get at only by subtracting two shown ones (people in care
    homes, where both all and those at home are shown): they are not released, and are guarded when small.
    `hidden_last` names the headlines, which protect another number only where nothing else can.
    Raises `ValueError` if the numbers do not add up as `sums` says, or one is below nought.
    """
    _check(values, sums)
    release = _Release(values, sums, profile, frozenset(never_shown), frozenset(hidden_last))
    release.hide_until_safe()
    return {
        key: Controlled(None, STAR, release.hidden[key])
        if key in release.hidden
        else Controlled(profile.shown(value), f"{profile.shown(value):,}", Reason.SHOWN)
        for key, value in values.items()
        if key not in never_shown
    }


def protect_derived(value: int | Decimal | None, text: str, parts: Iterable[Controlled]) -> Controlled:
    """Return a figure made from others (a rate, a percentage, a gap): hidden if any of its parts is."""
    if any(part.is_hidden for part in parts):
        return Controlled(None, STAR, Reason.FROM_HIDDEN)
    return Controlled(value, text, Reason.SHOWN)


def table_sums(rows: Sequence[str], columns: Sequence[str], *, name: str = "table") -> list[Sum]:
    """Return how a table with totals adds up; its cells have the keys of `cell_key`, "total" among them."""
    every_row, every_column = [*rows, "total"], [*columns, "total"]
    across = [Sum(cell_key(name, row, "total"), tuple(cell_key(name, row, c) for c in columns)) for row in every_row]
    down = [Sum(cell_key(name, "total", c), tuple(cell_key(name, row, c) for row in rows)) for c in every_column]
    return across + down


def cell_key(name: str, row: str, column: str) -> str:
    """Return the key of one cell of a two-way table."""
    return f"{name}/{row}/{column}"


def _check(values: Mapping[str, int], sums: Iterable[Sum]) -> None:
    if negative := [key for key, value in values.items() if value < 0]:
        raise ValueError(f"Disclosure control counts people; below nought: {', '.join(negative)}")
    for each in sums:
        if values[each.total] != sum(values[part] for part in each.parts):
            raise ValueError(f"The parts of {each.total} do not add up to it")


class _Release:
    """The numbers released together, and which of them are hidden so far."""

    def __init__(
        self,
        values: Mapping[str, int],
        sums: Sequence[Sum],
        profile: Profile,
        never_shown: frozenset[str],
        hidden_last: frozenset[str],
    ) -> None:
        self.values = values
        self.never_shown = never_shown
        self.hidden_last = hidden_last
        self.signs = [each.signs() for each in sums]
        self.totals = {each.total for each in sums}
        self.sums_of: dict[str, list[int]] = {key: [] for key in values}
        for index, signs in enumerate(self.signs):
            for key in signs:
                self.sums_of[key].append(index)
        self.secret = [key for key, value in values.items() if profile.is_small(value)]
        self.hidden: dict[str, Reason] = {
            key: Reason.SMALL for key in values if key in self.secret and key not in never_shown
        }

    def hide_until_safe(self) -> None:
        """Hide one more number at a time until no hidden one can be worked out.

        It ends: with every number but the noughts hidden, twice each of them fits as well.
        """
        while exposed := next((key for key in self._guarded() if not self._can_differ(key)), None):
            partner = self._partner(exposed)
            if partner is None:
                return
            self.hidden[partner] = Reason.PROTECTS_ANOTHER

    def _guarded(self) -> list[str]:
        """Small numbers and the stars that protect them: a star that can be undone protects nothing."""
        return sorted({*self.secret, *self.hidden})

    def _partner(self, exposed: str) -> str | None:
        """The next number to hide: the smallest shown in a sum of the exposed one, a part before a total."""
        near = {key for index in self.sums_of[exposed] for key in self.signs[index]}
        for pool in (near, set(self.values)):
            shown = [key for key in pool if self.values[key] > 0 and not self._is_unknown(key)]
            if shown:
                return min(
                    shown,
                    key=lambda key: (key in self.hidden_last, key in self.totals, self.values[key], key),
                )
        return None

    def _is_unknown(self, key: str) -> bool:
        return key in self.hidden or key in self.never_shown

    def _can_differ(self, key: str) -> bool:
        """Whether all that is shown also fits with `key` one higher, or one lower."""
        return any(self._allows(key, step) and self._has_other_fit(key, step) for step in (1, -1))

    def _allows(self, key: str, step: int) -> bool:
        """Whether a reader must allow for `key` so changed: a star is 1 or more, the unseen 0 or more."""
        lowest = 0 if key in self.never_shown else 1
        return self._is_unknown(key) and self.values[key] + step >= lowest

    def _has_other_fit(self, key: str, step: int) -> bool:
        """Whether, with `key` changed by `step`, changing other hidden numbers by one puts all sums right.

        Each sum that is out is put right by another of its numbers, which may put its other sums out, and so
        on until all fit. What is found is a real second answer, so a number called safe is safe. A set of
        sums that are out is tried once, so the work stays small; what that misses only hides more.
        """
        start = self._out_by({}, key, step)
        waiting = [(start, frozenset([key]))]
        tried = {start}
        while waiting:
            out, changed = waiting.pop()
            if not out:
                return True
            index, excess = min(out)
            for other, sign in self.signs[index].items():
                other_step = -sign * (1 if excess > 0 else -1)
                if other in changed or not self._allows(other, other_step):
                    continue
                after = self._out_by(dict(out), other, other_step)
                if after not in tried:
                    tried.add(after)
                    waiting.append((after, changed | {other}))
        return False

    def _out_by(self, out: dict[int, int], key: str, step: int) -> frozenset[tuple[int, int]]:
        """Return by how much each sum is out once `key` has changed by `step`; sums that fit are left out."""
        for index in self.sums_of[key]:
            out[index] = out.get(index, 0) + step * self.signs[index][key]
        return frozenset((index, excess) for index, excess in out.items() if excess)
