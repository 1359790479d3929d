"""The demonstration's rate cards of the LLR partnership. Every rate of care in them is invented."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction

from budgets.models import RateCard
from budgets.rules.rate_cards import CareKind, DeliveredBy, RateValue, group_of, rate_code
from budgets.rules.rate_cards import ValueGroup as Group
from budgets.services.rate_cards import change_values, put_in_force, start_rate_card
from phb_register.models import Commissioner, User

OWNER, WRITER = "LLR", "finance@llr.example.nhs.uk"
INVENTED = "Invented for the demonstration"
CHECK = "check it against the published rates before relying on it"

#: For each kind: an hour or night on a weekday and at a weekend, from an agency, then the pay of an assistant.
_CARE = {
    CareKind.DAY: ("22.40", "24.60", "13.20", "14.20"),
    CareKind.EVENING: ("23.60", "25.80", "13.60", "14.60"),
    CareKind.WAKING_NIGHT: ("24.80", "26.90", "14.10", "15.00"),
    CareKind.SLEEP_IN: ("118.00", "126.00", "92.00", "98.00"),
    CareKind.NURSE: ("41.50", "48.00", "", ""),
}
_EMPLOYING = {
    "insurance": "96",
    "payroll": "180",
    "holiday_percent": "12.07",
    "pension_percent": "3",
    "pension_threshold": "6240",
    "training": "140",
    "contingency_weeks": "2",
}
_STARTING = {
    "start_up": "300",
    "recruitment": "120",
    "dbs": "49.50",
    "bank_holidays": "8",
    "bank_holiday_percent": "50",
}
#: What the law set in those years; the sources say that nobody has checked them here.
_LAW = {
    "holiday_percent": "Guidance on holiday pay for irregular hours",
    "pension_percent": "Least contribution of an employer, and where it begins: the Pensions Regulator",
    "pension_threshold": "Least contribution of an employer, and where it begins: the Pensions Regulator",
}
#: First day, what a rate is times, what changes, and National Insurance: percentage, threshold, allowance, source.
VERSIONS = (
    (
        dt.date(2014, 4, 1),
        Decimal("0.82"),
        "The first rate card of the partnership",
        ("13.8", "9100", "5000", "Rates for employers, 2022 to 2023"),
    ),
    (
        dt.date(2026, 4, 1),
        Decimal(1),
        "Rates of care for 2026/27, and the employer’s National Insurance as it is from April 2025",
        ("15", "5000", "10500", "Rates for employers, 2025 to 2026"),
    ),
)


@transaction.atomic
def load(progress: Callable[[int, int], None]) -> None:
    """Add both versions where the partnership has no rate card yet; a second run changes nothing."""
    owner = Commissioner.objects.get(code=OWNER)
    if not RateCard.objects.filter(commissioner=owner).exists():
        by = User.objects.get(email=WRITER)
        for applies_from, times, note, insurance in VERSIONS:
            card = start_rate_card(commissioner=owner, by=by, applies_from=applies_from, note=note, on=applies_from)
            values = _values(times, insurance)
            for group in Group:
                codes = {spec.code for spec in group_of(group)}
                held = {code: value for code, value in values.items() if code in codes}
                change_values(card=card, by=by, group=group, values=held)
            put_in_force(card=card, by=by, on=applies_from)
    progress(len(VERSIONS), len(VERSIONS))


def _values(times: Decimal, insurance: tuple[str, str, str, str]) -> dict[str, RateValue]:
    """The values of one version, by code."""
    values = {}
    for kind, amounts in _CARE.items():
        places = [(by, day) for by in DeliveredBy for day in ("weekday", "weekend")]
        for (by, day), amount in zip(places, amounts, strict=True):
            if amount:
                rate = (Decimal(amount) * times).quantize(Decimal("0.01"))
                values[rate_code(by, kind, day)] = RateValue(rate, INVENTED)
    for code, amount in {**_EMPLOYING, **_STARTING}.items():
        source = f"{_LAW[code]}: {CHECK}" if code in _LAW else INVENTED
        values[code] = RateValue(Decimal(amount), source)
    share, threshold, allowance, source = insurance
    for code, amount in (("ni_percent", share), ("ni_threshold", threshold), ("employment_allowance", allowance)):
        values[code] = RateValue(Decimal(amount), f"{source}: {CHECK}")
    return values
