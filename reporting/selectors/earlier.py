"""What a new release has to be held against, of all that the ledger has."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from phb_register.disclosure import PROFILES, Background
from reporting.ledger import Earlier, Fixed, Kin, Nation, Place, background_of, is_last, node_in
from reporting.selectors.ledger_book import MOST_NODES, MOST_RINGS, Book, Coming

#: Of more members of England that hide a number nobody can tell which has what.
FEW_MEMBERS = 2
#: So many partnerships are taken from England together.
MOST_PARTNERSHIPS = 3


def earlier_than(coming: Coming, book: Book) -> Earlier:
    """All that was released before and hangs together with a new release."""
    here, counts = coming.here, coming.counts
    same = {key: found for key in counts.values if (found := book.latest(*here.of(key))) is not None}
    in_period = [
        each
        for key, (first, last) in counts.to_date.items()
        if key in counts.values
        for each in book.latest_within(here.commissioner, key, first, last)
        if each.place != here
    ]
    kin = _kin(coming, book)
    nodes = {here.node, *(here.of(key)[0].node for key in counts.named)}
    nodes |= {each.place.node for each in in_period if each.is_hidden}
    nodes |= {each.place.node for one in kin for each in one.released if each.is_hidden}
    nation = _nation(coming, book)
    nodes |= {each.place.node for one in nation for each in (*one.hidden, one.whole) if each and each.is_hidden}
    return Earlier(same, in_period, kin, nation, _background(nodes, book))


def _kin(coming: Coming, book: Book) -> list[Kin]:
    """The commissioner among the members of each partnership; or as the whole of its own members."""
    return [each for whole in book.bodies.wholes_of(coming) for each in _kin_of(coming, whole, book)]


def _kin_of(coming: Coming, whole: int, book: Book) -> Iterator[Kin]:
    here, counts = coming.here, coming.counts
    members = book.bodies.members_on(whole, coming.as_at)
    family = sorted({whole, *members})
    found = [each for commissioner in family for each in _released_of(commissioner, coming, book)]
    if whole != here.commissioner and not coming.dated and not any(each.place.commissioner == whole for each in found):
        return
    found += _unseen_of(family, coming, found, book)
    mine = {here.of(key): key for key in counts.adds_up}
    by_key: dict[str, list[Fixed]] = {key: [] for key in counts.adds_up}
    for each in found:
        keys = {mine.get((Place(here.commissioner, each.place.as_at), each.key), each.key), each.key}
        for key in keys & by_key.keys():
            if each.place != here.of(key)[0]:
                by_key[key].append(each)
    for key, released in by_key.items():
        if released:
            yield Kin(key, whole, members, released)


def _released_of(commissioner: int, coming: Coming, book: Book) -> list[Fixed]:
    """What another commissioner has of the numbers that add up; of those that only grow, of every date."""
    found: dict[tuple[dt.date, str], Fixed] = {}
    at = [(coming.as_at, key) for key in coming.undated] + [(place.as_at, name) for place, name in coming.dated]
    for as_at, key in at:
        each = book.latest(Place(commissioner, as_at), key)
        if each is not None:
            found[as_at, key] = each
    for key, (first, last) in coming.counts.to_date.items():
        if key in coming.counts.adds_up:
            found |= {(each.place.as_at, key): each for each in book.latest_within(commissioner, key, first, last)}
    return list(found.values())


def _unseen_of(commissioners: Collection[int], coming: Coming, cells: list[Fixed], book: Book) -> list[Fixed]:
    """Numbers of another date that stand in releases of theirs, and that nobody was shown yet."""
    names = {
        place.name_of(key): (place, key)
        for pk in commissioners
        for at, key in coming.dated
        for place in [Place(pk, at.as_at)]
    }
    for each in cells:
        names.pop(each.name, None)
    values: dict[str, int] = {}
    for release in book.before({place.node for place, _ in names.values()}).values():
        values |= {name: release.unseen[name] for name in release.unseen.keys() & names.keys()}
    return [Fixed(*names[name], value, is_hidden=True, name=name) for name, value in sorted(values.items())]


def _nation(coming: Coming, book: Book) -> list[Nation]:
    """England beside its members, of the numbers that readers were shown of it or saw a star of; or as it is now."""
    nation, is_nation = book.bodies.nation, coming.commissioner.is_nation
    if not coming.undated or nation is None:
        return []
    wholes: dict[str, Fixed | None] = dict.fromkeys(coming.undated)
    if not is_nation:
        there = Place(nation, coming.as_at)
        wholes = {key: found for key in wholes if (found := book.latest(there, key)) is not None}
        if not wholes:
            return []
    book.read_all_as_at(coming.as_at)
    members = book.bodies.members_on(nation, coming.as_at)
    own = coming.commissioner.pk
    mine = book.bodies.members_on(own, coming.as_at) if coming.commissioner.is_partnership else frozenset()
    beside = []
    for told, within in _groups(coming, book):
        others = members - within - mine - {own}
        for key, whole in wholes.items():
            if told is None or key in told:
                beside.append(_beside(others, Nation(key, whole, told[key] if told else 0), coming.as_at, book))
    return [each for each in beside if each.others < len(members) or not is_nation]


def _beside(others: Collection[int], nation: Nation, as_at: dt.date, book: Book) -> Nation:
    released = [book.latest(Place(body, as_at), nation.key) for body in sorted(others)]
    hidden = [each for each in released if each is not None and each.is_hidden]
    known = sum(each.value for each in released if each is not None and not each.is_hidden)
    left = sum(each is None for each in released)
    named = hidden if not left and len(hidden) <= FEW_MEMBERS else []
    return replace(nation, known=nation.known + known, hidden=named, others=len(hidden) + left)


def _groups(coming: Coming, book: Book) -> Iterator[tuple[Mapping[str, int] | None, frozenset[int]]]:
    """The partnerships that readers may take from England together: none, and all that have no member in common."""
    known = list(_partnerships(coming, book))
    yield None, frozenset()
    for number in range(1, min(len(known), MOST_PARTNERSHIPS) + 1):
        for chosen in combinations(known, number):
            within = frozenset[int]().union(*(members for _, members in chosen))
            keys = set(chosen[0][0]).intersection(*(told for told, _ in chosen))
            if keys and len(within) == sum(len(members) for _, members in chosen):
                yield {key: sum(told[key] for told, _ in chosen) for key in keys}, within


def _partnerships(coming: Coming, book: Book) -> Iterator[tuple[Mapping[str, int], frozenset[int]]]:
    """What readers know of each partnership that the commissioner is not in, and its members, who are of England."""
    own = coming.commissioner.pk
    own_members = book.bodies.members_on(own, coming.as_at) if coming.commissioner.is_partnership else frozenset()
    for partnership in sorted(book.bodies.partnerships - {own}):
        there = Place(partnership, coming.as_at)
        told = {key: value for key in coming.undated if (value := book.last_shown(there, key)) is not None}
        members = book.bodies.members_on(partnership, coming.as_at)
        if told and own not in members and not members & own_members:
            yield told, members


def _background(nodes: set[str], book: Book) -> Background:
    """What stands in a sum with these commissioners and dates; and what stands in a sum with that, and so on."""
    sums: list[dict[str, int]] = []
    unknown: dict[str, tuple[int, bool]] = {}
    guarded: set[str] = set()
    seen: set[int] = set()
    more = nodes
    for _ in range(MOST_RINGS):
        reached: set[str] = set()
        for pk, release in book.before(more).items():
            if pk in seen:
                continue
            seen.add(pk)
            sums += release.sums
            unknown |= {name: (value, is_last(name)) for name, value in release.unseen.items()}
            is_small = PROFILES[release.profile].is_small
            guarded |= {name for name, value in release.unseen.items() if is_small(value)}
            reached.update(release.nodes)
        more = reached - nodes
        if not more or len(nodes) + len(more) > MOST_NODES:
            break
        nodes = nodes | more
    for name in book.shown_since({name for name in unknown if node_in(name) in nodes}):
        # Nobody was shown it then; it has been released since.
        unknown.pop(name)
        guarded.discard(name)
    for each in book.hidden_at(nodes):
        unknown[each.name] = (each.value, True)
        guarded.add(each.name)
    return background_of(unknown, guarded, sums, nodes)
