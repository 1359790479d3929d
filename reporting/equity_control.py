"""What goes under disclosure control for the equity lens: its numbers, and how they hang together. Pure.

Every table adds up to the same people, who stand on the dashboard too, and the tables of one cohort are part of those
of everybody. All of it is said here, so that one number cannot be worked out from another table. Rates, intervals and
averages are made from what is shown, afterwards: see `reporting.equity`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phb_register.disclosure import Controlled, Reason, Sum
from reporting import measures as m
from reporting.equity import DASH, Base, Counts, GroupBase, Shown
from reporting.rules.equity_groups import (
    CHILDREN,
    GROUP_OF_CATEGORY,
    GROUPS,
    NO_PLACE,
    NOT_KNOWN,
    NOT_STATED,
    Characteristic,
    in_order,
)

#: The dashboard's own numbers that the tables of everybody add up to.
DASHBOARD_ALL, DASHBOARD_CHILDREN, DASHBOARD_ADULTS = (
    each.code for each in (m.PEOPLE_IN_PLACE, m.CHILDREN_IN_PLACE, m.ADULTS_IN_PLACE)
)


@dataclass
class Cells:
    """Numbers released together: how they add up, and those a reader could get at only by subtracting."""

    values: dict[str, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)

    def add_sum(self, total: str, parts: Sequence[str]) -> None:
        """Say that parts add up to a total."""
        self.sums.append(Sum(total, tuple(parts)))

    def same(self, first: str, second: str) -> None:
        """Say that two names are one number: what hides one must hide the other."""
        self.add_sum(first, [second])

    def guard(self, key: str, number: int) -> None:
        """A number that is not shown, and which nobody may work out when it is small."""
        self.values[key] = number
        self.unseen.add(key)


@dataclass(frozen=True)
class Names:
    """The names of the numbers of one part, such as "equity" for everybody or "equity-chc" for one cohort."""

    part: str

    @property
    def all(self) -> str:
        """Everybody."""
        return f"{self.part}/all"

    def people(self, characteristic: Characteristic, group: str) -> str:
        """Those of one group. "Not stated" is one number, among ethnic groups and among categories."""
        return self._of("people", characteristic, group)

    def base(self, characteristic: Characteristic, group: str) -> str:
        """Those who could have been."""
        return self._of("base", characteristic, group)

    def base_all(self, characteristic: Characteristic) -> str:
        """All who could have been, as counted by one characteristic."""
        return f"{self.part}/base/{characteristic}/all"

    def unseen(self, what: str, characteristic: Characteristic, group: str) -> str:
        """A number that is only guarded."""
        return self._of(what, characteristic, group)

    def _of(self, kind: str, characteristic: Characteristic, group: str) -> str:
        if characteristic == Characteristic.ETHNIC_GROUP and group in (NOT_STATED, NOT_KNOWN):
            characteristic = Characteristic.ETHNIC_CATEGORY
        return f"{self.part}/{kind}/{characteristic}/{group}"


def cells_of(tables: Mapping[Characteristic, Counts], names: Names) -> Cells:
    """Every number of the tables of one part, and how they add up."""
    cells = Cells()
    for counts in tables.values():
        which = counts.characteristic
        people = {group: names.people(which, group) for group in counts.people}
        cells.values |= {people[group]: number for group, number in counts.people.items()}
        cells.values[names.all] = sum(counts.people.values())
        cells.add_sum(names.all, list(people.values()))
        if counts.base.base.is_controlled:
            _add_base(cells, counts, names)
    _one_total(cells, [each for each, counts in tables.items() if counts.base.base.is_controlled], names)
    _nest_ethnic_categories(cells, names)
    return cells


def _add_base(cells: Cells, counts: Counts, names: Names) -> None:
    """The people who could have been counted, and those of them who were not, whom nobody is shown."""
    which = counts.characteristic
    base = {group: names.base(which, group) for group in counts.base.people}
    cells.values |= {base[group]: number for group, number in counts.base.people.items()}
    cells.values[names.base_all(which)] = sum(counts.base.people.values())
    cells.add_sum(names.base_all(which), list(base.values()))
    for group, number in counts.base.people.items():
        others = number - counts.people.get(group, 0)
        if group in counts.people and others >= 0:
            key = names.unseen("others", which, group)
            cells.guard(key, others)
            cells.add_sum(base[group], [names.people(which, group), key])


def _one_total(cells: Cells, characteristics: Sequence[Characteristic], names: Names) -> None:
    """Two characteristics that count as many have counted the same people."""
    first_with: dict[int, str] = {}
    for each in characteristics:
        key = names.base_all(each)
        first = first_with.setdefault(cells.values[key], key)
        if first != key:
            cells.same(first, key)


def _nest_ethnic_categories(cells: Cells, names: Names) -> None:
    """Categories add up to their group: where both are shown, one may not tell what the other hides."""
    groups = {group for group in GROUP_OF_CATEGORY.values() if group not in (NOT_STATED, NOT_KNOWN)}
    for name in (names.people, names.base):
        for group in sorted(groups):
            total = name(Characteristic.ETHNIC_GROUP, group)
            codes = [code for code, of in GROUP_OF_CATEGORY.items() if of == group]
            parts = [name(Characteristic.ETHNIC_CATEGORY, code) for code in codes]
            if {total, *parts} <= cells.values.keys() and cells.values[total] == sum(cells.values[p] for p in parts):
                cells.add_sum(total, parts)


def joined_with_dashboard(cells: Cells, names: Names, *, people: int, children: int) -> Cells:
    """The tables of everybody, with the dashboard's people, children and adults, which are the same numbers."""
    cells.values |= {DASHBOARD_ALL: people, DASHBOARD_CHILDREN: children, DASHBOARD_ADULTS: people - children}
    cells.same(DASHBOARD_ALL, names.all)
    bands = {group: names.people(Characteristic.AGE, group) for group in GROUPS[Characteristic.AGE]}
    cells.same(DASHBOARD_CHILDREN, bands.pop(CHILDREN))
    cells.add_sum(DASHBOARD_ADULTS, list(bands.values()))
    return cells


def joined_with_everybody(cells: Cells, everybody: Cells, part: Names, whole: Names) -> Cells:
    """The tables of one cohort beside those of everybody: those outside it, whom nobody is shown, are guarded."""
    joined = Cells(everybody.values | cells.values, [*everybody.sums, *cells.sums], everybody.unseen | cells.unseen)
    prefix = f"{part.part}/people/"
    pairs = [(f"{whole.part}/people/{key.removeprefix(prefix)}", key) for key in cells.values if key.startswith(prefix)]
    for total, key in [(whole.all, part.all), *pairs]:
        outside = f"{key}/outside"
        joined.guard(outside, joined.values.get(total, 0) - joined.values[key])
        joined.add_sum(total, [key, outside])
    return joined


#: Somebody's age changes with every birthday, so who came into a band says nothing of who began.
_LASTING = (
    Characteristic.SEX,
    Characteristic.ETHNIC_CATEGORY,
    Characteristic.DEPRIVATION,
    Characteristic.LOCALITY,
)


@dataclass(frozen=True)
class Quarter:
    """What happened from the end of one quarter to the end of the next: people who came and who left, by group.

    `began` and `ended` are the budgets that the dashboard says began and ended in it. One of the two ends is the date
    that is released; `before` and `after` are "@" and the other date, or nothing.
    """

    before: str
    after: str
    came: Mapping[Characteristic, Mapping[str, int]]
    left: Mapping[Characteristic, Mapping[str, int]]
    began: int
    ended: int


def joined_with_quarter(cells: Cells, names: Names, quarter: Quarter) -> Cells:
    """The tables of two quarter ends beside each other: what a group grew by may not tell who began or ended.

    Where as many budgets began as people came, which a reader must be expected to guess, one number is the other.
    """
    for each in _LASTING:
        # A locality that has no cell on this date has none to be told from.
        groups = [g for g in {**quarter.came[each], **quarter.left[each]} if names.people(each, g) in cells.values]
        moves = {"came": quarter.came[each], "left": quarter.left[each]}
        keys = {what: {g: f"{names.unseen(what, each, g)}{quarter.after}" for g in groups} for what in moves}
        for group in groups:
            for what, counts in moves.items():
                cells.guard(keys[what][group], counts.get(group, 0))
            people = names.people(each, group)
            parts = (f"{people}{quarter.before}", keys["came"][group])
            cells.sums.append(Sum(f"{people}{quarter.after}", parts, (keys["left"][group],)))
        for what, budgets, total in (
            ("came", quarter.began, m.NEW_IN_QUARTER.code),
            ("left", quarter.ended, m.ENDED_IN_QUARTER.code),
        ):
            if budgets == sum(moves[what].values()) == sum(moves[what].get(group, 0) for group in groups):
                cells.add_sum(f"{total}{quarter.after}", list(keys[what].values()))
    return cells


def shown_of(characteristic: Characteristic, base: GroupBase, names: Names, cells: Mapping[str, Controlled]) -> Shown:
    """The numbers of one characteristic, found by their names among those that may be shown.

    Those that were never released are hidden: a count that came later changes nothing of what was shown before.
    """
    groups = groups_shown(characteristic, names, cells)
    if base.base.is_controlled:
        # Whoever answered is in a group of the table; those eligible are in the groups that were counted.
        counted_in = groups if base.base == Base.ANSWERED else base.people
        counted = {group: _cell(cells, names.base(characteristic, group)) for group in counted_in}
        base_all = _cell(cells, names.base_all(characteristic))
    else:
        counted = {group: plain(number) for group, number in base.people.items()}
        base_all = plain(sum(base.people.values()))
    return Shown(
        all=_cell(cells, names.all),
        people={group: _cell(cells, names.people(characteristic, group)) for group in groups},
        base=counted,
        base_all=base_all,
    )


def groups_shown(characteristic: Characteristic, names: Names, cells: Mapping[str, Controlled]) -> list[str]:
    """The groups of a table: those of the closed list, or the localities there are numbers for."""
    if characteristic != Characteristic.LOCALITY:
        return list(GROUPS[characteristic])
    prefix = names.people(characteristic, "")
    found = {key.removeprefix(prefix): 0 for key in cells if key.startswith(prefix)}
    return list(in_order(characteristic, found | {NO_PLACE: 0}))


def plain(number: int | None) -> Controlled:
    """A number that anybody may see."""
    return Controlled(number, DASH if number is None else f"{number:,}", Reason.SHOWN)


def _cell(cells: Mapping[str, Controlled], key: str) -> Controlled:
    return cells.get(key, _NOT_RELEASED)


_NOT_RELEASED = Controlled(None, "*", Reason.FROM_HIDDEN)
