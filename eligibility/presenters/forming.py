"""The answer so far, beside the questions: what is settled, what is still possible, and how much is left to ask."""

from collections.abc import Collection
from dataclasses import dataclass

from eligibility.rules import FACTS, Basis, Outcome
from eligibility.selectors.forming import DraftScreening
from phb_register.presenters import counted

from .answers import HEADINGS, Tag, outcome_tag

# How much of the possible fits beside a question; the answer's own page has the rest.
LONGEST = 4


@dataclass(frozen=True)
class GroundView:
    """One ground in a line: settled, or possible with the facts it hangs on."""

    title: str
    tag: Tag
    hangs_on: str = ""


@dataclass(frozen=True)
class FormingView:
    """All that the panel says, in its order."""

    tag: Tag
    heading: str
    settled: str
    grounds: list[GroundView]
    possible: list[GroundView]
    more_possible: str
    left: str


def forming_view(screening: DraftScreening, on_page: Collection[str] = ()) -> FormingView:
    """The panel beside the questions ``on_page``."""
    answer = screening.answer
    possible = [_ground(basis) for basis in answer.possible] if not answer.is_settled else []
    left = {fact.code for fact in (*screening.next_questions, *screening.budget_questions)}
    when = "" if not on_page else " with this page" if left & set(on_page) else " after this page"
    return FormingView(
        tag=outcome_tag(answer.outcome),
        heading=HEADINGS[answer.outcome],
        settled=_settled(screening),
        grounds=[_ground(basis) for basis in answer.bases],
        possible=possible[:LONGEST],
        more_possible=_more(len(possible) - LONGEST),
        left=_left(screening.least, screening.most, when),
    )


def _ground(basis: Basis) -> GroundView:
    hangs_on = [FACTS[code].label for code in basis.missing]
    return GroundView(basis.title, outcome_tag(basis.outcome), ", ".join(hangs_on))


def _settled(screening: DraftScreening) -> str:
    """In a sentence, what no further answer can change."""
    answer = screening.answer
    if answer.is_settled:
        return "No further answer can change this."
    if answer.settled_so_far is Outcome.NOT_OFFERED:
        return "Nothing is settled yet."
    words = HEADINGS[answer.settled_so_far]
    return f"Settled already: {words[:1].lower()}{words[1:]}, at least."


def _more(count: int) -> str:
    return f"And {counted(count, 'more ground', 'more grounds')}." if count > 0 else ""


def _left(least: int, most: int, when: str) -> str:
    if most == 0:
        return "No questions are left."
    pages = counted(most, "page", "pages")
    span = pages if least == most else f"{least} to {pages}" if least else f"at most {pages}"
    return f"Left to answer{when}: {span} of questions."
