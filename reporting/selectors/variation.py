"""What the page of variation reads: whole months of budgets and referrals, and commissioners beside each other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from budgets.enums import LivesIn
from phb_register.dates import ONE_DAY, DayCount
from phb_register.disclosure import Controlled, Profile, Reason, Sum, protect
from phb_register.models import Commissioner, Population
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.settings import settings_of
from reporting.figures import CHC
from reporting.measures import OLDEST_DENOMINATOR_DAYS
from reporting.models import EligiblePopulation, Recalculation, Setting
from reporting.rules.funnel import Comparison, compare
from reporting.rules.variation import Month, first_of, last_whole_month
from reporting.selectors import narrowing
from reporting.selectors.dashboard import profile_for
from reporting.selectors.pathway_statements import decided_referrals
from reporting.selectors.scope import Counted
from reporting.selectors.series import months_in_place

EARLIEST = dt.date(1900, 1, 1)

_REFERRALS_BY_MONTH = """
    SELECT month, sum(received)::int, sum(decided)::int, sum(days)::int FROM (
        SELECT date_trunc('month', received_on)::date AS month, count(*) AS received, 0 AS decided, 0 AS days
        FROM eligibility_referral WHERE {counted} AND received_on <= %(as_at)s GROUP BY 1
        UNION ALL
        SELECT date_trunc('month', decided_on)::date, 0, count(*), sum(days) FROM ({decided}) AS decided GROUP BY 1
    ) AS counts GROUP BY month
"""

#: Budgets in place on the day by the body that counts them then: its own, and those of bodies it succeeded by then.
_IN_PLACE_BY_BODY = """
    WITH RECURSIVE counted (id, body_id) AS (
        SELECT id, id FROM phb_register_commissioner WHERE id = ANY(%(bodies)s)
        UNION
        SELECT predecessor_id, body_id FROM phb_register_succession JOIN counted ON successor_id = counted.id
        WHERE is_main AND took_effect_on <= %(as_at)s
    ), held AS (
        SELECT commissioner_id, count(*) AS budgets,
            count(*) FILTER (
                WHERE lives_in = %(home)s AND cohort_id = (SELECT id FROM offers_cohort WHERE code = %(chc)s)
            ) AS at_home
        FROM budgets_personalhealthbudget phb
        WHERE commissioner_id IN (SELECT id FROM counted) AND {counts}
            AND started_on <= %(as_at)s AND (ended_on IS NULL OR ended_on > %(as_at)s)
        GROUP BY commissioner_id
    )
    SELECT body_id, sum(budgets)::int, sum(at_home)::int FROM held JOIN counted ON held.commissioner_id = counted.id
    GROUP BY body_id
"""


@dataclass(frozen=True)
class Compared:
    """A commissioner in a funnel: how many of what size, as it may be shown."""

    commissioner: Commissioner
    count: Controlled
    size: int | None


@dataclass(frozen=True)
class Funnel:
    """Commissioners beside each other; `comparison` is None where there are too few to compare."""

    rows: Sequence[Compared]
    comparison: Comparison | None


@dataclass(frozen=True)
class VariationPage:
    """Everything the page of variation shows of one commissioner."""

    scope: Counted
    profile: Profile | None
    months: list[Month]
    recalculations: Sequence[Recalculation]
    decision_days: int | None
    in_place: Funnel
    uptake: Funnel


def variation_for(user: Any, scope: Counted) -> VariationPage:
    """What the page shows to a user, in a fixed number of queries."""
    profile = profile_for(user, scope)
    settings = settings_of(scope.commissioner, scope.as_at)
    in_place, uptake = funnels_for(user, scope)
    return VariationPage(
        scope=scope,
        profile=profile,
        months=months_of(scope),
        recalculations=list(recalculations_of(scope.commissioner)),
        decision_days=settings.decision_days if settings.decision_days_counted == DayCount.CALENDAR else None,
        in_place=in_place,
        uptake=uptake,
    )


def months_of(scope: Counted) -> list[Month]:
    """Every whole month from the first referral or start until the as-at date."""
    last = last_whole_month(scope.as_at)
    scope = replace(scope, as_at=first_of(last, -1) - ONE_DAY)
    budgets = {first_of(each.on): each for each in months_in_place(scope)}
    statement = _REFERRALS_BY_MONTH.format(counted=scope.in_sql(), decided=decided_referrals(scope))
    with connection.cursor() as cursor:
        cursor.execute(statement, scope.sql_params | {"first": EARLIEST})
        referrals = {month: counts for month, *counts in cursor.fetchall()}
    begun = min([*budgets, *referrals], default=None)
    months: list[Month] = []
    month, in_place = begun, 0
    while month is not None and month <= last:
        held, (received, decided, days) = budgets.get(month), referrals.get(month, (0, 0, 0))
        in_place = held.in_place if held else in_place
        started, ended = (held.started, held.ended) if held else (0, 0)
        months.append(Month(month, in_place, started, ended, received, decided, days))
        month = first_of(month, -1)
    return months


def recalculations_of(commissioner: Commissioner) -> QuerySet[Recalculation]:
    """The recalculations of a commissioner's charts."""
    return Recalculation.objects.for_commissioner(commissioner)


def recalculation_of(commissioner: Commissioner, pk: int) -> Recalculation | None:
    """One of them."""
    return recalculations_of(commissioner).filter(pk=pk).first()


def funnels_for(user: Any, scope: Counted) -> tuple[Funnel, Funnel]:
    """Budgets in place among the population, and CHC budgets among those eligible, of each body the user may see."""
    allowed = commissioner_ids(user, Permission.VIEW_FIGURES)
    bodies = list(Commissioner.objects.bodies().open_on(scope.as_at).filter(pk__in=allowed).order_by("name"))
    ids = [each.pk for each in bodies]
    sees_people = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES).issuperset(ids)
    profile = None if sees_people else profile_for(user, scope)
    held = _in_place_by_body(ids, scope)
    populations = _populations(ids, scope.as_at)
    eligible = _eligible(ids, scope.as_at)
    return (
        _funnel(bodies, {pk: held.get(pk, (0, 0))[0] for pk in ids}, populations, profile, is_of_a_whole=False),
        _funnel(bodies, {pk: held.get(pk, (0, 0))[1] for pk in ids}, eligible, profile, is_of_a_whole=True),
    )


def _in_place_by_body(ids: list[int], scope: Counted) -> dict[int, tuple[int, int]]:
    """What counts for each body, by the way the commissioner of the page counts."""
    counts = " AND ".join(["TRUE", *narrowing.conditions("phb", scope.only, scope.policy)])
    params = scope.sql_params | {"bodies": ids, "chc": CHC, "home": LivesIn.HOME.value}
    with connection.cursor() as cursor:
        cursor.execute(_IN_PLACE_BY_BODY.format(counts=counts), params)
        return {body: (budgets, at_home) for body, budgets, at_home in cursor.fetchall()}


def _populations(ids: list[int], as_at: dt.date) -> dict[int, int]:
    rows = Population.objects.filter(commissioner__in=ids, counted_on__lte=as_at)
    newest = rows.order_by("commissioner_id", "-counted_on", "-pk").distinct("commissioner_id")
    return dict(newest.values_list("commissioner_id", "people"))


def _eligible(ids: list[int], as_at: dt.date) -> dict[int, int]:
    rows = EligiblePopulation.objects.newest_of(ids, cohort_code=CHC, setting=Setting.COMMUNITY, on=as_at)
    return {
        each.commissioner_id: each.people for each in rows if (as_at - each.counted_on).days <= OLDEST_DENOMINATOR_DAYS
    }


def _funnel(
    bodies: Sequence[Commissioner],
    counts: dict[int, int],
    sizes: dict[int, int],
    profile: Profile | None,
    *,
    is_of_a_whole: bool,
) -> Funnel:
    shown = _controlled(counts, profile)
    rows = [Compared(each, shown[each.pk], sizes.get(each.pk)) for each in bodies]
    known = [(int(row.count.value), row.size) for row in rows if row.count.value is not None and row.size]
    found = compare([count for count, _ in known], [size for _, size in known], is_of_a_whole=is_of_a_whole)
    return Funnel(rows, found)


def _controlled(counts: dict[int, int], profile: Profile | None) -> dict[int, Controlled]:
    """Each number as it may be shown beside the others, and beside their sum, which the nation's dashboard has."""
    if profile is None:
        return {pk: Controlled(count, f"{count:,}", Reason.SHOWN) for pk, count in counts.items()}
    keys = {str(pk): count for pk, count in counts.items()}
    sums = [Sum("all", tuple(keys))] if keys else []
    shown = protect(keys | {"all": sum(counts.values())}, sums, profile=profile, hidden_last=["all"])
    return {pk: shown[str(pk)] for pk in counts}
