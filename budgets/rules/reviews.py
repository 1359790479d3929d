"""When a budget is to be reviewed, what a review asks, and what may follow from it. Pure.

Source: regulation 14 of the NHS (Direct Payments) Regulations 2013: a review within three months of the first direct
payment, then at least every twelve months; another where health changes significantly, and always where the money
proved not to be enough. Regulation 14 speaks of direct payments; the register keeps the same rhythm for every budget.
"""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from budgets.exceptions import Problem

from .agreement import REGULATIONS, day

FIRST_REVIEW_MONTHS = 3
MONTHS_BETWEEN_REVIEWS = 12
#: How far ahead the list of reviews to come looks, in weeks.
WEEKS_AHEAD = 8


class ReviewKind(TextChoices):
    """Why a review is held now."""

    FIRST = "first", "First review"
    ANNUAL = "annual", "Yearly review"
    UNSCHEDULED = "unscheduled", "Unscheduled review"


class ReviewReason(TextChoices):
    """What makes an unscheduled review necessary, or worth thinking about."""

    HEALTH_CHANGED = "health_changed", "Their health or needs changed significantly"
    MONEY_INSUFFICIENT = "money_insufficient", "The money proved not to be enough"
    NOMINATION_WITHDRAWN = "nomination_withdrawn", "The nominee stepped down, or their nomination was withdrawn"
    PLAN_CHANGED = "plan_changed", "The plan, or what it rests on, changed substantially"
    CONCERN = "concern", "Somebody is concerned about how the budget is used"
    ASKED = "asked", "The person, or somebody who acts for them, asked for it"


#: A request for one of these cannot be set aside. Money: regulation 14. Nomination: regulation 6.
MUST_REVIEW: frozenset[str] = frozenset({ReviewReason.MONEY_INSUFFICIENT, ReviewReason.NOMINATION_WITHDRAWN})


class ReviewWay(TextChoices):
    """How a review was held."""

    VISIT = "visit", "In person"
    VIDEO = "video", "By video"
    PHONE = "phone", "By phone"


class TookPart(TextChoices):
    """Who takes part in a review beside whoever holds it."""

    PERSON = "person", "The person"
    REPRESENTATIVE = "representative", "Somebody who acts for them"
    CARER = "carer", "A carer or relative"
    NOMINEE = "nominee", "The nominee"
    ASSISTANT = "assistant", "A personal assistant"
    CO_ORDINATOR = "co_ordinator", "The care co-ordinator"
    OTHER = "other", "Somebody else"


class ReviewOutcome(TextChoices):
    """What follows from a review. Several may, but nothing beside “goes on as it is”."""

    CONTINUE = "continue", "The budget goes on as it is"
    CHANGE_PLAN = "change_plan", "The support plan changes"
    CHANGE_AMOUNT = "change_amount", "The amount changes"
    STOP_DIRECT_PAYMENT = "stop_direct_payment", "The direct payment stops, and the budget goes on in another way"
    END = "end", "The budget ends"


@dataclass(frozen=True)
class Question:
    """One of the four things every review answers, and what must follow from the answer “no”."""

    name: str
    text: str
    short: str
    needs_one_of: tuple[ReviewOutcome, ...] = ()


_ENDS_OR_STOPS = (ReviewOutcome.END, ReviewOutcome.STOP_DIRECT_PAYMENT)
QUESTIONS: tuple[Question, ...] = (
    Question(
        "is_plan_right",
        "Does the support plan still fit the person’s needs?",
        "Plan fits the needs",
        (ReviewOutcome.CHANGE_PLAN, *_ENDS_OR_STOPS),
    ),
    Question("is_used_well", "Has the budget been used effectively?", "Used effectively"),
    Question(
        "is_amount_enough",
        "Is the amount enough for everything in the plan?",
        "Amount is enough",
        (ReviewOutcome.CHANGE_AMOUNT, ReviewOutcome.CHANGE_PLAN, *_ENDS_OR_STOPS),
    ),
    Question("is_complied_with", "Has everybody kept to what was agreed?", "Obligations kept"),
)


@dataclass(frozen=True)
class Answer:
    """Yes or no to one question, and what follows from it in words."""

    is_yes: bool
    follows: str = ""


def add_months(start: date, months: int) -> date:
    """The same day of the month some calendar months later; the last day of that month where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def first_review_due(first_payment_on: date) -> date:
    """By when a budget is reviewed for the first time: three calendar months after the first payment."""
    return add_months(first_payment_on, FIRST_REVIEW_MONTHS)


def next_review_due(last_held_on: date) -> date:
    """By when a budget is reviewed again: twelve calendar months after the last review."""
    return add_months(last_held_on, MONTHS_BETWEEN_REVIEWS)


def review_due(
    *,
    started_on: date | None,
    first_paid_on: date | None = None,
    first_direct_on: date | None = None,
    last_held_on: date | None = None,
    recorded_from: date | None = None,
) -> date | None:
    """By when a budget is to be reviewed next; None before it starts.

    Counted from the first payment, or from the start where no payment is recorded; and once more from the first
    direct payment, where the money was managed in another way before. A review held before a payment does not stand
    for the first one after it. `recorded_from` is the day from which the commissioner records reviews here: a budget
    without one, whose first review fell due before that day, is taken to have been reviewed on time every year until
    then. The database works out the same (`models.review_due`), and a test compares the two.
    """
    if started_on is None:
        return None
    due = _due_from(first_paid_on or started_on, last_held_on, recorded_from)
    if first_direct_on is None or (last_held_on is not None and last_held_on >= first_direct_on):
        return due
    direct_due = first_review_due(first_direct_on)
    is_presumed = last_held_on is None and recorded_from is not None and recorded_from > direct_due
    return due if is_presumed else min(due, direct_due)


def _due_from(begins: date, last_held_on: date | None, recorded_from: date | None) -> date:
    first_due = first_review_due(begins)
    if last_held_on is not None:
        following = next_review_due(last_held_on)
        return following if last_held_on >= begins else min(first_due, following)
    if recorded_from is None or recorded_from <= first_due:
        return first_due
    years = recorded_from.year - first_due.year
    this_year = add_months(first_due, 12 * years)
    return this_year if this_year >= recorded_from else add_months(first_due, 12 * (years + 1))


def is_overdue(due_on: date | None, today: date) -> bool:
    """From the day after it was due."""
    return due_on is not None and due_on < today


def kind_due(*, is_asked_for: bool, due_on: date | None, reviews_held: int, on: date) -> ReviewKind:
    """What a review held on a day most likely is: unscheduled where it was asked for and none is due within weeks."""
    is_near = due_on is not None and (due_on - on).days <= 7 * WEEKS_AHEAD
    if is_asked_for and not is_near:
        return ReviewKind.UNSCHEDULED
    return ReviewKind.ANNUAL if reviews_held else ReviewKind.FIRST


def check_held_on(held_on: date, *, started_on: date | None, ended_on: date | None, today: date) -> list[Problem]:
    """A review is held of a budget that is in place, and recorded once it was held."""
    if started_on is None:
        return [Problem("", "This personal health budget has not started. There is nothing to review yet")]
    if held_on > today:
        return [Problem("held_on", "Date of the review must be today or in the past")]
    if held_on < started_on:
        return [
            Problem("held_on", f"Date of the review must be on or after {day(started_on)}, when the budget started")
        ]
    if ended_on is not None and held_on > ended_on:
        return [Problem("held_on", f"Date of the review must be on or before {day(ended_on)}, when the budget ended")]
    return []


def check_answers(answers: Mapping[str, Answer | None], outcomes: Collection[str]) -> list[Problem]:
    """All four questions are answered, a “no” says what follows, and what follows is among the outcomes."""
    problems = []
    if not outcomes:
        problems.append(Problem("outcomes", "Select what follows from the review"))
    elif ReviewOutcome.CONTINUE in outcomes and len(outcomes) > 1:
        problems.append(Problem("outcomes", "Select either that the budget goes on as it is, or what changes"))
    for question in QUESTIONS:
        answer = answers.get(question.name)
        if answer is None:
            problems.append(
                Problem(
                    question.name,
                    f"Select yes or no: {question.text[:1].lower()}{question.text[1:-1]}. All four questions are "
                    f"answered at every review (regulation 14 of the {REGULATIONS})",
                )
            )
        elif not answer.is_yes:
            problems += _check_no(question, answer, outcomes)
    return problems


def _check_no(question: Question, answer: Answer, outcomes: Collection[str]) -> list[Problem]:
    problems = []
    if not answer.follows.strip():
        problems.append(Problem(f"{question.name}_follows", f"Enter what follows: {question.short.lower()}, no"))
    if outcomes and question.needs_one_of and not set(question.needs_one_of) & set(outcomes):
        remedies = {
            "is_plan_right": "Select that the plan changes, or that the direct payment or the budget ends. A plan that "
            f"no longer fits must not go on as it is (regulation 14 of the {REGULATIONS})",
            "is_amount_enough": "Select that the amount or the plan changes, or that the direct payment or the budget "
            f"ends. The amount must cover the full cost of what is in the plan (regulation 13(1) of the {REGULATIONS})",
        }
        problems.append(Problem("outcomes", remedies[question.name]))
    return problems
