"""The ledger of releases: what readers who may not see people were shown, and what they would be shown now."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from django.db.models import Case, Count, Q, Sum, When

from phb_register.disclosure import PROFILES, STAR, Background, Controlled, Profile, Reason
from phb_register.models import Commissioner, CommissionerKind, CommissionerSettings, PartnershipMember
from phb_register.selectors.commissioners import members_on
from reporting.figures import Figures
from reporting.frozen import read
from reporting.ledger import Counts, Earlier, Family, Fixed, Joined, Place, Shown, background_of, join, node_in
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
    found = {(as_at, key): controlled(*cell) for as_at, key, *cell in rows}
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
    families = list(_families(counts, here, commissioner))
    nodes = {here.node, *(here.of(key)[0].node for key in counts.values)}
    nodes |= {each.place.node for each in in_period if each.is_hidden}
    for each in families:
        nodes |= {node for name in (*each.hidden, each.whole.name if each.whole else "~") if (node := node_in(name))}
    return Earlier(same, in_period, families, _background(nodes))


def _own_cells(counts: Counts, here: Place) -> ReleasedCellQuerySet:
    at = [here.of(key) for key in counts.values]
    wanted = Q(as_at__in={place.as_at for place, _ in at}, key__in={name for _, name in at})
    for key, (first, last) in counts.to_date.items():
        wanted |= Q(key=key, as_at__gte=first, as_at__lte=last)
    return ReleasedCell.objects.filter(wanted, commissioner=here.commissioner)


def _latest(cells: ReleasedCellQuerySet) -> dict[tuple[Place, str], Fixed]:
    rows = cells.order_by("number").values_list(*_CELL)
    return {(each.place, each.key): each for each in map(_fixed, rows)}


def _fixed(row: Sequence[object]) -> Fixed:
    commissioner, as_at, key, number, value, state = row
    place = Place(commissioner, as_at)  # type: ignore[arg-type]  a row of `_CELL`
    return Fixed(place, key, value, state != CellState.SHOWN, place.name_of(key, number))  # type: ignore[arg-type]


def _families(counts: Counts, here: Place, commissioner: Commissioner) -> Iterator[Family]:
    """The commissioner among the members of each whole that was released; and as the whole of its own members."""
    if not counts.adds_up:
        return
    wholes = _latest(
        ReleasedCell.objects.filter(commissioner__in=_wholes_of(commissioner, here), as_at=here.as_at).filter(
            key__in=counts.adds_up
        )
    )
    by_whole = groupby(
        sorted(wholes.values(), key=lambda each: each.place.commissioner), lambda e: e.place.commissioner
    )
    for pk, cells in by_whole:
        whole = Commissioner.objects.get(pk=pk)
        yield from _family(counts, here, whole, {each.key: each for each in cells})
    if not commissioner.is_body:
        yield from _family(counts, here, commissioner, None)


def _wholes_of(commissioner: Commissioner, here: Place) -> list[int]:
    if not commissioner.is_body:
        return []
    partnerships = PartnershipMember.objects.on(here.as_at).filter(member=commissioner).values("partnership")
    wholes = Commissioner.objects.filter(Q(kind=CommissionerKind.NATION) | Q(pk__in=partnerships))
    return list(wholes.values_list("pk", flat=True))


def _family(counts: Counts, here: Place, whole: Commissioner, cells: Mapping[str, Fixed] | None) -> Iterator[Family]:
    """Each number of a whole beside those of its members; `cells` are the whole's, None where it is released now."""
    keys = counts.adds_up if cells is None else cells.keys()
    members = members_on(whole, here.as_at).values_list("pk", flat=True)
    others = members.exclude(pk=here.commissioner)
    released = ReleasedCell.objects.filter(commissioner__in=others, as_at=here.as_at, key__in=keys)
    latest = released.order_by("commissioner_id", "key", "-number").distinct("commissioner_id", "key").values("pk")
    rows = ReleasedCell.objects.filter(pk__in=latest).order_by()
    hidden: dict[str, list[str]] = {}
    for each in map(_fixed, rows.exclude(state=CellState.SHOWN).values_list(*_CELL)):
        hidden.setdefault(each.key, []).append(each.name)
    told = {key: (n, total) for key, n, total in rows.values_list("key").annotate(Count("pk"), Sum("value"))}
    total_members = members.count()
    for key in keys:
        number, total = told.get(key, (0, 0))
        own = None if cells is None else cells[key]
        yield Family(key, whole.pk, total_members, own, number, total, tuple(sorted(hidden.get(key, ()))))


def _background(nodes: Collection[str]) -> Background:
    sums: list[dict[str, int]] = []
    unknown: dict[str, tuple[int, bool]] = {}
    guarded: set[str] = set()
    for more, unseen, profile in FigureRelease.objects.about(nodes).values_list("sums", "unseen", "profile"):
        sums += more
        unknown |= {name: (value, False) for name, value in unseen.items()}
        guarded |= {name for name, value in unseen.items() if PROFILES[profile].is_small(value)}
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
