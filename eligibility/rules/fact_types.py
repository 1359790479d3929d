"""What a fact is: its code, question, kind of answer, and how a raw answer becomes a value."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

FactValue = bool | int | str | datetime.date
Facts = Mapping[str, FactValue | None]


class AnswerType(StrEnum):
    """The form in which a fact is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    WHOLE_NUMBER = "whole_number"
    DATE = "date"


class Attester(StrEnum):
    """Who may say that a fact is so."""

    REFERRER = "referrer"
    CHC_TEAM = "chc_team"
    CLINICIAN = "clinician"
    DECISION_MAKER = "decision_maker"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice. `is_unknown` marks an answer that leaves the fact not known yet."""

    value: str
    label: str
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: its code, how it is asked, who may attest it and how it reads in a reason.

    `met` and `unmet` are the clauses for a yes-or-no fact; `label` heads every other kind. `presumed` is what a
    record that does not mention the fact is taken to say, for facts declared after such records were made.
    """

    code: str
    label: str
    question: str
    hint: str
    answer_type: AnswerType
    attested_by: tuple[Attester, ...]
    choices: tuple[Choice, ...] = ()
    lowest: int = 0
    highest: int = 0
    met: str = ""
    unmet: str = ""
    presumed: FactValue | None = None

    def says(self, value: FactValue | None) -> str:
        """The value as a clause of a sentence."""
        if value is None:
            return f"{self.label}: not known yet"
        if self.answer_type is AnswerType.YES_NO:
            return self.met if value else self.unmet
        return f"{self.label}: {self.value_label(value)}"

    def value_label(self, value: FactValue) -> str:
        """The value in words, for a reason or a check-your-answers page."""
        if self.answer_type is AnswerType.YES_NO:
            return "yes" if value else "no"
        if isinstance(value, datetime.date):
            return f"{value.day} {value:%B %Y}"
        for choice in self.choices:
            if choice.value == value:
                return choice.label[:1].lower() + choice.label[1:] if choice.label[1:2].islower() else choice.label
        return str(value)

    def definite_values(self) -> tuple[FactValue, ...]:
        """Every value a known answer can take (not for dates)."""
        if self.answer_type is AnswerType.YES_NO:
            return (True, False)
        if self.answer_type is AnswerType.WHOLE_NUMBER:
            return tuple(range(self.lowest, self.highest + 1))
        return tuple(choice.value for choice in self.choices if not choice.is_unknown)


def closest(word: str, words: Iterable[str]) -> str:
    """A hint at the likely meaning of a mistyped word, or an empty string."""
    found = difflib.get_close_matches(str(word), list(words), n=1)
    return f" Did you mean {found[0]}?" if found else ""


def read_value(fact: Fact, raw: object) -> FactValue | None:
    """The value of one fact from JSON or a form; None where it is not known yet.

    Raises ValueError whose message is the remedy.
    """
    if raw is None:
        return None
    return _READERS[fact.answer_type](fact, raw)


def _read_yes_no(fact: Fact, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    raise ValueError("Give true, false or null (not known yet).")


def _read_choice(fact: Fact, raw: object) -> str | None:
    for choice in fact.choices:
        if choice.value == raw:
            return None if choice.is_unknown else choice.value
    values = [choice.value for choice in fact.choices]
    raise ValueError(f"Give one of {', '.join(values)}, or null (not known yet).{closest(str(raw), values)}")


def _read_whole_number(fact: Fact, raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and fact.lowest <= raw <= fact.highest:
        return raw
    raise ValueError(f"Give a whole number from {fact.lowest} to {fact.highest}, or null (not known yet).")


def _read_date(fact: Fact, raw: object) -> datetime.date:
    if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
        return raw
    try:
        if isinstance(raw, str) and len(raw) == 10:
            return datetime.date.fromisoformat(raw)
    except ValueError:
        pass
    raise ValueError("Give a date as year-month-day, for example 1970-06-15, or null (not known yet).")


_READERS: dict[AnswerType, Callable[[Fact, object], FactValue | None]] = {
    AnswerType.YES_NO: _read_yes_no,
    AnswerType.CHOICE: _read_choice,
    AnswerType.WHOLE_NUMBER: _read_whole_number,
    AnswerType.DATE: _read_date,
}
