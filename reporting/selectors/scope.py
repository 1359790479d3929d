"""What is counted for a commissioner on a date: worked out once, then shared by every figure of a page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from budgets.models import PersonalHealthBudget, PersonalHealthBudgetQuerySet
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids


@dataclass(frozen=True)
class Counted:
    """A commissioner, partnership or nation, the as-at date, and the ids of the bodies whose budgets count for it then.

    A nation counts every budget, without a list of bodies that would keep PostgreSQL from reading the register at one
    go: no budget is older than its body, so one that counts on a day is counted by one of the bodies open that day.
    """

    commissioner: Commissioner
    as_at: dt.date
    ids: frozenset[int]

    def spells(self) -> PersonalHealthBudgetQuerySet:
        """Every PHB of those bodies, whatever its dates."""
        rows = PersonalHealthBudget.objects.order_by()
        return rows if self.commissioner.is_nation else rows.filter(commissioner__in=sorted(self.ids))

    def in_sql(self, column: str = "commissioner_id") -> str:
        """The condition in SQL that a row is one of those bodies'. It needs the parameters of `sql_params`."""
        return "TRUE" if self.commissioner.is_nation else f"{column} = ANY(%(bodies)s)"

    @property
    def sql_params(self) -> dict[str, Any]:
        """What `in_sql` needs, and the as-at date."""
        return {"bodies": [] if self.commissioner.is_nation else sorted(self.ids), "as_at": self.as_at}


def counted(commissioner: Commissioner, as_at: dt.date) -> Counted:
    """Return what counts for `commissioner` on a date: its members', and the bodies' they succeeded."""
    ids = Commissioner.objects.counted_with(commissioner, as_at).values_list("pk", flat=True)
    return Counted(commissioner, as_at, frozenset(ids))


def may_see_people(user: Any, scope: Counted) -> bool:
    """Whether the user may see everyone the figures count.

    Somebody of one member of a partnership, or of a partnership that has lost a member since, may not; they get
    the figures under disclosure control.
    """
    allowed = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES)
    return scope.commissioner.pk in allowed and allowed.issuperset(scope.ids)
