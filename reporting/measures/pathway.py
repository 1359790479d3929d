"""Measures of the way to a budget: who was offered one and what they said, what was decided, and how long it took."""

from reporting.measures.declaration import Measure, Unit

PEOPLE_FOUND_ELIGIBLE = Measure(
    code="people_found_eligible",
    label="People found eligible",
    definition=(
        "People found eligible for a personal health budget in the period, each counted once: a referral received in "
        "it was accepted, or waits for a decision while its screening gives a right or a live local offer; or they "
        "were offered a budget in it."
    ),
    numerator="Different people found eligible in the period",
    denominator="",
    unit=Unit.PEOPLE,
    source="NHS Standing Rules 2012, regulations 32A and 32B; LLR report of September 2017, paragraphs 17 to 22",
)
PEOPLE_OFFERED = Measure(
    code="people_offered",
    label="Offered a budget",
    definition=(
        "Of the people found eligible, those to whom an offer of a budget is recorded: in the period or in the year "
        "before it, by the as-at date."
    ),
    numerator="People found eligible who were offered a budget",
    denominator="People found eligible",
    unit=Unit.PERCENT,
    source="NHS Standing Rules 2012, regulation 32B: everyone with a right to have must be told of it",
)
PEOPLE_BY_ANSWER = Measure(
    code="people_by_answer",
    label="What they said to the offer",
    definition=(
        "Each person found eligible under one of these, by their latest offer: accepted, declined, not now, not "
        "answered by the as-at date, or not offered. They add up to the people found eligible."
    ),
    numerator="People found eligible, by what became of their latest offer",
    denominator="",
    unit=Unit.PEOPLE,
    source="This register: an offer that was corrected counts as it was corrected",
)
PEOPLE_BY_WHY_NOT = Measure(
    code="people_by_why_not",
    label="Why not",
    definition="The reason given by each person who declined, or said not now.",
    numerator="People who declined or said not now, by reason",
    denominator="",
    unit=Unit.PEOPLE,
    source="This register",
)
REFERRALS_DECIDED = Measure(
    code="referrals_decided",
    label="Referrals decided",
    definition=(
        "Referrals whose first decision was made in the period, by what was decided. A reconsideration does not "
        "decide a referral a second time."
    ),
    numerator="Referrals first decided in the period",
    denominator="",
    unit=Unit.REFERRALS,
    source="SI 2013/1617, regulation 7; NHS Standing Rules 2012, regulation 32B",
)
REFERRALS_BY_REFUSAL = Measure(
    code="referrals_by_refusal",
    label="Why refused",
    definition="The reason of each of these decisions that declined the referral, or accepted it in part only.",
    numerator="Referrals declined or accepted in part, by reason",
    denominator="",
    unit=Unit.REFERRALS,
    source="SI 2013/1617, regulation 7(7): reasons in writing",
)
DECIDED_ON_TIME = Measure(
    code="decided_on_time",
    label="Decided on time",
    definition=(
        "Of the referrals first decided in the period, those decided by the day that was promised when they were "
        "received, which pauses of the clock move."
    ),
    numerator="Referrals decided by their due date",
    denominator="Referrals first decided in the period",
    unit=Unit.PERCENT,
    source="The commissioner’s own promise, kept with each referral; 28 days where it sets none",
)
DAYS_TO_DECISION = Measure(
    code="days_to_decision",
    label="Days from referral to decision",
    definition=(
        "Calendar days from the day a referral was received to its first decision, of those decided in the period; "
        "pauses are not taken out. Half of them took no longer than the median, a quarter no longer than the lower "
        "quartile, three quarters no longer than the upper."
    ),
    numerator="Days from receipt to the first decision",
    denominator="Referrals first decided in the period",
    unit=Unit.DAYS,
    source="This register",
)
DAYS_TO_FIRST_PAYMENT = Measure(
    code="days_to_first_payment",
    label="Days from referral to first payment",
    definition=(
        "Calendar days from the day the referral was received to the first payment in the ledger, of budgets first "
        "paid in the period. A payment that was returned or reversed by the as-at date was never made."
    ),
    numerator="Days from receipt to the first payment",
    denominator="Budgets first paid in the period",
    unit=Unit.DAYS,
    source="This register",
)

PATHWAY: tuple[Measure, ...] = (
    PEOPLE_FOUND_ELIGIBLE,
    PEOPLE_OFFERED,
    PEOPLE_BY_ANSWER,
    PEOPLE_BY_WHY_NOT,
    REFERRALS_DECIDED,
    REFERRALS_BY_REFUSAL,
    DECIDED_ON_TIME,
    DAYS_TO_DECISION,
    DAYS_TO_FIRST_PAYMENT,
)
