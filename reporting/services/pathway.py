"""Showing the pathway's figures: live to those who may see the people, fixed by their first showing to all others."""

import datetime as dt
from typing import Any

from phb_register.disclosure import Profile
from phb_register.models import Commissioner, User
from reporting import frozen
from reporting.ledger import Shown
from reporting.pathway_release import PART, PathwayRelease, as_counted, controlled, counts_of
from reporting.rules.pathway import PathwayFigures, PeriodKind, last_whole_quarter, period_up_to
from reporting.selectors.pathway import Walked, pathway_figures, with_changes
from reporting.selectors.scope import Counted, counted
from reporting.services import releases


def live(scope: Counted, kind: PeriodKind, *, today: dt.date) -> PathwayRelease:
    """Everything as it is now, over a quarter or a year so far. For those who may see the people."""
    return as_counted(pathway_figures(Walked(scope, period_up_to(scope.as_at, kind), today)))


def published(
    commissioner: Commissioner, as_at: dt.date, *, purpose: str, to: User | None, today: dt.date
) -> tuple[PathwayRelease, Shown]:
    """The last whole quarter by a date, as everybody else sees it: the same whoever asks, and when."""
    ends = last_whole_quarter(as_at)
    asked = Walked(counted(commissioner, ends), period_up_to(ends, PeriodKind.QUARTER), today)

    def count() -> tuple[Any, PathwayFigures]:
        figures = with_changes(pathway_figures(asked), asked)
        return counts_of(figures), figures

    shown = releases.kept(commissioner, ends, PART, purpose=purpose, to=to, count=count)
    profile: Profile = shown.profile
    return controlled(frozen.read(PathwayFigures, shown.counted), profile, shown.cells), shown
