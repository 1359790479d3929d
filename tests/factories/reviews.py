"""Reviews and outcome scales, made through the services as the pages make them."""

import datetime as dt
from typing import Any

from budgets.models import OutcomeScale, PersonalHealthBudget, Review
from budgets.rules.reviews import QUESTIONS, Answer, ReviewKind, ReviewOutcome, ReviewWay, TookPart
from budgets.services.outcomes import ScaleWords, write_scale
from budgets.services.reviews import Findings, complete_review
from phb_register.models import Commissioner, User

YES = Answer(is_yes=True)
LEVELS = ("Never", "Seldom", "Often", "Always")


def make_findings(held_on: dt.date, **given: Any) -> Findings:
    """A first review in person, four times yes, after which the budget goes on."""
    facts: dict[str, Any] = {
        "kind": ReviewKind.FIRST,
        "way": ReviewWay.VISIT,
        "took_part": [TookPart.PERSON],
        "answers": {question.name: YES for question in QUESTIONS},
        "outcomes": [ReviewOutcome.CONTINUE],
    }
    return Findings(held_on=held_on, **(facts | given))


def make_review(
    phb: PersonalHealthBudget,
    held_on: dt.date,
    *,
    by: User,
    on: dt.date | None = None,
    corrects: Review | None = None,
    **given: Any,
) -> Review:
    """A review held and completed on one day."""
    return complete_review(
        phb=phb, by=by, on=on or held_on, findings=make_findings(held_on, **given), corrects=corrects
    )


def make_scale(commissioner: Commissioner, *, by: User, **given: Any) -> OutcomeScale:
    """A scale of four levels asked of holders."""
    words: dict[str, Any] = {
        "name": "Sleep",
        "question": "How often do you sleep well?",
        "asked_of": "holder",
        "levels": LEVELS,
        "direction": "last_is_best",
        "active_from": dt.date(2020, 1, 1),
    }
    return write_scale(commissioner=commissioner, by=by, words=ScaleWords(**(words | given)))
