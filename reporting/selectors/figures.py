"""The figures of a commissioner, counted live from the register by PostgreSQL."""

import datetime as dt
from collections.abc import Collection, Iterable

from budgets.enums import LivesIn
from budgets.models import PersonalHealthBudgetQuerySet
from offers.models import Cohort
from reporting import measures as m
from reporting.figures import CHC, Figures
from reporting.rules import stages
from reporting.rules.filters import Funding
from reporting.selectors.denominators import chc_eligible_on, population_on, target_on
from reporting.selectors.known import as_known
from reporting.selectors.scope import Counted
from reporting.selectors.spell_counts import BudgetKind, PeopleKind, SpellCounts, people_by_method, spell_counts


def figures_for(scope: Counted) -> Figures:
    """Everything the dashboard, its files and the `measures` command show, as at the end of a date."""
    commissioner, as_at = scope.commissioner, scope.as_at
    with as_known(scope.known_on):
        counts = spell_counts(scope)
        population = population_on(commissioner, as_at)
        target = target_on(commissioner, as_at)
        chc_eligible = chc_eligible_on(commissioner, as_at)
    cohorts = dict(Cohort.objects.values_list("pk", "code"))
    in_place = counts.budgets_at(stages.IN_PLACE)
    people = counts.people_at(stages.IN_PLACE)
    in_year = counts.people_at(stages.counted_stages(m.PEOPLE_YEAR_TO_DATE, scope.policy), in_year=True)
    community = [each for each in in_place if cohorts[each.cohort_id] == CHC and each.is_at_home]
    joint = _budgets(each for each in in_place if each.is_joint)
    return Figures(
        commissioner_code=commissioner.code,
        as_at=as_at,
        phbs_in_place=_budgets(in_place),
        phbs_agreed=_of(counts, m.PHBS_AGREED),
        people_in_place=_people(people),
        children_in_place=_people(each for each in people if each.is_child),
        people_year_to_date=_people(in_year),
        by_cohort=_by_cohort(in_place, cohorts),
        by_method=people_by_method(people, scope.policy),
        chc_in_community=_budgets(community),
        chc_in_community_fast_track=_budgets(each for each in community if each.is_fast_track),
        population=population,
        target=target,
        chc_eligible=chc_eligible,
        new_in_quarter=_of(counts, m.NEW_IN_QUARTER),
        new_year_to_date=_of(counts, m.NEW_YEAR_TO_DATE),
        ended_in_quarter=_of(counts, m.ENDED_IN_QUARTER),
        ended_year_to_date=_of(counts, m.ENDED_YEAR_TO_DATE),
        children_year_to_date=_people(each for each in in_year if each.is_child),
        people_counted_year_to_date=_people(
            counts.people_at(stages.counted_stages(m.PEOPLE_COUNTED_YEAR_TO_DATE, scope.policy), in_year=True)
        ),
        one_off_in_place=_budgets(each for each in in_place if each.is_one_off),
        one_off_year_to_date=_budgets(
            each for each in counts.budgets_at(stages.COUNTED[m.ONE_OFF_YEAR_TO_DATE.code]) if each.is_one_off
        ),
        wheelchair_active=counts.wheelchairs_active,
        by_funding={Funding.NHS.value: _budgets(in_place) - joint, Funding.JOINT.value: joint},
        known_on=scope.known_on,
        only=scope.only,
        policy=scope.policy,
    )


def chc_in_community(spells: PersonalHealthBudgetQuerySet, as_at: dt.date) -> PersonalHealthBudgetQuerySet:
    """CHC budgets in place of people who live in the community."""
    return spells.in_place_on(as_at).filter(cohort__code=CHC, lives_in=LivesIn.HOME)


def _of(counts: SpellCounts, measure: m.Measure) -> int:
    return _budgets(counts.budgets_at(stages.COUNTED[measure.code]))


def _budgets(kinds: Iterable[BudgetKind]) -> int:
    return sum(each.budgets for each in kinds)


def _people(kinds: Iterable[PeopleKind]) -> int:
    return sum(each.people for each in kinds)


def _by_cohort(kinds: Collection[BudgetKind], cohorts: dict[int, str]) -> dict[str, int]:
    found = dict.fromkeys(cohorts.values(), 0)
    for each in kinds:
        found[cohorts[each.cohort_id]] += each.budgets
    return found
