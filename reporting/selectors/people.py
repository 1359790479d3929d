"""The people behind a figure: the very rows it counts, for those who may see them.

Evaluate them within `as_known(scope.known_on)`: the figure was counted there, too.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from budgets.enums import LivesIn
from budgets.models import PersonalHealthBudget, PersonalHealthBudgetQuerySet
from phb_register.models import Person
from reporting import measures as m
from reporting.figures import CHC
from reporting.rules import stages
from reporting.rules.filters import Funding
from reporting.selectors.scope import Counted, positional
from reporting.selectors.spell_counts import METHODS_OF_PEOPLE, stage_params, under_method, wheelchair_active

_OF_CHC = (m.CHC_UPTAKE_INCLUDING_FAST_TRACK, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK)
_OF_CHILDREN = (m.CHILDREN_IN_PLACE, m.CHILDREN_YEAR_TO_DATE)
_OF_ADULTS = (m.ADULTS_IN_PLACE, m.ADULTS_YEAR_TO_DATE)
_OF_ONE_OFFS = (m.ONE_OFF_IN_PLACE, m.ONE_OFF_YEAR_TO_DATE)
#: Measures of people in which a one-off may not count.
_IN_THE_YEAR = (
    m.PEOPLE_YEAR_TO_DATE, m.ADULTS_YEAR_TO_DATE, m.CHILDREN_YEAR_TO_DATE, m.PEOPLE_COUNTED_YEAR_TO_DATE,
)  # fmt: skip


def people_rows(measure: m.Measure, scope: Counted, part: str = "") -> QuerySet[Any]:
    """The rows behind a measure: budgets or people, as its unit says."""
    if measure.unit is m.Unit.PEOPLE:
        return people_behind(measure, scope, part=part)
    return budgets_behind(measure, scope, part=part)


def removed_since(rows: Sequence[Person] | Sequence[PersonalHealthBudget]) -> frozenset[int]:
    """Which of some rows that were once known are no longer on the register: an import was taken back."""
    model = type(rows[0]) if rows else Person
    there = model._default_manager.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    return frozenset(row.pk for row in rows).difference(there)


def budgets_behind(measure: m.Measure, scope: Counted, *, part: str = "") -> PersonalHealthBudgetQuerySet:
    """The budgets that a measure of budgets counts, one row each; of a measure with parts, those of `part`.

    Raises `KeyError` for a measure of people.
    """
    if measure.unit not in (m.Unit.BUDGETS, m.Unit.PERCENT):
        raise KeyError(measure.code)
    rows = _at_its_stages(measure, scope)
    if measure in _OF_CHC:
        rows = rows.filter(cohort__code=CHC, lives_in=LivesIn.HOME)
    if measure is m.CHC_UPTAKE_EXCLUDING_FAST_TRACK:
        rows = rows.filter(is_fast_track=False)
    if measure in _OF_ONE_OFFS:
        rows = rows.filter(is_one_off=True)
    if measure is m.WHEELCHAIR_ACTIVE:
        rows = scope.among(rows, wheelchair_active(scope.policy), **stage_params(scope))
    if measure is m.BY_COHORT and part:
        rows = rows.filter(cohort__code=part)
    if measure is m.BY_FUNDING and part:
        is_joint = part == Funding.JOINT
        rows = rows.jointly_funded_on(scope.as_at) if is_joint else rows.paid_by_nhs_alone_on(scope.as_at)
    return rows.for_display().order_by("person__family_name", "person__given_name", "pk")


def people_behind(measure: m.Measure, scope: Counted, *, part: str = "") -> QuerySet[Person]:
    """The people that a measure of people counts, one row each; of a measure with parts, those of `part`.

    Raises `KeyError` for a measure of budgets.
    """
    if measure.unit is not m.Unit.PEOPLE:
        raise KeyError(measure.code)
    rows = _at_its_stages(measure, scope)
    if measure in _OF_CHILDREN:
        rows = rows.of_children_on(scope.as_at)
    if measure in _OF_ADULTS:
        rows = rows.of_adults_on(scope.as_at)
    people = Person.objects.filter(pk__in=rows.values("person_id"))
    if measure is m.BY_METHOD and part:
        people = people.filter(pk__in=_managed_by(part, scope))
    return people.select_related("commissioner").order_by("family_name", "given_name", "pk")


def _at_its_stages(measure: m.Measure, scope: Counted) -> PersonalHealthBudgetQuerySet:
    counted = sorted(stages.counted_stages(measure, scope.policy))
    rows = scope.among(
        scope.spells(),
        f"{stages.LOOKED_AT} AND {stages.AS_SQL} = ANY(%(stages)s)",
        stages=counted,
        **stage_params(scope),
    )
    if measure in _IN_THE_YEAR and not scope.policy.counts_one_off:
        rows = rows.filter(is_one_off=False)
    return rows


def _managed_by(method: str, scope: Counted) -> RawSQL:
    """The people in place who count under a method, or under none where it is not recorded."""
    sql, values = positional(
        METHODS_OF_PEOPLE.format(where=scope.where("phb"), under_method=under_method(method, scope.policy)),
        scope.sql_params,
    )
    return RawSQL(sql, values, output_field=BigIntegerField())  # noqa: S611
