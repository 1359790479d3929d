"""What figures are measured against on a date: the population, the target, the people eligible."""

import datetime as dt
from decimal import Decimal

from django.db.models import QuerySet

from offers.models import Cohort
from phb_register.models import Commissioner, Population
from phb_register.presenters import spoken_date
from phb_register.selectors.commissioners import members_on
from reporting.figures import CHC, NATIONAL_TARGET, Eligible, PopulationOn, TargetBand
from reporting.measures import OLDEST_DENOMINATOR_DAYS
from reporting.models import EligiblePopulation, Setting, Target


def population_on(commissioner: Commissioner, as_at: dt.date) -> PopulationOn:
    """The latest population on or before a date.

    A partnership's own count is used where there is one. Its members are added up only where every one is known
    on the same basis: registered and resident populations differ by tens of thousands.
    """
    own = Population.objects.latest_for(commissioner, as_at)
    if own is not None:
        return PopulationOn(own.people, own.get_basis_display(), own.counted_on, own.source)
    remedy = f"Enter a population of {commissioner} counted on or before {spoken_date(as_at)}, with its source."
    members = _members(commissioner, as_at)
    if not members:
        return PopulationOn(None, remedy=remedy)
    counts = list(
        Population.objects.filter(commissioner__in=members, counted_on__lte=as_at)
        .order_by("commissioner_id", "-counted_on", "-pk")
        .distinct("commissioner_id")
    )
    if len(counts) < len(members):
        return PopulationOn(None, remedy=f"{remedy} Not all its members have one.")
    if len({each.basis for each in counts}) > 1:
        return PopulationOn(None, remedy=f"{remedy} Its members are counted on different bases and cannot be added up.")
    return PopulationOn(
        sum(each.people for each in counts),
        counts[0].get_basis_display(),
        min(each.counted_on for each in counts),
        f"The sum of {len(counts)} members: " + "; ".join(sorted({each.source for each in counts})),
    )


def target_on(commissioner: Commissioner, as_at: dt.date) -> TargetBand:
    """The target in force for a commissioner on a date; the national one where it has set none."""
    own = Target.objects.in_force(commissioner, as_at)
    return band_of(own) if own else NATIONAL_TARGET


def band_of(own: Target) -> TargetBand:
    """A commissioner's own target as what is to be reached."""
    if own.low_rate is not None and own.high_rate is not None:
        return TargetBand(own.low_rate, own.high_rate, own.source, reach_by=own.reach_by)
    low, high = Decimal(own.low_budgets or 0), Decimal(own.high_budgets or 0)
    return TargetBand(low, high, own.source, is_rate=False, reach_by=own.reach_by)


def chc_eligible_on(commissioner: Commissioner, as_at: dt.date) -> Eligible:
    """People eligible for CHC in the community, by the latest count up to 366 days old.

    A partnership's own count is used where there is one, else the sum of its members' where all are known.
    """
    remedy = (
        f"Enter how many people were eligible for CHC in the community, counted on {spoken_date(as_at)} or in the "
        f"{OLDEST_DENOMINATOR_DAYS} days before it."
    )
    for ids in ([commissioner.pk], _members(commissioner, as_at)):
        counts = [
            each
            for each in EligiblePopulation.objects.newest_of(ids, cohort_code=CHC, setting=Setting.COMMUNITY, on=as_at)
            if (as_at - each.counted_on).days <= OLDEST_DENOMINATOR_DAYS
        ]
        if counts and len(counts) == len(ids):
            return Eligible(
                people=sum(each.people for each in counts),
                fast_track=sum(each.fast_track_people for each in counts),
                counted_on=min(each.counted_on for each in counts),
                source="; ".join(sorted({each.source for each in counts})),
            )
    return Eligible(None, None, remedy=remedy)


def _members(commissioner: Commissioner, as_at: dt.date) -> list[int]:
    return [] if commissioner.is_body else list(members_on(commissioner, as_at).values_list("pk", flat=True))


def targets_of(commissioner: Commissioner) -> QuerySet[Target]:
    """Every target of a commissioner, newest first."""
    return Target.objects.for_commissioner(commissioner)


def eligible_populations_of(commissioner: Commissioner) -> QuerySet[EligiblePopulation]:
    """Every number of eligible people of a commissioner, newest first."""
    return EligiblePopulation.objects.for_commissioner(commissioner)


def cohorts_to_choose(commissioner: Commissioner) -> QuerySet[Cohort]:
    """The cohorts a commissioner may count eligible people for, in the order of lists."""
    return Cohort.objects.used_by([commissioner.pk])
