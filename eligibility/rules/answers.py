"""The answer to a screening: plain values that can be stored as JSON and shown unchanged years later."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from eligibility.rules.outcomes import DirectPayment, Funding, Layer, Method, Outcome, WarningKind


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence and the paragraph it rests on."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """Which version of which rule set was used."""

    code: str
    number: int


@dataclass(frozen=True, slots=True)
class Basis:
    """One ground on which the person has, or could have, a budget.

    `because` holds the facts that decided it, as clauses. `missing` is empty unless the basis is still open.
    """

    rule_set: RuleVersion
    title: str
    layer: Layer
    cohort: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    because: tuple[str, ...]
    reading: str
    reading_title: str
    funding: Funding
    phase: str = ""
    offered_from: datetime.date | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotMet:
    """A rule set that was looked at and does not help, with the facts that say so."""

    rule_set: RuleVersion
    title: str
    layer: Layer
    cohort: str
    because: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Why somebody should look twice. `rule_set` is the code of the rule set that warns, or empty."""

    kind: WarningKind
    text: str
    source: str
    rule_set: str = ""


@dataclass(frozen=True, slots=True)
class DirectPaymentAnswer:
    """Whether the Regulations permit a direct payment, and on what conditions."""

    permission: DirectPayment
    reasons: tuple[Reason, ...]
    conditions: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodAnswer:
    """How the budget can be held. Entitlement never depends on it."""

    asks_for: Method | None
    open_to: tuple[Method, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FundingAnswer:
    """Who is likely to pay."""

    funding: Funding
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Four axes kept apart: entitlement (`outcome` and `bases`), method, direct payment, funding.

    `bases` are established, the strongest first; `possible` ones are still open and could change the answer;
    `missing` lists the facts that can still change `outcome`, and is empty exactly when it is settled.
    `settled_so_far` is what the person has whatever the missing facts turn out to be.
    """

    assessed_on: datetime.date
    outcome: Outcome
    settled_so_far: Outcome
    bases: tuple[Basis, ...]
    possible: tuple[Basis, ...]
    not_met: tuple[NotMet, ...]
    missing: tuple[str, ...]
    offered_from: datetime.date | None
    direct_payment: DirectPaymentAnswer
    method: MethodAnswer
    funding: FundingAnswer
    warnings: tuple[Warned, ...]
    reasons: tuple[Reason, ...]
    rule_versions: tuple[RuleVersion, ...]

    @property
    def is_settled(self) -> bool:
        """Whether no missing fact can change the outcome."""
        return self.outcome is not Outcome.MORE_INFORMATION_NEEDED

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON values."""
        plain: dict[str, Any] = _plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `as_dict` stored. Raises KeyError or ValueError if the data is not one."""
        direct_payment, method, funding = data["direct_payment"], data["method"], data["funding"]
        return cls(
            assessed_on=datetime.date.fromisoformat(data["assessed_on"]),
            outcome=Outcome(data["outcome"]),
            settled_so_far=Outcome(data["settled_so_far"]),
            bases=tuple(_basis(item) for item in data["bases"]),
            possible=tuple(_basis(item) for item in data["possible"]),
            not_met=tuple(
                NotMet(
                    RuleVersion(**item["rule_set"]),
                    item["title"],
                    Layer(item["layer"]),
                    item["cohort"],
                    tuple(item["because"]),
                    item["source"],
                )
                for item in data["not_met"]
            ),
            missing=tuple(data["missing"]),
            offered_from=_date(data["offered_from"]),
            direct_payment=DirectPaymentAnswer(
                DirectPayment(direct_payment["permission"]),
                _reasons(direct_payment["reasons"]),
                _reasons(direct_payment["conditions"]),
                tuple(direct_payment["missing"]),
            ),
            method=MethodAnswer(
                Method(method["asks_for"]) if method["asks_for"] else None,
                tuple(Method(item) for item in method["open_to"]),
                _reasons(method["reasons"]),
            ),
            funding=FundingAnswer(Funding(funding["funding"]), _reasons(funding["reasons"])),
            warnings=tuple(Warned(**{**item, "kind": WarningKind(item["kind"])}) for item in data["warnings"]),
            reasons=_reasons(data["reasons"]),
            rule_versions=tuple(RuleVersion(**item) for item in data["rule_versions"]),
        )


def _plain(value: object) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}  # type: ignore[arg-type]
    return value


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _reasons(items: list[dict[str, str]]) -> tuple[Reason, ...]:
    return tuple(Reason(**item) for item in items)


def _basis(item: Mapping[str, Any]) -> Basis:
    return Basis(
        rule_set=RuleVersion(**item["rule_set"]),
        title=item["title"],
        layer=Layer(item["layer"]),
        cohort=item["cohort"],
        outcome=Outcome(item["outcome"]),
        reasons=_reasons(item["reasons"]),
        because=tuple(item["because"]),
        reading=item["reading"],
        reading_title=item["reading_title"],
        funding=Funding(item["funding"]),
        phase=item["phase"],
        offered_from=_date(item["offered_from"]),
        missing=tuple(item["missing"]),
    )
