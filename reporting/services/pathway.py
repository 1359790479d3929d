"""Showing the pathway's figures: live to those who may see the people, fixed by their first showing to all others."""

from typing import Any

from reporting import frozen
from reporting.ledger import Counts, Shown
from reporting.pathway_release import PART, PathwayRelease, as_counted, controlled, counts_of
from reporting.rules.pathway import PathwayFigures, PeriodKind, last_whole_quarter, period_up_to
from reporting.selectors.pathway import Walked, pathway_figures, with_changes
from reporting.selectors.scope import counted
from reporting.services import releases


def live(asked: Walked) -> PathwayRelease:
    """Everything as it is now, or was known, over a quarter or a year so far. For those who may see the people."""
    return as_counted(pathway_figures(asked))


def published(asked: Walked, *, purpose: str, to: Any) -> tuple[PathwayRelease, Shown]:
    """The last whole quarter by the as-at date, as everybody else sees it: the same whoever asks, and when."""
    commissioner, ends = asked.scope.commissioner, last_whole_quarter(asked.scope.as_at)
    quarter = Walked(counted(commissioner, ends), period_up_to(ends, PeriodKind.QUARTER), asked.today)

    def count() -> tuple[Counts, PathwayFigures]:
        figures = with_changes(pathway_figures(quarter), quarter)
        return counts_of(figures), figures

    shown = releases.kept(commissioner, ends, PART, purpose=purpose, to=to, count=count)
    return controlled(frozen.read(PathwayFigures, shown.counted), shown.profile, shown.cells), shown
