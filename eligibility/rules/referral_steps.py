"""The pages of a referral, in their order, and which of them a draft has to be sent to. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """One page of the journey; the value is the end of its address."""

    FIND = "find"
    PERSON = "person"
    DETAILS = "details"
    RECEIVED = "received"
    QUESTIONS = "questions"
    ANSWER = "answer"
    CHECK = "check"


@dataclass(frozen=True)
class Progress:
    """What a draft already holds."""

    is_searched: bool
    has_people_to_confirm: bool
    is_person_settled: bool
    has_details: bool
    has_commissioner: bool
    has_questions_left: bool


def next_step(progress: Progress) -> Step:
    """The first page still to be filled in; the answer page once nothing is left to ask.

    Nobody can reach a page by its address before the ones it stands on: views send them here.
    """
    if not progress.is_searched:
        return Step.FIND
    if not progress.is_person_settled:
        return Step.PERSON if progress.has_people_to_confirm else Step.DETAILS
    if not progress.has_details:
        return Step.DETAILS
    if not progress.has_commissioner:
        return Step.RECEIVED
    if progress.has_questions_left:
        return Step.QUESTIONS
    return Step.ANSWER


_ORDER = list(Step)


def may_open(step: Step, progress: Progress) -> bool:
    """Whether a page can be opened now: the next one, or one before it to change an answer."""
    furthest = next_step(progress)
    if furthest is Step.ANSWER:
        furthest = Step.CHECK
    if step is Step.DETAILS and progress.has_details:
        # Somebody like the person is found by what was typed there, and it may have been mistyped.
        return True
    return _ORDER.index(step) <= _ORDER.index(furthest)
