"""The ledger as far as new releases hang together with it: read once for all of them, and added to by each in turn."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from django.db.models import Q

from phb_register.disclosure import Profile
from phb_register.models import Commissioner, PartnershipMember
from reporting.ledger import Counts, Fixed, Joined, Place, node_in
from reporting.models import CellState, FigureRelease, ReleasedCell
from reporting.models.releases import ReleasedCellQuerySet

#: How far a release is held against others: beyond that, what was released is taken as it is, which hides more.
MOST_RINGS = 4
MOST_NODES = 150

_CELL = ("commissioner_id", "as_at", "key", "number", "value", "state")


@dataclass(frozen=True)
class Coming:
    """Numbers that are to be released of a commissioner as at a date."""

    commissioner: Commissioner
    as_at: dt.date
    counts: Counts

    @cached_property
    def here(self) -> Place:
        """Whose they are, and as at when."""
        return Place(self.commissioner.pk, self.as_at)

    @cached_property
    def undated(self) -> list[str]:
        """Those that add up over commissioners and are of the as-at date itself."""
        return [key for key in self.counts.adds_up if self.here.date_in(key) is None]

    @cached_property
    def dated(self) -> list[tuple[Place, str]]:
        """Those that add up and are of another date: where they count, and their names."""
        return [self.here.of(key) for key in self.counts.adds_up if self.here.date_in(key) is not None]


@dataclass(frozen=True)
class Before:
    """What an earlier release has said of how its numbers add up."""

    sums: Sequence[dict[str, int]]
    unseen: dict[str, int]
    profile: str
    nodes: Sequence[str]


class Bodies:
    """Commissioners, and who was a member of which on what day."""

    def __init__(self) -> None:
        rows = Commissioner.objects.only("kind", "opened_on", "closed_on").order_by("pk")
        self._commissioners = {each.pk: each for each in rows}
        self._memberships = list(PartnershipMember.objects.order_by("partnership", "pk"))
        self.nation = next((each.pk for each in self._commissioners.values() if each.is_nation), None)
        self.partnerships = {each.pk for each in self._commissioners.values() if each.is_partnership}
        self._members: dict[tuple[int, dt.date], frozenset[int]] = {}

    def members_on(self, commissioner: int, day: dt.date) -> frozenset[int]:
        """The bodies that a partnership or the nation adds up on a day; none for a body."""
        found = self._members.get((commissioner, day))
        if found is None:
            if commissioner == self.nation:
                bodies = self._commissioners.values()
                found = frozenset(each.pk for each in bodies if each.is_body and each.is_open_on(day))
            else:
                rows = (each for each in self._memberships if each.partnership_id == commissioner)
                found = frozenset(each.member_id for each in rows if each.is_in_force_on(day))
            self._members[commissioner, day] = found
        return found

    def wholes_of(self, coming: Coming) -> list[int]:
        """The partnerships whose numbers are partly these, or the partnership itself: whoever adds up with members."""
        if not coming.counts.adds_up or coming.commissioner.is_nation:
            return []
        if not coming.commissioner.is_body:
            return [coming.commissioner.pk]
        rows = (each for each in self._memberships if each.member_id == coming.commissioner.pk)
        return sorted({each.partnership_id for each in rows if each.is_in_force_on(coming.as_at)})


@dataclass
class Book:
    """What the ledger has that these hang together with. Each that is released is added for those that come after."""

    coming: Sequence[Coming]
    bodies: Bodies = field(default_factory=Bodies)

    def __post_init__(self) -> None:
        #: Of a commissioner and key, by date, every release of the number, the latest last.
        self._cells: dict[tuple[int, str], dict[dt.date, list[Fixed]]] = defaultdict(dict)
        self._read: set[tuple[int, dt.date, str, int]] = set()
        self._of_all: dict[dt.date, set[str]] = {}
        self._before: dict[int, Before] = {}
        self._reaching: dict[str, list[int]] = defaultdict(list)
        self._asked: set[str] = set()
        self._hidden: dict[str, list[Fixed]] = defaultdict(list)
        self._hidden_asked: set[str] = set()
        self._shown_asked: set[str] = set()
        #: Those that are added come after all that were read.
        self._next = count(1 << 62)
        self._keep(ReleasedCell.objects.filter(_named(self.coming), commissioner__in=self._kindred()))
        if len(self.coming) > 1:
            self._read_ahead()

    def _kindred(self) -> set[int]:
        """Whose numbers are read: their own, those of their partnerships and of the members of these, and England's."""
        found = {each.commissioner.pk for each in self.coming} | {self.bodies.nation or 0}
        for each in self.coming:
            for whole in self.bodies.wholes_of(each):
                found |= {whole, *self.bodies.members_on(whole, each.as_at)}
        return found

    def _read_ahead(self) -> None:
        """Read for all of them at once what each would read by itself otherwise."""
        nodes = {place.node for each in self.coming for place, _ in map(each.here.of, each.counts.named)}
        for (commissioner, _), released in self._cells.items():
            if commissioner != self.bodies.nation:
                nodes |= {each.place.node for found in released.values() for each in found if each.is_hidden}
        unseen: set[str] = set()
        for _ in range(MOST_RINGS):
            found = self.before(nodes).values()
            unseen.update(*(each.unseen for each in found))
            more = {node for each in found for node in each.nodes} - nodes
            if not more or len(nodes) + len(more) > MOST_NODES * len(self.coming):
                break
            nodes |= more
        list(self.hidden_at(nodes))
        self.shown_since({name for name in unseen if node_in(name) in nodes})

    def _keep(self, cells: ReleasedCellQuerySet) -> None:
        for each, number in self._fixed(cells):
            self._put(each, number)

    def _put(self, each: Fixed, number: int) -> None:
        at = (each.place.commissioner, each.place.as_at, each.key, number)
        if at not in self._read:
            self._read.add(at)
            self._cells[each.place.commissioner, each.key].setdefault(each.place.as_at, []).append(each)

    @staticmethod
    def _fixed(cells: ReleasedCellQuerySet) -> Iterator[tuple[Fixed, int]]:
        rows = cells.order_by("number", "commissioner", "as_at", "pk").values_list(*_CELL)
        for commissioner, as_at, key, number, value, state in rows:
            place = Place(commissioner, as_at)
            yield Fixed(place, key, value, state != CellState.SHOWN, place.name_of(key, number)), number

    def latest(self, place: Place, key: str) -> Fixed | None:
        """The number as it was last released."""
        found = self._cells.get((place.commissioner, key), {}).get(place.as_at)
        return found[-1] if found else None

    def last_shown(self, place: Place, key: str) -> int | None:
        """What readers know a number to be, or to have been before it was restated."""
        found = self._cells.get((place.commissioner, key), {}).get(place.as_at, ())
        return next((each.value for each in reversed(found) if not each.is_hidden), None)

    def latest_within(self, commissioner: int, key: str, first: dt.date, last: dt.date) -> list[Fixed]:
        """The number as it was last released as at each date of a period."""
        found = self._cells.get((commissioner, key), {})
        return [found[as_at][-1] for as_at in sorted(found) if first <= as_at <= last]

    def read_all_as_at(self, as_at: dt.date) -> None:
        """Have the numbers of every commissioner of a date at hand, of those that are to be released as at it."""
        wanted = {key for each in self.coming if each.as_at == as_at for key in each.undated}
        missing = wanted - self._of_all.setdefault(as_at, set())
        if missing:
            self._of_all[as_at] |= missing
            self._keep(ReleasedCell.objects.filter(as_at=as_at, key__in=missing))

    def before(self, nodes: Collection[str]) -> dict[int, Before]:
        """The releases with a sum that one of these commissioners and dates stands in, the first one first."""
        missing = set(nodes) - self._asked
        if missing:
            self._asked |= missing
            rows = FigureRelease.objects.about(missing).exclude(pk__in=self._before)
            for pk, *said in rows.values_list("pk", "sums", "unseen", "profile", "nodes"):
                self._told(pk, Before(*said))
        found = {pk for node in nodes for pk in self._reaching.get(node, ())}
        return {pk: self._before[pk] for pk in sorted(found)}

    def _told(self, pk: int, before: Before) -> None:
        self._before[pk] = before
        for node in before.nodes:
            self._reaching[node].append(pk)

    def hidden_at(self, nodes: Collection[str]) -> Iterator[Fixed]:
        """Every number of these commissioners and dates that was hidden, in whatever part of their figures."""
        missing = set(nodes) - self._hidden_asked
        if missing:
            self._hidden_asked |= missing
            for each, _ in self._fixed(ReleasedCell.objects.exclude(state=CellState.SHOWN).filter(_at(missing))):
                if each.place.node in missing:
                    self._hidden[each.place.node].append(each)
        for node in nodes:
            yield from self._hidden.get(node, ())

    def shown_since(self, names: Collection[str]) -> set[str]:
        """Those of the numbers that nobody was shown with an earlier release, and that have been shown since."""
        missing = set(names) - self._shown_asked
        if missing:
            self._shown_asked |= missing
            keys = {_key_in(name) for name in missing}
            nodes = {node for name in missing if (node := node_in(name))}
            self._keep(ReleasedCell.objects.filter(_at(nodes), key__in=keys))
        return {name for name in names if self._is_shown(name)}

    def _is_shown(self, name: str) -> bool:
        commissioner, as_at, _ = name.split(":", 2)
        found = self._cells.get((int(commissioner), _key_in(name)), {}).get(dt.date.fromisoformat(as_at), ())
        return any(each.name == name and not each.is_hidden for each in found)

    def add(self, coming: Coming, joined: Joined, profile: Profile, number: int) -> None:
        """Let those that come after know of one that is released."""
        for key, cell in joined.cells.items():
            place, name = coming.here.of(key)
            fixed = Fixed(place, name, coming.counts.values[key], cell.is_hidden, place.name_of(name, number))
            self._put(fixed, number)
            if cell.is_hidden:
                self._hidden[place.node].append(fixed)
        self._told(next(self._next), Before(joined.sums, joined.unseen, profile.code, joined.nodes))


def _named(coming: Sequence[Coming]) -> Q:
    """The numbers that are to be released, and those that only grow at every date of their period."""
    dates: dict[str, set[dt.date]] = defaultdict(set)
    periods: dict[tuple[dt.date, dt.date], set[str]] = defaultdict(set)
    for each in coming:
        for place, name in map(each.here.of, each.counts.values):
            dates[name].add(place.as_at)
        for key, period in each.counts.to_date.items():
            periods[period].add(key)
    keys: dict[frozenset[dt.date], set[str]] = defaultdict(set)
    for name, days in dates.items():
        keys[frozenset(days)].add(name)
    found = Q()
    for at, names in keys.items():
        found |= Q(as_at__in=at, key__in=names)
    for (first, last), names in periods.items():
        found |= Q(as_at__gte=first, as_at__lte=last, key__in=names)
    return found


def _key_in(name: str) -> str:
    """The key in the name that a number has everywhere."""
    return name.split(":", 2)[2].partition("#")[0]


def _at(nodes: Iterable[str]) -> Q:
    """Cells of these commissioners and of these dates, each with each."""
    places = [node.split(":") for node in nodes]
    return Q(
        commissioner__in={int(commissioner) for commissioner, _ in places},
        as_at__in={dt.date.fromisoformat(as_at) for _, as_at in places},
    )
