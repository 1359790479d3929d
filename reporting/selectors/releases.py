"""The ledger of releases: what readers who may not see people were shown, and what they would be shown now."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Case, Count, Q, Sum, When

from phb_register.disclosure import PROFILES, STAR, Background, Controlled, Profile, Reason
from phb_register.models import Commissioner, CommissionerKind, CommissionerSettings, PartnershipMember
from phb_register.selectors.commissioners import members_on
from reporting.figures import Figures
from reporting.frozen import read
from reporting.ledger import (
    Counts,
    Earlier,
    Fixed,
    Joined,
    Kin,
    Nation,
    Place,
    Shown,
    background_of,
    is_last,
    join,
    node_in,
)
from reporting.models import CellState, FigureRelease, ReleasedCell, Snapshot
from reporting.models.releases import FigureReleaseQuerySet, ReleasedCellQuerySet
from reporting.points import line_of
from reporting.release import Release, counts_of, release_from
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import Counted
from reporting.selectors.series import months_in_place
from reporting.selectors.snapshots import figures_in, latest_for

#: The part of the dashboard's figures.
UPTAKE = "uptake"

#: How far a release is held against others: beyond that, what was released is taken as it is, which hides more.
MOST_RINGS = 4
MOST_NODES = 150

REASONS: dict[str, Reason] = {
    CellState.SHOWN: Reason.SHOWN,
    CellState.SMALL: Reason.SMALL,
    CellState.PROTECTS: Reason.PROTECTS_ANOTHER,
}
_CELL = ("commissioner_id", "as_at", "key", "number", "value", "state")


def profile_of(commissioner: Commissioner) -> Profile:
    """Which numbers the commissioner hides from readers who may not see people."""
    chosen = CommissionerSettings.objects.filter(commissioner=commissioner).values_list("disclosure_profile", flat=True)
    return PROFILES[chosen.first() or CommissionerSettings._meta.get_field("disclosure_profile").get_default()]


def release_of(commissioner: Commissioner, as_at: dt.date, part: str) -> FigureRelease | None:
    """The release of a part of a commissioner's figures that holds now; None where nobody was shown it yet."""
    return FigureRelease.objects.of(commissioner, as_at).filter(part=part).defer("sums", "unseen", "nodes").first()


def shown_in(release: FigureRelease) -> Shown:
    """What a release shows: its own cells, and those that stand in an earlier one."""
    return Shown(
        cells=cells_at(Place(release.commissioner_id, release.as_at), release.keys),
        profile=PROFILES[release.profile],
        known_at=release.known_at,
        number=release.number,
        reason=release.reason,
        counted=release.counted,
    )


def cells_at(here: Place, keys: Collection[str]) -> dict[str, Controlled]:
    """Those of the numbers that were released, as readers see them, in the order of the keys."""
    at = {key: here.of(key) for key in keys}
    rows = (
        ReleasedCell.objects.filter(commissioner=here.commissioner)
        .filter(as_at__in={place.as_at for place, _ in at.values()}, key__in={name for _, name in at.values()})
        .order_by("number")
        .values_list("as_at", "key", "value", "state", "release__profile")
    )
    found = {(as_at, key): controlled(value, state, profile) for as_at, key, value, state, profile in rows}
    return {key: found[place.as_at, name] for key, (place, name) in at.items() if (place.as_at, name) in found}


def controlled(value: int, state: str, profile: str) -> Controlled:
    """A cell of the ledger as it stands on a page."""
    if state != CellState.SHOWN:
        return Controlled(None, STAR, REASONS[state])
    shown = PROFILES[profile].shown(value)
    return Controlled(shown, f"{shown:,}", Reason.SHOWN)


def would_show(commissioner: Commissioner, as_at: dt.date, counts: Counts) -> Shown:
    """What a reader would be shown if these numbers were released now. For previews: nothing is fixed by it."""
    profile = profile_of(commissioner)
    joined = work_out(commissioner, as_at, counts, profile)
    return Shown({**cells_at(Place(commissioner.pk, as_at), counts.values.keys()), **joined.cells}, profile)


def figures_shown(scope: Counted) -> Release:
    """The figures of the dashboard as readers see them who may not see people: as they were first shown.

    What nobody was shown yet is as it would be shown now. A page that shows it has it fixed first
    (`reporting.services.releases.fix_figures`).
    """
    _check_whole(scope)
    found = release_of(scope.commissioner, scope.as_at, UPTAKE)
    if found is not None:
        shown = shown_in(found)
        return release_from(read(Figures, shown.counted), shown)
    figures, counts, _ = figures_to_release(scope)
    return release_from(figures, would_show(scope.commissioner, scope.as_at, counts))


def figures_to_release(scope: Counted) -> tuple[Figures, Counts, Snapshot | None]:
    """The figures that are to be shown next: those of the snapshot of the date that holds, or counted now."""
    _check_whole(scope)
    snapshot = latest_for(scope.commissioner, scope.as_at)
    figures = figures_for(scope) if snapshot is None else figures_in(snapshot)
    return figures, counts_of(figures, line_of(months_in_place(scope))), snapshot


def _check_whole(scope: Counted) -> None:
    if scope.only or scope.known_on is not None:
        raise ValueError("Whoever may not see people sees no part of the register, nor what it knew on a day")


def work_out(
    commissioner: Commissioner, as_at: dt.date, counts: Counts, profile: Profile, *, number: int = 1
) -> Joined:
    """What becomes of numbers that nobody was shown yet, beside all that was released before."""
    here = Place(commissioner.pk, as_at)
    return join(counts, here, profile, earlier_than(counts, here, commissioner), number=number)


def earlier_than(counts: Counts, here: Place, commissioner: Commissioner) -> Earlier:
    """All that was released before and hangs together with a new release."""
    own = _latest(_own_cells(counts, here))
    same = {key: own[at] for key in counts.values if (at := here.of(key)) in own}
    in_period = [each for (place, key), each in own.items() if key in counts.to_date and place != here]
    kin = _kin(counts, here, commissioner)
    nodes = {here.node, *(here.of(key)[0].node for key in counts.values)}
    nodes |= {each.place.node for each in in_period if each.is_hidden}
    nodes |= {each.place.node for one in kin for each in one.released if each.is_hidden}
    return Earlier(same, in_period, kin, _nation(counts, here, commissioner), _background(nodes))


def _own_cells(counts: Counts, here: Place) -> ReleasedCellQuerySet:
    at = [here.of(key) for key in counts.values]
    wanted = Q(as_at__in={place.as_at for place, _ in at}, key__in={name for _, name in at})
    for key, (first, last) in counts.to_date.items():
        wanted |= Q(key=key, as_at__gte=first, as_at__lte=last)
    return ReleasedCell.objects.filter(wanted, commissioner=here.commissioner)


def _latest(cells: ReleasedCellQuerySet) -> dict[tuple[Place, str], Fixed]:
    rows = cells.order_by("number").values_list(*_CELL)
    return {(each.place, each.key): each for each in map(_fixed, rows)}


def _fixed(row: Sequence[Any]) -> Fixed:
    """A row of `_CELL`."""
    commissioner, as_at, key, number, value, state = row
    place = Place(commissioner, as_at)
    return Fixed(place, key, value, state != CellState.SHOWN, place.name_of(key, number))


def _kin(counts: Counts, here: Place, commissioner: Commissioner) -> list[Kin]:
    """The commissioner among the members of each partnership, and of England; or as the whole of its own members."""
    if not counts.adds_up:
        return []
    wholes = [commissioner]
    if commissioner.is_body:
        own = PartnershipMember.objects.on(here.as_at).filter(member=commissioner).values("partnership")
        wholes = list(Commissioner.objects.filter(pk__in=own).order_by("pk"))
    elif commissioner.is_nation:
        return []
    return [each for whole in wholes for each in _kin_of(counts, here, whole)]


def _nation(counts: Counts, here: Place, commissioner: Commissioner) -> list[Nation]:
    """England beside its members, of the numbers that readers know of it; or as it is released now."""
    keys = [key for key in counts.adds_up if here.date_in(key) is None]
    nation = Commissioner.objects.filter(kind=CommissionerKind.NATION).first()
    if not keys or nation is None:
        return []
    cells = ReleasedCell.objects.filter(as_at=here.as_at, key__in=keys)
    wholes: dict[str, int | None] = dict.fromkeys(keys)
    if not commissioner.is_nation:
        wholes = dict(
            cells.filter(commissioner=nation, state=CellState.SHOWN).order_by("number").values_list("key", "value")
        )
        if not wholes:
            return []
    members = set(members_on(nation, here.as_at).values_list("pk", flat=True))
    mine = (
        set(members_on(commissioner, here.as_at).values_list("pk", flat=True)) if commissioner.is_partnership else set()
    )
    found = []
    for told, within in [({}, set[int]()), *_partnerships(cells, here, commissioner)]:
        others = members - within - mine - {commissioner.pk}
        for key, number, total in _shown_of(cells, others, told, wholes):
            found.append(Nation(key, wholes[key], total, number))
    return [each for each in found if each.others < len(members) or not commissioner.is_nation]


def _partnerships(
    cells: ReleasedCellQuerySet, here: Place, commissioner: Commissioner
) -> list[tuple[dict[str, int], set[int]]]:
    """What readers know of each partnership that the commissioner is not in, and its members, who are of England."""
    shown: dict[int, dict[str, int]] = {}
    rows = cells.filter(commissioner__kind=CommissionerKind.PARTNERSHIP, state=CellState.SHOWN).order_by("number")
    for pk, key, value in rows.values_list("commissioner_id", "key", "value"):
        shown.setdefault(pk, {})[key] = value
    in_force = PartnershipMember.objects.on(here.as_at).filter(partnership__in=shown)
    members: dict[int, set[int]] = {pk: set() for pk in shown}
    for partnership, member in in_force.values_list("partnership_id", "member_id"):
        members[partnership].add(member)
    own = members.pop(commissioner.pk, set())
    return [(shown[pk], each) for pk, each in members.items() if commissioner.pk not in each and not each & own]


def _shown_of(
    cells: ReleasedCellQuerySet, bodies: Collection[int], told: Mapping[str, int], keys: Collection[str]
) -> Iterator[tuple[str, int, int]]:
    """Of each number: how many of these bodies' readers do not know, and what those add up to that they know of,
    together with a partnership's, where there is one.
    """
    latest = cells.filter(commissioner__in=bodies).order_by("commissioner_id", "key", "-number")
    rows = ReleasedCell.objects.filter(
        pk__in=latest.distinct("commissioner_id", "key").values("pk"), state=CellState.SHOWN
    )
    known = {key: (n, sum_) for key, n, sum_ in rows.order_by().values_list("key").annotate(Count("pk"), Sum("value"))}
    for key in keys:
        if not told or key in told:
            number, total = known.get(key, (0, 0))
            yield key, len(bodies) - number, total + told.get(key, 0)


def _kin_of(counts: Counts, here: Place, whole: Commissioner) -> list[Kin]:
    is_whole = whole.pk == here.commissioner
    wanted = Q(as_at=here.as_at, key__in=[key for key in counts.adds_up if here.date_in(key) is None])
    dated = [here.of(key) for key in counts.adds_up if here.date_in(key) is not None]
    for place, name in dated:
        wanted |= Q(as_at=place.as_at, key=name)
    for key, (first, last) in counts.to_date.items():
        if key in counts.adds_up:
            wanted |= Q(key=key, as_at__gte=first, as_at__lte=last)
    cells = ReleasedCell.objects.filter(wanted)
    if not is_whole and not cells.filter(commissioner=whole).exists() and not dated:
        return []
    members = frozenset(members_on(whole, here.as_at).values_list("pk", flat=True))
    found = list(_latest(cells.filter(commissioner__in={whole.pk, *members})).values())
    found += _unseen_of({whole.pk, *members}, dated, found)
    mine = {here.of(key): key for key in counts.adds_up}
    by_key: dict[str, list[Fixed]] = {key: [] for key in counts.adds_up}
    for each in found:
        keys = {mine.get((Place(here.commissioner, each.place.as_at), each.key), each.key), each.key}
        for key in keys & by_key.keys():
            if each.place != here.of(key)[0]:
                by_key[key].append(each)
    return [Kin(key, whole.pk, members, released) for key, released in by_key.items() if released]


def _unseen_of(commissioners: Collection[int], dated: Sequence[tuple[Place, str]], cells: list[Fixed]) -> list[Fixed]:
    """Numbers of another date that stand in releases of theirs, and that nobody was shown yet."""
    names = {
        place.name_of(key): (place, key) for pk in commissioners for at, key in dated for place in [Place(pk, at.as_at)]
    }
    for each in cells:
        names.pop(each.name, None)
    values: dict[str, int] = {}
    for unseen in FigureRelease.objects.about({place.node for place, _ in names.values()}).values_list(
        "unseen", flat=True
    ):
        values |= {name: value for name, value in unseen.items() if name in names}
    return [Fixed(*names[name], value, is_hidden=True, name=name) for name, value in sorted(values.items())]


def _background(nodes: set[str]) -> Background:
    """What stands in a sum with these commissioners and dates; and what stands in a sum with that, and so on."""
    sums: list[dict[str, int]] = []
    unknown: dict[str, tuple[int, bool]] = {}
    guarded: set[str] = set()
    seen: set[int] = set()
    more = nodes
    for _ in range(MOST_RINGS):
        reached: set[str] = set()
        rows = FigureRelease.objects.about(more).exclude(pk__in=seen)
        for pk, own, unseen, profile in rows.values_list("pk", "sums", "unseen", "profile"):
            seen.add(pk)
            sums += own
            unknown |= {name: (value, is_last(name)) for name, value in unseen.items()}
            guarded |= {name for name, value in unseen.items() if PROFILES[profile].is_small(value)}
            reached |= {node for signs in own for name in signs if (node := node_in(name))}
        more = reached - nodes
        if not more or len(nodes) + len(more) > MOST_NODES:
            break
        nodes = nodes | more
    places = [node.split(":") for node in nodes]
    virtual = {name.split(":", 2)[2].partition("#")[0] for name in unknown if node_in(name) in nodes}
    cells = ReleasedCell.objects.filter(
        ~Q(state=CellState.SHOWN) | Q(key__in=virtual),
        commissioner__in={int(pk) for pk, _ in places},
        as_at__in={dt.date.fromisoformat(as_at) for _, as_at in places},
    )
    for each in map(_fixed, cells.order_by().values_list(*_CELL)):
        if each.place.node not in nodes:
            continue
        if each.is_hidden:
            unknown[each.name] = (each.value, True)
            guarded.add(each.name)
        else:
            # Nobody was shown it then; it has been released since.
            unknown.pop(each.name, None)
            guarded.discard(each.name)
    return background_of(unknown, guarded, sums)


def releases_of(commissioner: Commissioner) -> FigureReleaseQuerySet:
    """Every release of a commissioner's figures, the latest date first, each with how many cells it hid."""
    hidden = Count("cells", filter=~Q(cells__state=CellState.SHOWN))
    return FigureRelease.objects.filter(commissioner=commissioner).annotate(hidden=hidden).for_lists()


def release_with(commissioner: Commissioner, pk: int) -> FigureRelease | None:
    """One of a commissioner's releases."""
    return FigureRelease.objects.filter(commissioner=commissioner).for_lists().filter(pk=pk).first()


def cells_of(release: FigureRelease) -> list[ReleasedCell]:
    """The cells that were fixed by a release, the hidden ones first. For those who may see the people behind them."""
    return list(release.cells.order_by(Case(When(state=CellState.SHOWN, then=1), default=0), "as_at", "pk"))
