"""The figures of one commissioner as at one date. Pure.

`Figures` holds what was counted; `reporting.release` turns it into what a reader may see.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reporting import measures as m
from reporting.rules.counting import DEFAULT_POLICY, CountingPolicy
from reporting.rules.filters import Filters

CHC = "chc"
#: The cohort whose budgets count as active only while they are reviewed.
WHEELCHAIR = "wheelchair"


@dataclass(frozen=True)
class PopulationOn:
    """A population as at a date; `people` is None where it is not known, and `remedy` says what to do."""

    people: int | None
    basis: str = ""
    counted_on: dt.date | None = None
    source: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class TargetBand:
    """What is to be reached, from `low` to `high`, and where it is set out.

    In budgets per 1,000 people, or, where `is_rate` is false, in budgets whatever the population.
    """

    low: Decimal
    high: Decimal
    source: str
    is_rate: bool = True
    reach_by: dt.date | None = None

    def in_budgets(self, population: int | None) -> tuple[int | None, int | None]:
        """Both ends as whole budgets; None where a rate has no population."""
        if not self.is_rate:
            return int(self.low), int(self.high)
        return m.target_budgets(population, self.low), m.target_budgets(population, self.high)


NATIONAL_TARGET = TargetBand(
    low=Decimal(1),
    high=Decimal(2),
    source="NHS planning guidance for 2015/16: 1 to 2 people in every 1,000 within three to five years",
)


@dataclass(frozen=True)
class Eligible:
    """People eligible for CHC in the community; `people` is None where not known, and `remedy` says what to do."""

    people: int | None
    fast_track: int | None
    counted_on: dt.date | None = None
    source: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Figures:
    """Everything counted for one commissioner or partnership at the end of `as_at`.

    `phbs_…`, `new_…`, `ended_…`, `one_off_…`, `wheelchair_active`, `by_cohort`, `by_funding` and the CHC numerators
    count personal health budgets; the rest counts people, once each. `known_on`, `only` and `policy` say what was
    counted: what the register knew on a day, a part of it, and by which switches.
    """

    commissioner_code: str
    as_at: dt.date
    phbs_in_place: int
    phbs_agreed: int
    people_in_place: int
    children_in_place: int
    people_year_to_date: int
    by_cohort: Mapping[str, int]
    by_method: Mapping[str, int]
    chc_in_community: int
    chc_in_community_fast_track: int
    population: PopulationOn
    target: TargetBand
    chc_eligible: Eligible
    new_in_quarter: int = 0
    new_year_to_date: int = 0
    ended_in_quarter: int = 0
    ended_year_to_date: int = 0
    children_year_to_date: int = 0
    people_counted_year_to_date: int = 0
    one_off_in_place: int = 0
    one_off_year_to_date: int = 0
    wheelchair_active: int = 0
    by_funding: Mapping[str, int] = field(default_factory=dict)
    known_on: dt.date | None = None
    only: Filters = field(default_factory=Filters)
    policy: CountingPolicy = DEFAULT_POLICY

    @property
    def adults_year_to_date(self) -> int:
        """People of 18 and over on the as-at date with a budget in place in the financial year so far."""
        return self.people_year_to_date - self.children_year_to_date

    @property
    def adults_in_place(self) -> int:
        """People of 18 and over with a budget in place."""
        return self.people_in_place - self.children_in_place

    @property
    def rate_per_1000(self) -> Decimal | None:
        """Budgets in place per 1,000 people, 3 places."""
        return m.rate_per_1000(self.phbs_in_place, self.population.people)

    @property
    def target_low(self) -> int | None:
        """The lower end of the target in budgets."""
        return self.target.in_budgets(self.population.people)[0]

    @property
    def target_high(self) -> int | None:
        """The upper end of the target in budgets."""
        return self.target.in_budgets(self.population.people)[1]

    @property
    def gap_to_low(self) -> int | None:
        """Budgets still missing to the lower target; below zero when it is passed."""
        return None if self.target_low is None else self.target_low - self.phbs_in_place

    @property
    def chc_uptake_including_fast_track(self) -> m.Ratio:
        """CHC budgets in the community over people eligible for CHC in the community."""
        return m.Ratio(self.chc_in_community, self.chc_eligible.people, self.chc_eligible.remedy)

    @property
    def chc_uptake_excluding_fast_track(self) -> m.Ratio:
        """The same with everyone on fast track out of both numbers."""
        eligible = self.chc_eligible
        known = eligible.people is not None and eligible.fast_track is not None
        return m.Ratio(
            self.chc_in_community - self.chc_in_community_fast_track,
            eligible.people - eligible.fast_track if known else None,  # type: ignore[operator]
            eligible.remedy,
        )
