"""What the end of a PHB on a day would do, to be told before it is done."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from budgets.models import (
    DirectPaymentArrangement,
    Payment,
    PersonalHealthBudget,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.payment_enums import PaymentState, RunStatus
from budgets.rules.payment_run_states import OPEN_STATUSES
from budgets.rules.periods import to_pence
from phb_register.dates import ONE_DAY, financial_year

from .closures import has_money
from .monitoring import surplus_of
from .payment_schedules import due_between
from .support_plans import plan_in_force

ARRANGEMENTS = (
    (DirectPaymentArrangement, "The direct payment arrangement"),
    (ThirdPartyArrangement, "The third-party arrangement"),
    (WheelchairArrangement, "The wheelchair arrangement"),
)


@dataclass(frozen=True)
class WhatEnds:
    """What goes with a PHB that ends, in numbers and pounds. `until` is the day up to which instalments are counted."""

    last_day: dt.date
    until: dt.date
    instalments: int
    instalments_amount: Decimal
    waiting: int
    paid_ahead: Decimal
    unspent: Decimal | None
    ending: tuple[str, ...]
    has_money: bool


def what_ends(phb: PersonalHealthBudget, ended_on: dt.date, today: dt.date) -> WhatEnds:
    """What the end of a PHB on `ended_on` would do, to the end of the financial year."""
    until = financial_year(max(ended_on, today)).end
    cut = [each for each in due_between([phb.pk], ended_on, until) if each.first >= ended_on]
    payments = Payment.objects.filter(phb=phb, state=PaymentState.INCLUDED)
    ahead = payments.filter(run__status=RunStatus.RELEASED, period_last__gte=ended_on)
    surplus = surplus_of(phb, today)
    ending = [name for model, name in ARRANGEMENTS if model.objects.filter(phb=phb).in_force_on(ended_on).exists()]
    if plan_in_force(phb.referral, ended_on) is not None:
        ending.insert(0, "The support plan")
    return WhatEnds(
        last_day=ended_on - ONE_DAY,
        until=until,
        instalments=len(cut),
        instalments_amount=sum((each.amount for each in cut), Decimal(0)),
        waiting=payments.filter(run__status__in=OPEN_STATUSES, period_last__gte=ended_on).count(),
        paid_ahead=_share_after(ahead, ended_on),
        unspent=surplus.balance if surplus else None,
        ending=tuple(ending),
        has_money=has_money(phb),
    )


def _share_after(payments: Iterable[Payment], ended_on: dt.date) -> Decimal:
    """What of some payments is for the days from the end on, in pounds, each to the penny."""
    return sum((_days_share(each, ended_on) for each in payments), Decimal("0.00"))


def _days_share(payment: Payment, ended_on: dt.date) -> Decimal:
    days = (payment.period_last - payment.period_first).days + 1
    after = min((payment.period_last - ended_on).days + 1, days)
    return to_pence(payment.amount * after / days)
