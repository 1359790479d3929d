"""A weekly amount as a year's, and back: one conversion for indicative budgets, plans and unit costs.

A year is 365 days and a week 7, whether or not the year is a leap year: weekly × 365 ÷ 7 (52 weeks and a day). Care
is bought by the week, so a year of 52 weeks would leave the last day of each year unpaid for. Days of a real year are
counted where money falls due, not here.
"""

from decimal import ROUND_HALF_UP, Decimal

DAYS_IN_YEAR = 365
DAYS_IN_WEEK = 7
"""About 52.142857. For showing only: multiply and divide by whole days, as below, so that nothing is lost."""

PENNY = Decimal("0.01")


def to_pence(amount: Decimal) -> Decimal:
    """An amount in pounds, to the penny, halves away from nought (2.345 is 2.35)."""
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def a_year_of(weekly: Decimal) -> Decimal:
    """What a weekly amount in pounds comes to in a year: × 365 ÷ 7, to the penny, halves up. £100.00 is £5,214.29."""
    return to_pence(weekly * DAYS_IN_YEAR / DAYS_IN_WEEK)


def a_week_of(annual: Decimal) -> Decimal:
    """What an annual amount in pounds comes to in a week: × 7 ÷ 365, to the penny, halves up.

    A week of a year of a weekly amount is that amount again; a year of a week of an annual amount is not (it may
    differ by up to 27 pence), so what is paid is always worked out from the annual amount.
    """
    return to_pence(annual * DAYS_IN_WEEK / DAYS_IN_YEAR)
