"""Setting how a commissioner counts."""

import datetime as dt
from dataclasses import asdict

from django.db import transaction

from phb_register import audit
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check
from reporting.models import CountingPolicyChange
from reporting.rules.counting import CountingPolicy
from reporting.selectors.counting import policy_on


@transaction.atomic
def set_counting_policy(
    *, commissioner: Commissioner, by: User | None, applies_from: dt.date, policy: CountingPolicy, source: str
) -> CountingPolicyChange:
    """Set the position of every switch from a date on; what is set from a later date stays as it is.

    Nothing is replaced: figures as known on an earlier day are still counted as they were then. `by` is None for the
    demonstration only. Raises `PermissionDenied`; `Refused` without a source, or where nothing would change.
    """
    # Two at once would take the same number.
    Commissioner.objects.select_for_update().get(pk=commissioner.pk)
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    if not source.strip():
        raise Refused("Enter where this way of counting is set out", field="source")
    if policy == policy_on(commissioner, applies_from):
        raise Refused("This is how it is counted from that date already. Change a switch, or choose another date")
    last = CountingPolicyChange.objects.filter(commissioner=commissioner).order_by("-number").first()
    change = CountingPolicyChange.objects.create(
        commissioner=commissioner,
        number=last.number + 1 if last else 1,
        applies_from=applies_from,
        source=source.strip(),
        recorded_by=by,
        **asdict(policy),
    )
    audit.record(actor=by, action="set-counting-policy", subject=change)
    return change
