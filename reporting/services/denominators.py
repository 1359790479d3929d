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
    source: str,
    low_rate: Decimal | None = None,
    high_rate: Decimal | None = None,
    low_budgets: int | None = None,
    high_budgets: int | None = None,
    reach_by: dt.date | None = None,
) -> Target:
    """Set what to reach from a date on: two rates per 1,000 people, or two numbers of budgets.

    A target from the same date is replaced, and the row history keeps the old one. `by` is None for the
    demonstration only. Raises `PermissionDenied`; `Refused` where it is not one of the two, or out of order.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    if (low_rate is None) == (low_budgets is None):
        raise Refused("Enter two rates, or two numbers of budgets", field="kind")
    _check_order("rate", low_rate, high_rate)
    _check_order("budgets", low_budgets, high_budgets)
    if reach_by is not None and reach_by <= applies_from:
        raise Refused("The date to be reached by must be after the date it applies from", field="reach_by")
    target, _ = Target.objects.update_or_create(
        commissioner=commissioner,
        applies_from=applies_from,
        defaults={
            "low_rate": low_rate,
            "high_rate": high_rate,
            "low_budgets": low_budgets,
            "high_budgets": high_budgets,
            "reach_by": reach_by,
            "source": source.strip(),
        },
    )
    audit.record(actor=by, action="set-target", subject=target)
    return target


def _check_order(unit: str, low: Decimal | int | None, high: Decimal | int | None) -> None:
    """Both ends or neither, above nought and in order. `unit` is the last word of the fields' names."""
    noun = {"rate": "rate", "budgets": "number"}[unit]
    if low is not None and low <= 0:
        raise Refused(f"The lower {noun} must be more than 0", field=f"low_{unit}")
    if (low is None) != (high is None) or (low is not None and high is not None and high < low):
        raise Refused(f"The upper {noun} must be the same as or more than the lower {noun}", field=f"high_{unit}")


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
