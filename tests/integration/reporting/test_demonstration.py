"""The demonstration's numbers give the percentages of the LLR paper, and loading them twice changes nothing."""

import datetime as dt

import pytest

from offers.models import Cohort
from phb_register.models import Commissioner
from reporting.demonstration import denominators, trajectories
from reporting.models import EligiblePopulation, Target, Trajectory
from reporting.selectors.denominators import chc_eligible_on, population_on, target_on

pytestmark = pytest.mark.django_db


def load():
    steps = []
    denominators.load(lambda done, total: steps.append((done, total)))
    trajectories.load(lambda done, total: None)
    return steps


def test_load_gives_the_figures_of_the_paper():
    steps = load()
    llr, day = Commissioner.objects.get(code="LLR"), dt.date(2017, 2, 7)
    eligible = chc_eligible_on(llr, day)
    assert (eligible.people, eligible.people - eligible.fast_track) == (848, 468)
    assert population_on(llr, day).people == 1_011_000
    assert (target_on(llr, day).low, target_on(llr, day).high) == (1, 2)
    assert steps[-1][0] == steps[-1][1] == len(steps)


def test_load_again_changes_nothing():
    load()
    EligiblePopulation.objects.filter(counted_on=dt.date(2017, 2, 7)).update(people=900)
    tables = (EligiblePopulation, Target, Trajectory)
    known = [table.objects.count() for table in tables]
    load()
    assert [table.objects.count() for table in tables] == known
    assert all(known)
    assert EligiblePopulation.objects.get(counted_on=dt.date(2017, 2, 7)).people == 900


def test_llr_has_a_count_for_every_day_since_2015_to_today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
    load()
    llr = Commissioner.objects.get(code="LLR")
    days = [dt.date(2015, 4, 1) + dt.timedelta(days=30 * n) for n in range(140)]
    assert all(chc_eligible_on(llr, day).people for day in days)


def test_load_leaves_cohorts_alone():
    before = list(Cohort.objects.values_list("code", flat=True))
    load()
    assert list(Cohort.objects.values_list("code", flat=True)) == before
