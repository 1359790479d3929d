"""What happened in a period that ends with the as-at date."""

from reporting.measures.declaration import Measure, Unit
from reporting.measures.policies import EVERYWHERE, IN_THE_YEAR
from reporting.rules.counting import switch_words

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
    policy=IN_THE_YEAR,
)
NEW_IN_QUARTER = Measure(
    code="new_in_quarter",
    label="Started this quarter so far",
    definition=(
        "Personal health budgets that started from the first day of the quarter of the financial year to the as-at "
        "date, including those that have ended since."
    ),
    numerator="Personal health budgets that started in the quarter so far",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS Digital PHB collection from April 2017: quarterly",
    has_people=True,
    policy=EVERYWHERE,
)
NEW_YEAR_TO_DATE = Measure(
    code="new_year_to_date",
    label="Started this financial year so far",
    definition=(
        "Personal health budgets that started from 1 April to the as-at date, including those that have ended since."
    ),
    numerator="Personal health budgets that started in the financial year so far",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS Digital PHB collection from April 2017: the year to date",
    has_people=True,
    policy=EVERYWHERE,
)
ENDED_IN_QUARTER = Measure(
    code="ended_in_quarter",
    label="Ended this quarter so far",
    definition=(
        "Personal health budgets that had started and that ended from the first day of the quarter of the financial "
        "year to the as-at date. What is in place is what was in place before the quarter, and those that started in "
        "it, less these."
    ),
    numerator="Personal health budgets that ended in the quarter so far",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS Digital PHB collection from April 2017: quarterly",
    has_people=True,
    policy=EVERYWHERE,
)
ENDED_YEAR_TO_DATE = Measure(
    code="ended_year_to_date",
    label="Ended this financial year so far",
    definition="Personal health budgets that had started and that ended from 1 April to the as-at date.",
    numerator="Personal health budgets that ended in the financial year so far",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS Digital PHB collection from April 2017: the year to date",
    has_people=True,
    policy=EVERYWHERE,
)
ADULTS_YEAR_TO_DATE = Measure(
    code="adults_year_to_date",
    label="Adults this financial year so far",
    definition="Of the people of this financial year so far, those aged 18 or over on the as-at date.",
    numerator="People aged 18 or over with a budget in place at any time in the financial year so far",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Digital PHB publication: adults, and children and young people",
    has_people=True,
    policy=IN_THE_YEAR,
)
CHILDREN_YEAR_TO_DATE = Measure(
    code="children_year_to_date",
    label="Children this financial year so far",
    definition="Of the people of this financial year so far, those aged 0 to 17 on the as-at date.",
    numerator="People aged under 18 with a budget in place at any time in the financial year so far",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Digital PHB publication: adults, and children and young people",
    has_people=True,
    policy=IN_THE_YEAR,
)
ONE_OFF_YEAR_TO_DATE = Measure(
    code="one_off_year_to_date",
    label="One-off budgets this financial year so far",
    definition=(
        "One-off personal health budgets that were in place at any time from 1 April to the as-at date. Whether the "
        "people of the year include those who had nothing else is a switch of the counting policy."
    ),
    numerator="One-off budgets in place at any time in the financial year so far",
    denominator="",
    unit=Unit.BUDGETS,
    source="NHS Digital PHB collection from April 2017: one-off budgets have a ruling of their own",
    has_people=True,
    policy=EVERYWHERE,
)
PEOPLE_COUNTED_YEAR_TO_DATE = Measure(
    code="people_counted_year_to_date",
    label="People who count nationally this year",
    definition=(
        "People whose personal health budget counted at any time from 1 April to the as-at date, each once. It counts "
        "from the day that the plan and the budget were agreed, or from the day that it started, as the counting "
        "policy says; those who have agreed and not started are in this figure and not among the people in place."
    ),
    numerator="Different people whose budget counted at any time in the financial year so far",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Digital PHB collection from April 2017: when a person can be counted",
    has_people=True,
    policy=f"{IN_THE_YEAR}, {switch_words('counts_from')}",
)

FLOW: tuple[Measure, ...] = (
    NEW_IN_QUARTER,
    NEW_YEAR_TO_DATE,
    ENDED_IN_QUARTER,
    ENDED_YEAR_TO_DATE,
    PEOPLE_YEAR_TO_DATE,
    ADULTS_YEAR_TO_DATE,
    CHILDREN_YEAR_TO_DATE,
    ONE_OFF_YEAR_TO_DATE,
    PEOPLE_COUNTED_YEAR_TO_DATE,
)
