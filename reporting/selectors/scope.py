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
    """A commissioner or partnership, the as-at date, and the ids of the bodies whose budgets count for it then."""

    commissioner: Commissioner
    as_at: dt.date
    ids: frozenset[int]

    def spells(self) -> PersonalHealthBudgetQuerySet:
        """Every PHB of those bodies, whatever its dates."""
        return PersonalHealthBudget.objects.filter(commissioner__in=sorted(self.ids)).order_by()


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
