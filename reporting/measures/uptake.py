"""How what is in place stands against the population, the target and those eligible."""

from reporting.measures.declaration import Measure, Unit
from reporting.measures.policies import EVERYWHERE

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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
)

UPTAKE: tuple[Measure, ...] = (
    POPULATION,
    RATE_PER_1000,
    TARGET_LOW,
    TARGET_HIGH,
    GAP_TO_LOW,
    CHC_UPTAKE_INCLUDING_FAST_TRACK,
    CHC_UPTAKE_EXCLUDING_FAST_TRACK,
)
