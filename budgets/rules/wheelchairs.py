"""The options of a personal wheelchair budget, and how long one runs. Pure.

Source: the options as wheelchair services publish them; the periods are the usual ones, which a service may change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.enums import WheelchairOption, WheelchairOwner, WheelchairRepairer
from budgets.exceptions import Problem

from .agreement import adult_if_born_by, day

WHEELCHAIR_COHORT = "wheelchair"
#: Years from issue to the end of the period, unless the service agrees another.
ADULT_YEARS = 5
CHILD_YEARS = 3


@dataclass(frozen=True)
class Terms:
    """What an option means: whose the chair is, who has it repaired, whether the person adds money of their own."""

    owner: WheelchairOwner
    repairer: WheelchairRepairer
    has_contribution: bool


TERMS: Mapping[WheelchairOption, Terms] = {
    WheelchairOption.NOTIONAL: Terms(WheelchairOwner.NHS, WheelchairRepairer.NHS, has_contribution=False),
    WheelchairOption.CONTRIBUTION: Terms(WheelchairOwner.NHS, WheelchairRepairer.SHARED, has_contribution=True),
    WheelchairOption.THIRD_PARTY: Terms(WheelchairOwner.PERSON, WheelchairRepairer.PERSON, has_contribution=False),
}


def years_later(on: date, years: int) -> date:
    """The same day some years later; 28 February for a 29 February that is not there."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def usual_expiry(issued_on: date, born_on: date) -> date:
    """When the period of a chair ends, where nothing else is agreed: 5 years for an adult, 3 for a child (17 or
    under).
    """
    is_adult = born_on <= adult_if_born_by(issued_on)
    return years_later(issued_on, ADULT_YEARS if is_adult else CHILD_YEARS)


def check_wheelchair(
    *,
    option: WheelchairOption,
    cohort: str,
    starts_on: date,
    expires_on: date,
    contribution_amount: Decimal,
    repair_amount: Decimal,
) -> list[Problem]:
    """Whether a wheelchair can be arranged so. Amounts in pounds; the contribution is the person's own money."""
    terms, problems = TERMS[option], []
    if cohort != WHEELCHAIR_COHORT:
        problems.append(
            Problem(
                "", "Arrange a wheelchair only in the cohort of personal wheelchair budgets. This is another cohort"
            )
        )
    if expires_on <= starts_on:
        problems.append(Problem("expires_on", f"Enter an end of the period after {day(starts_on)}, when it begins"))
    if contribution_amount < 0 or repair_amount < 0:
        problems.append(Problem("contribution_amount", "Enter amounts of 0 or more, such as 450.00"))
    if terms.has_contribution and contribution_amount == 0:
        problems.append(Problem("contribution_amount", "Enter what the person adds, or select another option"))
    if not terms.has_contribution and contribution_amount > 0:
        problems.append(
            Problem("contribution_amount", "Leave the contribution empty, or select notional with a contribution")
        )
    if option != WheelchairOption.THIRD_PARTY and repair_amount > 0:
        problems.append(
            Problem("repair_amount", "Leave the amount for repairs empty. The NHS has this chair repaired itself")
        )
    return problems
