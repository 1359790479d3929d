"""Writes of the sheet of trajectories."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from phb_register import audit
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check
from reporting.models import Trajectory
from reporting.rules.trajectories import YearPlan
from reporting.selectors.trajectories import plan_of

NO_MARK = ""


@transaction.atomic
def save_trajectories(
    *, commissioner: Commissioner, by: User | None, plans: Sequence[YearPlan], seen: Mapping[int, str]
) -> int:
    """Write the years of a sheet that differ from what is there, all or none, and return how many did.

    `seen` has the mark of each year as its page showed it, by the year it begins; a year that somebody else changed
    meanwhile is refused, and so is one with numbers and no source. A year whose numbers are all taken out keeps its
    source. `by` is None for the demonstration only. Raises `PermissionDenied` and `Refused`.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    # Whoever saves the sheet of this commissioner at the same moment waits here.
    Commissioner.objects.select_for_update(of=("self",)).get(pk=commissioner.pk)
    known = {each.year_begins: each for each in Trajectory.objects.for_commissioner(commissioner)}
    changed = 0
    for plan in plans:
        changed += _save(commissioner, by, plan, known.get(plan.year.begins), seen.get(plan.year.begins))
    return changed


def _save(
    commissioner: Commissioner, by: User | None, plan: YearPlan, there: Trajectory | None, seen: str | None
) -> bool:
    was = plan_of(there) if there else None
    if was is None and plan.is_empty and not plan.source:
        return False
    source = plan.source or (was.source if was and plan.is_empty else "")
    plan = YearPlan(plan.year, plan.numbers, source)
    if was == plan:
        return False
    if seen is not None and seen != (was.mark if was else NO_MARK):
        raise Refused(
            f"{plan.year} was changed by somebody else meanwhile. Open the page anew to see what it says now, and "
            "enter your change there",
            field=f"y{plan.year.begins}_q1",
        )
    if not source:
        raise Refused(f"Enter the source of {plan.year}", field=f"y{plan.year.begins}_source")
    row = there or Trajectory(commissioner=commissioner, year_begins=plan.year.begins)
    row.q1, row.q2, row.q3, row.q4 = plan.numbers
    row.source = source
    row.save()
    audit.record(actor=by, action="set-trajectory", subject=row)
    return True
