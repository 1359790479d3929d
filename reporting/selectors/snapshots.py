"""Reads of snapshots, and the figures in them."""

import datetime as dt
from typing import Any

from budgets.enums import Method
from offers.models import Cohort
from phb_register.models import Commissioner
from reporting import measures as m
from reporting.figures import Figures
from reporting.frozen import FORMAT, FrozenFigure, fingerprint, frozen_figure, keep, read
from reporting.models import Snapshot
from reporting.models.snapshots import SnapshotQuerySet
from reporting.rules.counting import SWITCHES, CountingPolicy
from reporting.selectors.records import fingerprint_of, of_snapshot
from reporting.selectors.scope import Counted

OTHER_PARTS = {m.NOT_RECORDED: "No method recorded that day"}


def snapshots_of(commissioner: Commissioner) -> SnapshotQuerySet:
    """Every snapshot of a commissioner's figures, the latest first. Whoever asks has been let to its dashboard."""
    return Snapshot.objects.filter(commissioner=commissioner).for_lists()


def snapshot_of(commissioner: Commissioner, reference: Any) -> Snapshot | None:
    """One of them, whole, or None."""
    return (
        Snapshot.objects.filter(commissioner=commissioner, reference=reference)
        .select_related("commissioner", "frozen_by")
        .first()
    )


def latest_for(commissioner: Commissioner, as_at: dt.date) -> Snapshot | None:
    """The snapshot that counts of a date: its last restatement, or the first; None where nothing was frozen."""
    return Snapshot.objects.of(commissioner, as_at).select_related("commissioner", "frozen_by").first()


def is_latest(snapshot: Snapshot) -> bool:
    """Whether no restatement took its place."""
    return not Snapshot.objects.of(snapshot.commissioner, snapshot.as_at).filter(number__gt=snapshot.number).exists()


def rows_in(snapshot: Snapshot) -> list[FrozenFigure]:
    """Every figure with its words, as it was frozen, under no disclosure control."""
    return [frozen_figure(row) for row in snapshot.figures]


def figures_in(snapshot: Snapshot) -> Figures:
    """The same as they were counted, to be released like live ones. Raises ValueError for a form no longer known."""
    if snapshot.counted["format"] != FORMAT:
        raise ValueError(f"A snapshot of format {snapshot.counted['format']} cannot be read here")
    return read(Figures, snapshot.counted["figures"])


def content_of(snapshot: Snapshot) -> dict[str, Any]:
    """What its content hash covers: all that it says, and the fingerprint of the budgets it looked at."""
    return {
        "commissioner": snapshot.commissioner.code,
        "as_at": snapshot.as_at.isoformat(),
        "number": snapshot.number,
        "reason": snapshot.reason,
        "policy": snapshot.policy,
        "figures": snapshot.figures,
        "counted": snapshot.counted,
        "records": snapshot.records,
        "records_hash": snapshot.records_hash,
    }


def is_whole(snapshot: Snapshot, *, most_records: int | None = None) -> bool:
    """Whether it and its budgets are as they were when they were frozen, by their fingerprints.

    The budgets are read again unless there are more than `most_records`.
    """
    if snapshot.content_hash != fingerprint(content_of(snapshot)):
        return False
    if most_records is not None and snapshot.records > most_records:
        return True
    return fingerprint_of(of_snapshot(snapshot)) == (snapshot.records, snapshot.records_hash)


def names_of_parts() -> dict[str, str]:
    """The names of the parts of figures, by their codes: cohorts and methods."""
    return {**dict(Cohort.objects.values_list("code", "name")), **dict(Method.choices), **OTHER_PARTS}


def policy_of(scope: Counted) -> dict[str, Any]:
    """How was counted: each switch in words, and the positions for a programme."""
    policy = scope.policy
    return {
        "words": [{"label": each.label, "said": each.said(policy)} for each in SWITCHES],
        "switches": keep(policy),
    }


def policy_in(snapshot: Snapshot) -> CountingPolicy:
    """How a snapshot was counted."""
    return read(CountingPolicy, snapshot.policy["switches"])
