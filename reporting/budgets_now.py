"""The budgets in place that the phase caps of a local offer's programme are held against."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from offers.budgets_now import BudgetsNow
from phb_register.disclosure import DEFAULT_PROFILE, Controlled
from phb_register.models import Commissioner
from reporting import measures as m
from reporting.release import release
from reporting.selectors.dashboard import profile_for
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted


def budgets_in_place(commissioner: Commissioner, as_at: dt.date, reader: Any) -> Mapping[str | None, BudgetsNow]:
    """By cohort, and in all under None: the very numbers of the dashboard that this reader sees."""
    scope = counted(commissioner, as_at)
    profile = DEFAULT_PROFILE if reader is None else profile_for(reader, scope)
    shown = release(figures_for(scope), profile)
    now: dict[str | None, BudgetsNow] = {code: _now(cell) for code, cell in shown.by_cohort.items()}
    now[None] = _now(shown.cell(m.PHBS_IN_PLACE.code))
    return now


def _now(cell: Controlled) -> BudgetsNow:
    return BudgetsNow(cell.text, cell.value if isinstance(cell.value, int) else None)
