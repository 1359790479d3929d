"""Reads of offsets: what is set off against coming payments."""

import datetime as dt
import uuid
from collections.abc import Collection

from budgets.models import Offset, PersonalHealthBudget
from budgets.rules.offsets import OffsetStatus
from phb_register.models import User
from phb_register.roles import Permission

#: By what a payment is found: its PHB, method and day.
OffsetKey = tuple[int, str, dt.date]


def approved_between(phb_ids: Collection[int], first: dt.date, last: dt.date) -> dict[OffsetKey, Offset]:
    """The approved offsets of payments due from ``first`` to ``last``, both counted, by PHB, method and day.

    One query, whatever the number of PHBs; a payment has one at most.
    """
    rows = Offset.objects.filter(status=OffsetStatus.APPROVED, pays_on__range=(first, last), phb_id__in=phb_ids)
    return {(each.phb_id, each.method, each.pays_on): each for each in rows}


def offsets_of(phb: PersonalHealthBudget) -> list[Offset]:
    """The offsets of a PHB, the earliest payment first."""
    return list(Offset.objects.filter(phb=phb).select_related("proposed_by", "approved_by"))


def offset_for(user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS) -> Offset | None:
    """The offset with this reference, if the user may see it."""
    rows = Offset.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related("phb__person__commissioner", "phb__commissioner", "proposed_by", "approved_by").first()


def offsets_to_approve(user: User, limit: int) -> list[Offset]:
    """Offsets that somebody else proposed and this user may approve, the soonest payment first."""
    rows = Offset.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_approve().exclude(proposed_by=user)
    return list(rows.select_related("phb__person")[:limit])
