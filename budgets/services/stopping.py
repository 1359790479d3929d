"""Stopping a direct payment (2013 Regulations, regulation 17). The PHB goes on, managed in another way."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from budgets.enums import ArrangementEnd, CapacityBasis, Method, PayeeKind, StopReason
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import DirectPaymentArrangement, DirectPaymentStop, PersonalHealthBudget
from budgets.rules.agreement import MethodAmount
from budgets.rules.stopping import check_stop, is_mandatory
from budgets.selectors.arrangements import latest_arrangement, stop_to_finish
from phb_register import clock
from phb_register.models import User
from phb_register.roles import Permission

from .arrangement_support import end_arrangement, record_change
from .holding import held_budget
from .lifecycle import change_methods
from .payments import stop_schedules


@transaction.atomic
def stop_direct_payment(
    *,
    phb: PersonalHealthBudget,
    by: User,
    reason: StopReason,
    stops_on: dt.date,
    notice_given_on: dt.date,
    explanation: str,
    instead: Method,
    alternatives: Sequence[Method] = (Method.NOTIONAL, Method.THIRD_PARTY),
) -> DirectPaymentStop:
    """Stop the direct payment of a PHB from `stops_on`, its first day without one, and manage its money by `instead`.

    The PHB and its amount stay as they are. Nothing more is paid from that day, whatever was scheduled. Where that day
    lies ahead, because the person has notice, the method is changed then, by `finish_stop`. Asked for twice it is
    done once. Raises `PermissionDenied` or `BudgetRefused`.
    """
    phb = held_budget(phb, by, Permission.MANAGE_BUDGETS)
    again = DirectPaymentStop.objects.filter(phb=phb, stops_on=stops_on, reason=reason).first()
    if again is not None:
        return again
    arranged: DirectPaymentArrangement | None = latest_arrangement(DirectPaymentArrangement, phb)
    problems = [
        *_check_goes_on(phb, stops_on),
        *check_stop(
            reason=reason,
            stops_on=stops_on,
            notice_given_on=notice_given_on,
            explanation=explanation,
            alternatives={*alternatives, instead},
            payee=PayeeKind(arranged.payee) if arranged else None,
            capacity_basis=CapacityBasis(arranged.capacity_basis) if arranged else None,
            today=clock.today(),
        ),
    ]
    if problems:
        raise BudgetRefused(problems)
    stop = DirectPaymentStop.objects.create(
        phb=phb,
        reason=reason,
        stops_on=stops_on,
        notice_given_on=notice_given_on,
        explanation=explanation.strip(),
        alternatives=[each.value for each in Method if each in {*alternatives, instead}],
        instead=instead,
        decided_by=by,
    )
    if arranged is not None and (arranged.ends_on is None or arranged.ends_on > stops_on):
        end_arrangement(arranged, max(stops_on, arranged.starts_on), ArrangementEnd.STOPPED)
    stop_schedules(phb=phb, from_day=stops_on, by=by, reason=stop.get_reason_display(), method=Method.DIRECT_PAYMENT)
    detail = {"stops_on": stops_on.isoformat(), "mandatory": is_mandatory(reason)}
    record_change(stop, phb, "direct-payment-stopped", by, detail)
    if stops_on <= clock.today():
        _change(phb, stop, by)
    return stop


@transaction.atomic
def finish_stop(*, phb: PersonalHealthBudget, by: User) -> PersonalHealthBudget:
    """Manage the money in the other way, once the day has come on which a direct payment stopped.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    phb = held_budget(phb, by, Permission.MANAGE_BUDGETS)
    stop = stop_to_finish(phb, clock.today())
    if stop is None:
        raise BudgetRefused([Problem("", "No direct payment of this budget has stopped without another way to go on")])
    _change(phb, stop, by)
    return phb


def _change(phb: PersonalHealthBudget, stop: DirectPaymentStop, by: User) -> None:
    """The money of the direct payment goes to the other method; what is managed in other ways stays so."""
    amounts = {Method(part.method): part.annual_amount for part in phb.method_parts.filter(ends_on__isnull=True)}
    moved = amounts.pop(Method.DIRECT_PAYMENT)
    instead = Method(stop.instead)
    amounts[instead] = amounts.get(instead, Decimal(0)) + moved
    methods = [MethodAmount(method, amount) for method, amount in amounts.items()]
    change_methods(phb=phb, by=by, changed_on=stop.stops_on, methods=methods)


def _check_goes_on(phb: PersonalHealthBudget, stops_on: dt.date) -> list[Problem]:
    """There is a direct payment to stop, of a budget that goes on, which began before that day or on it."""
    if phb.ended_on is not None:
        return [Problem("", "This personal health budget has ended, and its direct payment with it")]
    part = phb.method_parts.filter(method=Method.DIRECT_PAYMENT, ends_on__isnull=True).first()
    if part is None:
        return [Problem("", "This personal health budget has no direct payment to stop")]
    if DirectPaymentStop.objects.filter(phb=phb, stops_on__gte=part.starts_on).exists():
        return [Problem("", "This direct payment was stopped already. Look at what was recorded")]
    if stops_on < part.starts_on:
        return [Problem("stops_on", "Enter a day on or after the first day of the direct payment")]
    return []
