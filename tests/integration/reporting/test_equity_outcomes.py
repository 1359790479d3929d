"""For whom things are better: each person once, before against the latest review of the last twelve months."""

import datetime as dt
from collections import Counter

import pytest

from budgets.models import OutcomeRating
from phb_register.roles import Role
from reporting.rules.equity_groups import Characteristic
from reporting.rules.intervals import Mark, wilson
from reporting.selectors.equity_lens import lens_for
from reporting.selectors.equity_outcomes import answers_to, questions_answered
from reporting.selectors.scope import counted
from tests.factories.eligibility import make_nurse
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory
from tests.factories.reporting import make_spell
from tests.factories.reviews import make_review, make_scale

pytestmark = pytest.mark.django_db

AS_AT = dt.date(2022, 3, 31)
WORST, BEST = 1, 4


@pytest.fixture
def body():
    return CommissionerFactory()


@pytest.fixture
def nurse(body):
    user = make_nurse(body)
    MembershipFactory(user=user, role=Role.PHB_TEAM, commissioner=body)
    return user


def answered(body, nurse, scale, *, sex, before, reviews, person=None, cohort_code="chc"):
    """Somebody's budget with a level before it and one at each review."""
    person = person or PersonFactory(commissioner=body, sex=sex)
    phb = make_spell(body, person=person, by=nurse, started_on=dt.date(2020, 6, 1), cohort_code=cohort_code)
    rate = lambda level, on, review=None: OutcomeRating.objects.create(  # noqa: E731
        phb=phb,
        scale=scale,
        review=review,
        level=level,
        prefers_not_to_say=level is None,
        rated_on=on,
        recorded_by=nurse,
    )
    if before != "not asked":
        rate(before, dt.date(2020, 6, 1))
    for held_on, level in reviews:
        rate(level, held_on, make_review(phb, held_on, by=nurse))
    return person


def by_sex(found):
    return +Counter(found[Characteristic.SEX])


def test_better_is_a_better_level_at_the_latest_review_of_twelve_months(body, nurse):
    scale = make_scale(body, by=nurse)
    inside, later, outside = dt.date(2021, 5, 3), dt.date(2022, 3, 31), dt.date(2021, 3, 31)
    answered(body, nurse, scale, sex="female", before=WORST, reviews=[(inside, BEST)])
    answered(body, nurse, scale, sex="female", before=WORST, reviews=[(inside, BEST), (later, WORST)])
    answered(body, nurse, scale, sex="male", before=WORST, reviews=[(outside, BEST)])
    answered(body, nurse, scale, sex="male", before=BEST, reviews=[(inside, BEST), (dt.date(2022, 4, 1), WORST)])
    answered(body, nurse, scale, sex="male", before=None, reviews=[(inside, BEST)])
    answered(body, nurse, scale, sex="male", before="not asked", reviews=[(inside, BEST)])
    scope = counted(body, AS_AT)
    assert questions_answered(scope) == [scale]
    found = answers_to(scale, scope)
    assert by_sex(found.answered) == {"female": 2, "male": 1}
    assert by_sex(found.better) == {"female": 1}


def test_scale_whose_first_level_is_best_counts_the_other_way(body, nurse):
    scale = make_scale(body, by=nurse, direction="first_is_best")
    answered(body, nurse, scale, sex="female", before=BEST, reviews=[(dt.date(2021, 5, 3), WORST)])
    assert by_sex(answers_to(scale, counted(body, AS_AT)).better) == {"female": 1}


def test_somebody_with_two_budgets_answers_once_and_the_latest_counts(body, nurse):
    scale = make_scale(body, by=nurse)
    person = answered(body, nurse, scale, sex="female", before=WORST, reviews=[(dt.date(2021, 5, 3), BEST)])
    later = [(dt.date(2021, 9, 3), WORST)]
    answered(body, nurse, scale, sex="", before=WORST, reviews=later, person=person, cohort_code="wheelchair")
    found = answers_to(scale, counted(body, AS_AT))
    assert (by_sex(found.answered), by_sex(found.better)) == ({"female": 1}, Counter())


def test_lens_compares_the_share_of_those_who_are_better(body, nurse):
    scale = make_scale(body, by=nurse)
    for sex, better, number in (("female", True, 5), ("male", False, 5)):
        for _ in range(number):
            level = BEST if better else WORST
            answered(body, nurse, scale, sex=sex, before=2, reviews=[(dt.date(2021, 5, 3), level)])
    scope = counted(body, AS_AT)
    found = lens_for(scope, questions=questions_answered(scope)).outcomes[Characteristic.SEX]
    female, male, *_ = found.lines
    assert (female.rate.text, male.rate.text, found.average.text) == ("100.0%", "0.0%", "50.0%")
    assert (female.mark, male.mark) == (Mark.HIGHER, Mark.LOWER)
    assert wilson(5, 5).low > 0.5 > wilson(0, 5).high
