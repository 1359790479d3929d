"""What the page of variation reads: whole months of budgets and referrals, and commissioners beside each other."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from budgets.enums import LivesIn
from phb_register.dates import DayCount
from phb_register.disclosure import STAR, Controlled, Profile, Reason
from phb_register.models import Commissioner, Population
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.settings import profile_of, settings_of
from reporting.figures import CHC
from reporting.ledger import Place
from reporting.measures import OLDEST_DENOMINATOR_DAYS
from reporting.models import EligiblePopulation, Recalculation, ReleasedCell, Setting
from reporting.rules.funnel import Comparison, compare
from reporting.rules.variation import Month, Series, YearUpTo, first_of, last_day, last_whole_month, years
from reporting.selectors import narrowing
from reporting.selectors.known import as_known
from reporting.selectors.pathway_statements import decided_referrals
from reporting.selectors.releases import cells_at, controlled
from reporting.selectors.scope import Counted, may_see_people
from reporting.selectors.series import months_in_place
from reporting.variation_release import (
    CHC_AT_HOME,
    IN_PLACE,
    YEAR_KEYS,
    charted_keys,
    months_shown,
    years_shown,
)

EARLIEST = dt.date(1900, 1, 1)

_REFERRALS_BY_MONTH = """
    SELECT month, sum(received)::int, sum(decided)::int, sum(days)::int FROM (
        SELECT date_trunc('month', received_on)::date AS month, count(*) AS received, 0 AS decided, 0 AS days
        FROM eligibility_referral AS referral WHERE {counted} AND received_on <= %(as_at)s GROUP BY 1
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
    """A commissioner in a funnel: how many of what size, as they may be shown; None where a size is not known."""

    commissioner: Commissioner
    count: Controlled
    size: int | None


@dataclass(frozen=True)
class Funnel:
    """Commissioners beside each other; `comparison` is None where there are too few to compare.

    It `is_live` for those who may see the people of all of them.
    """

    rows: Sequence[Compared]
    comparison: Comparison | None
    is_live: bool


@dataclass(frozen=True)
class YearShown:
    """The twelve months up to the end of a month: each number as it may be shown."""

    last_month: dt.date
    cells: Mapping[str, Controlled]


@dataclass(frozen=True)
class VariationPage:
    """Everything the page of variation shows of one commissioner; `shown` are the charts that this reader may see."""

    scope: Counted
    profile: Profile | None
    months: list[Month]
    shown: frozenset[Series]
    years: list[YearShown]
    recalculations: Sequence[Recalculation]
    decision_days: int | None
    in_place: Funnel
    uptake: Funnel


def variation_for(user: Any, scope: Counted) -> VariationPage:
    """What the page shows to a user, in a fixed number of queries.

    To whoever may not see people it shows what was released: `reporting.services.variation.release_variation` first.
    """
    settings = settings_of(scope.commissioner, scope.as_at)
    in_place, uptake = funnels_for(user, scope)
    is_live = may_see_people(user, scope)
    months, shown, listed = _live(scope) if is_live else _released(scope)
    return VariationPage(
        scope=scope,
        profile=None if is_live else profile_of(scope.commissioner),
        months=months,
        shown=shown,
        years=listed,
        recalculations=list(recalculations_of(scope.commissioner)),
        decision_days=settings.decision_days if settings.decision_days_counted == DayCount.CALENDAR else None,
        in_place=in_place,
        uptake=uptake,
    )


def _live(scope: Counted) -> tuple[list[Month], frozenset[Series], list[YearShown]]:
    with as_known(scope.known_on):
        months = months_of(scope)
    return months, frozenset(Series), [YearShown(each.last_month, _plain(each)) for each in years(months)]


def _released(scope: Counted) -> tuple[list[Month], frozenset[Series], list[YearShown]]:
    cells = cells_at(Place(scope.commissioner.pk, scope.as_at), charted_keys(scope.as_at))
    months, shown = months_shown(cells, scope.as_at)
    return months, shown, [YearShown(month, numbers) for month, numbers in years_shown(cells, scope.as_at)]


def _plain(year: YearUpTo) -> dict[str, Controlled]:
    return {name: Controlled(getattr(year, name), f"{getattr(year, name):,}", Reason.SHOWN) for name in YEAR_KEYS}


def charted(scope: Counted) -> Counted:
    """The same as at the end of the last whole month, which the months are counted as at."""
    return replace(scope, as_at=last_day(last_whole_month(scope.as_at)))


def months_of(scope: Counted) -> list[Month]:
    """Every whole month from the first referral or start until the as-at date."""
    scope = charted(scope)
    last = first_of(scope.as_at)
    budgets = {first_of(each.on): each for each in months_in_place(scope)}
    statement = _REFERRALS_BY_MONTH.format(counted=scope.where_referral("referral"), decided=decided_referrals(scope))
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


def bodies_beside(user: Any, scope: Counted) -> list[Commissioner]:
    """The commissioners of the day whose figures a user may see, by name.

    Where a part is asked for, or what was known on a day, those whose people they may see: others have no parts.
    """
    is_part = bool(scope.only) or scope.known_on is not None
    allowed = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES if is_part else Permission.VIEW_FIGURES)
    return list(Commissioner.objects.bodies().open_on(scope.as_at).filter(pk__in=allowed).order_by("name"))


def sees_people_of(user: Any, bodies: Sequence[Commissioner], scope: Counted) -> bool:
    """Whether a user may see the people of everyone that is compared."""
    allowed = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES)
    return may_see_people(user, scope) and allowed.issuperset(each.pk for each in bodies)


def funnels_for(user: Any, scope: Counted) -> tuple[Funnel, Funnel]:
    """Budgets in place among the population, and CHC budgets among those eligible, of each body the user may see.

    To whoever may not see people it shows what was released: `reporting.services.variation.release_members` first.
    """
    bodies = bodies_beside(user, scope)
    ids = [each.pk for each in bodies]
    is_live = sees_people_of(user, bodies, scope)
    with as_known(scope.known_on if is_live else None):
        if is_live:
            held = in_place_by_body(ids, scope)
            shown = {pk: tuple(_number(count) for count in held.get(pk, (0, 0))) for pk in ids}
        else:
            shown = _released_of(ids, scope.as_at)
        populations, eligible = _populations(ids, scope.as_at), _eligible(ids, scope.as_at)
    in_place, at_home = ({pk: shown[pk][place] for pk in ids} for place in (0, 1))
    return (
        _funnel(bodies, in_place, populations, is_of_a_whole=False, is_live=is_live),
        _funnel(bodies, at_home, eligible, is_of_a_whole=True, is_live=is_live),
    )


def _released_of(ids: list[int], as_at: dt.date) -> dict[int, tuple[Controlled, ...]]:
    """What readers were shown of each body; what was not released is not shown."""
    rows = ReleasedCell.objects.filter(commissioner__in=ids, as_at=as_at, key__in=(IN_PLACE, CHC_AT_HOME))
    cells = rows.order_by("number").values_list("commissioner_id", "key", "value", "state", "release__profile")
    found = {(body, key): controlled(value, state, profile) for body, key, value, state, profile in cells}
    hidden = Controlled(None, STAR, Reason.PROTECTS_ANOTHER)
    return {pk: (found.get((pk, IN_PLACE), hidden), found.get((pk, CHC_AT_HOME), hidden)) for pk in ids}


def in_place_by_body(ids: list[int], scope: Counted) -> dict[int, tuple[int, int]]:
    """In place, and of these CHC in the community, of each body, counted the way the page's commissioner counts."""
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
    shown: Mapping[int, Controlled],
    sizes: Mapping[int, int],
    *,
    is_of_a_whole: bool,
    is_live: bool,
) -> Funnel:
    """The comparison rests on what is shown alone, so that it tells nothing more."""
    rows = [Compared(each, shown[each.pk], sizes.get(each.pk)) for each in bodies]
    known = [(int(row.count.value), row.size) for row in rows if row.count.value is not None and row.size]
    found = compare([count for count, _ in known], [size for _, size in known], is_of_a_whole=is_of_a_whole)
    return Funnel(rows, found, is_live)


def _number(count: int) -> Controlled:
    return Controlled(count, f"{count:,}", Reason.SHOWN)
