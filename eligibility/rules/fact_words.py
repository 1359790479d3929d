"""Facts in words, as a page shows them and as a screening keeps them. Pure."""

from collections.abc import Mapping
from typing import Any

from .facts import FACTS

NOT_KNOWN_YET = "Not known yet"


def fact_rows(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Answered questions in the order of the vocabulary: (code, question, answer in words)."""
    return [
        (code, fact.question, fact_words(code, facts[code]))
        for code, fact in FACTS.items()
        if code in facts and code != "born_on"
    ]


def fact_words(code: str, value: Any) -> str:
    """One answer in words; what nobody knows is said so, and what is no longer declared stands as it was kept."""
    if value is None or code not in FACTS:
        return NOT_KNOWN_YET if value is None else str(value)
    words = FACTS[code].value_label(value)
    return words[:1].upper() + words[1:]


def fact_label(code: str) -> str:
    """What a fact is called; the code's own words where it is no longer declared."""
    return FACTS[code].label if code in FACTS else code.replace("_", " ").capitalize()


def changed_facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The codes of the facts that two screenings knew differently, in the order of the vocabulary."""
    codes = [*FACTS, *sorted((before.keys() | after.keys()) - FACTS.keys())]
    return [code for code in codes if before.get(code) != after.get(code)]
