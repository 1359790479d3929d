"""What a commissioner or partnership decides for itself."""

import datetime as dt
from typing import Any

from django.db import transaction

from phb_register import audit
from phb_register.models import Commissioner, CommissionerSettings, Population, User
from phb_register.roles import Permission
from phb_register.scope import check


@transaction.atomic
def change_settings(*, commissioner: Commissioner, by: User | None, **changes: Any) -> CommissionerSettings:
    """Set the given fields of ``CommissionerSettings``. ``by`` is None at the console only."""
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    settings, _ = CommissionerSettings.objects.update_or_create(commissioner=commissioner, defaults=changes)
    audit.record(actor=by, action="change-settings", subject=settings, detail={"fields": sorted(changes)})
    return settings


@transaction.atomic
def record_population(
    *, commissioner: Commissioner, by: User | None, basis: str, counted_on: dt.date, people: int, source: str
) -> Population:
    """Record a count of people served; one for the same date is replaced, and the row history keeps the old one.

    ``by`` is None at the console only.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    population, _ = Population.objects.update_or_create(
        commissioner=commissioner,
        counted_on=counted_on,
        defaults={"basis": basis, "people": people, "source": source.strip()},
    )
    audit.record(actor=by, action="record-population", subject=population)
    return population
