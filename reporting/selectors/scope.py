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

    A nation counts all bodies but `left_out`, those that open later; naming the others would keep PostgreSQL from
    reading the register at one go.
    """

    commissioner: Commissioner
    as_at: dt.date
    ids: frozenset[int]
    left_out: frozenset[int] = frozenset()

    def spells(self) -> PersonalHealthBudgetQuerySet:
        """Every PHB of those bodies, whatever its dates."""
        rows = PersonalHealthBudget.objects.order_by()
        if not self.commissioner.is_nation:
            return rows.filter(commissioner__in=sorted(self.ids))
        return rows.exclude(commissioner__in=sorted(self.left_out)) if self.left_out else rows

    def in_sql(self, column: str = "commissioner_id") -> str:
        """The condition in SQL that a row is one of those bodies'. It needs the parameters of `sql_params`."""
        if not self.commissioner.is_nation:
            return f"{column} = ANY(%(bodies)s)"
        return f"{column} <> ALL(%(bodies)s)" if self.left_out else "TRUE"

    @property
    def sql_params(self) -> dict[str, Any]:
        """What `in_sql` needs, and the as-at date."""
        return {"bodies": sorted(self.left_out if self.commissioner.is_nation else self.ids), "as_at": self.as_at}


def counted(commissioner: Commissioner, as_at: dt.date) -> Counted:
    """Return what counts for `commissioner` on a date: its members', and the bodies' they succeeded."""
    ids = frozenset(Commissioner.objects.counted_with(commissioner, as_at).values_list("pk", flat=True))
    if not commissioner.is_nation:
        return Counted(commissioner, as_at, ids)
    bodies = frozenset(Commissioner.objects.bodies().values_list("pk", flat=True))
    return Counted(commissioner, as_at, ids, left_out=bodies - ids)


def may_see_people(user: Any, scope: Counted) -> bool:
    """Whether the user may see everyone the figures count.

    Somebody of one member of a partnership, or of a partnership that has lost a member since, may not; they get
    the figures under disclosure control.
    """
    allowed = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES)
    return scope.commissioner.pk in allowed and allowed.issuperset(scope.ids)
