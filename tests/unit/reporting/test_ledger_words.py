"""Every number of the ledger is said in words that nobody has to guess at."""

import pytest

from reporting.presenters.ledger_words import cell_words, part_words

NAMES = {"chc": "NHS continuing healthcare", "s117": "Section 117 after-care", "7": "Do you feel safe at night?"}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("phbs_in_place", "Personal health budgets in place"),
        ("by_cohort/s117", "In place by cohort: Section 117 after-care"),
        ("by_funding/joint", "In place by who pays: The NHS and others"),
        (
            "chc_uptake_including_fast_track/numerator",
            "CHC budgets in place of people living in the community",
        ),
        ("days_to_decide_in_month", "Calendar days from referral to decision, added up, of those decided in the month"),
        (
            "return/quarter_end-total-children",
            "People active at the end of the quarter: Total, children and young people",
        ),
        ("pathway/eligible", "People found eligible"),
        ("pathway/why_not/too_ill", "Why not: Too ill"),
        ("pathway/kept/not_held", "Reviews due: Not held by the as-at date"),
        ("pathway/outcome/7/better", "Do you feel safe at night?: better"),
        ("equity/all", "Everybody"),
        ("equity/people/age/85-over", "Age: 85 and over"),
        ("equity-answers-7/base/sex/female", "Compared with: Sex: Female"),
        ("equity-chc/base/deprivation/all", "Compared with: Deprivation: all"),
        ("equity/people/locality/Riverside", "Locality: Riverside"),
    ],
)
def test_number_is_said_in_words(key, said):
    assert cell_words(key, NAMES) == said


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("uptake", "Figures of the dashboard"),
        ("member", "Beside other commissioners"),
        ("twelve months", "Variation: twelve months"),
        ("equity-chc", "Equity: NHS continuing healthcare"),
        ("equity-answers-7", "Equity: answers to Do you feel safe at night?"),
    ],
)
def test_part_is_said_in_words(part, said):
    assert part_words(part, NAMES) == said
