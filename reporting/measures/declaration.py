"""What a measure is declared by, and the arithmetic that figures share.

The page, the chart, the CSV, the command and the published local offer all read these declarations, so a
figure means the same wherever it stands. Pure: no database here (see `reporting.selectors`).

"In place on a date" means started on or before the date and not ended by the end of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum, unique

# A count of eligible people older than this many days says nothing certain about the as-at date.
OLDEST_DENOMINATOR_DAYS = 366
CHILD_UNTIL_AGE = 18
NOT_RECORDED = "not_recorded"


@unique
class Unit(StrEnum):
    """What a figure counts or is expressed in."""

    BUDGETS = "personal health budgets"
    PEOPLE = "people"
    PER_1000 = "per 1,000 people"
    PERCENT = "%"
    REFERRALS = "referrals"
    ANSWERS = "answers"
    REVIEWS = "reviews"
    DAYS = "days"
    POUNDS = "pounds"


@dataclass(frozen=True)
class Measure:
    """One measure. `denominator` is empty for a count; `has_people` says whether a list of people is behind it.

    `policy` says in words which switch of the counting policy governs it; empty where none does.
    """

    code: str
    label: str
    definition: str
    numerator: str
    denominator: str
    unit: Unit
    source: str
    has_people: bool = False
    policy: str = ""


# Strongest first: a person whose money is managed in several ways counts under the first of these they have.
METHOD_PRECEDENCE: tuple[str, ...] = ("direct_payment", "third_party", "notional")


@dataclass(frozen=True)
class Ratio:
    """A numerator over a denominator that may not be known; `why_unknown` says what to do about it."""

    numerator: int
    denominator: int | None
    why_unknown: str = ""

    @property
    def percent(self) -> Decimal | None:
        """To one decimal place, halves up; None where the denominator is unknown or nobody is eligible."""
        if not self.denominator:
            return None
        return round_half_up(Decimal(self.numerator) * 100 / self.denominator, "0.1")


def round_half_up(value: Decimal, step: str = "1") -> Decimal:
    """Return `value` rounded to `step` ("0.001" for 3 decimal places), halves up."""
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def rate_per_1000(budgets: int, population: int | None) -> Decimal | None:
    """Return the rate to 3 decimal places, halves up; None without a population."""
    if not population:
        return None
    return round_half_up(Decimal(budgets) * 1000 / population, "0.001")


def target_budgets(population: int | None, rate: Decimal) -> int | None:
    """Return how many budgets `rate` per 1,000 asks of `population`, halves up; None without a population."""
    if not population:
        return None
    return int(round_half_up(Decimal(population) * rate / 1000))


def strongest_method(methods: Iterable[str]) -> str:
    """Return the method under which a person counts, of all they have that day."""
    held = set(methods)
    return next((method for method in METHOD_PRECEDENCE if method in held), NOT_RECORDED)
