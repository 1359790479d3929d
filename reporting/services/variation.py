"""Recalculations of XmR charts, recorded and taken back; and the release of what the page of variation shows."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import IntegrityError, transaction

from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check
from phb_register.selectors.settings import profile_of
from reporting.ledger import Counts
from reporting.models import Recalculation, ReleasedCell
from reporting.rules.variation import YEAR, Month, Series, first_of, last_day, last_whole_month, span, years
from reporting.selectors.releases import release_of
from reporting.selectors.scope import Counted, may_see_people
from reporting.selectors.variation import bodies_beside, in_place_by_body, months_of, sees_people_of
from reporting.services import releases
from reporting.variation_release import (
    CHC_AT_HOME,
    MEMBER_PART,
    MONTH_PART,
    SHOWN_MONTHS,
    YEAR_PART,
    member_counts,
    month_counts,
    series_to_release,
    year_counts,
)


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


def release_variation(user: User, scope: Counted, *, purpose: str) -> None:
    """Have what the page shows to a user who may not see people fixed, if nobody was shown it yet.

    The dashboard's figures of the date are fixed before it, months before the twelve months that they make up.
    """
    release_members(user, scope, purpose=purpose)
    commissioner = scope.commissioner
    if may_see_people(user, scope) or release_of(commissioner, scope.as_at, YEAR_PART) is not None:
        return
    months = months_of(scope)
    if not months:
        return
    releases.fix_figures(scope, purpose=purpose, to=user)
    releases.show_all(list(_parts(commissioner, months)), purpose=purpose, to=user)


def _parts(commissioner: Commissioner, months: list[Month]) -> Iterator[tuple[Commissioner, dt.date, str, Counts]]:
    """What the page is drawn from: the months, and then the twelve months that they make up."""
    series = series_to_release(months, profile_of(commissioner))
    charted = span(months, SHOWN_MONTHS) if series else []
    for month in charted:
        before = month.in_place - month.started + month.ended
        yield commissioner, last_day(month.begins_on), MONTH_PART, month_counts(month, before, series)
    whole = {each.begins_on for each in charted}
    for year in reversed(years(months)):
        before = year.in_place - year.started + year.ended
        is_charted = first_of(year.last_month, YEAR - 1) in whole
        counts = year_counts(year, before, series if is_charted else [])
        yield commissioner, last_day(year.last_month), YEAR_PART, counts


def release_members(user: User, scope: Counted, *, purpose: str) -> None:
    """Have what each commissioner has in place fixed, as a user sees them beside each other who may not see people."""
    bodies = bodies_beside(user, scope)
    if not sees_people_of(user, bodies, scope):
        fix_members(scope, bodies, purpose=purpose, to=user)


def fix_members(scope: Counted, bodies: Sequence[Commissioner], *, purpose: str, to: User | None) -> None:
    """Have what each of these has in place fixed, beside each other and the figures of all."""
    ids = [each.pk for each in bodies]
    released = ReleasedCell.objects.filter(commissioner__in=ids, as_at=scope.as_at, key=CHC_AT_HOME)
    missing = set(ids) - set(released.values_list("commissioner_id", flat=True))
    if not missing:
        return
    releases.fix_figures(scope, purpose=purpose, to=to)
    held = in_place_by_body(ids, scope)
    parts = [
        (body, scope.as_at, MEMBER_PART, member_counts(*held.get(body.pk, (0, 0))))
        for body in bodies
        if body.pk in missing
    ]
    releases.show_all(parts, purpose=purpose, to=to)
