"""How payment schedules are said on a budget's page."""

import datetime as dt

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.models import PaymentSchedule
from budgets.payment_enums import PaidWhen
from phb_register.presenters import counted, spoken_date
from phb_register.tables import Column

from .personal_health_budgets import pounds


def schedule_columns(*, may_stop: bool) -> list[Column[PaymentSchedule]]:
    """The schedules of a PHB, with a way to stop each that goes on."""
    columns: list[Column[PaymentSchedule]] = [
        Column("Method", lambda each: each.get_method_display()),
        Column("How often", _how_often),
        Column("From", lambda each: spoken_date(each.starts_on)),
        Column("Until", _until),
        Column("Due", due_words),
        Column("Paid to", lambda each: each.provider or "As arranged"),
    ]
    if may_stop:
        columns.append(Column("Change", _stop_words, link=_stop_url))
    return columns


def _how_often(each: PaymentSchedule) -> str:
    once = f": {pounds(each.one_off_amount)}" if each.one_off_amount is not None else ""
    return f"{each.get_frequency_display()}{once}"


def _until(each: PaymentSchedule) -> str:
    if each.stop_reason:
        return f"{_last_day(each)}: {each.stop_reason}"
    return "Goes on" if each.ends_on is None else _last_day(each)


def _last_day(each: PaymentSchedule) -> str:
    if each.ends_on is None or each.ends_on == each.starts_on:
        return "Never paid"
    return spoken_date(each.ends_on - dt.timedelta(days=1))


def due_words(each: PaymentSchedule) -> str:
    """When a period is due."""
    days = counted(each.wait_days, "day", "days")
    if each.paid_when == PaidWhen.ADVANCE:
        return "On its first day" if not each.wait_days else f"{days} before it begins"
    return "On its last day" if not each.wait_days else f"{days} after it ends"


def _stop_words(each: PaymentSchedule) -> SafeString | str:
    if each.stop_reason or each.ends_on is not None:
        return ""
    return format_html(
        'Stop<span class="nhsuk-u-visually-hidden"> the schedule from {}</span>', spoken_date(each.starts_on)
    )


def _stop_url(each: PaymentSchedule) -> str | None:
    if each.stop_reason or each.ends_on is not None:
        return None
    return reverse("budgets:stop-payment-schedule", args=[each.phb.reference, each.pk])
