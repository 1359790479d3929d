"""Budgets on the register with any dates, and what they are measured against.

A spell is written straight into its tables, for figures must be right of any register that the database allows,
not only of those that the pages make.
"""

import datetime as dt
from decimal import Decimal

import factory

from budgets.enums import LivesIn, Method
from budgets.models import PersonalHealthBudget
from offers.models import Cohort
from phb_register import clock
from phb_register.models import Commissioner, Person, User
from reporting.models import CountingPolicyChange, EligiblePopulation, Recalculation, Target
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, UserFactory


class TargetFactory(factory.django.DjangoModelFactory[Target]):
    """1 to 2 per 1,000 since 2015."""

    class Meta:
        model = Target

    commissioner = factory.SubFactory(CommissionerFactory)
    applies_from = dt.date(2015, 4, 1)
    low_rate = Decimal(1)
    high_rate = Decimal(2)
    source = "A target made for a test"


class EligiblePopulationFactory(factory.django.DjangoModelFactory[EligiblePopulation]):
    """500 adults eligible for CHC in the community, 224 of them on fast track."""

    class Meta:
        model = EligiblePopulation

    commissioner = factory.SubFactory(CommissionerFactory)
    cohort = factory.LazyFunction(lambda: cohort("chc"))
    counted_on = dt.date(2017, 1, 31)
    people = 500
    fast_track_people = 224
    source = "A count made for a test"


class RecalculationFactory(factory.django.DjangoModelFactory[Recalculation]):
    """Budgets started: something changed in April 2016."""

    class Meta:
        model = Recalculation

    commissioner = factory.SubFactory(CommissionerFactory)
    series = "started"
    begins_on = dt.date(2016, 4, 1)
    reason = "A change made for a test"
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyFunction(clock.now)


class CountingPolicyFactory(factory.django.DjangoModelFactory[CountingPolicyChange]):
    """How a commissioner counts since 2013; the default unless told otherwise."""

    class Meta:
        model = CountingPolicyChange

    commissioner = factory.SubFactory(CommissionerFactory)
    number = factory.Sequence(lambda number: number + 1)
    applies_from = dt.date(2013, 4, 1)
    source = "A policy made for a test"


def cohort(code: str) -> Cohort:
    """The cohort with this code, which `migrate` made."""
    return Cohort.objects.get(code=code)


def make_spell(
    commissioner: Commissioner,
    *,
    person: Person | None = None,
    by: User | None = None,
    cohort_code: str = "chc",
    agreed_on: dt.date | None = None,
    started_on: dt.date | None = dt.date(2016, 6, 1),
    ended_on: dt.date | None = None,
    methods: tuple[str, ...] = ("notional",),
    method_ends_on: dt.date | None = None,
    is_fast_track: bool = False,
    lives_in: str = "home",
    is_one_off: bool = False,
    nhs_percent: int = 100,
) -> PersonalHealthBudget:
    """A PHB with its referral, parts and share. Its methods run side by side from the day it starts."""
    return bare_budget(
        commissioner,
        cohort=cohort(cohort_code),
        agreed_on=agreed_on or started_on or dt.date(2016, 6, 1),
        started_on=started_on,
        ended_on=ended_on,
        person=person,
        by=by,
        methods=[Method(method) for method in methods],
        methods_end_on=method_ends_on,
        is_fast_track=is_fast_track,
        lives_in=LivesIn(lives_in),
        is_one_off=is_one_off,
        nhs_percent=Decimal(nhs_percent),
    )
