"""Readings tried on the worked cases, and the vocabulary of facts, for their pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eligibility.models import RuleSet
from eligibility.rules.criteria import Truth
from eligibility.rules.fact_themes import Theme
from eligibility.rules.fact_types import AnswerType, Attester, Fact
from eligibility.rules.facts import AGE
from eligibility.rules.reading_cases import CaseTable
from phb_register.nhsuk.components import render_component

from .criteria import NamedTree

TRUTHS: Mapping[Truth, str] = {True: "Yes", False: "No", None: "Not known"}
ANSWER_TYPES: Mapping[AnswerType, str] = {
    AnswerType.YES_NO: "Yes or no",
    AnswerType.CHOICE: "One of a list",
    AnswerType.WHOLE_NUMBER: "A whole number",
    AnswerType.DATE: "A date",
}
ATTESTERS: Mapping[Attester, str] = {
    Attester.REFERRER: "the referrer",
    Attester.CHC_TEAM: "the CHC team",
    Attester.CLINICIAN: "a clinician",
    Attester.DECISION_MAKER: "whoever decides",
    Attester.PERSON: "the person",
}


@dataclass(frozen=True)
class FactView:
    """A fact as somebody who writes criteria needs to see it."""

    code: str
    label: str
    question: str
    hint: str
    answer: str
    attested_by: str
    used_by: str
    url: str = ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Everything but the name, as a summary list."""
        rows = [
            ("Question", self.question),
            ("Hint", self.hint),
            ("Answer", self.answer),
            ("Who may say so", self.attested_by),
            ("Name in text", self.code),
            ("Used by", self.used_by),
        ]
        return [{"key": {"text": key}, "value": {"text": value}} for key, value in rows if value]


@dataclass(frozen=True)
class ThemeView:
    """Facts that belong together."""

    title: str
    facts: list[FactView]


def theme_views(
    themes: Iterable[Theme], used: Mapping[str, Sequence[RuleSet]], urls: Mapping[str, str] | None = None
) -> list[ThemeView]:
    """The vocabulary by theme. ``urls`` gives each fact an address, where it leads somewhere."""
    return [
        ThemeView(theme.title, [fact_view(fact, used.get(fact.code, ()), (urls or {}).get(fact.code, ""))
                                for fact in theme.facts])
        for theme in themes
    ]  # fmt: skip


def fact_view(fact: Fact, used: Sequence[RuleSet] = (), url: str = "") -> FactView:
    """One fact in words."""
    attested_by = [ATTESTERS[each] for each in fact.attested_by]
    return FactView(
        code=fact.code,
        label=fact.label,
        question=fact.question,
        hint=fact.hint,
        answer=_answer(fact),
        attested_by="Worked out, never asked" if fact.code == AGE else _listed(attested_by),
        used_by="; ".join(rule_set.title for rule_set in used) or "none yet",
        url=url,
    )


def case_table(table: CaseTable, readings: Sequence[NamedTree]) -> dict[str, Any]:
    """Worked cases down, readings across, and where the readings disagree."""
    head = ["Worked case", *[f"{each.name}: {each.title}" for each in readings], "Do they agree?"]
    rows = [_case_cells(table, place, len(readings)) for place in range(len(table.rows))]
    return {
        "caption": "How each reading answers the worked cases",
        "firstCellIsHeader": True,
        "responsive": True,
        "head": [{"text": text} for text in head],
        "rows": [[cell | {"header": text} for cell, text in zip(row, head, strict=True)] for row in rows],
    }


def _case_cells(table: CaseTable, place: int, readings: int) -> list[dict[str, Any]]:
    row = table.rows[place]
    if not row.is_readable:
        odd = [{"text": "Cannot be tried"}] * readings
        return [{"text": row.name}, *odd, {"text": "Its facts cannot be read"}]
    cells = [
        {"text": "Unfinished" if number in table.unfinished else TRUTHS[truth]}
        for number, truth in enumerate(row.truths)
    ]
    tag = render_component("tag", {"text": "They disagree", "classes": "nhsuk-tag--orange"})
    return [{"text": row.name}, *cells, {"html": tag} if table.disagree(row) else {"text": "Yes"}]


def _answer(fact: Fact) -> str:
    if fact.answer_type is AnswerType.CHOICE:
        return f"One of: {', '.join(choice.label for choice in fact.choices)}"
    if fact.answer_type is AnswerType.WHOLE_NUMBER and fact.code != AGE:
        return f"A whole number from {fact.lowest} to {fact.highest}"
    return "Years, on the day of the screening" if fact.code == AGE else ANSWER_TYPES[fact.answer_type]


def _listed(words: Sequence[str]) -> str:
    text = " or ".join(words)
    return text[:1].upper() + text[1:]
