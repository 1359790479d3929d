"""All that one dashboard shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offers.models import Cohort
from offers.selectors.lines import LineOnOffer, lines_on, offer_for
from phb_register.disclosure import Profile
from phb_register.selectors.settings import profile_of
from reporting.points import Point, points_shown
from reporting.release import Release
from reporting.selectors.known import as_known
from reporting.selectors.pace import Pace, pace_for
from reporting.selectors.scope import Counted, may_see_people
from reporting.selectors.series import months_in_place


@dataclass(frozen=True)
class Dashboard:
    """The figures as the reader may see them, the line over time, the pace, and the cohorts on the offer that day."""

    scope: Counted
    may_see_people: bool
    release: Release
    points: Sequence[Point]
    pace: Pace
    cohorts: Sequence[Cohort]
    statuses: dict[str, str]


def profile_for(user: Any, scope: Counted) -> Profile | None:
    """The disclosure control for a reader: none for those who may see the people, the commissioner's for others."""
    return None if may_see_people(user, scope) else profile_of(scope.commissioner)


def dashboard_for(scope: Counted, release: Release) -> Dashboard:
    """What a dashboard shows beside the figures that its reader may see.

    Whoever may not see people gets the line that was released with the figures: the register is not counted again.
    """
    with as_known(scope.known_on):
        months = months_in_place(scope) if release.points is None else []
        points = release.points if release.points is not None else points_shown(months, None)
        offer = offer_for(scope.commissioner, scope.as_at)
        lines = lines_on(offer) if offer else []
        return Dashboard(
            scope=scope,
            may_see_people=release.profile is None,
            release=release,
            points=points,
            pace=pace_for(scope, release, months=months, points=points, offer=offer, lines=lines),
            cohorts=cohorts(scope),
            statuses=_statuses(scope, lines),
        )


def cohorts(scope: Counted) -> list[Cohort]:
    """The cohorts that budgets counted here may be in, in the order of lists and tables."""
    return scope.cohorts


def _statuses(scope: Counted, lines: Sequence[LineOnOffer]) -> dict[str, str]:
    """The status of each cohort on the local offer on the as-at date; a live line wins over one still planned."""
    found: dict[str, str] = {}
    for line in lines:
        begun = line.starts_on is not None and line.starts_on <= scope.as_at
        over = line.ends_on is not None and line.ends_on <= scope.as_at
        if begun and not over and found.get(line.cohort_code) != "live":
            found[line.cohort_code] = line.status
    return found
