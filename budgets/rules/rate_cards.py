"""What a rate card holds: an hour of care of each kind, and what it costs to employ somebody. Pure.

No amount stands here. Each value is a commissioner's own, dated by its card and held with its source; what the law
sets (National Insurance, the shortest holiday, the least pension) is entered in the same way, because it changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from budgets.exceptions import Problem


class CareKind(TextChoices):
    """The kinds of care a week is made of. A sleep-in is paid by the night, every other kind by the hour."""

    DAY = "day", "Day"
    EVENING = "evening", "Evening"
    WAKING_NIGHT = "waking_night", "Waking night"
    SLEEP_IN = "sleep_in", "Sleep-in night"
    NURSE = "nurse", "Nurse"


class DeliveredBy(TextChoices):
    """Who gives the care. The costs of employing somebody belong to personal assistants the holder employs."""

    AGENCY = "agency", "An agency"
    EMPLOYED = "employed", "Employed personal assistants"


class Unit(TextChoices):
    """What an amount on a rate card is for. `EACH_…` is for every personal assistant employed."""

    AN_HOUR = "an_hour", "£ an hour"
    A_NIGHT = "a_night", "£ a night"
    A_YEAR = "a_year", "£ a year"
    EACH_A_YEAR = "each_a_year", "£ a year for each personal assistant"
    ONCE = "once", "£ once"
    EACH_ONCE = "each_once", "£ once for each personal assistant"
    PERCENT = "percent", "%"
    WEEKS = "weeks", "weeks"
    DAYS = "days", "days a year"

    @property
    def is_money(self) -> bool:
        """Whether it is an amount in pounds."""
        return self not in (Unit.PERCENT, Unit.WEEKS, Unit.DAYS)


class ValueGroup(TextChoices):
    """The parts of a rate card, each edited on a page of its own."""

    AGENCY = "agency", "Care from an agency"
    EMPLOYED = "employed", "Pay of personal assistants"
    EMPLOYING = "employing", "Costs of employing"
    STARTING = "starting", "Starting and bank holidays"


@dataclass(frozen=True)
class ValueSpec:
    """One value a rate card may hold: what it is called, its unit, and the most that makes sense."""

    code: str
    label: str
    unit: Unit
    group: ValueGroup
    hint: str = ""
    maximum: Decimal = Decimal(100_000)


WEEKEND = "weekend"
WEEKDAY = "weekday"


def rate_code(delivered_by: str, kind: str, day: str = WEEKDAY) -> str:
    """The code of the rate for a kind of care, by who gives it and whether it is at a weekend."""
    return f"{delivered_by}_{kind}_{day}"


def _rates(delivered_by: DeliveredBy, group: ValueGroup) -> tuple[ValueSpec, ...]:
    return tuple(
        ValueSpec(
            code=rate_code(delivered_by, kind, day),
            label=f"{kind.label}, {'Saturday and Sunday' if day == WEEKEND else 'Monday to Friday'}",
            unit=Unit.A_NIGHT if kind is CareKind.SLEEP_IN else Unit.AN_HOUR,
            group=group,
            hint="Leave empty if it is the same as from Monday to Friday" if day == WEEKEND else "",
            maximum=Decimal(1_000),
        )
        for kind in CareKind
        for day in (WEEKDAY, WEEKEND)
    )


_PERCENT = Decimal(100)

VALUES: tuple[ValueSpec, ...] = (
    *_rates(DeliveredBy.AGENCY, ValueGroup.AGENCY),
    *_rates(DeliveredBy.EMPLOYED, ValueGroup.EMPLOYED),
    ValueSpec("insurance", "Employers’ liability insurance", Unit.A_YEAR, ValueGroup.EMPLOYING),
    ValueSpec("payroll", "Payroll service", Unit.EACH_A_YEAR, ValueGroup.EMPLOYING),
    ValueSpec(
        "holiday_weeks",
        "Holiday pay, in weeks",
        Unit.WEEKS,
        ValueGroup.EMPLOYING,
        hint="Weeks of pay for whoever stands in. Enter weeks or a percentage, not both",
        maximum=Decimal(52),
    ),
    ValueSpec(
        "holiday_percent",
        "Holiday pay, as a percentage of pay",
        Unit.PERCENT,
        ValueGroup.EMPLOYING,
        hint="For irregular hours. Enter weeks or a percentage, not both",
        maximum=_PERCENT,
    ),
    ValueSpec("ni_percent", "Employer’s National Insurance", Unit.PERCENT, ValueGroup.EMPLOYING, maximum=_PERCENT),
    ValueSpec(
        "ni_threshold",
        "Pay on which no National Insurance is due",
        Unit.EACH_A_YEAR,
        ValueGroup.EMPLOYING,
        hint="The employer’s secondary threshold",
    ),
    ValueSpec(
        "employment_allowance",
        "Employment Allowance",
        Unit.A_YEAR,
        ValueGroup.EMPLOYING,
        hint="Taken off the National Insurance due, never more than that",
    ),
    ValueSpec(
        "pension_percent", "Employer’s pension contribution", Unit.PERCENT, ValueGroup.EMPLOYING, maximum=_PERCENT
    ),
    ValueSpec(
        "pension_threshold",
        "Pay on which no pension is due",
        Unit.EACH_A_YEAR,
        ValueGroup.EMPLOYING,
        hint="Leave empty if the contribution is on all pay",
    ),
    ValueSpec("training", "Training", Unit.EACH_A_YEAR, ValueGroup.EMPLOYING),
    ValueSpec(
        "contingency_weeks",
        "Contingency, in weeks of pay",
        Unit.WEEKS,
        ValueGroup.EMPLOYING,
        hint="For sickness and redundancy. Enter weeks or a percentage, not both",
        maximum=Decimal(52),
    ),
    ValueSpec(
        "contingency_percent",
        "Contingency, as a percentage of pay",
        Unit.PERCENT,
        ValueGroup.EMPLOYING,
        hint="For sickness and redundancy. Enter weeks or a percentage, not both",
        maximum=_PERCENT,
    ),
    ValueSpec("start_up", "Start-up", Unit.ONCE, ValueGroup.STARTING, hint="Setting up as an employer"),
    ValueSpec("recruitment", "Recruitment", Unit.EACH_ONCE, ValueGroup.STARTING),
    ValueSpec("dbs", "Check by the Disclosure and Barring Service", Unit.EACH_ONCE, ValueGroup.STARTING),
    ValueSpec("bank_holidays", "Bank holidays", Unit.DAYS, ValueGroup.STARTING, maximum=Decimal(20)),
    ValueSpec(
        "bank_holiday_percent",
        "What a bank holiday costs more than another weekday",
        Unit.PERCENT,
        ValueGroup.STARTING,
        hint="Leave both empty if a bank holiday costs the same",
        maximum=Decimal(300),
    ),
)
VALUE_BY_CODE: Mapping[str, ValueSpec] = {spec.code: spec for spec in VALUES}

_EITHER_OR = (("holiday_weeks", "holiday_percent"), ("contingency_weeks", "contingency_percent"))
_TOGETHER = (
    ("ni_percent", "ni_threshold", "Enter the threshold as well, or leave National Insurance out"),
    ("bank_holidays", "bank_holiday_percent", "Enter both the days and the percentage of bank holidays, or neither"),
)


@dataclass(frozen=True)
class RateValue:
    """A value on a card: the amount, and where it comes from."""

    amount: Decimal
    source: str


@dataclass(frozen=True)
class Rates:
    """The values of one card, by code. `title` says which card, for the working."""

    title: str
    values: Mapping[str, RateValue]

    def get(self, code: str) -> RateValue | None:
        """The value with this code, if the card holds it."""
        return self.values.get(code)

    def of_care(self, delivered_by: str, kind: str, day: str) -> RateValue | None:
        """The rate for a kind of care; at a weekend that of a weekday where the card holds no other."""
        return self.get(rate_code(delivered_by, kind, day)) or self.get(rate_code(delivered_by, kind))


def group_of(group: str) -> tuple[ValueSpec, ...]:
    """The values of one part of a card, in order."""
    return tuple(spec for spec in VALUES if spec.group == group)


def check_values(values: Mapping[str, RateValue]) -> list[Problem]:
    """What is wrong with values as they were entered, each problem beside its value. No values: nothing is."""
    problems = []
    for code, value in values.items():
        spec = VALUE_BY_CODE[code]
        if value.amount < 0:
            problems.append(Problem(code, f"{spec.label} must be 0 or more"))
        elif value.amount > spec.maximum:
            problems.append(Problem(code, f"{spec.label} must be {spec.maximum:,} or less"))
        if not value.source.strip():
            problems.append(Problem(f"{code}_source", f"Enter where “{spec.label}” comes from"))
    for first, second in _EITHER_OR:
        if first in values and second in values:
            problems.append(Problem(second, "Enter weeks or a percentage, not both"))
    for first, second, remedy in _TOGETHER:
        if (first in values) != (second in values):
            problems.append(Problem(second if first in values else first, remedy))
    return problems


def check_complete(values: Mapping[str, RateValue]) -> list[Problem]:
    """What a card needs before it is put in force: a rate of care, and no value that is wrong."""
    problems = check_values(values)
    if not any(VALUE_BY_CODE[code].group in (ValueGroup.AGENCY, ValueGroup.EMPLOYED) for code in values):
        problems.append(Problem("", "Enter at least one rate of care before the rate card is put in force"))
    return problems
