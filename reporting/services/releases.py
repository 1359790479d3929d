"""Showing figures to readers who may not see people: fixed by the first showing, and the same ever after."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from phb_register import clock
from phb_register.bulk import one_at_a_time
from phb_register.disclosure import Controlled, Reason
from phb_register.models import Commissioner, User
from phb_register.selectors.settings import profiles_of
from reporting.figures import Figures
from reporting.frozen import fingerprint, keep
from reporting.ledger import Counts, Shown, join
from reporting.models import CellState, FigureRelease, ReleasedCell
from reporting.release import Release, release
from reporting.selectors.earlier import earlier_than
from reporting.selectors.figures import figures_for
from reporting.selectors.ledger_book import Book, Coming
from reporting.selectors.releases import (
    UPTAKE,
    figures_shown,
    figures_to_release,
    release_of,
    releases_among,
    shown_in,
    slot_of,
)
from reporting.selectors.scope import Counted, may_see_people
from reporting.selectors.snapshots import latest_for

LOCK = "reporting.release"

_STATES: dict[Reason, CellState] = {
    Reason.SHOWN: CellState.SHOWN,
    Reason.SMALL: CellState.SMALL,
    Reason.PROTECTS_ANOTHER: CellState.PROTECTS,
}

#: Counts a part: its numbers, the figures to be kept for a programme (or None), and when they were known (or None:
#: now).
Counter = Callable[[], tuple[Counts, Any, dt.datetime | None]]


def shown(
    commissioner: Commissioner,
    as_at: dt.date,
    part: str,
    *,
    purpose: str,
    to: User | None,
    count: Callable[[], Counts],
) -> Shown:
    """A part of a commissioner's figures as a reader sees it who may not see people.

    The first time it is counted, protected beside all that was released before, and fixed in the ledger; `purpose`
    says where it is shown and `to` whom, None where to everybody. Ever after what the ledger has is shown, and `count`
    is not called.
    """
    return kept(commissioner, as_at, part, purpose=purpose, to=to, count=lambda: (count(), None))


def kept(
    commissioner: Commissioner,
    as_at: dt.date,
    part: str,
    *,
    purpose: str,
    to: User | None,
    count: Callable[[], tuple[Counts, Any]],
) -> Shown:
    """The same, with the figures kept for a programme: the `counted` of what is shown."""
    found = release_of(commissioner, as_at, part)
    if found is None:
        row = FigureRelease(commissioner=commissioner, as_at=as_at, part=part, purpose=purpose, shown_to=to)
        found = _fixed(row, lambda: (*count(), None))
    return shown_in(found)


def restate(
    commissioner: Commissioner,
    as_at: dt.date,
    part: str,
    *,
    purpose: str,
    to: User | None,
    reason: str,
    known_at: dt.datetime,
    count: Callable[[], tuple[Counts, Any]],
) -> Shown:
    """Show a part of figures anew, as known at a later moment, for a reason that its readers are told.

    What was released before stays in the ledger, and what was hidden stays hidden. Asking again for the same moment
    changes nothing.
    """
    found = release_of(commissioner, as_at, part)
    if found is None or found.known_at < known_at:
        row = FigureRelease(
            commissioner=commissioner, as_at=as_at, part=part, purpose=purpose, shown_to=to, reason=reason
        )
        found = _fixed(row, lambda: (*count(), known_at))
    return shown_in(found)


def show_all(parts: Sequence[tuple[Commissioner, dt.date, str, Counts]], *, purpose: str, to: User | None) -> None:
    """Have many parts fixed at one go: each that nobody was shown yet, beside those before it."""
    _fixed_together(
        [
            (
                FigureRelease(commissioner=commissioner, as_at=as_at, part=part, purpose=purpose, shown_to=to),
                partial(_as_counted, counts),
            )
            for commissioner, as_at, part, counts in parts
        ]
    )


def _as_counted(counts: Counts) -> tuple[Counts, None, None]:
    return counts, None, None


def release_for(user: User, scope: Counted, *, purpose: str) -> Release:
    """The figures of the dashboard as the user may see them: live, or, for who may not see people, as fixed."""
    if may_see_people(user, scope):
        return release(figures_for(scope), None)
    fix_figures(scope, purpose=purpose, to=user)
    return figures_shown(scope)


def fix_figures(scope: Counted, *, purpose: str, to: User | None) -> None:
    """Have the figures of the dashboard fixed, if nobody was shown them yet; restated, if their snapshot was since.

    Figures that were frozen in a snapshot are released as they were frozen.
    """
    fix_all_figures([scope], purpose=purpose, to=to)


def fix_all_figures(scopes: Sequence[Counted], *, purpose: str, to: User | None) -> None:
    """The same for many at one go: each beside those before it."""
    asked = [
        (
            FigureRelease(commissioner=each.commissioner, as_at=each.as_at, part=UPTAKE, purpose=purpose, shown_to=to),
            partial(_counted, each),
        )
        for each in scopes
    ]
    held = releases_among(row for row, _ in asked)
    wanted = []
    for row, count in asked:
        found = held.get(slot_of(row))
        if found is not None:
            snapshot = latest_for(row.commissioner, row.as_at)
            if snapshot is None or snapshot.number == 1 or snapshot.frozen_at <= found.known_at:
                continue
            row.reason = snapshot.reason
        wanted.append((row, count))
    if wanted:
        _fixed_together(wanted)


def _counted(scope: Counted) -> tuple[Counts, Figures, dt.datetime | None]:
    figures, counts, snapshot = figures_to_release(scope)
    return counts, figures, snapshot.frozen_at if snapshot else None


def _fixed(row: FigureRelease, count: Counter) -> FigureRelease:
    return _fixed_together([(row, count)])[0]


def _fixed_together(asked: Sequence[tuple[FigureRelease, Counter]]) -> list[FigureRelease]:
    """Each as it holds now: one that is there already, or else counted and released, after those before it."""
    now = clock.now()
    counted = [(row, *count()) for row, count in asked]
    with transaction.atomic():
        # England is made of all commissioners, and so are its figures: two releases at once would not see each other.
        # Each waits for the one before, which takes milliseconds; counting was done before.
        one_at_a_time(LOCK)
        held = releases_among(row for row, *_ in counted)
        missing = []
        for row, counts, figures, known_at in counted:
            found = held.get(slot_of(row))
            if found is None or (row.reason and known_at is not None and known_at > found.known_at):
                row.known_at = known_at or now
                row.number = found.number + 1 if found else 1
                row.reason = row.reason if found else ""
                held[slot_of(row)] = row
                missing.append((row, counts, figures))
        _fix(missing)
        return [held[slot_of(row)] for row, _ in asked]


def _fix(missing: Sequence[tuple[FigureRelease, Counts, Any]]) -> None:
    """Work each out beside all that was released before and those before it, and write them at one go."""
    if not missing:
        return
    coming = [Coming(row.commissioner, row.as_at, counts) for row, counts, _ in missing]
    book = Book(coming)
    profiles = profiles_of(each.commissioner.pk for each in coming)
    cells: list[ReleasedCell] = []
    for each, (row, counts, figures) in zip(coming, missing, strict=True):
        profile = profiles[row.commissioner_id]
        joined = join(counts, each.here, profile, earlier_than(each, book), number=row.number)
        book.add(each, joined, profile, row.number)
        row.profile = profile.code
        row.keys = [key for key in counts.values if key not in counts.unseen]
        row.counted = None if figures is None else keep(figures)
        row.sums, row.unseen, row.nodes = joined.sums, joined.unseen, joined.nodes
        own = _cells(row, each, joined.cells)
        row.content_hash = _hash(row, own)
        cells += own
    FigureRelease.objects.bulk_create([row for row, *_ in missing])
    ReleasedCell.objects.bulk_create(cells)


def _cells(row: FigureRelease, coming: Coming, controlled: Mapping[str, Controlled]) -> list[ReleasedCell]:
    found = []
    for key, cell in controlled.items():
        place, name = coming.here.of(key)
        found.append(
            ReleasedCell(
                release=row,
                commissioner_id=place.commissioner,
                as_at=place.as_at,
                key=name,
                number=row.number,
                value=coming.counts.values[key],
                state=_STATES[cell.reason],
            )
        )
    return found


def _hash(row: FigureRelease, cells: list[ReleasedCell]) -> str:
    return fingerprint(
        {
            "commissioner": row.commissioner.code,
            "as_at": row.as_at.isoformat(),
            "part": row.part,
            "number": row.number,
            "profile": row.profile,
            "known_at": row.known_at.isoformat(),
            "cells": [[each.as_at.isoformat(), each.key, each.value, str(each.state)] for each in cells],
            "figures": row.counted,
        }
    )
