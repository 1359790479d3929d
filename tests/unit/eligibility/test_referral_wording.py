"""How answers and referrals are said: every code has its words, and the words say what the code does."""

import datetime as dt
from enum import StrEnum
from typing import Any

import pytest

from eligibility.presenters import answers, referrals
from eligibility.presenters.answers import answer_view
from eligibility.rules import (
    FACTS,
    DirectPayment,
    Funding,
    Method,
    OfferLine,
    Outcome,
    WarningKind,
    read_rule_set,
    screen,
)
from eligibility.rules.fact_words import fact_rows, fact_words
from eligibility.rules.outcomes import LineStatus
from eligibility.rules.referral_states import TRANSITIONS

ON = dt.date(2017, 1, 9)
ADULT = dt.date(1970, 6, 15)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (answers.HEADINGS, Outcome),
        (answers.EXPLANATIONS, Outcome),
        (answers.TAGS, Outcome),
        (answers.DIRECT_PAYMENTS, DirectPayment),
        (answers.METHODS, Method),
        (answers.FUNDINGS, Funding),
        (answers.WARNINGS, WarningKind),
    ],
)
def test_every_code_has_words(words: dict[StrEnum, Any], codes: type[StrEnum]) -> None:
    assert set(words) == set(codes)


def test_every_transition_has_words() -> None:
    assert set(referrals.DONE) == {step.action for step in TRANSITIONS}


def rule(**changes: Any) -> Any:
    """A local rule set: somebody with CHC may request a budget."""
    return read_rule_set(
        {
            "code": "a-rule",
            "number": 3,
            "title": "A rule",
            "layer": "local",
            "cohort": "chc",
            "effective_from": "2016-04-01",
            "outcome": "may_request",
            "says": "People with CHC may ask.",
            "source": "A paper, paragraph 1",
            "criteria": {"fact": "chc", "equals": "eligible"},
            **changes,
        }
    )


def line(status: str, starts_on: dt.date) -> OfferLine:
    return OfferLine("chc", LineStatus(status), starts_on, None, "2016/17", "Appendix")


def test_answer_gives_the_basis_with_its_reason_and_paragraph() -> None:
    lines = [line("live", dt.date(2016, 4, 1))]
    view = answer_view(
        screen(facts={"chc": "eligible"}, born_on=ADULT, assessed_on=ON, rule_sets=[rule()], offer_lines=lines)
    )
    assert view.tag.text == "May request"
    assert view.heading.startswith("This person may request")
    assert view.bases[0].because == "NHS continuing healthcare (CHC): eligible"
    assert view.bases[0].reasons[0].source == "A paper, paragraph 1"
    assert [(each.text, each.href) for each in view.versions] == [
        ("a-rule, version 3", "/rule-sets/a-rule/versions/3/")
    ]
    assert view.assessed_on == "9 January 2017"
    assert [axis.question for axis in view.axes] == [
        "How can the budget be held?",
        "Is a direct payment permitted?",
        "Who is likely to pay?",
    ]


def test_answer_says_from_when_a_planned_offer_starts() -> None:
    lines = [line("planned", dt.date(2017, 4, 1))]
    view = answer_view(
        screen(facts={"chc": "eligible"}, born_on=ADULT, assessed_on=ON, rule_sets=[rule()], offer_lines=lines)
    )
    assert view.heading == "The local offer covers this person from 1 April 2017"


def test_answer_names_what_is_missing_in_words() -> None:
    lines = [line("live", dt.date(2016, 4, 1))]
    view = answer_view(screen(facts={}, born_on=ADULT, assessed_on=ON, rule_sets=[rule()], offer_lines=lines))
    assert view.missing == ["NHS continuing healthcare (CHC)"]
    assert view.possible[0].missing == ("NHS continuing healthcare (CHC)",)
    assert view.settled_so_far == ""


def test_answer_so_far_says_what_is_settled_at_least() -> None:
    lines = [line("live", dt.date(2016, 4, 1))]
    stronger = rule(
        code="stronger", outcome="right_to_have", layer="national", criteria={"fact": "autism", "equals": True}
    )
    view = answer_view(
        screen(
            facts={"chc": "eligible"}, born_on=ADULT, assessed_on=ON, rule_sets=[rule(), stronger], offer_lines=lines
        )
    )
    assert view.settled_so_far.startswith("At least: this person may request")


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("autism", True, "Yes"),
        ("autism", None, "Not known yet"),
        ("chc", "not_assessed", "Not assessed yet"),
        ("high_level_domains", 0, "0"),
        ("mental_health_act_section", "s3", "Section 3"),
    ],
)
def test_answers_are_said_in_words(code: str, value: Any, words: str) -> None:
    assert fact_words(code, value) == words


def test_answers_stand_in_the_order_of_the_questions_without_the_date_of_birth() -> None:
    rows = fact_rows({"autism": False, "chc": "eligible", "born_on": "1970-06-15"})
    assert [code for code, _, _ in rows] == ["chc", "autism"]
    assert rows[0][1] == FACTS["chc"].question
