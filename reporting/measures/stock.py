"""What is in place, or agreed, at the end of a date; and its parts."""

from reporting.measures.declaration import Measure, Unit

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

STOCK: tuple[Measure, ...] = (
    PHBS_IN_PLACE,
    PHBS_AGREED,
    PEOPLE_IN_PLACE,
    CHILDREN_IN_PLACE,
    ADULTS_IN_PLACE,
    BY_COHORT,
    BY_METHOD,
)
