"""People with a budget in place, each once, by sex, age band and ethnic category."""

import datetime as dt

from django.db.models import Case, Count, QuerySet, Value, When

from phb_register.models import Person, Sex
from phb_register.rules import latest_birth_for
from reporting import measures as m
from reporting.equality import AGE_BANDS, ethnic_groups
from reporting.selectors.people import people_behind
from reporting.selectors.scope import Counted


def people_by_sex(scope: Counted) -> dict[str, int]:
    """By the words for a person's sex."""
    found = _counts(_people(scope), "sex")
    return {str(label): found.get(code, 0) for code, label in Sex.choices}


def people_by_age(scope: Counted) -> dict[str, int]:
    """By age band on the as-at date."""
    people = _people(scope).annotate(band=_band(scope.as_at))
    found = _counts(people, "band")
    return {label: found.get(label, 0) for label, _ in AGE_BANDS}


def people_by_ethnic_group(scope: Counted) -> dict[str, int]:
    """By ethnic group; not stated and not known are groups of their own."""
    return ethnic_groups(_counts(_people(scope), "ethnic_category"))


def _people(scope: Counted) -> QuerySet[Person]:
    return people_behind(m.PEOPLE_IN_PLACE, scope).order_by()


def _counts(people: QuerySet[Person], field: str) -> dict[str, int]:
    return {row[field]: row["people"] for row in people.values(field).annotate(people=Count("pk"))}


def _band(as_at: dt.date) -> Case:
    """The oldest band first: whoever was born early enough for it is in it."""
    older = [
        When(born_on__lte=latest_birth_for(begins, as_at), then=Value(label)) for label, begins in reversed(AGE_BANDS)
    ]
    return Case(*older[:-1], default=Value(AGE_BANDS[0][0]))
