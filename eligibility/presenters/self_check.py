"""What the public self-check answers, in plain words and in the second person."""

from dataclasses import dataclass
from typing import Any

from eligibility.rules import FACTS, Answer, AnswerType, Basis, Outcome, Reason
from eligibility.rules.facts import AGE
from eligibility.rules.public_questions import PUBLIC_QUESTIONS, public_label
from eligibility.rules.self_check import UNKNOWN, AgeBand, GivenAnswers
from phb_register.presenters import spoken_date, summary

HEADINGS: dict[Outcome, str] = {
    Outcome.RIGHT_TO_HAVE: "You probably have a right to a personal health budget",
    Outcome.RIGHT_TO_ASK: "You probably have a right to ask for a personal health budget",
    Outcome.MAY_REQUEST: "You can probably have a personal health budget here",
    Outcome.MAY_BE_CONSIDERED: "You may be able to have a personal health budget",
    Outcome.NOT_YET_OFFERED: "Personal health budgets are not offered to you here yet",
    Outcome.NOT_OFFERED: "Personal health budgets are not offered to people with your answers here",
    Outcome.MORE_INFORMATION_NEEDED: "You may be able to have a personal health budget",
}
EXPLANATIONS: dict[Outcome, str] = {
    Outcome.RIGHT_TO_HAVE: (
        "The law gives this right to people with answers like yours. The NHS can say no only as far as a budget is not "
        "right for all or part of your care, and it has to tell you why."
    ),
    Outcome.RIGHT_TO_ASK: "The law lets you ask, and the NHS has to think about it and tell you why if it says no.",
    Outcome.MAY_REQUEST: "The NHS here offers budgets to people with answers like yours. Ask, and it will decide.",
    Outcome.MAY_BE_CONSIDERED: "There is no right to one, but the NHS here can decide to offer you one if you ask.",
    Outcome.NOT_YET_OFFERED: "People with answers like yours are in the plans, but their time has not come.",
    Outcome.NOT_OFFERED: "Nothing you answered gives you one at present. Rules change, and so does what you need.",
    Outcome.MORE_INFORMATION_NEEDED: "Your answers do not settle it. It depends on what is not known yet.",
}
# What is certain already where not everything is known.
AT_LEAST: dict[Outcome, str] = {
    Outcome.MAY_BE_CONSIDERED: "Whatever the rest turns out to be, the NHS here can decide to offer you one.",
    Outcome.MAY_REQUEST: "Whatever the rest turns out to be, you can ask for one here, and the NHS will decide.",
    Outcome.RIGHT_TO_ASK: "Whatever the rest turns out to be, you probably have a right to ask for one.",
}


@dataclass(frozen=True)
class SelfCheckResult:
    """All that the last page says, in its order."""

    heading: str
    explanation: str
    starts: str
    at_least: str
    grounds: list[str]
    depends_on: list[str]
    rests_on: tuple[Reason, ...]
    answers: list[dict[str, Any]]


def self_check_result(answer: Answer, answers: GivenAnswers, bands: list[AgeBand]) -> SelfCheckResult:
    """The answer for the last page."""
    return SelfCheckResult(
        heading=HEADINGS[answer.outcome],
        explanation=EXPLANATIONS[answer.outcome],
        starts=_starts(answer),
        at_least="" if answer.is_settled else AT_LEAST.get(answer.settled_so_far, ""),
        grounds=[basis.title for basis in _carrying(answer)],
        depends_on=[_asked_as(code) for code in answer.missing],
        rests_on=answer.reasons,
        answers=summary((_asked_as(code), _in_words(code, value, bands)) for code, value in answers.given.items()),
    )


def _carrying(answer: Answer) -> list[Basis]:
    """The grounds of the outcome; where it is open, those that are still possible."""
    if not answer.is_settled:
        return list(answer.possible)
    return [basis for basis in answer.bases if basis.outcome is answer.outcome]


def _starts(answer: Answer) -> str:
    if answer.outcome is not Outcome.NOT_YET_OFFERED:
        return ""
    if answer.offered_from is None:
        return "There is no date for it yet."
    return f"They are planned to start on {spoken_date(answer.offered_from)}."


def _asked_as(code: str) -> str:
    """A question as the public was asked it; what only a professional can say, by its name."""
    if code in (AGE, "born_on"):
        return "How old are you?"
    wording = PUBLIC_QUESTIONS.get(code)
    return wording.question if wording else f"{FACTS[code].label} (only a professional can say)"


def _in_words(code: str, value: str, bands: list[AgeBand]) -> str:
    if code == AGE:
        return next((band.words for band in bands if band.value == value), "I would rather not say")
    if value == UNKNOWN:
        return "I do not know"
    fact = FACTS[code]
    return value.capitalize() if fact.answer_type is AnswerType.YES_NO else public_label(fact, value)
