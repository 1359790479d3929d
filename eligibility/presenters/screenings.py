"""Stored screenings, and one that is being made again: the facts in words, and what changed."""

from typing import Any

from django.urls import reverse

from eligibility.models import Referral, Screening, ScreeningDraft
from eligibility.rules import Outcome
from eligibility.rules.fact_words import NOT_KNOWN_YET, fact_label, fact_rows, fact_words
from eligibility.rules.question_pages import BUDGET_PAGE, BUDGET_QUESTIONS
from eligibility.selectors.screenings import ScreeningAgain, ScreeningStep
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

from .answers import outcome_tag

Row = dict[str, Any]


def screening_url(screening: Screening) -> str:
    """The page of a stored screening."""
    return reverse("eligibility:screening", args=[screening.reference])


def facts_as_kept(screening: Screening) -> list[Row]:
    """What was known, as it read on the day; by today's words for a screening from before these were kept."""
    return summary((question, words) for question, words in _kept(screening) if words != NOT_KNOWN_YET)


def not_known_as_kept(screening: Screening) -> list[str]:
    """The questions whose answers nobody knew on the day."""
    return [question for question, words in _kept(screening) if words == NOT_KNOWN_YET]


def _kept(screening: Screening) -> list[tuple[str, str]]:
    return [(question, words) for _, question, words in screening.facts_in_words or fact_rows(screening.facts)]


def screening_rows(screening: Screening) -> list[Row]:
    """What a screening is: of whom, as on which day, by whom and why."""
    rows: list[tuple[str, Any]] = [
        ("Person", screening.referral.person.display_name),
        ("Referral", screening.referral.short_reference),
        ("As on", spoken_date(screening.assessed_on)),
        ("Screened", f"{spoken_moment(screening.screened_at)} by {screening.screened_by}"),
    ]
    if screening.reason:
        rows.append(("Why again", screening.reason))
    return summary(rows)


def screenings_table(steps: list[ScreeningStep]) -> dict[str, Any]:
    """The screenings of a referral, each with what changed since the one before it."""
    columns: list[Column[ScreeningStep]] = [
        Column(
            "As on",
            lambda step: spoken_date(step.screening.assessed_on),
            link=lambda step: screening_url(step.screening),
        ),
        Column("Answer", lambda step: outcome_tag(step.screening.outcome).text),
        Column("What changed", change_words),
        Column("Why", lambda step: step.screening.reason or "The referral was made"),
        Column("By", lambda step: str(step.screening.screened_by)),
    ]
    return table_params(
        columns,
        steps,
        caption="Screenings of this referral, the latest first",
        caption_classes="nhsuk-u-visually-hidden",
        is_responsive=True,
    )


def screenings_panel(referral: Referral, steps: list[ScreeningStep], *, may_screen: bool) -> dict[str, Any]:
    """The part of a referral's page about its screenings, with the way to screen again for those who may."""
    again = {
        "text": "Screen the referral again",
        "href": reverse("eligibility:screen-again", args=[referral.reference]),
    }
    return {"screenings": screenings_table(steps) if steps else None, "screen_again": again if may_screen else None}


def change_words(step: ScreeningStep) -> str:
    """What a screening knew that the one before did not, and whether the answer changed with it."""
    if step.before is None:
        return "–"
    before, after = step.before, step.screening
    changes = [fact_change(code, before.facts.get(code), after.facts.get(code)) for code in step.changed]
    if before.outcome != after.outcome:
        changes.append(f"Answer: {_outcome(before)} became {_outcome(after)}")
    return "; ".join(changes) or "Nothing"


def fact_change(code: str, before: Any, after: Any) -> str:
    """One fact, before and after."""
    return f"{fact_label(code)}: {fact_words(code, before).lower()} became {fact_words(code, after).lower()}"


def facts_to_check(again: ScreeningAgain) -> list[Row]:
    """What is known now, each with the way to change it; what has changed since the last screening is marked."""
    before = again.last.facts if again.last else {}
    rows = []
    for code, question, words in fact_rows(again.draft.facts):
        if code in again.changed:
            words += f" (was: {fact_words(code, before.get(code)).lower()})"
        rows.append(_row(again.draft, code, question, words, "Change"))
    return rows


def facts_to_ask(again: ScreeningAgain) -> list[Row]:
    """What is not asked yet and could still change the answer, then the questions about the budget itself."""
    questions = [*again.forming.next_questions, *again.forming.on_budget_page]
    left = [fact for fact in questions if fact.code not in again.draft.facts]
    return [_row(again.draft, fact.code, fact.question, "Not known yet", "Answer") for fact in left]


def screening_draft_item(draft: ScreeningDraft) -> WorkItem:
    """An unfinished screening on the home page."""
    return WorkItem(
        text=f"Screening again: {draft.referral.person.display_name}",
        url=reverse("eligibility:screening-draft", args=[draft.reference]),
        why=f"Last changed {spoken_moment(draft.updated_at)}. Nobody but you can see it until you finish it",
    )


def _outcome(screening: Screening) -> str:
    return Outcome(screening.outcome).words


def _row(draft: ScreeningDraft, code: str, question: str, words: str, verb: str) -> Row:
    page = BUDGET_PAGE if code in BUDGET_QUESTIONS else code
    href = reverse("eligibility:screening-draft-question", args=[draft.reference, page])
    hidden = question[:1].lower() + question[1:]
    return {
        "key": {"text": question},
        "value": {"text": words},
        "actions": {"items": [{"href": href, "text": verb, "visuallyHiddenText": hidden}]},
    }
