"""What the page of variation charts: monthly series for XmR charts, and one year beside another. Pure.

Only whole months are charted: the last days of a month would look like a fall.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import TextChoices

from phb_register.dates import ONE_DAY

from .spc import Better

YEAR = 12
#: How many months a chart may go back.
SPANS = (24, 36, 60)
#: Years that are put beside each other.
MOST_YEARS = 6


class Series(TextChoices):
    """A monthly series with an XmR chart of its own."""

    STARTED = "started", "Budgets started"
    CHANGE = "change", "Change in budgets in place"
    RECEIVED = "received", "Referrals received"
    DAYS = "days", "Days to decision"


class Behind(TextChoices):
    """A list of people behind numbers: of days, of a day, or of one commissioner beside others."""

    STARTED = "started", "Budgets started"
    ENDED = "ended", "Budgets ended"
    RECEIVED = "received", "Referrals received"
    DECIDED = "decided", "Referrals first decided"
    IN_PLACE = "in-place", "Budgets in place"
    ON_THE_LINE = "on-the-line", "Budgets in place, on the line over time"
    COMPARED = "compared", "Budgets in place, beside other commissioners"
    COMPARED_CHC = "compared-chc", "CHC budgets in place at home, beside other commissioners"

    @property
    def is_of_a_body(self) -> bool:
        """Whether it is of one commissioner beside others."""
        return self in (Behind.COMPARED, Behind.COMPARED_CHC)

    @property
    def is_at_the_end(self) -> bool:
        """Whether it is of what there was at the end of a day, and not of what happened on some days."""
        return self in (Behind.IN_PLACE, Behind.ON_THE_LINE) or self.is_of_a_body


BETTER: Mapping[Series, Better] = {
    Series.STARTED: Better.HIGH,
    Series.CHANGE: Better.HIGH,
    Series.RECEIVED: Better.NEITHER,
    Series.DAYS: Better.LOW,
}


@dataclass(frozen=True)
class Month:
    """What happened in a whole month, and what was in place at its end. `days` are those of all first decisions."""

    begins_on: dt.date
    in_place: int = 0
    started: int = 0
    ended: int = 0
    received: int = 0
    decided: int = 0
    days: int = 0

    def value(self, series: Series) -> Fraction | None:
        """The month's point in a series; None where nothing was decided, so that there are no days to decision."""
        if series is Series.DAYS:
            return Fraction(self.days, self.decided) if self.decided else None
        return Fraction(
            {Series.STARTED: self.started, Series.CHANGE: self.started - self.ended, Series.RECEIVED: self.received}[
                series
            ]
        )


@dataclass(frozen=True)
class YearUpTo:
    """The twelve months up to the end of `last_month`; the months of a register that began later are noughts."""

    last_month: dt.date
    in_place: int
    started: int
    ended: int
    received: int


def first_of(day: dt.date, months_back: int = 0) -> dt.date:
    """The first day of the month of `day`, or of one so many months before."""
    place = day.year * YEAR + day.month - 1 - months_back
    return dt.date(place // YEAR, place % YEAR + 1, 1)


def last_day(month: dt.date) -> dt.date:
    """The last day of the month that begins on a day."""
    return first_of(month, -1) - ONE_DAY


def last_whole_month(as_at: dt.date) -> dt.date:
    """The first day of the last month that is over at the end of `as_at`."""
    following = first_of(as_at, -1)
    return first_of(as_at) if (following - as_at).days == 1 else first_of(as_at, 1)


def span(months: Sequence[Month], length: int) -> list[Month]:
    """The last `length` months, without those before anything happened."""
    begun = next((place for place, each in enumerate(months) if each.started or each.received), len(months))
    return list(months[max(begun, len(months) - length) :])


def years(months: Sequence[Month]) -> list[YearUpTo]:
    """Each year up to the last month, the latest first, as far back as there is something to tell."""
    found: list[YearUpTo] = []
    end = len(months)
    while end > 0 and len(found) < MOST_YEARS:
        year = months[max(end - YEAR, 0) : end]
        found.append(
            YearUpTo(
                year[-1].begins_on,
                year[-1].in_place,
                sum(each.started for each in year),
                sum(each.ended for each in year),
                sum(each.received for each in year),
            )
        )
        end -= YEAR
    return found
