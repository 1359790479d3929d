"""Budgets on the register with any dates, and what they are measured against.

A spell is written straight into its tables, for figures must be right of any register that the database allows,
not only of those that the pages make.
"""

import datetime as dt
import uuid
from decimal import Decimal

import factory
from django.db import transaction

from budgets.enums import EndReason
from budgets.models import FundingShare, MethodPart, PersonalHealthBudget
from eligibility.models import Referral
from offers.models import Cohort
from phb_register.models import Commissioner, Person, User
from reporting.models import EligiblePopulation, Target
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory


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


def cohort(code: str) -> Cohort:
    """The cohort with this code, which `migrate` made."""
    return Cohort.objects.get(code=code)


@transaction.atomic
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
) -> PersonalHealthBudget:
    """A PHB with its referral, parts and share. Its methods run side by side from the day it starts."""
    agreed = agreed_on or started_on or dt.date(2016, 6, 1)
    person = person or PersonFactory(commissioner=commissioner)
    by = by or UserFactory()
    of_cohort = cohort(cohort_code)
    referral = Referral.objects.create(
        submission_key=uuid.uuid4(),
        person=person,
        commissioner=commissioner,
        cohort=of_cohort,
        status="accepted",
        received_on=agreed,
        decision_due_on=agreed,
        referred_by=by,
    )
    phb = PersonalHealthBudget.objects.create(
        person=person,
        commissioner=commissioner,
        cohort=of_cohort,
        referral=referral,
        agreed_on=agreed,
        agreed_by=by,
        started_on=started_on,
        ended_on=ended_on,
        end_reason=EndReason.DIED if ended_on else "",
        annual_amount=Decimal(1000) * len(methods),
        is_fast_track=is_fast_track,
        lives_in=lives_in,
    )
    MethodPart.objects.bulk_create(
        MethodPart(
            phb=phb,
            method=method,
            starts_on=started_on or agreed,
            ends_on=ended_on or method_ends_on,
            annual_amount=Decimal(1000),
        )
        for method in methods
    )
    FundingShare.objects.create(phb=phb, funder="nhs", percent=Decimal(100))
    return phb
