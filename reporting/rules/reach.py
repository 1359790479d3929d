"""Whether the plan can get there: the phase caps and lines of a local offer held against a number. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PlannedLine:
    """A cohort that an offer opens, or is planned to open, from a day until the day before another."""

    cohort_code: str
    starts_on: dt.date | None
    ends_on: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is offered on a day; never without a day to start."""
        return self.starts_on is not None and self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Cap:
    """At most `people` at one time from a day to a last day; of all cohorts together where none is named."""

    cohort_code: str
    people: int
    starts_on: dt.date | None
    ends_on: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        """Whether its phase runs on a day."""
        return self.starts_on is not None and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Room:
    """How many one cohort has room for on a day: by a cap, or because no more are eligible; None where neither is."""

    cohort_code: str
    most: int | None
    is_capped: bool


@dataclass(frozen=True)
class Reach:
    """How many budgets the plan allows on a day, cohort by cohort. `most` is None where some cohort has no limit known.

    `cap_on_all` is the cap on all cohorts together, where there is one; `elsewhere` counts budgets in place of cohorts
    that are not on offer that day, which go on.
    """

    on: dt.date
    rooms: tuple[Room, ...]
    cap_on_all: int | None
    elsewhere: int

    @property
    def most(self) -> int | None:
        """The most there can be in all."""
        parts = [room.most for room in self.rooms]
        known = None if None in parts else sum(part or 0 for part in parts) + self.elsewhere
        limits = [limit for limit in (known, self.cap_on_all) if limit is not None]
        return min(limits, default=None)

    @property
    def unlimited(self) -> tuple[str, ...]:
        """The codes of the cohorts without a limit."""
        return tuple(room.cohort_code for room in self.rooms if room.most is None)


def reach(
    day: dt.date,
    lines: Sequence[PlannedLine],
    caps: Sequence[Cap],
    *,
    eligible: Mapping[str, int],
    in_place: Mapping[str, int],
) -> Reach:
    """Return how far the plan goes on a day.

    `eligible` has the people eligible by cohort, where they are counted; a cohort has no more budgets than those, nor
    than its cap. `in_place` has the budgets in place by cohort.
    """
    running = [cap for cap in caps if cap.holds_on(day)]
    offered = list(dict.fromkeys(line.cohort_code for line in lines if line.holds_on(day)))
    rooms = tuple(_room(code, running, eligible) for code in offered)
    # Of two caps on all that run at once, the tighter one holds.
    on_all = min((cap.people for cap in running if not cap.cohort_code), default=None)
    return Reach(day, rooms, on_all, sum(number for code, number in in_place.items() if code not in offered))


def _room(code: str, caps: Sequence[Cap], eligible: Mapping[str, int]) -> Room:
    capped = min((cap.people for cap in caps if cap.cohort_code == code), default=None)
    counted = eligible.get(code)
    limits = [limit for limit in (capped, counted) if limit is not None]
    return Room(code, min(limits, default=None), is_capped=capped is not None and capped == min(limits))
