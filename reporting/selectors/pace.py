"""How fast the number in place grows, what it is to reach, and whether it will, as one reader may see it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from offers.enums import LineStatus
from offers.models import LocalOffer
from offers.selectors.caps import caps_of
from offers.selectors.lines import LineOnOffer
from phb_register.dates import financial_year
from phb_register.models import Commissioner
from reporting import measures as m
from reporting.figures import CHC
from reporting.forecasting import BeingMadeError, forecast
from reporting.models import EligiblePopulation
from reporting.points import Point
from reporting.release import Release
from reporting.rules.pace import Forecast, Goal, Level, Outlook, RunRate, Series, Verdict, outlook, run_rate, series_of
from reporting.rules.reach import Cap, PlannedLine, Reach, reach
from reporting.rules.trajectories import PlannedPoint, last_planned, next_planned
from reporting.selectors.scope import Counted
from reporting.selectors.series import Month
from reporting.selectors.trajectories import points_of

#: Lines that nobody has promised lead nowhere yet.
PROMISED = (LineStatus.LIVE, LineStatus.PLANNED)


@dataclass(frozen=True)
class PastPoint:
    """A quarter that was planned and is over, with what was in place at its end; None where that is not shown."""

    planned: PlannedPoint
    in_place: int | None


@dataclass(frozen=True)
class Pace:
    """All that is said of the pace. `in_place` is None where it is hidden; `is_part` where the figures are narrowed.

    While the forecast `is_being_made` there is none yet, and nothing is said that it may change.
    """

    as_at: dt.date
    in_place: int | None
    is_part: bool
    rate: RunRate | None
    forecast: Forecast | None
    is_being_made: bool
    is_series_long_enough: bool
    planned: tuple[PlannedPoint, ...]
    past: tuple[PastPoint, ...]
    outlooks: tuple[Outlook, ...]
    reach: Reach | None

    @property
    def main(self) -> Outlook | None:
        """What the first sentence is about: the first that is still to be reached, or else the last that is."""
        open_ones = [each for each in self.outlooks if each.verdict not in (Verdict.REACHED, Verdict.NOT_KNOWN)]
        return next(iter([*open_ones, *reversed(self.outlooks)]), None)


def pace_for(
    scope: Counted,
    release: Release,
    *,
    months: Sequence[Month],
    points: Sequence[Point],
    offer: LocalOffer | None,
    lines: Sequence[LineOnOffer],
) -> Pace:
    """Return the pace, from what the release shows.

    Whoever sees the people gets every month, with what began and ended in it. Everybody else gets what is made from
    the points of the line that they see anyway, and nothing of what began and ended is said.
    """
    is_controlled = release.profile is not None
    levels: Sequence[Level] = points if is_controlled else months
    rate = run_rate(levels)
    if rate is not None and not is_controlled:
        within = [month for month in months if rate.since < month.on <= rate.until]
        rate = replace(rate, started=sum(each.started for each in within), ended=sum(each.ended for each in within))
    series = series_of(levels)
    ahead, is_being_made = _expected(series)
    shown = release.cell(m.PHBS_IN_PLACE.code).value
    in_place = int(shown) if shown is not None else None
    planned = () if scope.only else tuple(points_of(scope.commissioner))
    outlooks = tuple(
        outlook(goal, in_place=in_place, as_at=scope.as_at, rate=rate, forecast=ahead, is_being_made=is_being_made)
        for goal in _goals(release, planned, scope.as_at, is_part=bool(scope.only))
    )
    found = Pace(
        as_at=scope.as_at,
        in_place=in_place,
        is_part=bool(scope.only),
        rate=rate,
        forecast=ahead,
        is_being_made=is_being_made,
        is_series_long_enough=series is not None,
        planned=planned,
        past=_past(levels, planned, scope.as_at),
        outlooks=outlooks,
        reach=None,
    )
    return replace(found, reach=_reach(found, scope, release, offer, lines))


def _expected(series: Series | None) -> tuple[Forecast | None, bool]:
    """The forecast, and whether it is being made."""
    # A line that never moved is going nowhere that one could be unsure of.
    if series is None or len(set(series.known)) < 2:
        return None, False
    try:
        return forecast(series), False
    except BeingMadeError:
        return None, True


def _goals(release: Release, planned: Sequence[PlannedPoint], as_at: dt.date, *, is_part: bool) -> list[Goal]:
    """The next quarter that is planned, the last one of its year, and both ends of the target.

    None of them is of a part of the register, so there are none where the figures are narrowed to one.
    """
    goals: list[Goal] = []
    if is_part:
        return goals
    coming = next_planned(planned, as_at)
    if coming is not None:
        end = last_planned(planned, financial_year(coming.on).end) or coming
        for point in dict.fromkeys((coming, end)):
            goals.append(Goal(f"Trajectory for the end of {point.on:%B %Y}", point.in_place, point.on, point.source))
    figures = release.figures
    target = figures.target
    has_two = figures.target_low is None or figures.target_high != figures.target_low
    goals.append(Goal("Lower target" if has_two else "Target", figures.target_low, target.reach_by, target.source))
    if figures.target_high != figures.target_low:
        goals.append(Goal("Upper target", figures.target_high, target.reach_by, target.source))
    return goals


def _past(levels: Sequence[Level], planned: Sequence[PlannedPoint], as_at: dt.date) -> tuple[PastPoint, ...]:
    known = {level.on: level.in_place for level in levels}
    first = min(known, default=None)
    return tuple(
        PastPoint(point, 0 if first is not None and point.on < first else known.get(point.on))
        for point in planned
        if point.on <= as_at
    )


def _reach(
    found: Pace, scope: Counted, release: Release, offer: LocalOffer | None, lines: Sequence[LineOnOffer]
) -> Reach | None:
    """How far the plan goes by the day of what is to be reached; without one, as it is on the as-at date."""
    main = found.main
    if offer is None or main is None or main.verdict == Verdict.REACHED:
        return None
    day = main.goal.by if main.goal.by is not None and main.goal.by > scope.as_at else scope.as_at
    eligible = _eligible(scope.commissioner, scope.as_at)
    if release.figures.chc_eligible.people is not None:
        eligible = {CHC: release.figures.chc_eligible.people} | eligible
    return reach(
        day,
        [PlannedLine(line.cohort_code, line.starts_on, line.ends_on) for line in lines if line.status in PROMISED],
        [Cap(cap.cohort_code, cap.people, cap.starts_on, cap.ends_on) for cap in caps_of(offer)],
        eligible=eligible,
        in_place={code: int(cell.value or 0) for code, cell in release.by_cohort.items()},
    )


def _eligible(commissioner: Commissioner, as_at: dt.date) -> dict[str, int]:
    """The people eligible by cohort, by the commissioner's own newest counts of each place they live in."""
    counts: dict[str, int] = {}
    for count in EligiblePopulation.objects.newest_by_cohort(commissioner, on=as_at):
        counts[count.cohort.code] = counts.get(count.cohort.code, 0) + count.people
    return counts
