"""What readers were shown beside a return, of the same commissioner and day."""

import datetime as dt
from collections.abc import Iterable

from reporting.models import FigureRelease, ReleasedCell, Snapshot
from reporting.return_control import IN_PLACE, PART
from reporting.selectors.snapshots import figures_in


def in_place_beside(snapshot: Snapshot) -> dict[str, int]:
    """The dashboard's numbers of people in place that a return may be held against, by their keys.

    Those of the snapshot. Where readers were shown others before it was frozen, the two are of different moments, and
    what lies between them is no number of anything: none is given.
    """
    figures = figures_in(snapshot)
    frozen: dict[str, int] = {name: getattr(figures, name) for name in IN_PLACE}
    rows = ReleasedCell.objects.filter(commissioner=snapshot.commissioner_id, as_at=snapshot.as_at, key__in=frozen)
    shown = dict(rows.order_by("number").values_list("key", "value"))
    return frozen if all(frozen[key] == value for key, value in shown.items()) else {}


def shown_as_known_at(bodies: Iterable[int], quarter_end: dt.date) -> dict[int, dt.datetime]:
    """As known at which moment readers see the returns of these commissioners, of those of whom they saw any."""
    rows = FigureRelease.objects.filter(commissioner__in=bodies, as_at=quarter_end, part=PART).order_by("number")
    return dict(rows.values_list("commissioner_id", "known_at"))
