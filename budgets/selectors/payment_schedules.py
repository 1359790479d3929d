"""What the pages and other parts of this room read of payment schedules."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q

from budgets.enums import Method, SupportKind
from budgets.models import AgreedBudget, MethodPart, PaymentSchedule, PersonalHealthBudget, SupportOrganisation
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids

from .instalments import plans_of
from .support_organisations import organisations_serving

PAID_TO_SOMEBODY = (Method.DIRECT_PAYMENT, Method.THIRD_PARTY)


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a schedule pays for one period, both days included, and when it is due."""

    phb_id: int
    method: Method
    first: dt.date
    last: dt.date
    due_on: dt.date
    amount: Decimal


def due_between(phb_ids: Collection[int], first: dt.date, last: dt.date) -> Iterator[Instalment]:
    """What the schedules of these PHBs pay with a due date from `first` to `last`, paid already or not.

    As things stand now: without the balances that a payment run adds. Three reads, however many PHBs.
    """
    schedules = PaymentSchedule.objects.filter(phb__in=phb_ids)
    for plan in plans_of(schedules):
        for due in plan.expected(first, last):
            if due.instalment_amount:
                schedule, period = due.schedule, due.period
                yield Instalment(
                    schedule.phb_id, schedule.method, period.first, period.last, period.due_on, due.instalment_amount
                )


def schedules_of(user: User, phb: PersonalHealthBudget) -> list[PaymentSchedule]:
    """The payment schedules of a PHB that the user may see, the latest first."""
    rows = PaymentSchedule.objects.visible_to(user).filter(phb=phb)
    return list(rows.select_related("provider", "made_by", "stopped_by").order_by("-starts_on", "-pk"))


def schedule_for(user: User, phb: PersonalHealthBudget, pk: int) -> PaymentSchedule | None:
    """One schedule of a PHB, for somebody who prepares payments there."""
    rows = PaymentSchedule.objects.visible_to(user, Permission.PREPARE_PAYMENTS)
    return rows.filter(phb=phb, pk=pk).select_related("phb__commissioner").first()


def goes_on(on: dt.date) -> Q:
    """Schedules that still pay for days after `on`."""
    return Q(ends_on__isnull=True) | Q(ends_on__gt=on) & Q(ends_on__gt=F("starts_on"))


def without_schedule(user: User, today: dt.date, limit: int) -> list[MethodPart]:
    """Parts in force that are paid to somebody, of PHBs in place, without a schedule: the longest in force first."""
    ids = commissioner_ids(user, Permission.PREPARE_PAYMENTS)
    schedules = PaymentSchedule.objects.filter(goes_on(today), phb=OuterRef("phb"), method=OuterRef("method"))
    confirmed = AgreedBudget.objects.filter(phb=OuterRef("phb"), proposal__isnull=False)
    rows = MethodPart.objects.in_force_on(today).filter(
        ~Exists(schedules),
        Exists(confirmed),
        method__in=PAID_TO_SOMEBODY,
        annual_amount__gt=0,
        phb__commissioner__in=ids,
        phb__started_on__lte=today,
        phb__ended_on__isnull=True,
        phb__is_one_off=False,
    )
    return list(rows.select_related("phb__person", "phb__cohort").order_by("starts_on", "pk")[:limit])


def providers_for(phb: PersonalHealthBudget, on: dt.date) -> list[SupportOrganisation]:
    """The providers of care that a notional part may be paid to: open, and known to the finance system."""
    rows = organisations_serving(phb.commissioner, on, kind=SupportKind.PROVIDER)
    return [each for each in rows if each.payee_reference]
