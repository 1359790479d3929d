"""The figures of one commissioner as at one date. Pure.

`Figures` holds what was counted; `reporting.release` turns it into what a reader may see.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reporting import measures as m

CHC = "chc"


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

    `phbs_…`, `by_cohort` and the CHC numerators count personal health budgets; the rest counts people, once each.
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
