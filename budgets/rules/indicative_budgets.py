"""An indicative budget: a week of care times a rate card, with every line of the working. Pure.

Nothing is scored and nothing is weighted: each line is a quantity times a rate, rounded to the penny with halves up,
and the budget is the sum of its lines. What the costs of employing rest on is said in `employment_costs`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices

from .periods import a_week_of, a_year_of, to_pence
from .rate_cards import WEEKDAY, WEEKEND, CareKind, DeliveredBy, Rates, RateValue

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKEND_DAYS = frozenset({5, 6})
WEEKDAYS = 5
HUNDRED = Decimal(100)
NOUGHT = Decimal(0)


class Period(TextChoices):
    """How often an amount falls due."""

    WEEKLY = "weekly", "A week"
    ANNUAL = "annual", "A year"
    ONE_OFF = "one_off", "Once"


class LineGroup(TextChoices):
    """What a line of the working is about, in the order in which they are shown."""

    CARE = "care", "Care needed"
    UNPAID = "unpaid", "Care that family and friends give unpaid"
    BANK_HOLIDAYS = "bank_holidays", "Bank holidays"
    EMPLOYING = "employing", "Costs of employing"
    OTHER = "other", "Other lines"


@dataclass(frozen=True)
class CareRow:
    """Some care on some days of every week: 0 is Monday. `hours` are of one day and one carer.

    `unpaid_hours` are those of a day that family and friends give, of all carers together. Of a sleep-in both are
    nights: `hours` is 1, and `unpaid_hours` 1 where one carer's night is given.
    """

    days: frozenset[int]
    kind: str
    hours: Decimal
    carers: int = 1
    unpaid_hours: Decimal = NOUGHT
    delivered_by: str = DeliveredBy.AGENCY.value

    @property
    def hours_a_day(self) -> Decimal:
        """Of all carers together, paid and unpaid."""
        return self.hours * self.carers


@dataclass(frozen=True)
class OtherRow:
    """A line that is no care by the hour: equipment, mileage, an activity. `amount` is in pounds for the period."""

    label: str
    period: str
    amount: Decimal
    reason: str


@dataclass(frozen=True)
class Worksheet:
    """What an indicative budget is worked out from. `personal_assistants` is how many are employed."""

    care: tuple[CareRow, ...] = ()
    others: tuple[OtherRow, ...] = ()
    personal_assistants: int = 0
    has_starting_costs: bool = True

    def as_json(self) -> dict[str, Any]:
        """As it is stored; numbers as text, so that nothing is rounded."""
        return {
            "care": [
                {
                    "days": sorted(row.days),
                    "kind": str(row.kind),
                    "hours": str(row.hours),
                    "carers": row.carers,
                    "unpaid_hours": str(row.unpaid_hours),
                    "delivered_by": str(row.delivered_by),
                }
                for row in self.care
            ],
            "others": [
                {"label": row.label, "period": str(row.period), "amount": str(row.amount), "reason": row.reason}
                for row in self.others
            ],
            "personal_assistants": self.personal_assistants,
            "has_starting_costs": self.has_starting_costs,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Worksheet":
        """What `as_json` stored."""
        return cls(
            care=tuple(
                CareRow(
                    days=frozenset(row["days"]),
                    kind=row["kind"],
                    hours=Decimal(row["hours"]),
                    carers=row["carers"],
                    unpaid_hours=Decimal(row["unpaid_hours"]),
                    delivered_by=row["delivered_by"],
                )
                for row in stored["care"]
            ),
            others=tuple(
                OtherRow(row["label"], row["period"], Decimal(row["amount"]), row["reason"]) for row in stored["others"]
            ),
            personal_assistants=stored["personal_assistants"],
            has_starting_costs=stored["has_starting_costs"],
        )


@dataclass(frozen=True)
class Line:
    """One line of the working: `amount` is `quantity` times `rate` (÷ 100 where the rate is a percentage).

    `amount` is in pounds for the period, `annual_amount` in pounds a year: nought of a one-off line.
    """

    group: str
    label: str
    quantity: Decimal
    unit: str
    rate: Decimal
    period: str
    source: str
    is_percent: bool = False

    @property
    def amount(self) -> Decimal:
        """In pounds, to the penny, halves away from nought."""
        exact = self.quantity * self.rate
        return to_pence(exact / HUNDRED if self.is_percent else exact)

    @property
    def annual_amount(self) -> Decimal:
        """What it comes to in a year of 365 days."""
        if self.period == Period.ONE_OFF:
            return to_pence(NOUGHT)
        return a_year_of(self.amount) if self.period == Period.WEEKLY else self.amount


@dataclass(frozen=True)
class Working:
    """Every line, and what they add to."""

    lines: tuple[Line, ...]

    @property
    def annual_amount(self) -> Decimal:
        """Pounds a year: the sum of the lines' annual amounts."""
        return sum((line.annual_amount for line in self.lines), to_pence(NOUGHT))

    @property
    def one_off_amount(self) -> Decimal:
        """Pounds, once: the sum of the one-off lines."""
        return sum((line.amount for line in self.lines if line.period == Period.ONE_OFF), to_pence(NOUGHT))

    @property
    def weekly_amount(self) -> Decimal:
        """What the annual amount comes to in a week."""
        return a_week_of(self.annual_amount)


def work_out(worksheet: Worksheet, rates: Rates) -> Working:
    """The working of a worksheet that `indicative_budget_checks.check_worksheet` found nothing wrong with.

    The order of its rows changes the order of the lines, and nothing else.
    """
    care = [line for row in worksheet.care for line in _care_lines(row, rates)]
    unpaid = [line for row in worksheet.care for line in _unpaid_lines(row, rates)]
    holidays = [line for by in DeliveredBy for line in _bank_holiday_lines(worksheet, rates, by)]
    employing = employment_costs(worksheet, rates)
    return Working((*care, *unpaid, *holidays, *employing, *(_other_line(row) for row in worksheet.others)))


def _parts(row: CareRow, rates: Rates) -> Iterable[tuple[frozenset[int], RateValue]]:
    """The days of a row that are paid at one rate, with the rate: its weekdays, and its days at the weekend."""
    for days, day in ((row.days - WEEKEND_DAYS, WEEKDAY), (row.days & WEEKEND_DAYS, WEEKEND)):
        rate = rates.of_care(row.delivered_by, row.kind, day)
        if days and rate is not None:
            yield days, rate


def _care_lines(row: CareRow, rates: Rates) -> Iterable[Line]:
    for days, rate in _parts(row, rates):
        yield Line(
            LineGroup.CARE,
            f"{care_words(row)}, {days_words(days)}",
            row.hours_a_day * len(days),
            unit_words(row.kind),
            rate.amount,
            Period.WEEKLY,
            rate.source,
        )


def _unpaid_lines(row: CareRow, rates: Rates) -> Iterable[Line]:
    if not row.unpaid_hours:
        return
    for days, rate in _parts(row, rates):
        yield Line(
            LineGroup.UNPAID,
            f"Less unpaid care: {CareKind(row.kind).label.lower()}, {days_words(days)}",
            -row.unpaid_hours * len(days),
            unit_words(row.kind),
            rate.amount,
            Period.WEEKLY,
            rate.source,
        )


def _paid_lines(worksheet: Worksheet, rates: Rates, by: str) -> list[Line]:
    """Care from one side, with what is given unpaid of it taken off."""
    rows = [row for row in worksheet.care if row.delivered_by == by]
    return [line for row in rows for line in (*_care_lines(row, rates), *_unpaid_lines(row, rates))]


def _bank_holiday_lines(worksheet: Worksheet, rates: Rates, by: DeliveredBy) -> Iterable[Line]:
    """So many days a year at so much more than an average weekday: bank holidays do not come round by the week."""
    days, more = rates.get("bank_holidays"), rates.get("bank_holiday_percent")
    if days is None or more is None:
        return
    on_weekdays = Worksheet(
        care=tuple(
            CareRow(row.days - WEEKEND_DAYS, row.kind, row.hours, row.carers, row.unpaid_hours, row.delivered_by)
            for row in worksheet.care
        )
    )
    week = sum((line.amount for line in _paid_lines(on_weekdays, rates, by)), NOUGHT)
    if not week:
        return
    average = to_pence(week / WEEKDAYS)
    yield Line(
        LineGroup.BANK_HOLIDAYS,
        f"Bank holidays, {by.label.lower()}: {plain(more.amount)}% more than an average weekday of £{average:,.2f}",
        days.amount,
        "days a year",
        to_pence(average * more.amount / HUNDRED),
        Period.ANNUAL,
        both_sources(days, more),
    )


def employment_costs(worksheet: Worksheet, rates: Rates) -> list[Line]:
    """What it costs to employ personal assistants beyond their pay; nothing where none of the care is theirs.

    Pay is a year of the paid hours, with bank holidays. Holiday pay comes on top of it, as weeks of a week's pay or
    as a percentage. National Insurance and pension are due on both together, above a threshold for each personal
    assistant, as if they all earned the same. The Employment Allowance takes off no more than is due. Contingency is
    weeks or a percentage of pay.
    """
    paid = _paid_lines(worksheet, rates, DeliveredBy.EMPLOYED)
    weekly = sum((line.amount for line in paid), NOUGHT)
    bank_holidays = sum(
        (line.annual_amount for line in _bank_holiday_lines(worksheet, rates, DeliveredBy.EMPLOYED)), NOUGHT
    )
    yearly = sum((line.annual_amount for line in paid), NOUGHT) + bank_holidays
    if not yearly:
        return []
    number = Decimal(worksheet.personal_assistants)
    holiday = _share_of_pay(rates, "holiday", "Holiday pay", weekly, yearly)
    with_holiday = yearly + sum((line.amount for line in holiday), NOUGHT)
    lines = [
        *holiday,
        *_national_insurance(rates, with_holiday, number),
        *_above_threshold(rates, "pension", "Employer’s pension contribution", with_holiday, number),
        *_flat(rates, "insurance", "Employers’ liability insurance", Decimal(1)),
        *_flat(rates, "payroll", "Payroll service", number),
        *_flat(rates, "training", "Training", number),
        *_share_of_pay(rates, "contingency", "Contingency", weekly, yearly),
    ]
    if worksheet.has_starting_costs:
        for code, label, times in (
            ("start_up", "Start-up", Decimal(1)),
            ("recruitment", "Recruitment", number),
            ("dbs", "Checks by the Disclosure and Barring Service", number),
        ):
            lines += _flat(rates, code, label, times, Period.ONE_OFF)
    return lines


def _share_of_pay(rates: Rates, code: str, label: str, weekly: Decimal, yearly: Decimal) -> list[Line]:
    """A cost given in weeks of pay or as a percentage of a year's; a card holds one of the two, or neither."""
    weeks, share = rates.get(f"{code}_weeks"), rates.get(f"{code}_percent")
    if weeks is not None:
        words = f"{label}: {plain(weeks.amount)} weeks of a week’s pay"
        return [Line(LineGroup.EMPLOYING, words, weeks.amount, "weeks", weekly, Period.ANNUAL, weeks.source)]
    if share is not None:
        words = f"{label}: {plain(share.amount)}% of a year’s pay"
        return [_percent_line(words, yearly, share.amount, share.source)]
    return []


def _percent_line(label: str, base: Decimal, share: Decimal, source: str) -> Line:
    return Line(LineGroup.EMPLOYING, label, base, "£ of pay", share, Period.ANNUAL, source, is_percent=True)


def _above_threshold(rates: Rates, code: str, label: str, pay: Decimal, number: Decimal) -> list[Line]:
    """A percentage of pay above a threshold for each personal assistant; nought, and shown so, where it is below."""
    share, threshold = rates.get(f"{code}_percent"), rates.get(f"{code}_threshold")
    if share is None:
        return []
    words, base, source = label, pay, share.source
    if threshold is not None:
        base = max(pay - number * threshold.amount, NOUGHT)
        words = f"{label} on pay of £{pay:,.2f} above {plain(number)} × £{threshold.amount:,.2f}"
        source = both_sources(share, threshold)
    return [_percent_line(words, base, share.amount, source)]


def _national_insurance(rates: Rates, pay: Decimal, number: Decimal) -> list[Line]:
    lines = _above_threshold(rates, "ni", "Employer’s National Insurance", pay, number)
    allowance, due = rates.get("employment_allowance"), sum((line.amount for line in lines), NOUGHT)
    if allowance is not None and due:
        taken = min(to_pence(allowance.amount), due)
        words = f"Less the Employment Allowance, up to £{allowance.amount:,.2f}"
        lines.append(Line(LineGroup.EMPLOYING, words, Decimal(-1), "", taken, Period.ANNUAL, allowance.source))
    return lines


def _flat(rates: Rates, code: str, label: str, times: Decimal, period: Period = Period.ANNUAL) -> list[Line]:
    value = rates.get(code)
    if value is None:
        return []
    words = label if times == 1 else f"{label}, for {plain(times)} personal assistants"
    return [Line(LineGroup.EMPLOYING, words, times, "", value.amount, period, value.source)]


def _other_line(row: OtherRow) -> Line:
    return Line(LineGroup.OTHER, row.label, Decimal(1), "", row.amount, row.period, row.reason)


def hours_by_kind_and_day(rows: Sequence[CareRow]) -> dict[str, list[tuple[Decimal, Decimal]]]:
    """For each kind with any care, of each day from Monday, the hours (or nights) needed and those given unpaid."""
    needed: dict[str, list[Decimal]] = defaultdict(lambda: [NOUGHT] * len(DAYS))
    unpaid: dict[str, list[Decimal]] = defaultdict(lambda: [NOUGHT] * len(DAYS))
    for row in rows:
        for day in row.days:
            needed[row.kind][day] += row.hours_a_day
            unpaid[row.kind][day] += row.unpaid_hours
    return {kind: list(zip(needed[kind], unpaid[kind], strict=True)) for kind in CareKind.values if kind in needed}


def care_words(row: CareRow) -> str:
    """A row of care in a few words: “Day, 8 hours a day, 2 carers, an agency”."""
    kind = CareKind(row.kind)
    parts = [str(kind.label)]
    if kind is not CareKind.SLEEP_IN:
        parts.append(f"{plain(row.hours)} {'hour' if row.hours == 1 else 'hours'} a day")
    if row.carers > 1:
        parts.append(f"{row.carers} carers")
    return ", ".join([*parts, str(DeliveredBy(row.delivered_by).label).lower()])


def days_words(days: frozenset[int]) -> str:
    """Days of the week in words: “Monday to Friday”, “Saturday and Sunday”, “Monday, Wednesday and Friday”."""
    names = [DAYS[day] for day in sorted(days)]
    is_run = len(days) > 2 and max(days) - min(days) == len(days) - 1
    if is_run:
        return f"{names[0]} to {names[-1]}"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def unit_words(kind: str) -> str:
    """What a week of a kind of care is counted in."""
    return "nights" if kind == CareKind.SLEEP_IN else "hours"


def both_sources(first: RateValue, second: RateValue) -> str:
    """The sources of two values of one line, once where they are the same."""
    return first.source if first.source == second.source else f"{first.source}; {second.source}"


def plain(number: Decimal) -> str:
    """A number without noughts at its end: 5.60 is 5.6, 8.00 is 8."""
    return f"{number.normalize():f}"
