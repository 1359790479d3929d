"""Screening a person: the rules of the day, the facts given, and an answer that can be kept."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eligibility.models import Referral, Screening
from eligibility.rules import FACTS, Answer
from eligibility.rules.fact_words import fact_rows
from eligibility.rules.facts import read_facts
from eligibility.selectors.rule_sets import RuleBook, rule_book
from phb_register.models import Commissioner, User


@dataclass(frozen=True)
class Screened:
    """An answer as it is stored: plain JSON values, and the facts and rule versions it rests on."""

    result: Answer
    facts: dict[str, Any]

    @property
    def outcome(self) -> str:
        """The outcome's code."""
        return self.result.outcome.value

    @property
    def answer(self) -> dict[str, Any]:
        """The whole answer as JSON values; ``Answer.from_dict`` reads it back."""
        return self.result.as_dict()

    @property
    def facts_in_words(self) -> list[tuple[str, str, str]]:
        """The facts as they read today: code, question, answer."""
        return fact_rows(self.facts)

    @property
    def rule_versions(self) -> list[dict[str, Any]]:
        """Which version of which rule set was used."""
        versions: list[dict[str, Any]] = self.answer["rule_versions"]
        return versions


def screen_person(
    *,
    commissioner: Commissioner,
    born_on: dt.date | None,
    facts: Mapping[str, Any],
    on: dt.date,
    book: RuleBook | None = None,
) -> Screened:
    """Screen one person for a commissioner on a day. Writes nothing: the referral stores what it gets.

    ``book`` spares the reads where many people of one commissioner are screened on one day. Raises ``FactsRefused``
    naming each fact that does not fit, with the remedy.
    """
    held = book or rule_book(commissioner, on)
    given = {**facts, "born_on": born_on} if born_on else dict(facts)
    return Screened(result=held.screen(facts=given), facts=_as_json(given, on))


def keep_screening(
    *,
    referral: Referral,
    screened: Screened,
    on: dt.date,
    by: User,
    reason: str = "",
    reference: uuid.UUID | None = None,
) -> Screening:
    """Store an answer with all that it rests on, so that it can be shown unchanged. Part of a service's transaction."""
    return Screening.objects.create(
        reference=reference or uuid.uuid4(),
        referral=referral,
        assessed_on=on,
        facts=screened.facts,
        facts_in_words=screened.facts_in_words,
        answer=screened.answer,
        outcome=screened.outcome,
        rule_versions=screened.rule_versions,
        reason=reason,
        screened_by=by,
    )


def _as_json(given: Mapping[str, Any], on: dt.date) -> dict[str, Any]:
    """Every fact of the vocabulary as a JSON value, None where it is not known."""
    known = read_facts(given, assessed_on=on)
    return {
        code: value.isoformat() if isinstance(value, dt.date) else value
        for code, value in known.items()
        if code in FACTS
    }
