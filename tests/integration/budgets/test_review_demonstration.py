"""Reviews of the demonstration: held once, mostly on time, with something left to do."""

import datetime as dt

import pytest
import time_machine
from django.db.models import F

from budgets.demonstration import reviews as demonstration
from budgets.enums import Method
from budgets.models import OutcomeRating, OutcomeScale, Review, ReviewDraft, ReviewDue, ReviewRequest
from budgets.selectors.outcomes import outcome_changes
from offers.models import Cohort
from phb_register import demonstration as foundations
from phb_register.models import Commissioner
from tests.factories.budgets import bare_budget

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


def nothing(done: int, total: int) -> None:
    """Progress that nobody watches."""


@time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False)
def test_demonstration_of_reviews_is_held_once_and_leaves_little_overdue():
    foundations.load(nothing)
    commissioner, chc = Commissioner.objects.get(code="QK1"), Cohort.objects.get(code="chc")
    for number in range(16):
        started_on = dt.date(2023, 1, 9) + dt.timedelta(days=31 * number)
        method = Method.DIRECT_PAYMENT if number < 12 else Method.NOTIONAL
        bare_budget(commissioner, cohort=chc, agreed_on=started_on, started_on=started_on, methods=[method])
    for _ in range(2):
        demonstration.load(nothing)
        counts = [each.objects.count() for each in (Review, OutcomeScale, OutcomeRating, ReviewDraft, ReviewRequest)]
    assert counts[1] == len(demonstration.SCALES)
    assert counts[3:] == [2, 2]
    on_time = Review.objects.filter(held_on__lte=F("due_on")).count()
    assert on_time > 3 * Review.objects.filter(held_on__gt=F("due_on")).count() > 0
    assert 1 <= ReviewDue.objects.overdue_on(TODAY).count() <= 3
    better = sum(each.counts["better"] for each in outcome_changes([commissioner.pk], dt.date(2025, 1, 1), TODAY))
    worse = sum(each.counts["worse"] for each in outcome_changes([commissioner.pk], dt.date(2025, 1, 1), TODAY))
    assert better > worse > 0
