"""Asking for reviews, writing and completing them; scales and what was answered on them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from budgets.exceptions import BudgetRefused
from budgets.models import OutcomeRating, OutcomeScale, Review, ReviewDraft, ReviewDue, ReviewRequest
from budgets.rules.outcome_scales import Change
from budgets.rules.reviews import Answer, ReviewReason
from budgets.selectors import outcomes, reviews
from budgets.services.outcomes import ScaleWords, change_scale, end_scale, record_baseline
from budgets.services.review_drafts import discard_draft, plan_review, save_draft
from budgets.services.reviews import (
    Rated,
    ReviewedMeanwhile,
    SavedMeanwhile,
    Seen,
    ask_for_review,
    complete_review,
    set_aside_request,
)
from offers.models import Cohort
from phb_register.models import AccessLogEntry, Membership, User
from phb_register.roles import Role
from tests.factories.budgets import bare_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.reviews import LEVELS, make_findings, make_review, make_scale

pytestmark = pytest.mark.django_db

STARTED, HELD, TODAY = dt.date(2026, 2, 1), dt.date(2026, 4, 20), dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.fixture
def commissioner():
    return CommissionerFactory()


@pytest.fixture
def team(commissioner):
    return make_team(commissioner)


@pytest.fixture
def phb(commissioner):
    return bare_budget(
        commissioner, cohort=Cohort.objects.get(code="chc"), agreed_on=dt.date(2026, 1, 5), started_on=STARTED
    )


def test_review_is_completed_and_plans_the_next(phb, team, commissioner):
    nurse = make_nurse(commissioner)
    plan_review(phb=phb, by=nurse, at=NOW, planned_for=dt.date(2026, 4, 15))
    review = make_review(phb, HELD, by=nurse, held_by=team, notes="All is well ")
    assert (review.number, review.due_on, review.next_due_on) == (1, dt.date(2026, 5, 1), dt.date(2027, 4, 20))
    assert (review.held_by, review.completed_by, review.notes) == (team, nurse, "All is well")
    assert review.planned_for == dt.date(2026, 4, 15)
    assert reviews.next_due(phb) == review.next_due_on == ReviewDue.objects.get(phb=phb).due_on
    assert not ReviewDraft.objects.exists()
    assert AccessLogEntry.objects.filter(action="review-completed", commissioner=commissioner).count() == 1


def test_review_recorded_late_was_due_as_on_the_day_it_was_held(phb, team):
    later = make_review(phb, dt.date(2026, 11, 1), by=team)
    assert later.due_on == dt.date(2026, 5, 1)
    earlier = make_review(phb, dt.date(2026, 4, 1), by=team, on=TODAY)
    assert (earlier.due_on, earlier.next_due_on) == (dt.date(2026, 5, 1), later.next_due_on)


def test_review_that_lacks_something_says_all_of_it(phb, team):
    findings = make_findings(
        dt.date(2026, 1, 1),
        kind="unscheduled",
        took_part=[],
        held_by=UserFactory(),
        answers={"is_amount_enough": Answer(is_yes=False)},
    )
    with pytest.raises(BudgetRefused) as refused:
        complete_review(phb=phb, by=team, on=TODAY, findings=findings)
    fields = {problem.field for problem in refused.value.problems}
    assert {"held_on", "reason", "took_part", "held_by", "is_plan_right", "is_amount_enough_follows"} <= fields
    assert "outcomes" in fields
    assert not Review.objects.exists()


def test_review_needs_the_permission(phb, commissioner):
    for role in set(Role) - {Role.REFERRING_NURSE, Role.PHB_TEAM, Role.LEAD_NURSE}:
        user = UserFactory(role=role, role__commissioner=commissioner)
        with pytest.raises(PermissionDenied):
            make_review(phb, HELD, by=user)


def test_correction_is_a_further_review_and_the_first_no_longer_counts(phb, team):
    first = make_review(phb, HELD, by=team)
    correction = make_review(phb, dt.date(2026, 4, 2), by=team, on=TODAY, corrects=first)
    assert (correction.number, correction.due_on) == (2, first.due_on)
    assert reviews.next_due(phb) == correction.next_due_on == dt.date(2027, 4, 2)
    assert reviews.reviews_that_count(phb) == [correction]
    with pytest.raises(BudgetRefused, match="corrected already"):
        make_review(phb, HELD, by=team, on=TODAY, corrects=first)


def test_correcting_a_review_leaves_the_day_planned_for_the_next(phb, team):
    first = make_review(phb, HELD, by=team)
    plan_review(phb=phb, by=team, at=NOW, planned_for=dt.date(2027, 4, 1))
    save_draft(phb=phb, by=team, at=NOW, typed={"notes": ["x"]}, seen=Seen(1, 1), corrects=first)
    correction = make_review(phb, HELD, by=team, on=TODAY, corrects=first)
    draft = ReviewDraft.objects.get()
    assert (draft.planned_for, draft.typed, draft.corrects) == (dt.date(2027, 4, 1), {}, None)
    assert correction.planned_for is None


def test_nobody_saves_or_completes_over_what_they_have_not_seen(phb, team, commissioner):
    other = make_nurse(commissioner)
    draft = save_draft(phb=phb, by=team, at=NOW, typed={"notes": ["mine"]}, seen=Seen())
    with pytest.raises(SavedMeanwhile) as saved:
        save_draft(phb=phb, by=other, at=NOW, typed={"notes": ["theirs"]}, seen=Seen())
    assert saved.value.draft == draft
    draft = save_draft(phb=phb, by=other, at=NOW, typed={"notes": ["both"]}, seen=Seen(0, draft.revision))
    assert (draft.revision, draft.typed, draft.saved_by) == (2, {"notes": ["both"]}, other)
    with pytest.raises(SavedMeanwhile):
        complete_review(phb=phb, by=team, on=TODAY, findings=make_findings(HELD), seen=Seen(0, 1))
    done = complete_review(phb=phb, by=team, on=TODAY, findings=make_findings(HELD), seen=Seen(0, 2))
    with pytest.raises(ReviewedMeanwhile) as reviewed:
        complete_review(phb=phb, by=other, on=TODAY, findings=make_findings(HELD), seen=Seen(0, 2))
    assert reviewed.value.review == done
    with pytest.raises(ReviewedMeanwhile):
        save_draft(phb=phb, by=other, at=NOW, typed={}, seen=Seen())
    assert Review.objects.count() == 1


def test_draft_holds_no_more_than_a_review(phb, team):
    for typed in ({"notes": ["x" * 70_000]}, {"notes": ["\x00"]}, {f"f{n}": ["x"] for n in range(300)}):
        with pytest.raises(BudgetRefused, match="Shorten"):
            save_draft(phb=phb, by=team, at=NOW, typed=typed, seen=Seen())
    save_draft(phb=phb, by=team, at=NOW, typed={"notes": ["x"]}, seen=Seen())
    discard_draft(phb=phb, by=team, seen=Seen(0, 1))
    assert not ReviewDraft.objects.exists()


def test_budget_that_has_not_started_is_not_reviewed(commissioner, team):
    agreed = bare_budget(commissioner, cohort=Cohort.objects.get(code="s117"), agreed_on=dt.date(2026, 1, 5))
    for act in (
        lambda: save_draft(phb=agreed, by=team, at=NOW, typed={}, seen=Seen()),
        lambda: plan_review(phb=agreed, by=team, at=NOW, planned_for=TODAY),
        lambda: make_review(agreed, HELD, by=team),
    ):
        with pytest.raises(BudgetRefused, match="not started"):
            act()


def test_review_is_asked_for_once_and_answered_by_the_next(phb, team):
    asked = ask_for_review(phb=phb, reason=ReviewReason.NOMINATION_WITHDRAWN, by=team, on=HELD, note="Moved away")
    assert ask_for_review(phb=phb, reason=ReviewReason.NOMINATION_WITHDRAWN, by=team, on=HELD) == asked
    later = ask_for_review(phb=phb, reason=ReviewReason.CONCERN, by=team, on=dt.date(2026, 4, 21))
    # It is due from the day it was asked for.
    assert reviews.next_due(phb) == HELD
    review = make_review(phb, HELD, by=team, kind="unscheduled", reason=ReviewReason.NOMINATION_WITHDRAWN)
    asked.refresh_from_db()
    later.refresh_from_db()
    assert (asked.status, asked.review) == ("answered", review)
    assert later.status == "open"
    assert [step.action for step in asked.transitions.all()] == ["ask", "answer"]
    assert [each.pk for each in reviews.open_requests(phb)] == [later.pk]


def test_request_is_set_aside_with_its_reason_unless_it_must_be_reviewed(phb, team):
    concern = ask_for_review(phb=phb, reason=ReviewReason.CONCERN, by=team, on=HELD)
    must = ask_for_review(phb=phb, reason=ReviewReason.MONEY_INSUFFICIENT, by=team, on=HELD)
    with pytest.raises(BudgetRefused, match="Enter why"):
        set_aside_request(request=concern, by=team, on=TODAY, reason=" ")
    assert set_aside_request(request=concern, by=team, on=TODAY, reason="Cleared up").status == "set_aside"
    with pytest.raises(BudgetRefused, match="settled already"):
        set_aside_request(request=concern, by=team, on=TODAY, reason="Again")
    with pytest.raises(BudgetRefused, match="regulations 6 and 14"):
        set_aside_request(request=must, by=team, on=TODAY, reason="No time")
    for statement in (
        "UPDATE budgets_reviewrequest SET status = 'set_aside'",
        "UPDATE budgets_reviewrequest SET status = 'answered'",
        "UPDATE budgets_reviewrequest SET note = 'other'",
        "DELETE FROM budgets_reviewrequest",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [must.pk])
    assert ReviewRequest.objects.get(pk=must.pk).status == "open"


# ── Outcome scales ────────────────────────────────────────────────────────────────────────────────────────────


def test_answers_before_and_now_are_compared(phb, team, commissioner):
    sleep = make_scale(commissioner, by=team)
    worry = make_scale(commissioner, by=team, name="Worry", asked_of="carer", direction="first_is_best")
    friends = make_scale(commissioner, by=team, name="Friends")
    record_baseline(phb=phb, by=team, on=STARTED, today=TODAY, ratings=[Rated(sleep, 4), Rated(worry, 3)])
    # Recorded again: the later one counts.
    record_baseline(phb=phb, by=team, on=STARTED, today=TODAY, ratings=[Rated(sleep, 2), Rated(friends, None)])
    review = make_review(phb, HELD, by=team, ratings=[Rated(sleep, 3), Rated(worry, 4), Rated(friends, 1)])
    found = {each.scale.name: each for each in outcomes.answered_by(phb)}
    assert {name: each.change for name, each in found.items()} == {
        "Sleep": Change.BETTER,
        "Worry": Change.WORSE,
        "Friends": None,
    }
    assert found["Friends"].before.prefers_not_to_say
    make_review(phb, HELD, by=team, on=TODAY, corrects=review, ratings=[Rated(sleep, 1)])
    found = {each.scale.name: each for each in outcomes.answered_by(phb)}
    assert found["Sleep"].change == Change.WORSE
    assert found["Worry"].now is None
    with pytest.raises(BudgetRefused, match="reviewed already"):
        record_baseline(phb=phb, by=team, on=STARTED, today=TODAY, ratings=[Rated(sleep, 2)])


def test_answer_stays_within_its_scale_and_as_it_was(phb, team, commissioner):
    sleep = make_scale(commissioner, by=team)
    with pytest.raises(DatabaseError, match="4 levels"), transaction.atomic():
        record_baseline(phb=phb, by=team, on=STARTED, today=TODAY, ratings=[Rated(sleep, 5)])
    for _ in range(2):  # sent twice, it is recorded once
        record_baseline(phb=phb, by=team, on=STARTED, today=TODAY, ratings=[Rated(sleep, 4)])
    assert phb.outcome_ratings.count() == 1
    for statement in (
        "UPDATE budgets_outcomerating SET level = 1",
        "DELETE FROM budgets_outcomerating",
        "UPDATE budgets_outcomescale SET question = 'Another'",
        "DELETE FROM budgets_outcomescale",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert OutcomeRating.objects.get().level == 4


def words_of(scale, **changed):
    names = ("name", "question", "asked_of", "levels", "direction", "active_from", "active_until")
    return ScaleWords(**({name: getattr(scale, name) for name in names} | changed))


def test_scale_is_changed_until_somebody_answered_and_then_followed_by_a_version(phb, team, commissioner):
    scale = make_scale(commissioner, by=team)
    scale = change_scale(scale=scale, by=team, words=words_of(scale, question="Do you sleep well?"))
    assert (scale.number, scale.question) == (1, "Do you sleep well?")
    record_baseline(phb=phb, by=team, on=STARTED, today=TODAY, ratings=[Rated(scale, 2)])
    with pytest.raises(BudgetRefused, match="Enter a day after 1 January 2020"):
        change_scale(scale=scale, by=team, words=words_of(scale, question="Other words"))
    further = change_scale(
        scale=scale, by=team, words=words_of(scale, question="Other words", active_from=dt.date(2026, 3, 1))
    )
    scale.refresh_from_db()
    assert (further.number, further.code, scale.active_until) == (2, scale.code, dt.date(2026, 3, 1))
    assert outcomes.scales_asked(phb, dt.date(2026, 2, 28)) == [scale]
    assert outcomes.scales_asked(phb, dt.date(2026, 3, 1)) == [further]
    # Other words are another question: nothing is compared.
    make_review(phb, HELD, by=team, ratings=[Rated(further, 4)])
    assert [each.change for each in outcomes.answered_by(phb)] == [None, None]
    end_scale(scale=further, by=team, active_until=dt.date(2026, 9, 1))
    assert outcomes.scales_asked(phb, dt.date(2026, 9, 1)) == []


def test_scale_that_cannot_be_asked_is_refused(team, commissioner):
    make_scale(commissioner, by=team)
    for given, field in (
        ({}, "name"),
        ({"name": "Two", "levels": ["Yes", "No"]}, "levels"),
        ({"name": "Two", "active_until": dt.date(2019, 1, 1)}, "active_until"),
        ({"name": "Two", "instrument": "A survey"}, "licence_number"),
    ):
        with pytest.raises(BudgetRefused) as refused:
            make_scale(commissioner, by=team, **given)
        assert [problem.field for problem in refused.value.problems] == [field]
    with pytest.raises(PermissionDenied):
        make_scale(commissioner, by=make_nurse(commissioner), name="Two")
    assert OutcomeScale.objects.count() == 1


def test_changes_of_many_are_counted_as_a_naive_count_and_hidden_from_those_outside(commissioner, team):
    scale = make_scale(commissioner, by=team)
    other_way = make_scale(commissioner, by=team, name="Worry", direction="first_is_best")
    naive: dict[tuple[str, str, str], int] = {}
    for number in range(14):
        code = ("chc", "s117")[number % 7 == 0]
        phb = bare_budget(
            commissioner, cohort=Cohort.objects.get(code=code), agreed_on=STARTED, started_on=STARTED, by=team
        )
        before, now = 1 + number % 4, 1 + (number * 3) % 4
        record_baseline(
            phb=phb, by=team, on=STARTED, today=TODAY, ratings=[Rated(scale, before), Rated(other_way, before)]
        )
        make_review(phb, HELD, by=team, ratings=[Rated(scale, 1 if number else None)])
        make_review(phb, HELD, by=team, on=TODAY, ratings=[Rated(scale, now), Rated(other_way, now)])
        for name, is_rising in (("Sleep", True), ("Worry", False)):
            better = now > before if is_rising else now < before
            change = "same" if now == before else "better" if better else "worse"
            naive[name, code, change] = naive.get((name, code, change), 0) + 1
    found = outcomes.outcome_changes([commissioner.pk], HELD, HELD)
    counted = {
        (each.scale.name, each.cohort.code, change.value): number
        for each in found
        for change, number in each.counts.items()
        if number
    }
    assert counted == naive
    assert outcomes.outcome_changes([commissioner.pk], TODAY, TODAY) == []
    [first, *_] = outcomes.shown_changes(found, None)
    assert first.cells["total", "total"].text == "14"
    assert first.cells["s117", "total"].text == "2"
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=commissioner)
    assert outcomes.profile_for(team) is None
    [first, *_] = outcomes.shown_changes(found, outcomes.profile_for(board))
    assert first.cells["s117", "total"].is_hidden
    # Who may see the people of one commissioner, and of another only figures, sees the two together controlled.
    Membership.objects.create(
        user=team, role=Role.GOVERNING_BODY, commissioner=CommissionerFactory(), starts_on=dt.date(2020, 1, 1)
    )
    assert outcomes.profile_for(User.objects.get(pk=team.pk)) is not None
    assert len(LEVELS) == 4
