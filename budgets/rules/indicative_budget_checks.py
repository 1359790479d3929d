"""What is wrong with a worksheet before an indicative budget is worked out from it. Pure.

A problem of a row is named after its place: `care-0-hours` is the hours of the first row of care, `others-1-amount`
the amount of the second other line.
"""

from collections.abc import Sequence
from decimal import Decimal

from budgets.exceptions import Problem

from .indicative_budgets import DAYS, WEEKEND_DAYS, CareRow, OtherRow, Worksheet, hours_by_kind_and_day
from .rate_cards import WEEKDAY, WEEKEND, CareKind, DeliveredBy, Rates

MOST_CARERS = 2
HOURS_OF_A_DAY = Decimal(24)
MOST_PERSONAL_ASSISTANTS = 30
LARGEST_AMOUNT = Decimal(1_000_000)


def check_worksheet(worksheet: Worksheet, rates: Rates) -> list[Problem]:
    """Every problem, each with its remedy; none, and it can be worked out."""
    problems = [problem for place, row in enumerate(worksheet.care) for problem in _check_care(place, row, rates)]
    problems += [problem for place, row in enumerate(worksheet.others) for problem in _check_other(place, row)]
    if not problems:
        problems += _check_whole_days(worksheet.care)
    if not worksheet.care and not worksheet.others:
        problems.append(Problem("", "Enter the care of a week, or at least one other line"))
    is_employing = any(row.delivered_by == DeliveredBy.EMPLOYED for row in worksheet.care)
    if is_employing and not 1 <= worksheet.personal_assistants <= MOST_PERSONAL_ASSISTANTS:
        problems.append(
            Problem(
                "personal_assistants",
                f"Enter how many personal assistants will be employed, from 1 to {MOST_PERSONAL_ASSISTANTS}",
            )
        )
    return problems


def _check_care(place: int, row: CareRow, rates: Rates) -> list[Problem]:
    def problem(field: str, message: str) -> Problem:
        return Problem(f"care-{place}-{field}", message)

    problems = []
    kind, is_nights = CareKind(row.kind), row.kind == CareKind.SLEEP_IN
    if not row.days or not row.days <= frozenset(range(len(DAYS))):
        problems.append(problem("days", "Select the days of the week"))
    if is_nights and row.hours != 1:
        problems.append(problem("hours", "Leave the hours of a sleep-in empty: it is paid by the night"))
    elif not 0 < row.hours <= HOURS_OF_A_DAY:
        problems.append(problem("hours", "Enter hours a day above 0 and up to 24"))
    if not 1 <= row.carers <= MOST_CARERS:
        problems.append(problem("carers", "Select one or two carers"))
    if not 0 <= row.unpaid_hours <= row.hours_a_day:
        nights_or_hours = "nights" if is_nights else "hours"
        problems.append(
            problem("unpaid_hours", f"Unpaid {nights_or_hours} a day cannot be more than the {nights_or_hours} needed")
        )
    parts = [WEEKDAY] * bool(row.days - WEEKEND_DAYS) + [WEEKEND] * bool(row.days & WEEKEND_DAYS)
    if any(rates.of_care(row.delivered_by, row.kind, part) is None for part in parts):
        by = DeliveredBy(row.delivered_by).label.lower()
        problems.append(
            problem(
                "kind",
                f"{rates.title} has no rate for this: {kind.label.lower()}, {by}. Select another, or have the rate "
                "added to a new version of the rate card",
            )
        )
    return problems


def _check_other(place: int, row: OtherRow) -> list[Problem]:
    problems = []
    if not row.label.strip():
        problems.append(Problem(f"others-{place}-label", "Enter what the line is for"))
    if not 0 < row.amount <= LARGEST_AMOUNT:
        problems.append(Problem(f"others-{place}-amount", f"Enter an amount above £0 and up to £{LARGEST_AMOUNT:,}"))
    if not row.reason.strip():
        problems.append(Problem(f"others-{place}-reason", "Enter where the amount comes from, such as a quote"))
    return problems


def _check_whole_days(rows: Sequence[CareRow]) -> list[Problem]:
    """Two carers round the clock are the most there is to pay in a day; sleep-ins are counted by the night."""
    most = HOURS_OF_A_DAY * MOST_CARERS
    by_kind = hours_by_kind_and_day(rows)
    for day, name in enumerate(DAYS):
        hours = sum((of[day][0] for kind, of in by_kind.items() if kind != CareKind.SLEEP_IN), Decimal(0))
        if hours > most:
            return [
                Problem(
                    "",
                    f"{name} has {hours.normalize():f} hours of care, and two carers round the clock are {most}. Take "
                    "out what is entered twice",
                )
            ]
    return []
