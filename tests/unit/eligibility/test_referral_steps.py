"""The order of the journey's pages."""

from dataclasses import replace

import pytest

from eligibility.rules.facts import FACTS
from eligibility.rules.outcomes import Outcome
from eligibility.rules.question_pages import (
    BUDGET_QUESTIONS,
    PAGES,
    budget_questions,
    page_of,
    questions_on_page,
    unasked,
)
from eligibility.rules.referral_steps import Progress, Step, may_open, next_step

DONE = Progress(
    is_searched=True,
    has_people_to_confirm=False,
    is_person_settled=True,
    has_details=True,
    has_commissioner=True,
    has_questions_left=False,
)


@pytest.mark.parametrize(
    ("left", "step"),
    [
        ({}, Step.ANSWER),
        ({"has_questions_left": True}, Step.QUESTIONS),
        ({"has_commissioner": False, "has_questions_left": True}, Step.RECEIVED),
        ({"has_details": False}, Step.DETAILS),
        ({"is_person_settled": False}, Step.DETAILS),
        ({"is_person_settled": False, "has_people_to_confirm": True}, Step.PERSON),
        ({"is_searched": False, "is_person_settled": False}, Step.FIND),
    ],
)
def test_next_step_is_the_first_page_left(left: dict[str, bool], step: Step) -> None:
    assert next_step(replace(DONE, **left)) is step


def test_every_page_opens_once_all_is_answered() -> None:
    assert all(may_open(step, DONE) for step in Step)


def test_page_beyond_the_next_one_does_not_open() -> None:
    progress = replace(DONE, has_questions_left=True)
    assert may_open(Step.QUESTIONS, progress)
    assert may_open(Step.FIND, progress)
    assert not may_open(Step.ANSWER, progress)
    assert not may_open(Step.CHECK, progress)


def test_pages_name_declared_facts_once() -> None:
    codes = [code for page in (*PAGES, BUDGET_QUESTIONS) for code in page]
    assert set(codes) <= set(FACTS)
    assert len(codes) == len(set(codes))
    assert "born_on" not in codes


def test_page_shows_only_the_questions_that_still_matter() -> None:
    assert [fact.code for fact in questions_on_page("chc", [])] == ["chc"]
    asked = questions_on_page("autism", [FACTS["autism"], FACTS["learning_disability"], FACTS["chc"]])
    assert [fact.code for fact in asked] == ["learning_disability", "autism"]
    assert [fact.code for fact in questions_on_page("autism", [FACTS["autism"]])] == ["autism"]
    assert page_of("chc") == ("chc",)


def test_answer_not_known_yet_counts_as_asked() -> None:
    assert unasked([FACTS["chc"], FACTS["autism"]], {"chc": None}) == [FACTS["autism"]]


@pytest.mark.parametrize(
    ("outcome", "facts", "asked"),
    [
        (Outcome.NOT_OFFERED, {}, []),
        (Outcome.NOT_YET_OFFERED, {}, []),
        (Outcome.RIGHT_TO_HAVE, {"chc": "eligible"}, list(BUDGET_QUESTIONS)),
        (Outcome.MAY_REQUEST, {"chc": "not_eligible"}, list(BUDGET_QUESTIONS[1:])),
    ],
)
def test_budget_is_asked_about_where_there_may_be_one(
    outcome: Outcome, facts: dict[str, object], asked: list[str]
) -> None:
    assert [fact.code for fact in budget_questions(outcome, facts)] == asked
