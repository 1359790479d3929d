"""What the pages of questions share, whether a referral is being written or a person screened again."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from eligibility.forms.journey import QuestionsForm
from eligibility.models import Screening
from eligibility.rules import FACTS, Fact
from eligibility.rules.question_pages import BUDGET_PAGE, questions_on_page
from eligibility.selectors.forming import DraftScreening, known_before
from phb_register.presenters import spoken_date

from .support import posted


def is_question(code: str) -> bool:
    """Whether there is a page of questions of this name. The date of birth is never asked for here."""
    return code == BUDGET_PAGE or (code in FACTS and code != "born_on")


def questions_of(screening: DraftScreening, code: str) -> list[Fact]:
    """What to ask on a page."""
    return screening.on_budget_page if code == BUDGET_PAGE else questions_on_page(code, screening.still_matter)


def questions_form(
    request: HttpRequest,
    code: str,
    questions: list[Fact],
    answers: Mapping[str, Any],
    *,
    so_far_url: str = "",
    earlier: Screening | None = None,
) -> QuestionsForm:
    """The form of a page, filled in with what is answered; what an earlier screening knew waits to be confirmed."""
    words = f"Known from the screening of {spoken_date(earlier.assessed_on)}: check it." if earlier else ""
    return QuestionsForm(
        posted(request),
        questions=questions,
        answers=answers,
        may_be_left=code == BUDGET_PAGE,
        before=known_before(earlier),
        before_words=words,
        so_far_url=so_far_url,
    )
