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
    """A number of England beside that of its members of the date: of so many, that only their sum tells anything.

    `whole` is England's where readers know it, None where it is released now. `shown_sum` is what the members add up
    to that readers know of; `others` is how many members there are that they do not know, not counting the one that is
    released now.
    """

    key: str
    whole: int | None
    shown_sum: int
    others: int


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

    A restatement, whose `number` is above 1, has those again that are not what they were; what was hidden stays hidden.
    """
    stays = {key: each.name for key, each in earlier.same.items() if number == 1 or each.value == counts.values[key]}
    names = {key: stays.get(key) or here.name_of(key, number if key in earlier.same else 1) for key in counts.values}
    new = {key: name for key, name in names.items() if key not in stays}
    values = {name: counts.values[key] for key, name in new.items()}
    unseen = {names[key] for key in counts.unseen if key in new}
    sums = [_renamed(each, names, here) for each in counts.sums]
    for reach, more in (*_since(counts, new, here, earlier), *_kin(counts, new, here, earlier)):
        sums.append(reach)
        values |= more
        unseen |= more.keys()
    lone = set()
    for place, each in enumerate(earlier.nation):
        if each.key in new:
            rest = f"~others:{place}:{new[each.key]}"
            value = counts.values[each.key]
            values[rest] = max(value - each.shown_sum if each.whole is None else each.whole - each.shown_sum - value, 0)
            unseen.add(rest)
            # What one member alone has and hides is its own number, however large.
            lone |= {rest} if each.others == 1 else set()
            sums.append(Sum(new[each.key], (rest, KNOWN)) if each.whole is None else Sum(KNOWN, (new[each.key], rest)))
    shown = protect(
        values,
        sums,
        profile=profile,
        never_shown=unseen,
        hidden_last={names[key] for key in counts.headlines if key in new},
        hidden={name for key, name in new.items() if key in earlier.same and earlier.same[key].is_hidden} - unseen,
        guard=lone,
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


def _kin(counts: Counts, new: Mapping[str, str], here: Place, earlier: Earlier) -> Iterable[Reach]:
    """Partnership or England, and members: of the same date, or what they were by then, or from then on."""
    for each in earlier.kin:
        if each.key not in new:
            continue
        place, key = here.of(each.key)
        mine = Fixed(place, key, counts.values[each.key], is_hidden=True, name=new[each.key])
        numbers = {(one.place.commissioner, one.place.as_at): one for one in (*each.released, mine)}
        grows = each.key in counts.to_date
        for (commissioner, as_at), whole in numbers.items():
            if commissioner != each.whole or not (grows or as_at == place.as_at):
                continue
            by_then = _nearest(numbers, each.members, as_at, -1 if grows else 0)
            is_all = len(by_then) == len(each.members) and all(one.place.as_at == as_at for one in by_then)
            if mine in (whole, *by_then) and by_then:
                is_one = len(by_then) == len(each.members) - 1 and all(one.place.as_at == as_at for one in by_then)
                rest = f"{LAST if is_one else '~by:'}{whole.name}:{mine.name}"
                yield _reach(whole, by_then, None if is_all else rest)
            from_then = _nearest(numbers, each.members, as_at, 1) if grows and not is_all else []
            if mine in (whole, *from_then) and len(from_then) == len(each.members):
                yield _reach(whole, from_then, f"~from:{whole.name}:{mine.name}", is_less=True)
        if grows:
            yield from _growth(each, numbers, mine)


def _growth(kin: Kin, numbers: Mapping[tuple[int, dt.date], Fixed], mine: Fixed) -> Iterable[Reach]:
    """What a partnership grew by between two dates, beside what some members grew by: what the others did is left."""
    for commissioner, day in sorted(numbers):
        first, last = sorted((day, mine.place.as_at))
        both = [one for one in kin.members if (one, first) in numbers and (one, last) in numbers]
        is_new = mine.place.commissioner in (kin.whole, *both)
        if commissioner != kin.whole or first == last or (kin.whole, mine.place.as_at) not in numbers or not is_new:
            continue
        before, after = numbers[kin.whole, first], numbers[kin.whole, last]
        begins, ends = [numbers[one, first] for one in both], [numbers[one, last] for one in both]
        rest = f"~grew:{before.name}:{after.name}:{mine.name}"
        left = after.value - before.value - sum(each.value for each in ends) + sum(each.value for each in begins)
        if both:
            yield Sum(after.name, (*_hidden(before, *ends), rest, KNOWN), _hidden(*begins)), {rest: max(left, 0)}


def _hidden(*numbers: Fixed) -> tuple[str, ...]:
    return tuple(each.name for each in numbers if each.is_hidden)


def _nearest(
    numbers: Mapping[tuple[int, dt.date], Fixed], members: Collection[int], as_at: dt.date, way: int
) -> list[Fixed]:
    """Of each member the number of that date, or else the latest before (-1) or the earliest after it (1)."""
    found: dict[int, Fixed] = {}
    for (commissioner, on), each in numbers.items():
        days = (on - as_at).days * (way or 1)
        if commissioner not in members or days < 0 or (way == 0 and days):
            continue
        if commissioner not in found or days < abs((found[commissioner].place.as_at - as_at).days):
            found[commissioner] = each
    return list(found.values())


def _reach(whole: Fixed, parts: Sequence[Fixed], rest: str | None, *, is_less: bool = False) -> Reach:
    names = _hidden(*parts)
    more = sum(each.value for each in parts) - whole.value
    if rest is None:
        return Sum(whole.name, (*names, KNOWN)), {}
    if is_less:
        return Sum(whole.name, (*names, KNOWN), (rest,)), {rest: max(more, 0)}
    return Sum(whole.name, (*names, rest, KNOWN)), {rest: max(-more, 0)}


def is_last(name: str) -> bool:
    """Whether it is the number of the one member that was not released yet."""
    return name.startswith(LAST)


def background_of(
    unknown: Mapping[str, tuple[int, bool]], guarded: Collection[str], sums: Sequence[Signs]
) -> Background:
    """What was released before: each unknown number with whether readers saw a star, those guarded, and the sums."""
    return Background(
        unknown={name: value for name, (value, _) in unknown.items()},
        stars={name for name, (_, is_star) in unknown.items() if is_star},
        guarded=guarded,
        sums=sums,
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
