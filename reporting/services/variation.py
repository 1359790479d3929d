"""Recalculations of XmR charts: recorded where a change of the process is known, and taken back."""

import datetime as dt

from django.db import IntegrityError, transaction

from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check
from reporting.models import Recalculation
from reporting.rules.variation import Series, last_whole_month


@transaction.atomic
def record_recalculation(
    *, commissioner: Commissioner, by: User, series: str, begins_on: dt.date, reason: str
) -> Recalculation:
    """Have the limits of a chart worked out anew from a month on, because something known changed.

    Raises `PermissionDenied`; `Refused` for a month that is not over, without a reason, or recorded already.
    """
    check(by, Permission.MANAGE_SETTINGS, commissioner)
    month = begins_on.replace(day=1)
    if month > last_whole_month(clock.today()):
        raise Refused("Enter a month that is over: a chart shows whole months only", field="begins_on")
    if not reason.strip():
        raise Refused("Enter what changed: limits are worked out anew for a known reason only", field="reason")
    made = Recalculation(
        commissioner=commissioner,
        series=Series(series),
        begins_on=month,
        reason=reason.strip(),
        recorded_by=by,
        recorded_at=clock.now(),
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        said = "The limits of that chart are worked out anew from that month already. Take that one back first"
        raise Refused(said, field="begins_on") from None
    audit.record(actor=by, action="record-recalculation", subject=made, commissioner=commissioner)
    return made


@transaction.atomic
def remove_recalculation(*, recalculation: Recalculation, by: User) -> None:
    """Take a recalculation back; its row history stays. Raises `PermissionDenied`."""
    check(by, Permission.MANAGE_SETTINGS, recalculation.commissioner)
    audit.record(
        actor=by, action="remove-recalculation", subject=recalculation, commissioner=recalculation.commissioner
    )
    recalculation.delete()
