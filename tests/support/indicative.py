"""Rate cards and worksheets for tests of indicative budgets, and a naive second way to their totals."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from budgets.rules.indicative_budgets import CareRow, Worksheet
from budgets.rules.rate_cards import Rates, RateValue

SOURCE = "Invented for a test"
MONDAY_TO_FRIDAY = frozenset(range(5))
EVERY_DAY = frozenset(range(7))


def rates_of(**amounts: str) -> Rates:
    """A card that holds these values."""
    return Rates("The rate card", {code: RateValue(Decimal(amount), SOURCE) for code, amount in amounts.items()})


def care(days: frozenset[int] = MONDAY_TO_FRIDAY, kind: str = "day", hours: str = "1", **given: Any) -> CareRow:
    """A row of care from an agency by one carer, unless it is said otherwise."""
    if "unpaid" in given:
        given["unpaid_hours"] = Decimal(given.pop("unpaid"))
    return CareRow(days, kind, Decimal(hours), **given)


def _pence(exact: Fraction) -> int:
    """Pounds as pence, halves away from nought."""
    doubled = exact * 200
    return int((abs(doubled) + 1) // 2) * (1 if doubled >= 0 else -1)


def naive_totals(worksheet: Worksheet, rates: Rates) -> tuple[int, int]:
    """Pence a year and pence once: day by day in fractions, without any of the rules' own helpers."""
    card = {code: Fraction(value.amount) for code, value in rates.values.items()}
    yearly, pay_week, pay_year = 0, 0, 0
    on_weekdays = {"agency": 0, "employed": 0}
    for row in worksheet.care:
        for days, part in (([d for d in row.days if d < 5], "weekday"), ([d for d in row.days if d > 4], "weekend")):
            own = f"{row.delivered_by}_{row.kind}_{part}"
            rate = card.get(own, card.get(f"{row.delivered_by}_{row.kind}_weekday"))
            needed = _pence(sum((Fraction(row.hours) * row.carers for _ in days), Fraction(0)) * rate) if days else 0
            given = _pence(sum((Fraction(row.unpaid_hours) for _ in days), Fraction(0)) * rate) if days else 0
            year = _pence(Fraction(needed, 100) * 365 / 7) - _pence(Fraction(given, 100) * 365 / 7)
            yearly += year
            if part == "weekday":
                on_weekdays[row.delivered_by] += needed - given
            if row.delivered_by == "employed":
                pay_week += needed - given
                pay_year += year
    if "bank_holidays" in card and "bank_holiday_percent" in card:
        for by, week in on_weekdays.items():
            average = _pence(Fraction(week, 500))
            extra = _pence(Fraction(average, 100) * card["bank_holiday_percent"] / 100)
            holidays = _pence(Fraction(extra, 100) * card["bank_holidays"])
            yearly += holidays
            pay_year += holidays if by == "employed" else 0
    once = 0
    if pay_year:
        of_year, of_once = _naive_employment(card, pay_week, pay_year, worksheet.personal_assistants)
        yearly += of_year
        once += of_once if worksheet.has_starting_costs else 0
    for other in worksheet.others:
        amount = _pence(Fraction(other.amount))
        if other.period == "one_off":
            once += amount
        else:
            yearly += _pence(Fraction(amount, 100) * 365 / 7) if other.period == "weekly" else amount
    return yearly, once


def _naive_employment(card: dict[str, Fraction], week: int, year: int, number: int) -> tuple[int, int]:
    def share(name: str) -> int:
        if f"{name}_weeks" in card:
            return _pence(card[f"{name}_weeks"] * Fraction(week, 100))
        return _pence(card.get(f"{name}_percent", Fraction(0)) / 100 * Fraction(year, 100))

    holiday = share("holiday")
    pay = Fraction(year + holiday, 100)
    due = {
        name: _pence(
            max(pay - number * card.get(f"{name}_threshold", Fraction(0)), Fraction(0))
            * card.get(f"{name}_percent", Fraction(0))
            / 100
        )
        for name in ("ni", "pension")
    }
    insurance = max(due["ni"] - _pence(card.get("employment_allowance", Fraction(0))), 0)
    flat = sum(
        _pence(card.get(name, Fraction(0)) * times)
        for name, times in (("insurance", 1), ("payroll", number), ("training", number))
    )
    once = sum(
        _pence(card.get(name, Fraction(0)) * times)
        for name, times in (("start_up", 1), ("recruitment", number), ("dbs", number))
    )
    return holiday + insurance + due["pension"] + flat + share("contingency"), once
