"""The line of what was in place over time, as it may be shown. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol, TypeVar

from phb_register.disclosure import Profile

# A longer series is shown by quarter: the line looks the same, and its table can still be read.
MOST_MONTHS = 24
QUARTER_ENDS = (3, 6, 9, 12)


class Month(Protocol):
    """What was in place at the end of a month."""

    @property
    def on(self) -> dt.date: ...

    @property
    def in_place(self) -> int: ...


AnyMonth = TypeVar("AnyMonth", bound=Month)


@dataclass(frozen=True)
class Point:
    """A month's number in place as it may be shown; None where it is hidden."""

    on: dt.date
    in_place: int | None


def line_of(months: Sequence[AnyMonth]) -> Sequence[AnyMonth]:
    """The ends of months, or of quarters where there are many; the last one always."""
    if len(months) <= MOST_MONTHS:
        return months
    return [month for month in months[:-1] if month.on.month in QUARTER_ENDS] + list(months[-1:])


def points_shown(months: Sequence[Month], profile: Profile | None, *, is_last_hidden: bool = False) -> list[Point]:
    """Return the ends of months, or of quarters where there are many, as they may be shown.

    Small numbers are left out of the line and starred in the table. The last point is the as-at date: where the number
    in place is hidden beside the line, be it only to protect another, `is_last_hidden` hides it here too, back to where
    it was another.
    """
    months = line_of(months)
    points = [Point(month.on, _shown(month.in_place, profile)) for month in months]
    if not is_last_hidden:
        return points
    same = list(takewhile(lambda month: month.in_place == months[-1].in_place, reversed(months)))
    return [*points[: len(points) - len(same)], *(Point(month.on, None) for month in reversed(same))]


def _shown(number: int, profile: Profile | None) -> int | None:
    if profile is None:
        return number
    return None if profile.is_small(number) else profile.shown(number)
