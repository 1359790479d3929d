"""When a budget is to be reviewed, and what a review must say."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules import outcome_scales, review_request_states, reviews
from budgets.rules.outcome_scales import Change, Direction
from budgets.rules.reviews import Answer, ReviewKind, ReviewOutcome
from tests.architecture.rooms import ROOT

DAYS = st.dates(min_value=dt.date(2013, 8, 1), max_value=dt.date(2040, 12, 31))
YES = Answer(is_yes=True)
ALL_YES = {question.name: YES for question in reviews.QUESTIONS}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_case_34_first_review_is_due_three_months_after_the_first_payment():
    assert reviews.first_review_due(day("2016-11-30")) == day("2017-02-28")
    # From the payment, not from the start of the budget.
    due = reviews.review_due(started_on=day("2016-10-01"), first_paid_on=day("2016-11-30"))
    assert due == day("2017-02-28")


def test_case_34_next_review_is_due_twelve_months_after_the_last():
    due = reviews.review_due(
        started_on=day("2016-10-01"), first_paid_on=day("2016-11-30"), last_held_on=day("2017-02-20")
    )
    assert due == day("2018-02-20")


def test_case_34_review_is_overdue_the_day_after_it_was_due():
    assert not reviews.is_overdue(day("2018-02-20"), day("2018-02-20"))
    assert reviews.is_overdue(day("2018-02-20"), day("2018-02-21"))


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        ("2015-11-30", "2016-02-29"),
        ("2016-11-29", "2017-02-28"),
        ("2017-01-31", "2017-04-30"),
        ("2017-12-31", "2018-03-31"),
    ],
)
def test_month_without_the_day_ends_on_its_last(paid, due):
    assert reviews.first_review_due(day(paid)) == day(due)


def test_leap_day_is_followed_by_the_last_of_february():
    assert reviews.next_review_due(day("2016-02-29")) == day("2017-02-28")


@given(DAYS, st.integers(0, 40))
def test_months_are_added_one_way_whichever_way_they_are_counted(start, months):
    later = reviews.add_months(start, months)
    # By counting off whole months from the first of the month.
    first = start.replace(day=1)
    for _ in range(months):
        first = (first + dt.timedelta(days=32)).replace(day=1)
    next_month = (first + dt.timedelta(days=32)).replace(day=1)
    assert later == min(first + dt.timedelta(days=start.day - 1), next_month - dt.timedelta(days=1))


def test_budget_that_did_not_start_has_no_review():
    assert reviews.review_due(started_on=None, first_paid_on=day("2016-11-30")) is None


def test_budget_without_payments_is_reviewed_from_its_start():
    assert reviews.review_due(started_on=day("2016-10-01")) == day("2017-01-01")


def test_review_before_the_first_payment_does_not_stand_for_the_first_after_it():
    due = reviews.review_due(
        started_on=day("2016-01-01"), first_paid_on=day("2016-11-30"), last_held_on=day("2016-04-01")
    )
    assert due == day("2017-02-28")
    # And twelve months after it are not exceeded either.
    due = reviews.review_due(
        started_on=day("2015-11-01"), first_paid_on=day("2016-11-30"), last_held_on=day("2016-02-01")
    )
    assert due == day("2017-02-01")


def test_first_direct_payment_calls_for_a_review_of_its_own():
    notional = {"started_on": day("2016-01-01"), "first_paid_on": day("2016-01-15"), "last_held_on": day("2026-05-01")}
    assert reviews.review_due(**notional) == day("2027-05-01")
    assert reviews.review_due(**notional, first_direct_on=day("2026-07-31")) == day("2026-10-31")
    held_since = notional | {"last_held_on": day("2026-10-20")}
    assert reviews.review_due(**held_since, first_direct_on=day("2026-07-31")) == day("2027-10-20")


@pytest.mark.parametrize(
    ("recorded_from", "due"),
    [
        ("2019-08-10", "2019-08-10"),  # not before the first was due
        ("2019-08-11", "2020-08-10"),
        ("2026-08-10", "2026-08-10"),
        ("2026-08-11", "2027-08-10"),
    ],
)
def test_earlier_reviews_are_taken_to_have_been_held_on_time(recorded_from, due):
    started_on = day("2019-05-10")
    assert reviews.review_due(started_on=started_on, recorded_from=day(recorded_from)) == day(due)


def test_recorded_review_counts_whatever_the_settings_say():
    due = reviews.review_due(
        started_on=day("2019-05-10"), last_held_on=day("2024-01-31"), recorded_from=day("2026-11-01")
    )
    assert due == day("2025-01-31")


@given(started_on=DAYS, recorded_from=DAYS)
def test_presumed_review_falls_due_within_a_year_of_the_first_day_of_recording(started_on, recorded_from):
    due = reviews.review_due(started_on=started_on, recorded_from=recorded_from)
    first = reviews.first_review_due(started_on)
    assert due is not None
    assert due >= max(first, recorded_from)
    assert due <= max(first, reviews.add_months(recorded_from, 12))


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"is_asked_for": False, "due_on": day("2026-12-01"), "reviews_held": 0}, ReviewKind.FIRST),
        ({"is_asked_for": False, "due_on": day("2026-12-01"), "reviews_held": 2}, ReviewKind.ANNUAL),
        ({"is_asked_for": True, "due_on": day("2027-09-01"), "reviews_held": 1}, ReviewKind.UNSCHEDULED),
        ({"is_asked_for": True, "due_on": day("2026-12-01"), "reviews_held": 1}, ReviewKind.ANNUAL),
    ],
)
def test_kind_is_proposed_by_what_is_due(facts, kind):
    assert reviews.kind_due(**facts, on=day("2026-11-22")) == kind


def messages(problems):
    return {problem.field: problem.message for problem in problems}


def test_all_four_questions_are_answered_by_regulation_14():
    found = messages(reviews.check_answers({}, [ReviewOutcome.CONTINUE]))
    assert set(found) == {"is_plan_right", "is_used_well", "is_amount_enough", "is_complied_with"}
    assert "regulation 14" in found["is_used_well"]


def test_no_says_what_follows():
    answers = {**ALL_YES, "is_used_well": Answer(is_yes=False)}
    assert set(messages(reviews.check_answers(answers, [ReviewOutcome.CONTINUE]))) == {"is_used_well_follows"}


def test_amount_that_is_not_enough_does_not_go_on_by_regulation_13():
    answers = {**ALL_YES, "is_amount_enough": Answer(is_yes=False, follows="Two more hours a week")}
    assert "regulation 13(1)" in messages(reviews.check_answers(answers, ["continue"]))["outcomes"]
    assert reviews.check_answers(answers, ["change_amount"]) == []


def test_plan_that_no_longer_fits_does_not_go_on():
    answers = {**ALL_YES, "is_plan_right": Answer(is_yes=False, follows="New needs")}
    assert "regulation 14" in messages(reviews.check_answers(answers, ["change_amount"]))["outcomes"]
    assert reviews.check_answers(answers, ["change_plan", "change_amount"]) == []


def test_budget_does_not_both_go_on_as_it_is_and_change():
    assert "either" in messages(reviews.check_answers(ALL_YES, ["continue", "change_plan"]))["outcomes"]
    assert set(messages(reviews.check_answers(ALL_YES, []))) == {"outcomes"}


@pytest.mark.parametrize(
    ("held_on", "field"),
    [("2026-11-23", "held_on"), ("2026-01-31", "held_on"), ("2026-10-02", "held_on"), ("2026-10-01", None)],
)
def test_review_is_held_while_the_budget_is_in_place(held_on, field):
    problems = reviews.check_held_on(
        day(held_on), started_on=day("2026-02-01"), ended_on=day("2026-10-01"), today=day("2026-11-22")
    )
    assert [problem.field for problem in problems] == ([field] if field else [])


def test_budget_that_did_not_start_is_not_reviewed():
    assert reviews.check_held_on(day("2026-11-01"), started_on=None, ended_on=None, today=day("2026-11-22"))


@pytest.mark.parametrize(
    ("before", "now", "direction", "change"),
    [
        (2, 4, Direction.LAST_IS_BEST, Change.BETTER),
        (2, 4, Direction.FIRST_IS_BEST, Change.WORSE),
        (3, 3, Direction.FIRST_IS_BEST, Change.SAME),
        (None, 3, Direction.LAST_IS_BEST, None),
        (3, None, Direction.LAST_IS_BEST, None),
    ],
)
def test_change_reads_the_scale_in_its_direction(before, now, direction, change):
    assert outcome_scales.change_between(before, now, direction) == change


def test_scale_has_three_to_seven_levels_in_words_of_their_own():
    assert outcome_scales.check_levels(["Never", "Sometimes", "Always"]) == []
    for levels in (["Yes", "No"], [str(number) for number in range(8)], ["No", "no", "Yes"], ["x" * 81, "y", "z"]):
        assert [each.field for each in outcome_scales.check_levels(levels)] == ["levels"]


def test_survey_of_somebody_else_is_named_with_its_licence():
    assert outcome_scales.check_licence("", "") == []
    assert outcome_scales.check_licence("A survey", "L-1") == []
    assert [each.field for each in outcome_scales.check_licence("A survey", " ")] == ["licence_number"]
    assert [each.field for each in outcome_scales.check_licence("", "L-1")] == ["instrument"]


def test_request_goes_from_waiting_to_reviewed_or_set_aside():
    assert review_request_states.allowed_jumps() == [("open", "answered"), ("open", "set_aside")]
    assert review_request_states.steps_from("answered") == []


def test_diagram_of_requests_is_the_table():
    document = (ROOT / "docs" / "states" / "review-request-states.md").read_text()
    assert review_request_states.mermaid() in document
