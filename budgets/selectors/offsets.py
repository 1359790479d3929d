"""Reads of offsets: what is set off against coming payments."""

import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from budgets.enums import Method
from budgets.models import Offset, PersonalHealthBudget, Recovery, Surplus
from budgets.rules.offsets import STANDING, OffsetStatus, PaymentDue
from budgets.rules.recovery_states import RecoveryStatus
from budgets.selectors.monitoring import MONEY_LEAVES
from budgets.selectors.payment_schedules import due_between
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


def taken_of(surplus: Surplus) -> Decimal:
    """Pounds of a surplus that are set off or asked for back already, so that no money is taken twice."""
    rows = (
        Offset.objects.filter(surplus=surplus, status__in=STANDING),
        Recovery.objects.filter(surplus=surplus).exclude(status=RecoveryStatus.WITHDRAWN),
    )
    return sum((each.aggregate(total=Sum("amount"))["total"] or Decimal(0) for each in rows), start=Decimal(0))


def method_paid(phb: PersonalHealthBudget) -> str:
    """The way of paying that offsets are about: the direct payment where there is one."""
    paid = set(phb.method_parts.filter(method__in=MONEY_LEAVES).values_list("method", flat=True))
    return Method.THIRD_PARTY if paid == {Method.THIRD_PARTY.value} else Method.DIRECT_PAYMENT


def coming_payments(phb: PersonalHealthBudget, method: str, today: dt.date) -> list[PaymentDue]:
    """The payments of the coming year against which nothing is set off yet, the earliest first."""
    last = today + dt.timedelta(days=365)
    taken = set(
        Offset.objects.filter(phb=phb, method=method, status__in=STANDING, pays_on__gte=today).values_list(
            "pays_on", flat=True
        )
    )
    due: dict[dt.date, Decimal] = {}
    for each in due_between([phb.pk], today, last):
        if each.method == method and each.due_on >= today and each.due_on not in taken:
            due[each.due_on] = due.get(each.due_on, Decimal(0)) + each.amount
    return [PaymentDue(day, amount) for day, amount in sorted(due.items()) if amount > 0]
