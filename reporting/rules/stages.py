"""Where a budget stands in the quarter and year of an as-at date, as one small number. Pure.

PostgreSQL works the number out once a budget (`AS_SQL`) and counts how many there are of each; which numbers a measure
counts is said here once, for the figure and for the list behind it.

Only budgets are looked at that were agreed by the as-at date and had not ended before the year began: no other counts
in any measure. A year begins on 1 April, a quarter on the first of April, July, October or January.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from phb_register.dates import financial_year
from reporting import measures as m
from reporting.rules.counting import WHEELCHAIR_REVIEW_MONTHS, CountingPolicy, CountsFrom

NOT_STARTED, BEFORE_THE_YEAR, BEFORE_THE_QUARTER, IN_THE_QUARTER = range(4)
_END_IN_YEAR, _END_IN_QUARTER, _IN_PLACE_IN_YEAR, _AGREED_IN_YEAR = 4, 8, 16, 32
ALL = range(64)

AS_SQL = f"""(
    CASE
        WHEN phb.started_on IS NULL OR phb.started_on > %(as_at)s THEN {NOT_STARTED}
        WHEN phb.started_on < %(year)s THEN {BEFORE_THE_YEAR}
        WHEN phb.started_on < %(quarter)s THEN {BEFORE_THE_QUARTER}
        ELSE {IN_THE_QUARTER}
    END
    + CASE
        WHEN phb.ended_on IS NULL OR phb.ended_on > %(as_at)s THEN {_IN_PLACE_IN_YEAR + _AGREED_IN_YEAR}
        ELSE CASE WHEN phb.ended_on < %(quarter)s THEN {_END_IN_YEAR} ELSE {_END_IN_QUARTER} END
            + CASE WHEN phb.ended_on > %(year)s THEN
                CASE WHEN phb.ended_on > phb.started_on THEN {_IN_PLACE_IN_YEAR} ELSE 0 END
                    + CASE WHEN phb.ended_on > phb.agreed_on THEN {_AGREED_IN_YEAR} ELSE 0 END
            ELSE 0 END
    END
)"""
#: The budgets that have a stage that counts.
LOOKED_AT = "phb.agreed_on <= %(as_at)s AND (phb.ended_on IS NULL OR phb.ended_on >= %(year)s)"


@dataclass(frozen=True)
class Stage:
    """One such number, taken apart."""

    number: int

    @property
    def has_started(self) -> bool:
        """By the end of the as-at date."""
        return self.number & 3 != NOT_STARTED

    @property
    def has_ended(self) -> bool:
        """By the end of the as-at date, in its year."""
        return bool(self.number & (_END_IN_YEAR | _END_IN_QUARTER))

    @property
    def started_in_quarter(self) -> bool:
        """From the first day of the quarter to the as-at date."""
        return self.number & 3 == IN_THE_QUARTER

    @property
    def started_in_year(self) -> bool:
        """From 1 April to the as-at date."""
        return self.number & 3 >= BEFORE_THE_QUARTER

    @property
    def ended_in_quarter(self) -> bool:
        """From the first day of the quarter to the as-at date."""
        return bool(self.number & _END_IN_QUARTER)

    @property
    def in_place_in_year(self) -> bool:
        """At the end of one day or more from 1 April to the as-at date."""
        return self.has_started and bool(self.number & _IN_PLACE_IN_YEAR)

    @property
    def agreed_in_year(self) -> bool:
        """Agreed or in place at the end of one day or more from 1 April to the as-at date."""
        return bool(self.number & _AGREED_IN_YEAR)


def _those(is_counted: Callable[[Stage], bool]) -> frozenset[int]:
    return frozenset(number for number in ALL if is_counted(Stage(number)))


IN_PLACE = _those(lambda stage: stage.has_started and not stage.has_ended)
AGREED = _those(lambda stage: not stage.has_started and not stage.has_ended)
IN_PLACE_IN_YEAR = _those(lambda stage: stage.in_place_in_year)
AGREED_IN_YEAR = _those(lambda stage: stage.agreed_in_year)

#: The stages that each measure counts; of a measure of people, those of one budget of theirs at least.
COUNTED: dict[str, frozenset[int]] = {
    m.PHBS_IN_PLACE.code: IN_PLACE,
    m.PHBS_AGREED.code: AGREED,
    m.PEOPLE_IN_PLACE.code: IN_PLACE,
    m.ADULTS_IN_PLACE.code: IN_PLACE,
    m.CHILDREN_IN_PLACE.code: IN_PLACE,
    m.BY_COHORT.code: IN_PLACE,
    m.BY_METHOD.code: IN_PLACE,
    m.BY_FUNDING.code: IN_PLACE,
    m.ONE_OFF_IN_PLACE.code: IN_PLACE,
    m.WHEELCHAIR_ACTIVE.code: IN_PLACE,
    m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code: IN_PLACE,
    m.CHC_UPTAKE_EXCLUDING_FAST_TRACK.code: IN_PLACE,
    m.NEW_IN_QUARTER.code: _those(lambda stage: stage.started_in_quarter),
    m.NEW_YEAR_TO_DATE.code: _those(lambda stage: stage.started_in_year),
    m.ENDED_IN_QUARTER.code: _those(lambda stage: stage.has_started and stage.ended_in_quarter),
    m.ENDED_YEAR_TO_DATE.code: _those(lambda stage: stage.has_started and stage.has_ended),
    m.PEOPLE_YEAR_TO_DATE.code: IN_PLACE_IN_YEAR,
    m.ADULTS_YEAR_TO_DATE.code: IN_PLACE_IN_YEAR,
    m.CHILDREN_YEAR_TO_DATE.code: IN_PLACE_IN_YEAR,
    m.ONE_OFF_YEAR_TO_DATE.code: IN_PLACE_IN_YEAR,
}


def counted_stages(measure: m.Measure, policy: CountingPolicy) -> frozenset[int]:
    """The stages that a measure counts. Raises `KeyError` for one that counts no budgets of the register."""
    if measure is m.PEOPLE_COUNTED_YEAR_TO_DATE:
        return AGREED_IN_YEAR if policy.counts_from == CountsFrom.AGREED else IN_PLACE_IN_YEAR
    return COUNTED[measure.code]


def quarter_start(as_at: dt.date) -> dt.date:
    """The first day of the quarter of the financial year in which a date falls."""
    return as_at.replace(month=(as_at.month - 1) // 3 * 3 + 1, day=1)


def year_start(as_at: dt.date) -> dt.date:
    """1 April of the financial year in which a date falls."""
    return financial_year(as_at).start


def earliest_review(as_at: dt.date) -> dt.date:
    """The first day of which 12 months had not passed before `as_at`; a year from 29 February ends on 28 February."""
    try:
        return as_at.replace(year=as_at.year - WHEELCHAIR_REVIEW_MONTHS // 12)
    except ValueError:  # nothing held a year ago lasts until 29 February but from 1 March on
        return dt.date(as_at.year - 1, 3, 1)
