"""The commissioners that a nation or a partnership is made of, beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from phb_register.disclosure import Controlled
from phb_register.models import Commissioner
from phb_register.selectors.commissioners import members_on
from reporting import measures as m
from reporting.selectors.known import as_known
from reporting.selectors.scope import Counted
from reporting.selectors.variation import funnels_for


@dataclass(frozen=True)
class Member:
    """One commissioner: what it has in place as it may be shown, its population, and the lower target rate for all."""

    commissioner: Commissioner
    in_place: Controlled
    population: int | None
    lower_rate: Decimal | None

    @property
    def rate(self) -> Decimal | None:
        """In place for every 1,000 people; None where one of the two is not shown."""
        shown = self.in_place.value
        return None if shown is None else m.rate_per_1000(int(shown), self.population)

    @property
    def is_below(self) -> bool:
        """Whether it is known to be below the lower target rate."""
        return self.rate is not None and self.lower_rate is not None and self.rate < self.lower_rate


def members_of(user: Any, scope: Counted, lower_rate: Decimal | None) -> Sequence[Member]:
    """Every commissioner that is counted for a nation or a partnership, the lowest rate first; none for a body.

    Those whose rate is not shown come last, by name. There are none of a part of the register: what is small in all of
    England is smaller still in one commissioner.
    """
    if scope.commissioner.is_body or scope.only:
        return []
    with as_known(scope.known_on):
        members = set(members_on(scope.commissioner, scope.as_at).values_list("pk", flat=True))
        in_place, _ = funnels_for(user, scope)
    found = [
        Member(row.commissioner, row.count, row.size, lower_rate)
        for row in in_place.rows
        if row.commissioner.pk in members
    ]
    return sorted(found, key=lambda each: (each.rate is None, each.rate or 0, each.commissioner.name))
