"""What happened in a period that ends with the as-at date."""

from reporting.measures.declaration import Measure, Unit

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

FLOW: tuple[Measure, ...] = (PEOPLE_YEAR_TO_DATE,)
