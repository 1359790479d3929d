"""The figures of a commissioner, counted live from the register by PostgreSQL."""

import datetime as dt
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField as BooleanFieldOfQuery
from django.db.models import (
    Case,
    Count,
    ExpressionWrapper,
    FilteredRelation,
    IntegerField,
    Max,
    Q,
    Value,
    When,
)

from budgets.enums import LivesIn, Method
from budgets.models import PersonalHealthBudgetQuerySet
from budgets.rules.agreement import adult_if_born_by
from offers.models import Cohort
from phb_register.dates import financial_year
from reporting import measures as m
from reporting.figures import CHC, Figures
from reporting.selectors.denominators import chc_eligible_on, population_on, target_on
from reporting.selectors.scope import Counted

# The rank of each method in a person's count; 0 where no part is in force that day.
RANKS: dict[str, int] = {method: rank for rank, method in enumerate(reversed(m.METHOD_PRECEDENCE), start=1)}


def figures_for(scope: Counted) -> Figures:
    """Everything the dashboard, its files and the `measures` command show, as at the end of a date."""
    commissioner, as_at, spells = scope.commissioner, scope.as_at, scope.spells()
    by_cohort, community, community_fast_track = _budgets(spells, as_at)
    by_method, children = _people(spells, as_at)
    return Figures(
        commissioner_code=commissioner.code,
        as_at=as_at,
        phbs_in_place=sum(by_cohort.values()),
        phbs_agreed=spells.agreed_on_date(as_at).count(),
        people_in_place=sum(by_method.values()),
        children_in_place=children,
        people_year_to_date=_people_year_to_date(spells, as_at),
        by_cohort=by_cohort,
        by_method=by_method,
        chc_in_community=community,
        chc_in_community_fast_track=community_fast_track,
        population=population_on(commissioner, as_at),
        target=target_on(commissioner, as_at),
        chc_eligible=chc_eligible_on(commissioner, as_at),
    )


def chc_in_community(spells: PersonalHealthBudgetQuerySet, as_at: dt.date) -> PersonalHealthBudgetQuerySet:
    """CHC budgets in place of people who live in the community."""
    return spells.in_place_on(as_at).filter(cohort__code=CHC, lives_in=LivesIn.HOME)


def _budgets(spells: PersonalHealthBudgetQuerySet, as_at: dt.date) -> tuple[dict[str, int], int, int]:
    """Budgets in place by cohort; of CHC those in the community, and of these those on fast track."""
    at_home = Q(lives_in=LivesIn.HOME)
    rows = (
        spells.in_place_on(as_at)
        .values("cohort_id")
        .annotate(
            budgets=Count("pk"),
            community=Count("pk", filter=at_home),
            fast_track=Count("pk", filter=at_home & Q(is_fast_track=True)),
        )
    )
    counted = {row["cohort_id"]: row for row in rows}
    nobody = {"budgets": 0, "community": 0, "fast_track": 0}
    codes = dict(Cohort.objects.values_list("pk", "code"))
    by_cohort = {code: counted.get(pk, nobody)["budgets"] for pk, code in codes.items()}
    chc = next((counted.get(pk, nobody) for pk, code in codes.items() if code == CHC), nobody)
    return by_cohort, chc["community"], chc["fast_track"]


def people_by_rank(spells: PersonalHealthBudgetQuerySet, as_at: dt.date) -> Any:
    """People with a budget in place, one row each: the rank of their strongest method, and whether a child."""
    in_force = Q(method_parts__starts_on__lte=as_at) & (
        Q(method_parts__ends_on__isnull=True) | Q(method_parts__ends_on__gt=as_at)
    )
    return (
        spells.in_place_on(as_at)
        .annotate(
            part=FilteredRelation("method_parts", condition=in_force),
            is_child=ExpressionWrapper(
                Q(person__born_on__gt=adult_if_born_by(as_at)), output_field=BooleanFieldOfQuery()
            ),
        )
        .values("person_id", "is_child")
        .annotate(
            rank=Max(
                Case(
                    *[When(part__method=method, then=Value(rank)) for method, rank in RANKS.items()],
                    default=Value(0),
                    output_field=IntegerField(),
                )
            )
        )
    )


def _people(spells: PersonalHealthBudgetQuerySet, as_at: dt.date) -> tuple[dict[str, int], int]:
    """People with a budget in place by method, each once, and how many of them are children."""
    rows = _count_by_rank(people_by_rank(spells, as_at))
    by_method = {method: sum(n for rank, _, n in rows if rank == RANKS[method]) for method in Method.values}
    without = sum(n for rank, _, n in rows if rank == 0)
    if without:
        by_method[m.NOT_RECORDED] = without
    return by_method, sum(n for _, is_child, n in rows if is_child)


def _count_by_rank(people: Any) -> list[tuple[int, bool, int]]:
    """Count the rows of `people_by_rank` by rank and age, in the database: Django cannot group what is grouped."""
    try:
        sql, params = people.query.sql_with_params()
    except EmptyResultSet:  # a commissioner that counts no bodies that day
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rank, is_child, count(*) FROM ({sql}) AS person GROUP BY rank, is_child",  # noqa: S608
            params,
        )
        return list(cursor.fetchall())


def _people_year_to_date(spells: PersonalHealthBudgetQuerySet, as_at: dt.date) -> int:
    in_year = spells.in_place_between(financial_year(as_at).start, as_at)
    return int(in_year.aggregate(people=Count("person", distinct=True))["people"])
