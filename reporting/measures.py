"""Every measure, declared once: what it counts, over what, in what unit, and where the definition comes from.

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


@dataclass(frozen=True)
class Measure:
    """One measure. `denominator` is empty for a count; `has_people` says whether a list of people is behind it."""

    code: str
    label: str
    definition: str
    numerator: str
    denominator: str
    unit: Unit
    source: str
    has_people: bool = False


PHBS_IN_PLACE = Measure(
    code="phbs_in_place",
    label="Personal health budgets in place",
    definition=(
        "Personal health budgets that had started by the as-at date and had not ended by the end of it. "
        "Someone with two budgets counts twice here and once among the people."
    ),
    numerator="Personal health budgets in place at the end of the as-at date",
    denominator="",
    unit=Unit.BUDGETS,
    source="LLR report of September 2017, paragraph 12, keeping in place and agreed apart",
    has_people=True,
)
PHBS_AGREED = Measure(
    code="phbs_agreed",
    label="Agreed, not yet started",
    definition=(
        "Personal health budgets that had been agreed by the as-at date, and had neither started nor ended "
        "by the end of it. They are not among those in place."
    ),
    numerator="Personal health budgets agreed and not started at the end of the as-at date",
    denominator="",
    unit=Unit.BUDGETS,
    source="LLR report of September 2017, paragraph 12, keeping in place and agreed apart",
    has_people=True,
)
PEOPLE_IN_PLACE = Measure(
    code="people_in_place",
    label="People with a budget in place",
    definition=(
        "People with at least one personal health budget in place at the end of the as-at date, each counted once."
    ),
    numerator="People with a personal health budget in place",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Digital PHB collection from April 2017: a person counts once in the total",
    has_people=True,
)
CHILDREN_IN_PLACE = Measure(
    code="children_in_place",
    label="Children",
    definition="People aged 0 to 17 on the as-at date with a budget in place, each counted once.",
    numerator="People aged under 18 with a personal health budget in place",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Standing Rules 2012, Part 6A: continuing care for children is up to the 18th birthday",
    has_people=True,
)
ADULTS_IN_PLACE = Measure(
    code="adults_in_place",
    label="Adults",
    definition="People aged 18 or over on the as-at date with a budget in place, each counted once.",
    numerator="People aged 18 or over with a personal health budget in place",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Standing Rules 2012, Part 6A: NHS continuing healthcare is for people aged 18 or over",
    has_people=True,
)
PEOPLE_YEAR_TO_DATE = Measure(
    code="people_year_to_date",
    label="People this financial year so far",
    definition=(
        "People who had a personal health budget in place at any time from 1 April to the as-at date, each "
        "counted once, including those whose budget has since ended and one-off budgets."
    ),
    numerator="Different people with a budget in place at any time in the financial year so far",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Digital PHB collection from April 2017: the headline is people in the year to date",
    has_people=True,
)
POPULATION = Measure(
    code="population",
    label="Population",
    definition=(
        "The latest population on or before the as-at date. A partnership's own count is used where there is "
        "one; its members are added up only if all are known on the same basis."
    ),
    numerator="People registered or resident, as the basis says",
    denominator="",
    unit=Unit.PEOPLE,
    source="As given with each count",
)
RATE_PER_1000 = Measure(
    code="rate_per_1000",
    label="Rate per 1,000 people",
    definition="Personal health budgets in place for every 1,000 people of the population, to 3 places.",
    numerator="Personal health budgets in place",
    denominator="Population",
    unit=Unit.PER_1000,
    source="LLR report of September 2017, paragraph 15",
)
TARGET_LOW = Measure(
    code="target_low",
    label="Lower target",
    definition="The lower target rate times the population, rounded to a whole budget, halves up; where the target "
    "is a number of budgets, that number.",
    numerator="Lower target rate per 1,000 times the population, or the lower number",
    denominator="",
    unit=Unit.BUDGETS,
    source="LLR report of September 2017, paragraph 15: 1 to 2 per 1,000 of the population",
)
TARGET_HIGH = Measure(
    code="target_high",
    label="Upper target",
    definition="The upper target rate times the population, rounded to a whole budget, halves up; where the target "
    "is a number of budgets, that number.",
    numerator="Upper target rate per 1,000 times the population, or the upper number",
    denominator="",
    unit=Unit.BUDGETS,
    source="LLR report of September 2017, paragraph 15: 1 to 2 per 1,000 of the population",
)
GAP_TO_LOW = Measure(
    code="gap_to_low",
    label="Still needed to reach the lower target",
    definition="The lower target less the budgets in place. Below zero when the target is passed.",
    numerator="Lower target minus personal health budgets in place",
    denominator="",
    unit=Unit.BUDGETS,
    source="LLR report of September 2017, paragraphs 12 and 15",
)
CHC_UPTAKE_INCLUDING_FAST_TRACK = Measure(
    code="chc_uptake_including_fast_track",
    label="CHC uptake, including fast track",
    definition=(
        "Of the people eligible for NHS continuing healthcare (CHC) and living in the community, how many have "
        "a personal health budget in place. People in care homes are in neither number."
    ),
    numerator="CHC budgets in place of people living in the community",
    denominator="People eligible for CHC and living in the community",
    unit=Unit.PERCENT,
    source="LLR report of September 2017, paragraph 28",
    has_people=True,
)
CHC_UPTAKE_EXCLUDING_FAST_TRACK = Measure(
    code="chc_uptake_excluding_fast_track",
    label="CHC uptake, excluding fast track",
    definition=(
        "As the figure including fast track, with everyone on fast track taken out of both numbers: those who "
        "have a budget and those who are eligible."
    ),
    numerator="CHC budgets in place of people living in the community and not on fast track",
    denominator="People eligible for CHC, living in the community and not on fast track",
    unit=Unit.PERCENT,
    source="LLR report of September 2017, paragraph 28",
    has_people=True,
)
BY_COHORT = Measure(
    code="by_cohort",
    label="In place by cohort",
    definition="Budgets in place, each in the one cohort it was agreed for. The cohorts add up to the total.",
    numerator="Personal health budgets in place in the cohort",
    denominator="",
    unit=Unit.BUDGETS,
    source="LLR report of September 2017, Appendix I",
    has_people=True,
)
BY_METHOD = Measure(
    code="by_method",
    label="People by how the money is managed",
    definition=(
        "People with a personal health budget in place, each counted once: under direct payment if any part of "
        "it is one that day, otherwise under third party, otherwise under notional budget."
    ),
    numerator="People with a personal health budget in place, by method",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Digital PHB collection from April 2017: breakdown by precedence",
    has_people=True,
)

MEASURES: tuple[Measure, ...] = (
    PHBS_IN_PLACE,
    PHBS_AGREED,
    PEOPLE_IN_PLACE,
    CHILDREN_IN_PLACE,
    ADULTS_IN_PLACE,
    PEOPLE_YEAR_TO_DATE,
    POPULATION,
    RATE_PER_1000,
    TARGET_LOW,
    TARGET_HIGH,
    GAP_TO_LOW,
    CHC_UPTAKE_INCLUDING_FAST_TRACK,
    CHC_UPTAKE_EXCLUDING_FAST_TRACK,
    BY_COHORT,
    BY_METHOD,
)
MEASURES_BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}

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
