"""All that one dashboard shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offers.models import Cohort
from offers.selectors.lines import offer_lines_for
from phb_register.disclosure import DEFAULT_PROFILE, Profile
from reporting import rules
from reporting.release import Release, release
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import Counted, may_see_people
from reporting.selectors.series import Month, months_in_place


@dataclass(frozen=True)
class Dashboard:
    """The figures as the reader may see them, the months behind the chart, and the cohorts on the offer that day."""

    scope: Counted
    may_see_people: bool
    release: Release
    months: list[Month]
    cohorts: Sequence[Cohort]
    statuses: dict[str, str]

    @property
    def profile(self) -> Profile | None:
        """The disclosure control in force for this reader; None for the case team."""
        return self.release.profile

    @property
    def pace(self) -> rules.Pace | None:
        """How fast the number in place grew."""
        return rules.pace([month.in_place for month in self.months], self.release.figures.target_low)


def profile_for(user: Any, scope: Counted) -> Profile | None:
    """The disclosure control for a reader: none for those who may see the people, the default for all others."""
    return None if may_see_people(user, scope) else DEFAULT_PROFILE


def release_for(user: Any, scope: Counted) -> Release:
    """The figures as the user may see them."""
    return release(figures_for(scope), profile_for(user, scope))


def dashboard_for(user: Any, scope: Counted) -> Dashboard:
    """Everything the dashboard of a commissioner shows to a user."""
    found = release_for(user, scope)
    return Dashboard(
        scope=scope,
        may_see_people=found.profile is None,
        release=found,
        months=months_in_place(scope),
        cohorts=cohorts(scope),
        statuses=_statuses(scope),
    )


def cohorts(scope: Counted) -> list[Cohort]:
    """The cohorts that budgets counted here may be in, in the order of lists and tables."""
    return list(Cohort.objects.used_by([scope.commissioner.pk, *scope.ids]))


def _statuses(scope: Counted) -> dict[str, str]:
    """The status of each cohort on the local offer on the as-at date; a live line wins over one still planned."""
    found: dict[str, str] = {}
    for line in offer_lines_for(scope.commissioner, on=scope.as_at):
        begun = line.starts_on is not None and line.starts_on <= scope.as_at
        over = line.ends_on is not None and line.ends_on <= scope.as_at
        if begun and not over and found.get(line.cohort_code) != "live":
            found[line.cohort_code] = line.status
    return found
