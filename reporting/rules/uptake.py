"""Rules of the as-at date and of the words that depend on figures. Pure."""

import datetime as dt
from enum import StrEnum, unique

# The first commissioners opened on this day; no register can know of an earlier one.
EARLIEST_AS_AT = dt.date(2013, 4, 1)


@unique
class Course(StrEnum):
    """How uptake stands against the target band."""

    NOT_KNOWN = "not known"
    BELOW = "below the target band"
    WITHIN = "within the target band"
    ABOVE = "above the target band"


def course(in_place: int, low: int | None, high: int | None) -> Course:
    """Return where `in_place` stands against the band from `low` to `high`, both of which belong to it."""
    if low is None or high is None:
        return Course.NOT_KNOWN
    if in_place < low:
        return Course.BELOW
    return Course.WITHIN if in_place <= high else Course.ABOVE


@unique
class Standing(StrEnum):
    """How a line of a local offer's timeline stands on a date, against what was planned."""

    OPEN = "Open"
    LATE = "Late: should have begun"
    NOT_DECIDED = "Not decided yet"
    TO_COME = "To come"
    OVER = "Over"
    NO_DATE = "No date yet"


def standing(
    is_live: bool, begins_on: dt.date | None, ends_on: dt.date | None, as_at: dt.date, *, is_promised: bool = True
) -> Standing:
    """Return how a line stands at the end of `as_at`. It runs from `begins_on` until the day before `ends_on`.

    One that was only proposed, or is being scoped, is not `is_promised`: nothing of it can be late.
    """
    if ends_on is not None and ends_on <= as_at:
        return Standing.OVER
    if begins_on is None:
        return Standing.OPEN if is_live else Standing.NO_DATE
    if begins_on > as_at:
        return Standing.TO_COME
    if is_live:
        return Standing.OPEN
    return Standing.LATE if is_promised else Standing.NOT_DECIDED
