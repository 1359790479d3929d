"""Showing figures to readers who may not see people: fixed by the first showing, and the same ever after."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from phb_register import clock
from phb_register.bulk import one_at_a_time
from phb_register.disclosure import Controlled, Reason
from phb_register.models import Commissioner, User
from reporting.frozen import fingerprint, keep
from reporting.ledger import Counts, Place, Shown
from reporting.models import CellState, FigureRelease, ReleasedCell
from reporting.selectors.releases import profile_of, release_of, shown_in, work_out

_STATES: dict[Reason, CellState] = {
    Reason.SHOWN: CellState.SHOWN,
    Reason.SMALL: CellState.SMALL,
    Reason.PROTECTS_ANOTHER: CellState.PROTECTS,
}

#: Counts a part, and gives with it the figures as a programme reads them again, if they are to be kept.
Counter = Callable[[], tuple[Counts, Any]]


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
    commissioner: Commissioner, as_at: dt.date, part: str, *, purpose: str, to: User | None, count: Counter
) -> Shown:
    """The same, with the figures kept for a programme: the `counted` of what is shown."""
    found = release_of(commissioner, as_at, part)
    if found is None:
        known_at = clock.now()
        counts, figures = count()
        with transaction.atomic():
            # England is made of all commissioners, and so are its figures: two releases at once would not see each
            # other. Each waits for the one before, which takes milliseconds; counting was done before.
            one_at_a_time("reporting.release")
            found = release_of(commissioner, as_at, part)
            if found is None:
                release = FigureRelease(
                    commissioner=commissioner, as_at=as_at, part=part, known_at=known_at, purpose=purpose, shown_to=to
                )
                found = _fix(release, counts, figures)
    return shown_in(found)


def _fix(release: FigureRelease, counts: Counts, figures: Any) -> FigureRelease:
    profile = profile_of(release.commissioner)
    joined = work_out(release.commissioner, release.as_at, counts, profile)
    release.profile = profile.code
    release.keys = [key for key in counts.values if key not in counts.unseen]
    release.counted = None if figures is None else keep(figures)
    release.sums, release.unseen, release.nodes = joined.sums, joined.unseen, joined.nodes
    cells = _cells(release, counts.values, joined.cells)
    release.content_hash = _hash(release, cells)
    release.save(force_insert=True)
    ReleasedCell.objects.bulk_create(cells)
    return release


def _cells(
    release: FigureRelease, values: Mapping[str, int], controlled: Mapping[str, Controlled]
) -> list[ReleasedCell]:
    here = Place(release.commissioner_id, release.as_at)
    cells = []
    for key, cell in controlled.items():
        place, name = here.of(key)
        cells.append(
            ReleasedCell(
                release=release,
                commissioner_id=place.commissioner,
                as_at=place.as_at,
                key=name,
                number=release.number,
                value=values[key],
                state=_STATES[cell.reason],
            )
        )
    return cells


def _hash(release: FigureRelease, cells: list[ReleasedCell]) -> str:
    return fingerprint(
        {
            "commissioner": release.commissioner.code,
            "as_at": release.as_at.isoformat(),
            "part": release.part,
            "number": release.number,
            "profile": release.profile,
            "known_at": release.known_at.isoformat(),
            "cells": [[each.as_at.isoformat(), each.key, each.value, str(each.state)] for each in cells],
            "figures": release.counted,
        }
    )
