"""Two people at one moment, on the real database with real threads."""

import datetime as dt
from collections.abc import Iterator

import pytest

from budgets.models import Review, ReviewDraft, ReviewRequest
from budgets.rules.reviews import ReviewReason
from budgets.services.review_drafts import save_draft
from budgets.services.reviews import Seen, ask_for_review, complete_review
from phb_register import reference
from phb_register.models import Commissioner
from tests.factories.budgets import make_budget
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.reviews import make_findings
from tests.integration.eligibility.test_referral_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

STARTED, HELD, TODAY = dt.date(2026, 8, 10), dt.date(2026, 11, 9), dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.fixture
def icb() -> Iterator[Commissioner]:
    """A commissioner on a database with its reference data, which a test that commits finds emptied."""
    reference.load_all(plan=[])
    return CommissionerFactory()


def test_review_that_two_complete_at_once_is_one(icb: Commissioner) -> None:
    phb = make_budget(icb, agreed_on=STARTED, started_on=STARTED)
    people = [make_team(icb), make_team(icb)]
    asked = {"phb": phb, "reason": ReviewReason.CONCERN, "on": HELD}
    assert len(set(at_once(*[lambda by=by: ask_for_review(by=by, **asked) for by in people]))) == 1
    typed = {"notes": ["One of two"]}
    results = at_once(*[lambda by=by: save_draft(phb=phb, by=by, at=NOW, typed=typed, seen=Seen()) for by in people])
    assert sorted(type(each).__name__ for each in results) == ["ReviewDraft", "SavedMeanwhile"], results
    done = {"phb": phb, "on": TODAY, "findings": make_findings(HELD), "seen": Seen(0, 1)}
    results = at_once(*[lambda by=by: complete_review(by=by, **done) for by in people])
    assert sorted(type(each).__name__ for each in results) == ["Review", "ReviewedMeanwhile"], results
    review = Review.objects.get()
    assert not ReviewDraft.objects.exists()
    assert ReviewRequest.objects.get().review == review
