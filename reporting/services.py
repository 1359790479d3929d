"""Writes of this room: what uptake is measured against."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from offers.models import Cohort
from phb_register import audit
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check
from reporting.models import EligiblePopulation, Setting, Target


@transaction.atomic
def set_target(
    *,
    commissioner: Commissioner,
    by: User | None,
    applies_from: dt.date,
    low_rate: Decimal,
    high_rate: Decimal,
    source: str,
) -> Target:
    """Set the rates per 1,000 people to reach from a date on.

    A target from the same date is replaced, and the row history keeps the old one. `by` is None for the
    demonstration only. Raises `PermissionDenied`; `Refused` where the rates are out of order.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    if low_rate <= 0:
        raise Refused("The lower rate must be more than 0", field="low_rate")
    if high_rate < low_rate:
        raise Refused("The upper rate must be the same as or more than the lower rate", field="high_rate")
    target, _ = Target.objects.update_or_create(
        commissioner=commissioner,
        applies_from=applies_from,
        defaults={"low_rate": low_rate, "high_rate": high_rate, "source": source.strip()},
    )
    audit.record(actor=by, action="set-target", subject=target)
    return target


@transaction.atomic
def record_eligible_population(
    *,
    commissioner: Commissioner,
    by: User | None,
    cohort: Cohort,
    setting: str,
    counted_on: dt.date,
    people: int,
    fast_track_people: int,
    source: str,
) -> EligiblePopulation:
    """Record how many people of a cohort were eligible on a date.

    A count for the same cohort, setting and date is replaced, and the row history keeps the old one. `by` is
    None for the demonstration only. Raises `PermissionDenied`; `Refused` where fast track is more than all.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    if fast_track_people > people:
        raise Refused("Fast track cannot be more than the people eligible", field="fast_track_people")
    count, _ = EligiblePopulation.objects.update_or_create(
        commissioner=commissioner,
        cohort=cohort,
        setting=Setting(setting),
        counted_on=counted_on,
        defaults={"people": people, "fast_track_people": fast_track_people, "source": source.strip()},
    )
    audit.record(actor=by, action="record-eligible-population", subject=count)
    return count
