"""Rule sets as values: one version of one rule set. `rule_set_reading` reads them from data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eligibility.rules.criteria import All, Criterion, Truth
from eligibility.rules.criteria_reading import Part
from eligibility.rules.fact_types import FactValue
from eligibility.rules.outcomes import Funding, Layer, Outcome, RuleSetStatus, WarningKind


@dataclass(frozen=True, slots=True)
class Policy:
    """What the commissioner decides for itself and the rules look at."""

    is_fast_track_routinely_offered: bool = False


class Moment(StrEnum):
    """When a warning of a rule set is looked at: once its criteria are met, or once they are known not to
    be.
    """

    MET = "met"
    NOT_MET = "not_met"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the criteria's wording."""

    id: str
    title: str
    criteria: Criterion


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """Something a person should look at. `unless_policy` names a field of `Policy` that silences it when
    true.
    """

    kind: WarningKind
    text: str
    source: str
    at: Moment = Moment.MET
    when: Criterion | None = None
    unless_policy: str = ""

    def applies(self, truth: Truth, facts: Mapping[str, FactValue | None], policy: Policy) -> bool:
        """Whether to give the warning, knowing how the criteria of its rule set came out."""
        if truth is not (self.at is Moment.MET):
            return False
        if self.unless_policy and getattr(policy, self.unless_policy):
            return False
        return self.when is None or self.when.truth(facts) is True


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a direct payment that only the local offer makes (never put to somebody with a legal
    right).
    """

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class FundingRule:
    """Who is likely to pay for a budget on this basis, in words and with the paragraph that says so."""

    kind: Funding = Funding.NHS
    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of a rule set. Both dates are inclusive; no `effective_to` means until further notice.

    `says` is the sentence that explains the outcome to whoever meets the criteria. `applies_when` is the
    scope that every reading shares. A local rule set whose outcome is a legal right is a *statement*: the law
    gives rights, a commissioner's paper can only describe them, so it warns where it differs from the law and
    gives nothing itself.
    """

    code: str
    number: int
    title: str
    layer: Layer
    cohort: str
    effective_from: datetime.date
    effective_to: datetime.date | None
    status: RuleSetStatus
    outcome: Outcome
    says: str
    readings: tuple[Reading, ...]
    chosen_id: str
    source: str
    applies_when: Criterion | None = None
    reading_note: str = ""
    funding: FundingRule = FundingRule()
    warnings: tuple[RuleWarning, ...] = ()
    direct_payment_conditions: tuple[Condition, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def is_statement(self) -> bool:
        """Whether this only quotes what a local paper says of a legal right."""
        return self.layer is Layer.LOCAL and self.outcome.is_legal_right

    @property
    def chosen(self) -> Reading:
        """The reading the answer rests on."""
        return next(reading for reading in self.readings if reading.id == self.chosen_id)

    def whole(self, reading: Reading) -> Criterion:
        """A reading together with the shared scope."""
        if self.applies_when is None:
            return reading.criteria
        return All((self.applies_when, reading.criteria))

    @property
    def criteria(self) -> Criterion:
        """The scope and the chosen reading."""
        return self.whole(self.chosen)

    def is_effective_on(self, on: datetime.date) -> bool:
        """Whether the version is the one for that date."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def content(self) -> dict[str, Any]:
        """What of the version is kept as one JSON value."""
        parts = {part.name: {"title": part.title, "criteria": part.criteria.as_json()} for part in self.parts}
        return {
            "says": self.says,
            **({"parts": parts} if parts else {}),
            "applies_when": self.applies_when.as_json() if self.applies_when else None,
            "readings": [
                {"id": reading.id, "title": reading.title, "criteria": reading.criteria.as_json()}
                for reading in self.readings
            ],
            "chosen": self.chosen_id,
            "reading_note": self.reading_note,
            "funding": {
                "kind": self.funding.kind.value,
                "text": self.funding.text,
                "source": self.funding.source,
            },
            "warnings": [
                {
                    "kind": warning.kind.value,
                    "text": warning.text,
                    "source": warning.source,
                    "at": warning.at.value,
                    "when": warning.when.as_json() if warning.when else None,
                    "unless_policy": warning.unless_policy,
                }
                for warning in self.warnings
            ],
            "direct_payment_conditions": [
                {"text": condition.text, "source": condition.source} for condition in self.direct_payment_conditions
            ],
        }
