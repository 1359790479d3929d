"""What is in place, or agreed, at the end of a date; and its parts."""

from reporting.measures.declaration import Measure, Unit
from reporting.measures.policies import EVERYWHERE
from reporting.rules.counting import switch_words

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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
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
    policy=EVERYWHERE,
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
    policy=f"{EVERYWHERE}, {switch_words('breakdown')}",
)
BY_FUNDING = Measure(
    code="by_funding",
    label="In place by who pays",
    definition=(
        "Budgets in place, apart by whether the NHS alone pays on the as-at date, or others pay a share: an integrated "
        "personal budget. The two add up to the total."
    ),
    numerator="Personal health budgets in place that are paid for in this way",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS England: integrated personal budgets; the national target counts both",
    has_people=True,
    policy=EVERYWHERE,
)
ONE_OFF_IN_PLACE = Measure(
    code="one_off_in_place",
    label="One-off budgets in place",
    definition="Personal health budgets in place that were agreed as a one-off, until they are completed.",
    numerator="One-off budgets in place at the end of the as-at date",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS Digital PHB collection from April 2017: one-off budgets have a ruling of their own",
    has_people=True,
    policy=EVERYWHERE,
)
WHEELCHAIR_ACTIVE = Measure(
    code="wheelchair_active",
    label="Wheelchair budgets that are active",
    definition=(
        "Personal wheelchair budgets in place whose last review, or whose start where there was none, is at most 12 "
        "months ago on the as-at date. Those in place that are not among them are due a review before they count."
    ),
    numerator="Wheelchair budgets in place that were reviewed or started in the last 12 months",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS Digital PHB collection: a wheelchair budget goes on counting while annual reviews are done",
    has_people=True,
    policy=f"{EVERYWHERE}, {switch_words('wheelchair_needs_review')}",
)

STOCK: tuple[Measure, ...] = (
    PHBS_IN_PLACE,
    PHBS_AGREED,
    PEOPLE_IN_PLACE,
    CHILDREN_IN_PLACE,
    ADULTS_IN_PLACE,
    ONE_OFF_IN_PLACE,
    WHEELCHAIR_ACTIVE,
    BY_COHORT,
    BY_METHOD,
    BY_FUNDING,
)
