"""Measures of how good the budgets are: reviews kept, money saved, and what their holders say of their lives."""

from reporting.measures.declaration import Measure, Unit

REVIEWS_ON_TIME = Measure(
    code="reviews_on_time",
    label="Reviews done on time",
    definition=(
        "Of the reviews due in the period, those held by the day they were due; others were held late, or not by the "
        "as-at date. A budget that ended by that day had no review due."
    ),
    numerator="Reviews held by the day they were due",
    denominator="Reviews due in the period",
    unit=Unit.PERCENT,
    source="SI 2013/1617, regulation 14: within three months of the first payment, then at least every twelve months",
)
ANNUAL_SAVING = Measure(
    code="annual_saving",
    label="Saving a year",
    definition=(
        "Of the budgets in place on the as-at date that took the place of a package of care whose cost is known: what "
        "that package cost a year, less what is agreed for the budget a year. One-off budgets are left out. In pounds "
        "of all funders together; below nought the budgets cost more."
    ),
    numerator="Annual cost of the packages replaced minus the annual amounts agreed",
    denominator="",
    unit=Unit.POUNDS,
    source="Somerset, local offer paper, paragraph 4.3: CHC budget against actual spend",
)
ANNUAL_SAVING_PERCENT = Measure(
    code="annual_saving_percent",
    label="Saving as a share of the packages replaced",
    definition="The saving a year as a percentage of what the packages replaced cost a year.",
    numerator="Saving a year",
    denominator="Annual cost of the packages replaced",
    unit=Unit.PERCENT,
    source="Somerset, local offer paper, paragraph 4.3",
)
OUTCOMES_CHANGED = Measure(
    code="outcomes_changed",
    label="Outcomes: better, the same or worse",
    definition=(
        "Answers of holders and carers on the commissioner’s outcome scales: the latest review held in the period "
        "against the answer from before the budget, on the same version of a scale. Who was not asked, or preferred "
        "not to say, is not counted."
    ),
    numerator="Answers that are better, the same or worse than before the budget",
    denominator="",
    unit=Unit.ANSWERS,
    source="Surrey report of 2013, paragraph 2.1.6: outcomes before and after, with light-touch questions",
)

QUALITY: tuple[Measure, ...] = (REVIEWS_ON_TIME, ANNUAL_SAVING, ANNUAL_SAVING_PERCENT, OUTCOMES_CHANGED)
