"""The answer as it forms while questions are answered, and what is left to ask."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eligibility.models.referrals import Referral, Screening
from eligibility.rules import FACTS, Answer, Fact
from eligibility.rules.facts import asked, question_for
from eligibility.rules.question_pages import GIVES_NOTHING_NOW, budget_questions, unasked
from phb_register.models import Person, User

from .rule_sets import RuleBook


@dataclass(frozen=True)
class DraftScreening:
    """The answer so far, and the questions not asked yet: those that settle it, then those about the budget.

    ``least`` and ``most`` are how many pages of questions there can still be, the one about the budget among them.
    """

    answer: Answer
    next_questions: list[Fact]
    still_matter: list[Fact]
    budget_questions: list[Fact]
    on_budget_page: list[Fact]
    least: int
    most: int

    @property
    def has_questions_left(self) -> bool:
        """Whether there is a page of questions still to be filled in."""
        return bool(self.next_questions or self.budget_questions)

    @property
    def is_note_needed(self) -> bool:
        """Whether the answer gives the person nothing, so that the referrer says why they ask all the same."""
        return self.answer.outcome in GIVES_NOTHING_NOW


def forming_answer(book: RuleBook, facts: Mapping[str, Any], born_on: dt.date | None) -> DraftScreening:
    """Screen what is answered so far. A key of ``facts`` was asked; with ``None``, nobody knows yet."""
    known = asked(facts)
    answer = book.screen(facts=known, born_on=born_on)
    order = book.questions_to_ask(facts=known, born_on=born_on, not_known=facts.keys())
    on_budget_page = budget_questions(answer.outcome, dict(facts))
    budget = unasked(on_budget_page, facts) if not order.pages else []
    is_budget_asked = bool(unasked(budget_questions(answer.settled_so_far, dict(facts)), facts))
    return DraftScreening(
        answer=answer,
        next_questions=[question_for(code) for code in order.facts],
        still_matter=[FACTS[code] for code in answer.missing],
        budget_questions=budget,
        on_budget_page=on_budget_page,
        least=order.least + (is_budget_asked if order.pages else bool(budget)),
        # Where nobody knows any answer, the questions about the budget come last all the same.
        most=len(order.pages) + bool(unasked(on_budget_page, facts)),
    )


def earlier_screening(user: User, person: Person | None) -> Screening | None:
    """The last screening of a person that the user may see: what was known of them then."""
    if person is None:
        return None
    referrals = Referral.objects.visible_to(user).filter(person=person)
    return Screening.objects.filter(referral__in=referrals).first()


def known_before(screening: Screening | None) -> dict[str, Any]:
    """What a screening knew, to be offered again; the date of birth is the person's own."""
    facts = screening.facts if screening else {}
    return {code: facts[code] for code in FACTS if facts.get(code) is not None and code != "born_on"}
