"""Trajectories in words: which years the sheet has, and what it says above them."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from phb_register.dates import FinancialYear
from phb_register.models import Commissioner
from reporting.presenters.pages import breadcrumbs
from reporting.rules.trajectories import YearPlan

#: The sheet has the year before this one, this one, and so many to come; and every year that has a plan.
YEARS_TO_COME = 4
NO_NUMBERS = (None, None, None, None)


def years_of_sheet(plans: Sequence[YearPlan], this_year: FinancialYear) -> list[YearPlan]:
    """A plan for each year of the sheet, empty where nothing is planned, the earliest first."""
    known = {plan.year: plan for plan in plans}
    around = {FinancialYear(this_year.begins + number) for number in range(-1, YEARS_TO_COME + 1)}
    return [known.get(year) or YearPlan(year, NO_NUMBERS, "") for year in sorted({*known, *around})]


def trajectories_page(commissioner: Commissioner) -> dict[str, Any]:
    """What the sheet's page says above it."""
    return {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "pace_url": reverse("reporting:pace", args=[commissioner.code]),
        "targets_url": reverse("reporting:targets", args=[commissioner.code]),
    }


def saved_words(changed: int) -> str:
    """What became of the sheet."""
    if not changed:
        return "Nothing was changed"
    return "1 year is saved" if changed == 1 else f"{changed} years are saved"
