"""Payment schedules: made for a method of a PHB, and stopped."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Greatest

from budgets.enums import Method, SupportKind
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import MethodPart, PaymentSchedule, PersonalHealthBudget, SupportOrganisation
from budgets.models.payments import LONGEST_WAIT_DAYS
from budgets.payment_enums import Frequency, PaidWhen
from budgets.rules.agreement import day
from budgets.selectors.agreed_budgets import agreed_on
from phb_register import audit, scope
from phb_register.models import User
from phb_register.roles import Permission

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def make_schedule(
    *,
    phb: PersonalHealthBudget,
    method: Method,
    frequency: Frequency,
    starts_on: dt.date,
    by: User,
    paid_when: PaidWhen = PaidWhen.ADVANCE,
    wait_days: int = 0,
    one_off_amount: Decimal | None = None,
    provider: SupportOrganisation | None = None,
) -> PaymentSchedule:
    """Say how one method of a PHB is paid from `starts_on`, the first day that is paid for.

    `one_off_amount` (pounds) is for a schedule that pays once and for no other; `provider` for a notional part and
    for no other. Raises `PermissionDenied` without PREPARE_PAYMENTS there, or `BudgetRefused`.
    """
    held = PersonalHealthBudget.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=phb.pk)
    scope.check(by, Permission.PREPARE_PAYMENTS, held.commissioner)
    part = held.method_parts.in_force_on(starts_on).filter(method=method).first()
    problems = [
        *_check_part(held, part, method, starts_on),
        *_check_timing(frequency, wait_days),
        *_check_provider(method, provider, starts_on),
        *_check_alone(held, method, frequency, starts_on),
        *_check_once(held, part, method, frequency, starts_on, one_off_amount),
    ]
    if problems:
        raise BudgetRefused(problems)
    schedule = PaymentSchedule.objects.create(
        phb=held,
        method=method,
        frequency=frequency,
        starts_on=starts_on,
        ends_on=starts_on + ONE_DAY if frequency == Frequency.ONE_OFF else None,
        paid_when=paid_when,
        wait_days=wait_days,
        one_off_amount=one_off_amount if frequency == Frequency.ONE_OFF else None,
        provider=provider if method == Method.NOTIONAL else None,
        made_by=by,
    )
    detail = {"schedule": schedule.pk, "method": method, "frequency": frequency, "starts_on": starts_on.isoformat()}
    audit.record(actor=by, action="make-payment-schedule", subject=held, detail=detail)
    return schedule


@transaction.atomic
def stop_schedules(
    *, phb: PersonalHealthBudget, from_day: dt.date, by: User, reason: str, method: Method | None = None
) -> int:
    """Stop what is paid for a PHB, of one method or of all, and say how many schedules that stopped.

    `from_day` is the first day no longer paid for; what was paid for later days shows as paid too much. A one-off
    that is to come is not paid. Raises `PermissionDenied` without PREPARE_PAYMENTS or MANAGE_BUDGETS there, or
    `BudgetRefused` without a reason.
    """
    held = PersonalHealthBudget.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=phb.pk)
    if not any(scope.can(by, each, held.commissioner) for each in _MAY_STOP):
        raise PermissionDenied(f"Stopping payments needs finance or the PHB team of {held.commissioner}")
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter why the payments stop")])
    rows = held.payment_schedules.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=from_day)).exclude(
        ends_on=F("starts_on")
    )
    if method is not None:
        rows = rows.filter(method=method)
    stopped = rows.update(
        ends_on=Greatest(F("starts_on"), Value(from_day)), stopped_by=by, stop_reason=reason.strip()[:300]
    )
    if stopped:
        detail = {"from": from_day.isoformat(), "method": method or "all", "schedules": stopped}
        audit.record(actor=by, action="stop-payment-schedules", subject=held, detail=detail)
    return stopped


_MAY_STOP = (Permission.PREPARE_PAYMENTS, Permission.MANAGE_BUDGETS)


def _check_part(
    phb: PersonalHealthBudget, part: MethodPart | None, method: Method, starts_on: dt.date
) -> list[Problem]:
    if phb.started_on is None:
        return [Problem("", "Start the personal health budget first. Nothing is paid before it is in place")]
    if part is not None:
        return []
    return [
        Problem(
            "starts_on",
            f"Enter a day on which the budget is managed as a {method.label.lower()}, {day(starts_on)} is not one",
        )
    ]


def _check_timing(frequency: Frequency, wait_days: int) -> list[Problem]:
    if 0 <= wait_days <= LONGEST_WAIT_DAYS:
        return []
    return [Problem("wait_days", f"Enter a number of days from 0 to {LONGEST_WAIT_DAYS}")]


def _check_provider(method: Method, provider: SupportOrganisation | None, on: dt.date) -> list[Problem]:
    if method != Method.NOTIONAL:
        return []
    if provider is None:
        return [Problem("provider", "Select the provider who is paid. A notional budget pays nobody else")]
    if SupportKind.PROVIDER not in provider.kinds or not provider.is_open_on(on):
        return [Problem("provider", f"Select a provider of care that is open on {day(on)}")]
    if not provider.payee_reference:
        return [
            Problem("provider", f"Enter the reference of {provider.name} in the finance system first, to be paid by")
        ]
    return []


def _check_alone(phb: PersonalHealthBudget, method: Method, frequency: Frequency, starts_on: dt.date) -> list[Problem]:
    if frequency == Frequency.ONE_OFF:
        return []
    if phb.is_one_off:
        return [Problem("frequency", "Select once. A one-off budget is paid once, as a whole")]
    others = phb.payment_schedules.filter(method=method).exclude(frequency=Frequency.ONE_OFF)
    other = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)).order_by("starts_on").first()
    if other is None:
        return []
    return [
        Problem(
            "starts_on",
            f"Stop the payment schedule from {day(other.starts_on)} first, or enter a day after it ends. One schedule "
            "pays a method at a time",
        )
    ]


def _check_once(
    phb: PersonalHealthBudget,
    part: MethodPart | None,
    method: Method,
    frequency: Frequency,
    starts_on: dt.date,
    amount: Decimal | None,
) -> list[Problem]:
    """What is paid once was agreed to be paid once, and is not paid twice."""
    if frequency != Frequency.ONE_OFF:
        return []
    if amount is None or amount <= 0:
        return [Problem("one_off_amount", "Enter the amount that is paid once, more than £0.00")]
    agreed = agreed_on(phb, starts_on)
    whole = Decimal("0.00")
    if agreed is not None and agreed.one_off_method == method:
        whole += agreed.one_off_amount
    if phb.is_one_off and part is not None:
        whole += part.annual_amount
    made = phb.payment_schedules.filter(method=method, frequency=Frequency.ONE_OFF).exclude(ends_on=F("starts_on"))
    left = whole - (made.aggregate(total=Sum("one_off_amount"))["total"] or Decimal("0.00"))
    if amount <= left:
        return []
    return [
        Problem(
            "one_off_amount",
            f"Enter £{max(left, Decimal(0)):,.2f} or less: that is what was agreed to be paid once and is not "
            "scheduled yet",
        )
    ]
