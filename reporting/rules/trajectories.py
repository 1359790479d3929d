"""What a commissioner plans to have in place, quarter by quarter. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from phb_register.dates import FinancialYear

#: The month in which each quarter of a financial year ends, and its last day.
QUARTER_ENDS: tuple[tuple[int, int], ...] = ((6, 30), (9, 30), (12, 31), (3, 31))
JANUARY_QUARTER = 3


def quarter_end(year: FinancialYear, quarter: int) -> dt.date:
    """The last day of a quarter, 0 to 3, of a financial year."""
    month, day = QUARTER_ENDS[quarter]
    return dt.date(year.begins + (quarter == JANUARY_QUARTER), month, day)


@dataclass(frozen=True)
class YearPlan:
    """The trajectory of one financial year: what is planned at the end of each quarter, None where nothing is."""

    year: FinancialYear
    numbers: tuple[int | None, ...]
    source: str

    @property
    def is_empty(self) -> bool:
        """Whether no quarter has a number."""
        return all(number is None for number in self.numbers)

    @property
    def mark(self) -> str:
        """Tells what stood there from anything else that might: a page sends back the mark of what it showed."""
        return "|".join(["" if number is None else str(number) for number in self.numbers] + [self.source])


@dataclass(frozen=True)
class PlannedPoint:
    """How many are planned to be in place at the end of `on`."""

    on: dt.date
    in_place: int
    source: str


def planned_points(plans: Iterable[YearPlan]) -> list[PlannedPoint]:
    """Every quarter that has a number, in the order of time."""
    return sorted(
        (
            PlannedPoint(quarter_end(plan.year, quarter), number, plan.source)
            for plan in plans
            for quarter, number in enumerate(plan.numbers)
            if number is not None
        ),
        key=lambda point: point.on,
    )


def last_planned(points: Sequence[PlannedPoint], day: dt.date) -> PlannedPoint | None:
    """The latest point up to the end of `day`."""
    return next((point for point in reversed(points) if point.on <= day), None)


def next_planned(points: Sequence[PlannedPoint], day: dt.date) -> PlannedPoint | None:
    """The first point after `day`."""
    return next((point for point in points if point.on > day), None)
