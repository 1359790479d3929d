"""Every measure, declared once: what it counts, over what, in what unit, and where the definition comes from.

The page, the chart, the CSV, the command and the published local offer all read these declarations, so a
figure means the same wherever it stands. Pure: no database here (see `reporting.selectors`).

"In place on a date" means started on or before the date and not ended by the end of it.
"""

from reporting.measures.declaration import (
    CHILD_UNTIL_AGE,
    METHOD_PRECEDENCE,
    NOT_RECORDED,
    OLDEST_DENOMINATOR_DAYS,
    Measure,
    Ratio,
    Unit,
    rate_per_1000,
    round_half_up,
    strongest_method,
    target_budgets,
)
from reporting.measures.flow import (
    ADULTS_YEAR_TO_DATE,
    CHILDREN_YEAR_TO_DATE,
    ENDED_IN_QUARTER,
    ENDED_YEAR_TO_DATE,
    FLOW,
    NEW_IN_QUARTER,
    NEW_YEAR_TO_DATE,
    ONE_OFF_YEAR_TO_DATE,
    PEOPLE_COUNTED_YEAR_TO_DATE,
    PEOPLE_YEAR_TO_DATE,
)
from reporting.measures.pathway import PATHWAY
from reporting.measures.quality import QUALITY
from reporting.measures.stock import (
    ADULTS_IN_PLACE,
    BY_COHORT,
    BY_FUNDING,
    BY_METHOD,
    CHILDREN_IN_PLACE,
    ONE_OFF_IN_PLACE,
    PEOPLE_IN_PLACE,
    PHBS_AGREED,
    PHBS_IN_PLACE,
    STOCK,
    WHEELCHAIR_ACTIVE,
)
from reporting.measures.uptake import (
    CHC_UPTAKE_EXCLUDING_FAST_TRACK,
    CHC_UPTAKE_INCLUDING_FAST_TRACK,
    GAP_TO_LOW,
    POPULATION,
    RATE_PER_1000,
    TARGET_HIGH,
    TARGET_LOW,
    UPTAKE,
)

#: Counts that are parts of a whole; each has a table of its own.
PARTED: tuple[Measure, ...] = (BY_COHORT, BY_METHOD, BY_FUNDING)
#: The measures of `reporting.figures.Figures`: what the dashboard, its file and the `measures` command show.
OF_SPELLS: tuple[Measure, ...] = (*(each for each in STOCK if each not in PARTED), *FLOW, *UPTAKE, *PARTED)
MEASURES: tuple[Measure, ...] = (*OF_SPELLS, *PATHWAY, *QUALITY)
MEASURES_BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}

__all__ = [
    "ADULTS_IN_PLACE",
    "ADULTS_YEAR_TO_DATE",
    "BY_COHORT",
    "BY_FUNDING",
    "BY_METHOD",
    "CHC_UPTAKE_EXCLUDING_FAST_TRACK",
    "CHC_UPTAKE_INCLUDING_FAST_TRACK",
    "CHILDREN_IN_PLACE",
    "CHILDREN_YEAR_TO_DATE",
    "CHILD_UNTIL_AGE",
    "ENDED_IN_QUARTER",
    "ENDED_YEAR_TO_DATE",
    "FLOW",
    "GAP_TO_LOW",
    "MEASURES",
    "MEASURES_BY_CODE",
    "METHOD_PRECEDENCE",
    "NEW_IN_QUARTER",
    "NEW_YEAR_TO_DATE",
    "NOT_RECORDED",
    "OF_SPELLS",
    "OLDEST_DENOMINATOR_DAYS",
    "ONE_OFF_IN_PLACE",
    "ONE_OFF_YEAR_TO_DATE",
    "PARTED",
    "PATHWAY",
    "PEOPLE_COUNTED_YEAR_TO_DATE",
    "PEOPLE_IN_PLACE",
    "PEOPLE_YEAR_TO_DATE",
    "PHBS_AGREED",
    "PHBS_IN_PLACE",
    "POPULATION",
    "QUALITY",
    "RATE_PER_1000",
    "STOCK",
    "TARGET_HIGH",
    "TARGET_LOW",
    "UPTAKE",
    "WHEELCHAIR_ACTIVE",
    "Measure",
    "Ratio",
    "Unit",
    "rate_per_1000",
    "round_half_up",
    "strongest_method",
    "target_budgets",
]
