"""The ledger of releases: what readers who may not see people were shown, and what they would be shown now."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Case, Count, Q, When

from budgets.models import PersonalHealthBudget
from phb_register.disclosure import PROFILES, STAR, Controlled, Reason
from phb_register.models import Commissioner
from phb_register.selectors.settings import profile_of
from reporting.figures import Figures
from reporting.frozen import read
from reporting.ledger import Counts, Place, Shown, join
from reporting.models import CellState, FigureRelease, ReleasedCell, Snapshot
from reporting.models.releases import FigureReleaseQuerySet
from reporting.points import line_of
from reporting.release import Release, counts_of, release_from
from reporting.selectors.earlier import earlier_than
from reporting.selectors.figures import figures_for
from reporting.selectors.ledger_book import Book, Coming
from reporting.selectors.scope import Counted
from reporting.selectors.series import months_in_place
from reporting.selectors.snapshots import figures_in, latest_for

#: The part of the dashboard's figures.
UPTAKE = "uptake"
#: So many budgets are counted, and what was counted is released, in less than half a second.
LARGE = 50_000

REASONS: dict[str, Reason] = {
    CellState.SHOWN: Reason.SHOWN,
    CellState.SMALL: Reason.SMALL,
    CellState.PROTECTS: Reason.PROTECTS_ANOTHER,
}


def release_of(commissioner: Commissioner, as_at: dt.date, part: str) -> FigureRelease | None:
    """The release of a part of a commissioner's figures that holds now; None where nobody was shown it yet."""
    return FigureRelease.objects.of(commissioner, as_at).filter(part=part).defer("sums", "unseen", "nodes").first()


def is_released(commissioner: Commissioner, as_at: dt.date, part: str) -> bool:
    """Whether anybody was shown a part of a commissioner's figures."""
    return FigureRelease.objects.of(commissioner, as_at).filter(part=part).exists()


def is_large() -> bool:
    """Whether the register has so many budgets that no page waits until all of them are counted."""
    return PersonalHealthBudget.objects.order_by()[:LARGE].count() == LARGE


def releases_among(rows: Iterable[FigureRelease]) -> dict[tuple[int, dt.date, str], FigureRelease]:
    """The releases that hold now of the same commissioners, dates and parts as these; when and what number alone."""
    rows = list(rows)
    held = FigureRelease.objects.filter(
        commissioner__in={each.commissioner_id for each in rows},
        as_at__in={each.as_at for each in rows},
        part__in={each.part for each in rows},
    )
    found = held.only("commissioner_id", "as_at", "part", "number", "known_at").order_by("number")
    return {slot_of(each): each for each in found}


def slot_of(release: FigureRelease) -> tuple[int, dt.date, str]:
    """What there is one release of that holds: a commissioner, a date and a part."""
    return release.commissioner_id, release.as_at, release.part


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
    coming = Coming(commissioner, as_at, counts)
    joined = join(counts, coming.here, profile, earlier_than(coming, Book([coming])))
    return Shown({**cells_at(coming.here, counts.values.keys()), **joined.cells}, profile)


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
