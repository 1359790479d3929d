"""Disclosure control: figures that leave the case team may not tell anything of one person.

Small numbers are shown as "*", and so are other numbers of the same table where a hidden one could otherwise
be worked out by subtracting. Pure: it is given numbers and how they add up, and gives back what may be shown.

The test of safety is not "two stars in a row" but the thing itself: a hidden number is safe when there is
another set of numbers that fits everything shown and has a different number there (`phb_register.unknowns`).
A reader is taken to know how the sums go, that "*" is never nought (noughts are shown), all that was released
before, and nothing else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum, unique

from phb_register.unknowns import Signs, Unknowns

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
    """`total` equals the sum of `parts` less those in `less`; all are keys of numbers that a reader may know of."""

    total: str
    parts: tuple[str, ...]
    less: tuple[str, ...] = ()

    def signs(self) -> dict[str, int]:
        """Return each key with its sign in "parts less total is nought"."""
        return dict.fromkeys(self.parts, 1) | dict.fromkeys(self.less, -1) | {self.total: -1}


@dataclass(frozen=True)
class Background:
    """What was released before, and hangs together with what is released now. Nothing of it can be changed.

    `unknown` are the numbers that readers were not told; those in `stars` they saw as "*", and know to be no nought.
    `guarded` may not become known now. `sums` are each number's sign in a sum that is nought. A number that stands in
    a sum and not in `unknown` is known, or is taken as it is; those in `beyond` are taken so because nobody looked, and
    may well be unknown.
    """

    unknown: Mapping[str, int] = field(default_factory=dict)
    stars: Collection[str] = ()
    guarded: Collection[str] = ()
    sums: Sequence[Signs] = ()
    beyond: Collection[str] = ()


NOTHING_BEFORE = Background()


def protect(
    values: Mapping[str, int],
    sums: Sequence[Sum] = (),
    *,
    profile: Profile = DEFAULT_PROFILE,
    never_shown: Collection[str] = (),
    hidden_last: Collection[str] = (),
    hidden: Collection[str] = (),
    never_nought: Collection[str] = (),
    known: Background = NOTHING_BEFORE,
) -> dict[str, Controlled]:
    """Return each number as it may be shown beside the others, and beside what was shown before (`known`).

    `never_shown` names numbers that a reader could get at only by subtracting two shown ones (people in care
    homes, where both all and those at home are shown): they are not released, and are guarded when small.
    `hidden_last` names the headlines, which protect another number only where nothing else can. Those in `hidden` are
    hidden whatever they are. Nothing may hang on readers not knowing that those in `never_nought` are no nought: they
    may be a star one day.
    Raises `ValueError` if the numbers do not add up as `sums` says, or one is below nought.
    """
    _check(values, sums)
    unseen = {key: min(values[key], 1) if key in never_nought else 0 for key in never_shown}
    release = _Release(values, sums, profile, unseen, frozenset(hidden_last), known)
    release.hide_until_safe(hidden)
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
        signs = each.signs()
        # One that reaches into an earlier release may be out by what was entered since.
        if signs.keys() <= values.keys() and sum(sign * values[key] for key, sign in signs.items()) != 0:
            raise ValueError(f"The parts of {each.total} do not add up to it")


class _Release:
    """The numbers released together, and which of them are hidden so far."""

    def __init__(
        self,
        values: Mapping[str, int],
        sums: Sequence[Sum],
        profile: Profile,
        unseen: Mapping[str, int],
        hidden_last: frozenset[str],
        known: Background,
    ) -> None:
        self.values = values
        self.told: set[str] = set()
        self.hidden_last = hidden_last
        self.known = known
        self.totals = {each.total for each in sums}
        own = [each.signs() for each in sums]
        # What readers know who are told nothing now. A number that is not safe then was told before: no star hides it,
        # and as a star it would protect nothing.
        self.utmost = self._unknowns(own, {key: unseen.get(key, 0) for key in values})
        for key in known.beyond:
            self.utmost.add(key, 1, 0)
        self.told = self.utmost.settle()
        self.unknowns = self._unknowns(own, unseen)
        self.hidden: dict[str, Reason] = {}
        self.guarded = {key for key, value in values.items() if profile.is_small(value)}
        for key in self.guarded - unseen.keys():
            self._hide(key, Reason.SMALL)
        # Of what was released before, only what hangs together with the new sums can have become known by them.
        touched = {key for signs in own for key in signs} | values.keys()
        reached = self.unknowns.reached_from(touched)
        self.guarded |= {key for key in known.guarded if key in reached and key in self.unknowns}

    def _unknowns(self, own: Sequence[Signs], lowest: Mapping[str, int]) -> Unknowns:
        """What was not told before, and these of the new numbers; none that readers get by subtracting all the same."""
        found = Unknowns([*self.known.sums, *own])
        for key, value in self.known.unknown.items():
            # What nobody was shown before may be shown now.
            if key not in self.told and key not in self.values:
                found.add(key, value, 1 if key in self.known.stars else 0)
        for key, least in lowest.items():
            if key not in self.told:
                found.add(key, self.values[key], least)
        return found

    def hide_until_safe(self, also: Iterable[str] = ()) -> None:
        """Hide `also`, and then one more number at a time until no guarded one can be worked out.

        A star that can be undone protects nothing, so it is guarded too. It ends: with all of it hidden nothing is
        told, and with every number but the noughts hidden, twice each of them fits as well.
        """
        for key in also:
            if key not in self.hidden:
                self._hide(key, Reason.PROTECTS_ANOTHER)
        self.guarded.update(also)
        given_up = set(self.told)
        while exposed := next(
            (key for key in sorted(self.guarded) if key not in given_up and not self.unknowns.is_safe(key)), None
        ):
            partner = self._partner(exposed) if self.utmost.is_safe(exposed) else None
            if partner is None:
                given_up.add(exposed)
            else:
                self._hide(partner, Reason.PROTECTS_ANOTHER)
                self.guarded.add(partner)

    def _hide(self, key: str, reason: Reason) -> None:
        self.hidden[key] = reason
        if key not in self.told:
            # Readers take a star for 1 or more, but one that stands for nought only to protect another.
            self.unknowns.add(key, self.values[key], min(self.values[key], 1))

    def _partner(self, exposed: str) -> str | None:
        """The next number to hide, of those that hang together with the exposed one by hidden ones.

        No headline where another will do; first those in one sum with it; a part before a total; the smallest. Noughts
        come last. None that readers could work out from what was released before.
        """
        near = self.unknowns.neighbours(exposed)
        reached = self.unknowns.reached_from([exposed])
        pools = [{key for one in reached for key in self.unknowns.neighbours(one)}, set(self.values)]
        for pool in pools:
            shown = [
                key
                for key in pool
                if self.values.get(key, 0) > 0 and key not in self.unknowns and self.utmost.is_safe(key)
            ]
            if shown:
                return min(
                    shown,
                    key=lambda key: (
                        key in self.hidden_last,
                        key not in near,
                        key in self.totals,
                        self.values[key],
                        key,
                    ),
                )
        noughts = sorted(
            key for key in near if key in self.values and key not in self.unknowns and self.utmost.is_safe(key)
        )
        return noughts[0] if noughts else None
