"""Writes of the equity lens: people counted by group."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from offers.models import Cohort
from phb_register import audit
from phb_register.bulk import one_at_a_time
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check
from reporting.models import EligibleGroup, Setting
from reporting.rules.equity_groups import Characteristic, groups_to_count, is_group


@transaction.atomic
def record_group_counts(
    *,
    commissioner: Commissioner,
    by: User | None,
    cohort: Cohort | None,
    setting: str = Setting.COMMUNITY,
    counted_on: dt.date,
    characteristic: str,
    counts: Mapping[str, int],
    source: str,
) -> list[EligibleGroup]:
    """Record how many people of each group could have a budget: eligible in a cohort or, without one, the population.

    A count of the same group and date is replaced, and the row history keeps the old one; what is there already is
    left as it is. `by` is None for the demonstration only. Returns what was written. Raises `PermissionDenied`;
    `Refused` for a group that is none, and where there is nothing to record.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    which = Characteristic(characteristic)
    for group in counts:
        if not is_group(which, group):
            listed = (
                "Enter its name" if which == Characteristic.LOCALITY else f"Use: {', '.join(groups_to_count(which))}"
            )
            raise Refused(f"“{group}” is no group of {which.label.lower()}. {listed}", field="group")
    if not counts:
        raise Refused("Enter the people of at least one group", field="group")
    key = {
        "commissioner": commissioner,
        "cohort": cohort,
        "setting": Setting(setting) if cohort else "",
        "counted_on": counted_on,
        "characteristic": which,
    }
    one_at_a_time(f"group-counts-{commissioner.pk}")
    known = {each.group: each for each in EligibleGroup.objects.filter(**key)}
    written = []
    for group, people in counts.items():
        said = known.get(group) or EligibleGroup(**key, group=group)
        if (said.people, said.source) != (people, source.strip()):
            said.people, said.source = people, source.strip()
            said.save()
            written.append(said)
    if written:
        detail = {"characteristic": which.value, "counted_on": counted_on.isoformat(), "groups": len(written)}
        audit.record(actor=by, action="record-group-counts", subject=written[0], detail=detail)
    return written
