"""The clock of a referral: by when it is to be decided, and how pauses move that. Pure.

A clock is set when the referral is received, by what the commissioner then promises. Each pause moves the due date by
the days of the clock's own kind from the day the pause began until the day before it ended. A pause that begins when
the date has passed moves nothing: what was late stays late.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from phb_register.dates import DayCount, add_days, days_between

SOON_DAYS = 7


@dataclass(frozen=True)
class Clock:
    """So many days of one kind, counted from the day after ``starts_on``."""

    starts_on: dt.date
    days: int
    counting: DayCount = DayCount.CALENDAR

    @property
    def first_due_on(self) -> dt.date:
        """When it is due if it is never paused."""
        return add_days(self.starts_on, self.days, self.counting)


@dataclass(frozen=True)
class Pause:
    """From ``starts_on`` until the day before ``ends_on``; still going on where that is None."""

    starts_on: dt.date
    ends_on: dt.date | None = None


@dataclass(frozen=True)
class Reading:
    """What a clock says on a day: when it is due, and how many of its days pauses have added."""

    clock: Clock
    due_on: dt.date
    paused_days: int
    is_paused: bool
    read_on: dt.date

    @property
    def days_left(self) -> int:
        """Calendar days until it is due; below nought once that has passed."""
        return (self.due_on - self.read_on).days

    @property
    def is_overdue(self) -> bool:
        """Whether the date has passed while nothing held the clock."""
        return self.due_on < self.read_on and not self.is_paused

    @property
    def is_due_soon(self) -> bool:
        """Whether it is due within a week."""
        return 0 <= self.days_left <= SOON_DAYS and not self.is_paused


def read_clock(clock: Clock, pauses: Iterable[Pause], today: dt.date) -> Reading:
    """What the clock says ``today``. A pause that goes on counts up to today."""
    due, paused, is_paused = clock.first_due_on, 0, False
    for pause in _in_order(pauses):
        is_paused = is_paused or pause.ends_on is None
        days = days_between(pause.starts_on, today if pause.ends_on is None else pause.ends_on, clock.counting)
        if pause.starts_on <= due and days:
            due, paused = add_days(due, days, clock.counting), paused + days
    return Reading(clock, due, paused, is_paused, today)


def settled_due_on(clock: Clock, pauses: Iterable[Pause]) -> dt.date:
    """The due date by the pauses that have ended: what is stored, and stands still while a pause goes on."""
    ended = [pause for pause in pauses if pause.ends_on is not None]
    return read_clock(clock, ended, clock.starts_on).due_on


def next_pause_from(pauses: Iterable[Pause], received_on: dt.date) -> dt.date:
    """The first day on which another pause may begin: pauses do not overlap, and none begins before receipt."""
    return max([received_on, *(pause.ends_on or pause.starts_on for pause in pauses)])


def _in_order(pauses: Iterable[Pause]) -> Sequence[Pause]:
    return sorted(pauses, key=lambda pause: pause.starts_on)
