"""The worked cases that are figures, by their numbers, on a register with just those people in it."""

import datetime as dt

import pytest

from budgets.enums import LivesIn, Method
from phb_register.models import Commissioner
from reporting import measures as m
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, PopulationFactory, UserFactory
from tests.factories.reporting import EligiblePopulationFactory, TargetFactory, cohort

pytestmark = pytest.mark.django_db

AS_AT = dt.date(2017, 2, 7)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


def hold_budgets(icb: Commissioner, number: int) -> None:
    """So many budgets of adults with CHC at home, none of them fast track."""
    by, chc = UserFactory(), cohort("chc")
    started_on = dt.date(2016, 6, 1)
    for _ in range(number):
        bare_budget(icb, cohort=chc, agreed_on=started_on, started_on=started_on, by=by, lives_in=LivesIn.HOME)


def test_case_27_and_case_29_uptake_with_and_without_fast_track_whoever_lives_in_care_homes(icb) -> None:
    hold_budgets(icb, 69)
    EligiblePopulationFactory(commissioner=icb, people=500, fast_track_people=224)
    for is_with_care_homes in (False, True):
        if is_with_care_homes:
            EligiblePopulationFactory(commissioner=icb, setting="care_home", people=1000, fast_track_people=0)
        found = figures_for(counted(icb, AS_AT))
        assert found.chc_uptake_including_fast_track == m.Ratio(69, 500)
        assert found.chc_uptake_excluding_fast_track == m.Ratio(69, 276)
        assert str(found.chc_uptake_including_fast_track.percent) == "13.8"
        assert str(found.chc_uptake_excluding_fast_track.percent) == "25.0"


def test_case_39_mixed_budget_is_one_person_under_direct_payments_and_none_under_notional(icb) -> None:
    started_on = dt.date(2016, 10, 1)
    bare_budget(
        icb, cohort=cohort("chc"), agreed_on=started_on, started_on=started_on,
        methods=(Method.NOTIONAL, Method.DIRECT_PAYMENT),
    )  # fmt: skip
    found = figures_for(counted(icb, dt.date(2016, 12, 31)))
    assert (found.people_in_place, found.people_year_to_date) == (1, 1)
    assert (found.by_method["direct_payment"], found.by_method["notional"]) == (1, 0)


@pytest.mark.parametrize(("people", "low", "high"), [(1_011_000, 1_011, 2_022), (1_039_000, 1_039, 2_078)])
def test_case_43_target_is_one_to_two_in_a_thousand_of_the_population(icb, people: int, low: int, high: int) -> None:
    PopulationFactory(commissioner=icb, people=people, counted_on=dt.date(2016, 4, 1))
    TargetFactory(commissioner=icb)
    found = figures_for(counted(icb, AS_AT))
    assert (found.target_low, found.target_high) == (low, high)
