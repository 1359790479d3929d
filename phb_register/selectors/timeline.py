"""What was recorded of a person and when, from the row histories, and everything that happened to one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from phb_register import slots
from phb_register.models import Person, User

from .merges import moved_under


@dataclass(frozen=True)
class Recorded:
    """One entry of a row's history: the row as it then was and as it was before (None when it was made)."""

    record: Any
    now: Any
    before: Any
    at: dt.datetime
    by: User | None


@dataclass(frozen=True)
class Happened:
    """One event of a timeline, and the merged record under which it was entered, if it was."""

    event: slots.TimelineEvent
    under: Person | None


def timeline_of(user: User, person: Person, *, latest: int | None = None) -> list[Happened]:
    """Everything that happened to a person as far as the user may see it, the latest first; only so many if asked."""
    events = slots.timeline_events(user, person)[:latest]
    under = moved_under(person)
    return [Happened(event, _under(event, person, under)) for event in events]


def _under(event: slots.TimelineEvent, person: Person, under: dict[tuple[str, int], Person]) -> Person | None:
    row = event.about
    if isinstance(row, Person):
        return row if row != person else None
    return under.get((row._meta.label_lower, row.pk)) if row is not None else None


def history_of_rows(model: Any, rows: Iterable[Any]) -> list[Recorded]:
    """The row histories of these rows of one table, the oldest entry first. Two reads."""
    by_pk = {row.pk: row for row in rows}
    events = model.pgh_event_model.objects.filter(pgh_obj__in=list(by_pk))
    found = list(events.select_related("pgh_context").order_by("pgh_id"))
    users = User.objects.in_bulk({pk for pk in map(_user_id, found) if pk is not None})
    before: dict[int, Any] = {}
    recorded = []
    for event in found:
        row, by = by_pk[event.pgh_obj_id], users.get(_user_id(event) or 0)
        recorded.append(Recorded(row, event, before.get(event.pgh_obj_id), event.pgh_created_at, by))
        before[event.pgh_obj_id] = event
    return recorded


def _user_id(event: Any) -> int | None:
    """The user at whose request a row's history was written; None at the console and in jobs."""
    return event.pgh_context.metadata.get("user") if event.pgh_context else None
