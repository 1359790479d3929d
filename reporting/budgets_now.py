"""The budgets in place that the phase caps of a local offer's programme are held against."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from offers.budgets_now import BudgetsNow
from phb_register.dates import last_month_end
from phb_register.disclosure import Controlled
from phb_register.models import Commissioner
from reporting import measures as m
from reporting.selectors.releases import figures_shown
from reporting.selectors.scope import counted, may_see_people
from reporting.services.releases import release_for


def budgets_in_place(commissioner: Commissioner, as_at: dt.date, reader: Any) -> Mapping[str | None, BudgetsNow]:
    """By cohort, and in all under None: the very numbers of the dashboard that this reader sees.

    Whoever may not see the people sees them as at the end of the month before; a paper for everybody (`reader` is
    None) has a day of its own, whose figures are fixed when it is made.
    """
    scope = counted(commissioner, as_at)
    if reader is None:
        shown = figures_shown(scope)
    elif may_see_people(reader, scope):
        shown = release_for(reader, scope, purpose="programme")
    else:
        shown = release_for(reader, counted(commissioner, last_month_end(as_at)), purpose="programme")
    on = shown.figures.as_at
    now: dict[str | None, BudgetsNow] = {code: _now(cell, on) for code, cell in shown.by_cohort.items()}
    now[None] = _now(shown.cell(m.PHBS_IN_PLACE.code), on)
    return now


def _now(cell: Controlled, on: dt.date) -> BudgetsNow:
    return BudgetsNow(cell.text, cell.value if isinstance(cell.value, int) else None, on)
