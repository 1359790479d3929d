"""Rule books for hundreds of days, read once for each stretch of days on which the same rules hold."""

import datetime as dt
from bisect import bisect_right
from dataclasses import replace

from eligibility.models import RuleSetVersion
from eligibility.selectors.rule_sets import RuleBook, rule_book
from phb_register.dates import ONE_DAY
from phb_register.models import Commissioner, PartnershipMember, Succession

#: What a rule book rests on, and the dates on which it may become another.
TURNS = (
    (RuleSetVersion, ("effective_from", "effective_to")),
    (PartnershipMember, ("starts_on", "ends_on")),
    (Succession, ("took_effect_on",)),
    (Commissioner, ("opened_on", "closed_on")),
)


class Books:
    """The rule books of a load, in which no rule changes."""

    def __init__(self) -> None:
        days = {
            day for model, names in TURNS for row in model._default_manager.values_list(*names) for day in row if day
        }
        # A last day may be the last one on which something holds, or the first on which it does not.
        self._turns = sorted(days | {day + ONE_DAY for day in days})
        self._kept: dict[tuple[int, int], RuleBook] = {}

    def on(self, commissioner: Commissioner, day: dt.date) -> RuleBook:
        """What ``rule_book`` gives for the commissioner and the day."""
        stretch = (commissioner.pk, bisect_right(self._turns, day))
        if stretch not in self._kept:
            self._kept[stretch] = rule_book(commissioner, day)
        return replace(self._kept[stretch], on=day)
