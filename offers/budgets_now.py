"""How many budgets there are now, for the caps of a programme's phases.

This room only declares the question. A room further on (reporting) counts, under the disclosure control that the
reader needs, and answers from its `AppConfig.ready()`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from phb_register.models import Commissioner


@dataclass(frozen=True)
class BudgetsNow:
    """Budgets in place of one cohort, or of all, at the end of a day: as printed, and as a number where known."""

    text: str
    number: int | None
    on: dt.date


#: (commissioner or partnership, as-at date, reader or None for a paper that anybody may see) to the budgets in place
#: by the cohort's code; of all cohorts together under None.
BudgetCounter = Callable[[Commissioner, dt.date, Any], Mapping[str | None, BudgetsNow]]

_counters: list[BudgetCounter] = []


def answer_with(counter: BudgetCounter) -> None:
    """Count with this from now on."""
    _counters[:] = [counter]


def budgets_now(commissioner: Commissioner, as_at: dt.date, reader: Any = None) -> Mapping[str | None, BudgetsNow]:
    """Budgets in place at the end of a day, as the reader may see them; nothing where nobody counts."""
    return _counters[0](commissioner, as_at, reader) if _counters else {}
