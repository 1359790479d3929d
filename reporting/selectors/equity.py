"""Whom the figures count, by characteristic: each person once in a group of each, in one pass over the register."""

from collections.abc import Mapping
from typing import TypeAlias

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, QuerySet, Value, When

from budgets.enums import LivesIn
from offers.models import Cohort
from phb_register.models import Person
from phb_register.rules import latest_birth_for
from reporting import measures as m
from reporting.rules.equity_groups import AGE_BANDS, GROUP_OF_CATEGORY, Characteristic, by_ethnic_group, in_order
from reporting.selectors.areas import Areas, areas_for, with_places
from reporting.selectors.people import people_behind
from reporting.selectors.scope import Counted

# The names of the columns that people are counted by: fields of the person, and what is annotated.
COLUMNS: dict[Characteristic, str] = {
    Characteristic.AGE: "age_band",
    Characteristic.SEX: "sex",
    Characteristic.ETHNIC_CATEGORY: "ethnic_category",
    Characteristic.DEPRIVATION: "deprivation",
    Characteristic.LOCALITY: "locality",
}

CountsByGroup: TypeAlias = Mapping[Characteristic, Mapping[str, int]]


def people_in_place(scope: Counted, cohort: Cohort | None = None) -> QuerySet[Person]:
    """People with a budget in place; of a cohort, those whose budget of it is in place and who live at home."""
    if cohort is None:
        return people_behind(m.PEOPLE_IN_PLACE, scope).order_by()
    spells = scope.spells().in_place_on(scope.as_at).filter(cohort=cohort, lives_in=LivesIn.HOME)
    return Person.objects.filter(pk__in=spells.values("person_id")).order_by()


def grouped(people: QuerySet[Person], scope: Counted, areas: Areas | None = None) -> QuerySet[Person]:
    """The same people with the code of their group of each characteristic, under the names of `COLUMNS`."""
    found = areas if areas is not None else areas_for(scope.commissioner, scope.as_at)
    return with_places(people.annotate(age_band=_age_band(scope)), found)


def counted_by_group(people: QuerySet[Person], scope: Counted, areas: Areas | None = None) -> CountsByGroup:
    """How many of these people are in each group of each characteristic. The groups of one add up to the people."""
    counts = _counts_by_column(grouped(people, scope, areas))
    found = {each: in_order(each, counts[column]) for each, column in COLUMNS.items()}
    found[Characteristic.ETHNIC_GROUP] = by_ethnic_group(found[Characteristic.ETHNIC_CATEGORY])
    return {each: found[each] for each in Characteristic}


def _counts_by_column(rows: QuerySet[Person]) -> dict[str, dict[str, int]]:
    """Rows by the values of each of the columns, counted by PostgreSQL in one pass."""
    columns = list(COLUMNS.values())
    counts: dict[str, dict[str, int]] = {column: {} for column in columns}
    try:
        inner, params = rows.values(*columns).query.sql_with_params()
    except EmptyResultSet:  # a commissioner that counts no bodies that day
        return counts
    listed = ", ".join(columns)
    sets = ", ".join(f"({column})" for column in columns)
    sql = f"SELECT GROUPING({listed}), {listed}, count(*) FROM ({inner}) AS person GROUP BY GROUPING SETS ({sets})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for grouping, *values, people in cursor.fetchall():
            # A bit is nought where the row is of that column's set; the first column has the highest bit.
            place = next(n for n in range(len(columns)) if not grouping >> (len(columns) - 1 - n) & 1)
            counts[columns[place]][values[place]] = people
    return counts


def people_of_group(
    people: QuerySet[Person], scope: Counted, characteristic: Characteristic, group: str
) -> QuerySet[Person]:
    """Those of the people who are in one group: the very rows that its figure counts."""
    if characteristic == Characteristic.ETHNIC_GROUP:
        codes = [code for code, of in GROUP_OF_CATEGORY.items() if of == group]
        return people.filter(ethnic_category__in=codes)
    return grouped(people, scope).filter(**{COLUMNS[characteristic]: group})


def _age_band(scope: Counted) -> Case:
    """The oldest band first: whoever was born early enough for it is in it."""
    older = [
        When(born_on__lte=latest_birth_for(begins, scope.as_at), then=Value(code))
        for code, _, begins in reversed(AGE_BANDS)
    ]
    return Case(*older[:-1], default=Value(AGE_BANDS[0][0]))
