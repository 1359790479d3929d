"""The public self-check: answers carried from page to page in the page itself, because nothing is stored. Pure.

An answer travels as `code=value`, in the order in which the questions were asked: `age=18-24`, `chc=eligible`,
`autism=no`, `ehc_plan=unknown`. The age is asked once, as a band of ages that the rules do not tell apart, so that
no date of birth is needed and the answer is still exact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .criteria import Comparison
from .fact_types import AnswerType, Fact, FactValue
from .facts import AGE, FACTS, OLDEST_AGE
from .public_questions import PUBLIC_QUESTIONS
from .question_pages import page_of
from .rule_sets import RuleSet

UNKNOWN = "unknown"
# The 2013 Regulations speak of people aged 16 or over, whatever the rule sets say.
CONSENT_AGE = 16
_YES_NO: dict[str, FactValue] = {"yes": True, "no": False}


class AnswersUnreadable(ValueError):
    """The answers that a page carried are not ones that this check could have written."""


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages that no rule tells apart, both included."""

    youngest: int
    oldest: int

    @property
    def value(self) -> str:
        """As a page carries it."""
        return f"{self.youngest}-{self.oldest}"

    @property
    def words(self) -> str:
        """As it is asked."""
        if self.youngest == 0:
            return f"Under {self.oldest + 1}"
        if self.oldest >= OLDEST_AGE:
            return f"{self.youngest} or over"
        if self.oldest == self.youngest:
            return str(self.youngest)
        return f"{self.youngest} {'or' if self.oldest == self.youngest + 1 else 'to'} {self.oldest}"

    def born_on(self, on: dt.date) -> dt.date:
        """A date of birth that gives an age of this band on a date."""
        return on.replace(year=on.year - self.youngest, day=min(on.day, 28))


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """What somebody has answered so far, in that order, by code; the value is as a page carries it."""

    given: Mapping[str, str]

    @property
    def carried(self) -> list[str]:
        """As the next page carries them."""
        return [f"{code}={value}" for code, value in self.given.items()]

    @property
    def facts(self) -> dict[str, FactValue]:
        """What is known by them, without the age."""
        known = {code: value for code, value in self.given.items() if code != AGE and value != UNKNOWN}
        return {code: _value(FACTS[code], text) for code, text in known.items()}

    @property
    def not_known(self) -> frozenset[str]:
        """What was asked and they do not know, and what the public is never asked."""
        unknown = {code for code, value in self.given.items() if value == UNKNOWN}
        return frozenset(unknown | (FACTS.keys() - PUBLIC_QUESTIONS.keys()))

    @property
    def is_age_asked(self) -> bool:
        """Whether the age was asked, known or not."""
        return AGE in self.given

    def born_on(self, on: dt.date) -> dt.date | None:
        """A date of birth in the band of ages they chose."""
        band = self.given.get(AGE, UNKNOWN)
        if band == UNKNOWN:
            return None
        youngest, oldest = map(int, band.split("-"))
        return AgeBand(youngest, oldest).born_on(on)

    def with_answers(self, answers: Mapping[str, str]) -> GivenAnswers:
        """These and the answers of one more page."""
        return GivenAnswers({**self.given, **answers})

    def without_last_page(self) -> GivenAnswers:
        """As they were one page before."""
        if not self.given:
            return self
        last = page_of(list(self.given)[-1])
        return GivenAnswers({code: value for code, value in self.given.items() if code not in last})


def read_answers(carried: Sequence[str], bands: Iterable[AgeBand]) -> GivenAnswers:
    """What a page carried. Raises AnswersUnreadable for anything this check cannot have written."""
    ages = {UNKNOWN, *(band.value for band in bands)}
    given: dict[str, str] = {}
    for item in carried:
        code, _, value = item.partition("=")
        if code in given or (given and code == AGE) or (code != AGE and AGE not in given):
            raise AnswersUnreadable
        if value not in (ages if code == AGE else answers_to(code)):
            raise AnswersUnreadable
        given[code] = value
    return GivenAnswers(given)


def answers_to(code: str) -> frozenset[str]:
    """Every answer that a page can carry to a question of the public; none for what is not asked."""
    fact = FACTS.get(code)
    if fact is None or code not in PUBLIC_QUESTIONS:
        return frozenset()
    if fact.answer_type is AnswerType.YES_NO:
        return frozenset({*_YES_NO, UNKNOWN})
    return frozenset({*(choice.value for choice in fact.choices if not choice.is_unknown), UNKNOWN})


def age_bands(rule_sets: Iterable[RuleSet]) -> list[AgeBand]:
    """The bands of ages that neither the rules nor the Regulations on direct payments tell apart."""
    asked = {each for rule_set in rule_sets for each in rule_set.criteria.comparisons() if each.fact == AGE}
    starts = [0, *(age for age in range(1, OLDEST_AGE + 1) if _told_apart(asked, age - 1, age))]
    ends = [*(start - 1 for start in starts[1:]), OLDEST_AGE]
    return [AgeBand(youngest, oldest) for youngest, oldest in zip(starts, ends, strict=True)]


def _told_apart(asked: Iterable[Comparison], age: int, next_age: int) -> bool:
    is_consent = next_age == CONSENT_AGE
    return is_consent or any(each.matches(age) is not each.matches(next_age) for each in asked)


def _value(fact: Fact, text: str) -> FactValue:
    return _YES_NO[text] if fact.answer_type is AnswerType.YES_NO else text
