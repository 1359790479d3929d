"""The commissioners that a nation or a partnership is made of, beside each other."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from phb_register.disclosure import Controlled
from phb_register.models import Commissioner, Population
from phb_register.selectors.commissioners import members_on
from reporting import measures as m
from reporting.models import ReleasedCell
from reporting.release import Release
from reporting.selectors.known import as_known
from reporting.selectors.releases import controlled
from reporting.selectors.scope import Counted
from reporting.selectors.variation import funnels_for


@dataclass(frozen=True)
class Member:
    """One commissioner: its population, the lower target rate for all, and what it has in place as it may be shown.

    `in_place` is None where its figures were not released yet.
    """

    commissioner: Commissioner
    in_place: Controlled | None
    population: int | None
    lower_rate: Decimal | None

    @property
    def rate(self) -> Decimal | None:
        """In place for every 1,000 people; None where one of the two is not shown."""
        if self.in_place is None or self.in_place.value is None:
            return None
        return m.rate_per_1000(int(self.in_place.value), self.population)

    @property
    def is_compared(self) -> bool:
        """Whether it is known where it stands against the lower target rate."""
        return self.rate is not None and self.lower_rate is not None

    @property
    def is_below(self) -> bool:
        """Whether it is known to be below the lower target rate."""
        return self.rate is not None and self.lower_rate is not None and self.rate < self.lower_rate


def members_of(user: Any, scope: Counted, release: Release) -> Sequence[Member]:
    """Every commissioner that is counted for a nation or a partnership, the lowest rate first; none for a body.

    Those whose rate is not shown come last, by name. Whoever may not see people gets the very numbers that the
    dashboard of each commissioner has; nothing is counted for it. There are none of a part of the register.
    """
    if scope.commissioner.is_body or scope.only:
        return []
    target = release.figures.target
    lower_rate = target.low if target.is_rate else None
    bodies = list(members_on(scope.commissioner, scope.as_at).order_by("name"))
    with as_known(scope.known_on):
        populations = _populations([body.pk for body in bodies], scope.as_at)
        in_place = _counted_now(user, scope) if release.profile is None else _released(bodies, scope.as_at)
    found = [Member(body, in_place.get(body.pk), populations.get(body.pk), lower_rate) for body in bodies]
    return sorted(found, key=lambda each: (each.rate is None, each.rate or 0, each.commissioner.name))


def _populations(ids: Sequence[int], as_at: dt.date) -> dict[int, int]:
    rows = Population.objects.filter(commissioner__in=ids, counted_on__lte=as_at)
    newest = rows.order_by("commissioner_id", "-counted_on", "-pk").distinct("commissioner_id")
    return dict(newest.values_list("commissioner_id", "people"))


def _counted_now(user: Any, scope: Counted) -> Mapping[int, Controlled]:
    in_place, _ = funnels_for(user, scope)
    return {row.commissioner.pk: row.count for row in in_place.rows}


def _released(bodies: Sequence[Commissioner], as_at: dt.date) -> Mapping[int, Controlled]:
    """What the ledger has of each; of a restated number the last one."""
    cells = ReleasedCell.objects.filter(commissioner__in=bodies, as_at=as_at, key=m.PHBS_IN_PLACE.code)
    rows = cells.order_by("number").values_list("commissioner_id", "value", "state", "release__profile")
    return {body: controlled(value, state, profile) for body, value, state, profile in rows}
