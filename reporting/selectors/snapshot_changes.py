"""What changed between two snapshots of one date: the figures, and the budgets behind them."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from budgets.models import PersonalHealthBudget
from reporting.models import Snapshot

# Both sides as JSON without whose snapshot it is: a budget that only one has, or that both have with other facts.
_CHANGED = """
    FROM (SELECT * FROM reporting_snapshotrecord WHERE snapshot_id = %(before)s) AS old
    FULL JOIN (SELECT * FROM reporting_snapshotrecord WHERE snapshot_id = %(after)s) AS new USING (phb)
    WHERE to_jsonb(old) - 'id' - 'snapshot_id' IS DISTINCT FROM to_jsonb(new) - 'id' - 'snapshot_id'
"""


@dataclass(frozen=True)
class ChangedBudget:
    """A budget of which two snapshots say something else; None where one has it not.

    `phb` is None where it is no longer on the register, `recorded_at` when it was last changed there before the later
    snapshot.
    """

    phb_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    phb: PersonalHealthBudget | None = None
    recorded_at: dt.datetime | None = None


class ChangedBudgets(Sequence[ChangedBudget]):
    """All that changed, read a page at a time."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.before, self.after = before, after
        self._params = {"before": before.pk, "after": after.pk}

    def __len__(self) -> int:
        """How many."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {_CHANGED}", self._params)
            return int(cursor.fetchone()[0])

    def __getitem__(self, place: Any) -> Any:
        """A page of them, in the order in which they were entered in the register."""
        if not isinstance(place, slice):
            return self[place : place + 1][0]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT phb, to_jsonb(old)::text, to_jsonb(new)::text {_CHANGED} "
                "ORDER BY phb OFFSET %(first)s LIMIT %(most)s",
                {**self._params, "first": place.start or 0, "most": place.stop - (place.start or 0)},
            )
            rows = cursor.fetchall()
        ids = [phb for phb, _, _ in rows]
        found = PersonalHealthBudget.objects.select_related("person", "cohort").in_bulk(ids)
        recorded = self._recorded(ids)
        return [
            ChangedBudget(phb, _facts(old), _facts(new), found.get(phb), recorded.get(phb)) for phb, old, new in rows
        ]

    def _recorded(self, ids: Sequence[int]) -> dict[int, dt.datetime]:
        """When each was last entered or changed between the two snapshots, by its history."""
        events: Any = PersonalHealthBudget.pgh_event_model  # type: ignore[attr-defined]
        between = {"pgh_created_at__gt": self.before.frozen_at, "pgh_created_at__lte": self.after.frozen_at}
        rows = events.objects.filter(pgh_obj_id__in=ids, **between).values_list("pgh_obj_id")
        return dict(rows.annotate(last=Max("pgh_created_at")))


def _facts(kept: str | None) -> dict[str, Any] | None:
    return None if kept is None else json.loads(kept)
