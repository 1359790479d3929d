"""The self-check's rules: bands of ages, answers carried from page to page, and questions fit for the public."""

import datetime as dt
import itertools

import pytest

from eligibility.rules import FACTS, AnswerType
from eligibility.rules.facts import age_on
from eligibility.rules.public_questions import FOR_PROFESSIONALS, PUBLIC_QUESTIONS
from eligibility.rules.question_pages import BUDGET_QUESTIONS
from eligibility.rules.self_check import AgeBand, AnswersUnreadable, age_bands, answers_to, read_answers
from tests.support.rules import llr, national

RULES = (*national(), *llr())


def test_age_bands_are_those_the_rules_and_the_regulations_tell_apart():
    assert [band.words for band in age_bands(RULES)] == ["Under 16", "16 or 17", "18 to 24", "25 or over"]
    assert [band.words for band in age_bands([])] == ["Under 16", "16 or over"]


def test_age_bands_leave_no_age_out():
    bands = age_bands(RULES)
    assert bands[0].youngest == 0
    assert all(after.youngest == before.oldest + 1 for before, after in itertools.pairwise(bands))


@pytest.mark.parametrize("on", [dt.date(2028, 2, 29), dt.date(2026, 3, 1), dt.date(2026, 12, 31)])
def test_date_of_birth_stands_for_an_age_of_the_band(on):
    for band in age_bands(RULES):
        assert band.youngest <= age_on(band.born_on(on), on) <= band.oldest


def test_answers_read_back_as_they_were_carried():
    carried = ["age=18-24", "chc=eligible", "autism=no", "ehc_plan=unknown"]
    answers = read_answers(carried, age_bands(RULES))
    assert answers.carried == carried
    assert answers.facts == {"chc": "eligible", "autism": False}
    assert {"ehc_plan", "may_benefit", "high_level_domains"} <= answers.not_known
    assert "chc" not in answers.not_known
    assert answers.without_last_page().carried == carried[:3]


def test_page_back_takes_every_answer_of_that_page():
    answers = read_answers(["age=unknown", "learning_disability=no", "autism=no"], age_bands(RULES))
    assert answers.without_last_page().carried == ["age=unknown"]


@pytest.mark.parametrize(
    "carried", [["age=3-4"], ["autism=no"], ["age=0-15", "age=0-15"], ["age=0-15", "lives_in=home"]]
)
def test_answers_that_the_check_never_wrote_are_refused(carried):
    with pytest.raises(AnswersUnreadable):
        read_answers(carried, age_bands(RULES))


def test_every_fact_that_rules_use_is_asked_of_the_public_or_left_to_professionals_on_purpose():
    used = {each.fact for rule_set in RULES for each in rule_set.criteria.comparisons()} - {"age"}
    assert used <= PUBLIC_QUESTIONS.keys() | FOR_PROFESSIONALS
    assert not PUBLIC_QUESTIONS.keys() & (FOR_PROFESSIONALS | {"born_on"} | set(BUDGET_QUESTIONS) - {"chc_fast_track"})


def test_questions_for_the_public_are_in_the_second_person_and_can_be_carried():
    for code, wording in PUBLIC_QUESTIONS.items():
        assert "you" in f" {wording.question.lower()} ".replace("?", " "), code
        assert FACTS[code].answer_type in (AnswerType.YES_NO, AnswerType.CHOICE), code
        assert wording.answers.keys() <= answers_to(code), code


def test_single_age_is_a_band_of_its_own():
    assert AgeBand(17, 17).words == "17"
