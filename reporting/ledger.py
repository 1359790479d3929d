"""What is released joins what was released before: other parts, other dates, members, partnerships, England. Pure.

A reader may hold two releases against each other: people in the year so far in August and in September, a partnership
and its members. So the numbers of a new release are protected beside those that readers were shown, or were not,
before, with the sums that reach from one to the other:

- a number that only grows within a period, less what it was on an earlier date of it, is how many came since;
- what members count adds up to their partnership's, and to England's; those not released yet are the rest;
- whatever the part itself says (budgets in place are those in place before, and those begun, less those ended).

A number has one name everywhere, `name_of`: so a sum said by one release goes on to hold in all later ones.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from phb_register.disclosure import Background, Controlled, Profile, Sum, protect
from phb_register.unknowns import Signs

#: Stands in a sum for all of it that readers know.
KNOWN = "~known"
#: Begins the name of what is left for the one member that was not released yet: its own number, which may be a star.
LAST = "~last:"


@dataclass(frozen=True)
class Counts:
    """What is to be released of a commissioner as at a date: numbers of people or budgets, and how they add up.

    A key names a number of the commissioner as at that date wherever it is shown; `key@2017-01-31` names it as at
    another. `unseen` are numbers that nobody is shown and that small must not be worked out. `headlines` are hidden
    last. `to_date` gives the first and last day of the period within which a number only grows. `adds_up` are those
    that are, for a partnership or England, the sum of the members'. A sum may name numbers of other parts.
    """

    values: Mapping[str, int]
    sums: Sequence[Sum] = ()
    unseen: Collection[str] = ()
    headlines: Collection[str] = ()
    to_date: Mapping[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    adds_up: Collection[str] = ()

    @property
    def named(self) -> set[str]:
        """Every number that it says something of, those of other parts and dates too."""
        return self.values.keys() | {key for each in self.sums for key in each.signs()}


@dataclass(frozen=True)
class Place:
    """A commissioner, by its id, and an as-at date."""

    commissioner: int
    as_at: dt.date

    @property
    def node(self) -> str:
        """As it stands in the ledger."""
        return f"{self.commissioner}:{self.as_at.isoformat()}"

    @staticmethod
    def date_in(key: str) -> dt.date | None:
        """The date that a key names itself; None where it is of the as-at date."""
        _, _, on = key.partition("@")
        return dt.date.fromisoformat(on) if on else None

    def of(self, key: str) -> "tuple[Place, str]":
        """Where a key counts, and its bare name: here, or at the date it names."""
        on = self.date_in(key)
        return (Place(self.commissioner, on), key.partition("@")[0]) if on else (self, key)

    def name_of(self, key: str, number: int = 1) -> str:
        """The name that a number has everywhere; a restated one says which restatement it is of."""
        where, name = self.of(key)
        return f"{where.node}:{name}" + (f"#{number}" if number > 1 else "")


def node_in(name: str) -> str | None:
    """Whose number it is, and as at when; None for one that stands in one sum only."""
    return None if name.startswith("~") else ":".join(name.split(":", 2)[:2])


@dataclass(frozen=True)
class Fixed:
    """A number that was released before: what it was, whether it was hidden, and its name."""

    place: Place
    key: str
    value: int
    is_hidden: bool
    name: str

    @property
    def number(self) -> int:
        """Of which restatement it is."""
        return int(self.name.rpartition("#")[2]) if "#" in self.name else 1


@dataclass(frozen=True)
class Kin:
    """A number of a partnership or of England, the `whole`, beside that of its members of the day.

    `released` are those of them that were released before, of the as-at date; of a number that only grows also those
    of other dates of its period.
    """

    key: str
    whole: int
    members: frozenset[int]
    released: Sequence[Fixed]


@dataclass(frozen=True)
class Nation:
    """A number of England beside that of its members of the date.

    `whole` is England's, None where it is released now. `known` is what the members add up to that readers know of, not
    counting the one that is released now; `hidden` are the others where they are so few, and all released, that each
    may tell of the next; else there are `others` of whom only the sum tells anything.
    """

    key: str
    whole: Fixed | None
    known: int
    hidden: Sequence[Fixed] = ()
    others: int = 0


@dataclass(frozen=True)
class Earlier:
    """All that a new release has to be held against."""

    same: Mapping[str, Fixed] = field(default_factory=dict)
    in_period: Sequence[Fixed] = ()
    kin: Sequence[Kin] = ()
    nation: Sequence[Nation] = ()
    background: Background = field(default_factory=Background)


@dataclass(frozen=True)
class Joined:
    """What becomes of a new release: each number by its key as it may be shown, and what later ones need to know."""

    cells: Mapping[str, Controlled]
    sums: list[dict[str, int]]
    unseen: dict[str, int]

    @property
    def nodes(self) -> list[str]:
        """Whom and when its sums reach."""
        return sorted({node for signs in self.sums for name in signs if (node := node_in(name))})


def join(counts: Counts, here: Place, profile: Profile, earlier: Earlier, *, number: int = 1) -> Joined:
    """Protect what is to be released beside what was. Numbers that were released before are not in the answer.

    A restatement, whose `number` is above 1, has those again that are not what they were, and that no other part has
    restated already; what was hidden stays hidden.
    """
    stays = {
        key: each.name
        for key, each in earlier.same.items()
        if each.value == counts.values[key] or number <= each.number
    }
    names = {key: stays.get(key) or here.name_of(key, number if key in earlier.same else 1) for key in counts.values}
    new = {key: name for key, name in names.items() if key not in stays}
    values = {name: counts.values[key] for key, name in new.items()}
    unseen = {names[key] for key in counts.unseen if key in new}
    sums = [_renamed(each, names, here) for each in counts.sums]
    for reach, more in (*_since(counts, new, here, earlier), *_kin(counts, new, here, earlier)):
        sums.append(reach)
        values |= more
        unseen |= more.keys()
    for place, each in enumerate(earlier.nation):
        if each.key in new:
            reach, more = _of_nation(each, new[each.key], counts.values[each.key], f"{place}:{new[each.key]}")
            sums.append(reach)
            values |= more
            unseen |= more.keys()
    shown = protect(
        values,
        sums,
        profile=profile,
        never_shown=unseen,
        hidden_last={names[key] for key in counts.headlines if key in new},
        hidden={name for key, name in new.items() if key in earlier.same and earlier.same[key].is_hidden} - unseen,
        never_nought=[name for name in unseen if is_last(name)],
        known=earlier.background,
    )
    unknown = unseen | {name for name, cell in shown.items() if cell.is_hidden} | earlier.background.unknown.keys()
    kept = [{name: sign for name, sign in each.signs().items() if name in unknown} for each in sums]
    return Joined(
        cells={key: shown[name] for key, name in new.items() if name in shown},
        sums=[signs for signs in kept if signs],
        unseen={name: values[name] for name in sorted(unseen)},
    )


def _renamed(each: Sum, names: Mapping[str, str], here: Place) -> Sum:
    def name(key: str) -> str:
        return names.get(key) or here.name_of(key)

    return Sum(name(each.total), tuple(map(name, each.parts)), tuple(map(name, each.less)))


Reach = tuple[Sum, dict[str, int]]


def _since(counts: Counts, new: Mapping[str, str], here: Place, earlier: Earlier) -> Iterable[Reach]:
    """What came between this date and another of the same period, in numbers that only grow."""
    for other in earlier.in_period:
        if other.key not in new or other.place == here:
            continue
        first, last = counts.to_date[other.key]
        if not first <= other.place.as_at <= last:
            continue
        name, value = new[other.key], counts.values[other.key]
        came = f"~{min(name, other.name)}>{max(name, other.name)}"
        less, more = (other.name, name) if other.value <= value else (name, other.name)
        yield Sum(more, (less, came, KNOWN)), {came: abs(value - other.value)}


def _of_nation(each: Nation, name: str, value: int, place: str) -> Reach:
    """England is what its members are: those that readers know, the new one, those that hide it, and the others."""
    members = [one.name for one in each.hidden] + ([] if each.whole is None else [name])
    total, left = name, value
    if each.whole is not None:
        total, left = each.whole.name, each.whole.value - value
    if each.hidden or not each.others:
        return Sum(total, (*members, KNOWN)), {}
    rest = f"{LAST if each.others == 1 else '~others:'}{place}"
    return Sum(total, (*members, rest, KNOWN)), {rest: max(left - each.known, 0)}


def _kin(counts: Counts, new: Mapping[str, str], here: Place, earlier: Earlier) -> Iterable[Reach]:
    """A partnership and its members, wherever the new number stands in what they add up to."""
    for each in earlier.kin:
        if each.key in new:
            place, key = here.of(each.key)
            mine = Fixed(place, key, counts.values[each.key], is_hidden=True, name=new[each.key])
            numbers = {(one.place.commissioner, one.place.as_at): one for one in (*each.released, mine)}
            family = _Family(each.whole, each.members, numbers, mine)
            yield from family.on_the_day()
            if each.key in counts.to_date:
                yield from (*family.by_then(), *family.from_then(), *family.growth(), *family.growth_of_all())


@dataclass(frozen=True)
class _Family:
    """One number of a partnership, the `whole`, and of its members, of every date that readers were told of.

    `mine` is the one that is released now: what does not hang on it was said by an earlier release.
    """

    whole: int
    members: frozenset[int]
    numbers: Mapping[tuple[int, dt.date], Fixed]
    mine: Fixed

    @property
    def _day(self) -> dt.date:
        return self.mine.place.as_at

    @property
    def _wholes(self) -> list[Fixed]:
        return [each for (commissioner, _), each in self.numbers.items() if commissioner == self.whole]

    def _of_members(self, as_at: dt.date) -> list[Fixed]:
        return [self.numbers[one, as_at] for one in sorted(self.members) if (one, as_at) in self.numbers]

    def on_the_day(self) -> Iterable[Reach]:
        """The whole is what its members are, and a rest; where it was not released, it is what all of them are."""
        members, whole = self._of_members(self._day), self.numbers.get((self.whole, self._day))
        left = len(self.members) - len(members)
        if whole is not None and members:
            rest = f"{LAST if left == 1 else '~at:'}{whole.name}:{self.mine.name}"
            yield _reach([whole], members, rest if left else None)
        elif whole is None and not left:
            yield _reach(members, [], f"~all:{self.mine.name}")

    def by_then(self) -> Iterable[Reach]:
        """The whole is what each member was at its last date by then, and a rest that came since."""
        for whole in self._wholes:
            parts = self._nearest(whole.place.as_at, -1)
            if self.mine in (whole, *parts) and any(each.place.as_at != whole.place.as_at for each in parts):
                yield _reach([whole], parts, f"~by:{whole.name}:{self.mine.name}")

    def from_then(self) -> Iterable[Reach]:
        """What each member is at its next date from then on is the whole, and what came since."""
        for whole in self._wholes:
            parts = self._nearest(whole.place.as_at, 1)
            is_later = len(parts) == len(self.members) and any(one.place.as_at != whole.place.as_at for one in parts)
            if self.mine in (whole, *parts) and is_later:
                yield _reach(parts, [whole], f"~from:{whole.name}:{self.mine.name}")

    def growth(self) -> Iterable[Reach]:
        """What the whole grew by between two dates is what some members grew by, and a rest."""
        for other in self._wholes if (self.whole, self._day) in self.numbers else ():
            first, last = sorted((other.place.as_at, self._day))
            both = [one for one in self.members if (one, first) in self.numbers and (one, last) in self.numbers]
            if first != last and both and self.mine.place.commissioner in (self.whole, *both):
                before, after = self.numbers[self.whole, first], self.numbers[self.whole, last]
                begins, ends = [self.numbers[one, first] for one in both], [self.numbers[one, last] for one in both]
                yield _reach([after, *begins], [before, *ends], f"~grew:{before.name}:{after.name}:{self.mine.name}")

    def growth_of_all(self) -> Iterable[Reach]:
        """What the whole grew by, where it is known at one of the two dates by all of its members alone."""
        now = self._known_whole(self._day)
        for day in sorted({on for _, on in self.numbers} - {self._day}):
            then = self._known_whole(day)
            if self.mine in now and then and len(now) + len(then) > 2:
                begins, ends = (then, now) if day < self._day else (now, then)
                yield _reach(ends, begins, f"~all:{begins[0].name}:{ends[0].name}:{self.mine.name}")

    def _known_whole(self, as_at: dt.date) -> list[Fixed]:
        """The whole, or else all of its members; nothing where neither is known."""
        if whole := self.numbers.get((self.whole, as_at)):
            return [whole]
        members = self._of_members(as_at)
        return members if len(members) == len(self.members) else []

    def _nearest(self, as_at: dt.date, way: int) -> list[Fixed]:
        """Of each member the number of that date, or else the latest before (-1) or the earliest after it (1)."""
        found: dict[int, Fixed] = {}
        for (commissioner, on), each in self.numbers.items():
            days = (on - as_at).days * way
            if commissioner not in self.members or days < 0:
                continue
            if commissioner not in found or days < abs((found[commissioner].place.as_at - as_at).days):
                found[commissioner] = each
        return list(found.values())


def _reach(whole: Sequence[Fixed], parts: Sequence[Fixed], rest: str | None) -> Reach:
    """Numbers add up to what others do, and to a rest; of those that readers know only the first needs its name."""
    first, *others = whole
    less = tuple(each.name for each in others if each.is_hidden)
    names = [each.name for each in parts if each.is_hidden]
    if rest is None:
        return Sum(first.name, (*names, KNOWN), less), {}
    left = sum(each.value for each in whole) - sum(each.value for each in parts)
    return Sum(first.name, (*names, rest, KNOWN), less), {rest: max(left, 0)}


def is_last(name: str) -> bool:
    """Whether it is the number of the one member that was not released yet."""
    return name.startswith(LAST)


def background_of(
    unknown: Mapping[str, tuple[int, bool]], guarded: Collection[str], sums: Sequence[Signs], nodes: Collection[str]
) -> Background:
    """What was released before: each unknown number with whether readers saw a star, those guarded, and the sums.

    `nodes` are the commissioners and dates that were looked at. Of others nobody knows here what readers know.
    """
    named = {name for signs in sums for name in signs} - unknown.keys()
    return Background(
        unknown={name: value for name, (value, _) in unknown.items()},
        stars={name for name, (_, is_star) in unknown.items() if is_star},
        guarded=guarded,
        sums=sums,
        beyond={name for name in named if (node := node_in(name)) is not None and node not in nodes},
    )


@dataclass(frozen=True)
class Shown:
    """A part of a commissioner's figures as readers see it who may not see people: the same whoever asks, and when.

    `known_at` is when it was counted, None where it is only worked out what would be shown. `number` is above 1 where
    it was restated, for `reason`. `counted` are the figures for a programme, as they were kept.
    """

    cells: Mapping[str, Controlled]
    profile: Profile
    known_at: dt.datetime | None = None
    number: int = 1
    reason: str = ""
    counted: object = None
