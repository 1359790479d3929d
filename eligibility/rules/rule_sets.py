"""Rule sets as values: one version of one rule set, read from data and checked before anybody relies on
it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from eligibility.rules.criteria import All, Criterion, Problem, RulesRefused, Truth, read_criterion
from eligibility.rules.fact_types import FactValue, closest
from eligibility.rules.outcomes import Funding, Layer, Outcome, RuleSetStatus, WarningKind

E = TypeVar("E", bound=StrEnum)


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
        """The part of the version that is kept as one JSON value."""
        return {
            "says": self.says,
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


class _Reader:
    """Reads one version and collects every fault, so that an editor sees them all at once."""

    NEEDED = frozenset(("code", "number", "title", "layer", "cohort", "effective_from", "outcome", "says", "source"))
    OPTIONAL = frozenset(
        (
            "effective_to",
            "status",
            "criteria",
            "readings",
            "chosen",
            "reading_note",
            "applies_when",
            "funding",
            "warnings",
            "direct_payment_conditions",
        )
    )

    def __init__(self, data: Mapping[str, Any], path: str) -> None:
        self.data = data
        self.path = path
        self.problems: list[Problem] = []

    def fault(self, where: str, message: str) -> None:
        self.problems.append(Problem(f"{self.path}.{where}" if self.path else where, message))

    def read(self) -> RuleSet:
        known = self.NEEDED | self.OPTIONAL
        for key in sorted(set(self.data) - known):
            self.fault(key, f"A rule set has no {key!r}.{closest(key, known)} Remove it.")
        for key in sorted(self.NEEDED - set(self.data)):
            self.fault(key, f"Give the rule set's {key.replace('_', ' ')}.")
        layer = self.choice(Layer, self.data.get("layer"), "layer", Layer.NATIONAL)
        outcome = self.choice(Outcome, self.data.get("outcome"), "outcome", Outcome.MAY_REQUEST)
        if outcome in (Outcome.MORE_INFORMATION_NEEDED, Outcome.NOT_OFFERED, Outcome.NOT_YET_OFFERED):
            self.fault("outcome", "Give what somebody who meets the criteria gets, for example may_request.")
        starts, ends = self.date("effective_from"), self.date("effective_to")
        if starts and ends and ends < starts:
            self.fault("effective_to", "Give a last day on or after the first.")
        readings, chosen_id = self.readings()
        rule_set = RuleSet(
            code=self.text("code"),
            number=self.number(),
            title=self.text("title"),
            layer=layer,
            cohort=self.text("cohort"),
            effective_from=starts or datetime.date.min,
            effective_to=ends,
            status=self.choice(RuleSetStatus, self.data.get("status", "in_force"), "status", RuleSetStatus.IN_FORCE),
            outcome=outcome,
            says=self.text("says"),
            readings=readings,
            chosen_id=chosen_id,
            source=self.text("source"),
            applies_when=self.criterion(self.data.get("applies_when"), "applies_when"),
            reading_note=str(self.data.get("reading_note") or ""),
            funding=self.funding(),
            warnings=self.warnings(),
            direct_payment_conditions=self.conditions(),
        )
        if self.problems:
            raise RulesRefused(self.problems)
        return rule_set

    def text(self, key: str, data: Mapping[str, Any] | None = None, where: str = "") -> str:
        value = (self.data if data is None else data).get(key)
        if isinstance(value, str) and value.strip():
            return value
        if data is not None or key in self.data:
            self.fault(where or key, f"Give the {key.replace('_', ' ')} in words.")
        return ""

    def number(self) -> int:
        value = self.data.get("number")
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        if "number" in self.data:
            self.fault("number", "Give the version's number, from 1.")
        return 0

    def choice(self, kind: type[E], value: object, where: str, default: E) -> E:
        try:
            return kind(str(value))
        except ValueError:
            if value is not None:
                values = [each.value for each in kind]
                self.fault(where, f"Give one of {', '.join(values)}.{closest(str(value), values)}")
            return default

    def date(self, key: str) -> datetime.date | None:
        value = self.data.get(key)
        if value is None or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)):
            return value
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            self.fault(key, "Give a date as year-month-day, for example 2016-04-01.")
            return None

    def criterion(self, data: object, where: str) -> Criterion | None:
        if data is None:
            return None
        try:
            return read_criterion(data, f"{self.path}.{where}" if self.path else where)
        except RulesRefused as refused:
            self.problems.extend(refused.problems)
            return None

    def readings(self) -> tuple[tuple[Reading, ...], str]:
        listed = self.data.get("readings")
        if "criteria" in self.data and listed is not None:
            self.fault("criteria", "Give either criteria or readings, not both.")
        if listed is None:
            if self.data.get("criteria") is None:
                self.fault("criteria", "Give the criteria, or the readings of their wording.")
                return (), ""
            criteria = self.criterion(self.data["criteria"], "criteria")
            return ((Reading("only", "As written", criteria),) if criteria else ()), "only"
        if not isinstance(listed, list) or not listed:
            self.fault("readings", "This list is empty. Give at least one reading.")
            return (), ""
        found: list[Reading] = []
        for index, item in enumerate(listed):
            where = f"readings[{index}]"
            if not isinstance(item, Mapping) or set(item) - {"id", "title", "criteria"}:
                self.fault(where, "Give a reading as an id, a title and criteria, and nothing else.")
                continue
            criteria = self.criterion(item.get("criteria") or {}, f"{where}.criteria")
            name, title = self.text("id", item, f"{where}.id"), self.text("title", item, f"{where}.title")
            if criteria:
                found.append(Reading(name, title, criteria))
        ids = [reading.id for reading in found]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            self.fault("readings", f"Two readings are called {name!r}. Give each its own id.")
        chosen = self.data.get("chosen") or (ids[0] if len(ids) == 1 else "")
        if chosen not in ids:
            self.fault("chosen", f"Choose the reading the answer rests on: one of {', '.join(ids)}.")
        return tuple(found), str(chosen)

    def funding(self) -> FundingRule:
        data = self.data.get("funding") or {}
        kind = self.choice(Funding, data.get("kind", "nhs"), "funding.kind", Funding.NHS)
        return FundingRule(kind, str(data.get("text") or ""), str(data.get("source") or ""))

    def warnings(self) -> tuple[RuleWarning, ...]:
        found: list[RuleWarning] = []
        for index, item in enumerate(self.data.get("warnings") or ()):
            where = f"warnings[{index}]"
            silenced_by = str(item.get("unless_policy") or "")
            if silenced_by and silenced_by not in Policy.__dataclass_fields__:
                names = ", ".join(Policy.__dataclass_fields__)
                self.fault(f"{where}.unless_policy", f"There is no such policy. Use one of: {names}.")
            found.append(
                RuleWarning(
                    kind=self.choice(WarningKind, str(item.get("kind")), f"{where}.kind", WarningKind.LOCAL),
                    text=self.text("text", item, f"{where}.text"),
                    source=self.text("source", item, f"{where}.source"),
                    at=self.choice(Moment, item.get("at", "met"), f"{where}.at", Moment.MET),
                    when=self.criterion(item.get("when"), f"{where}.when"),
                    unless_policy=silenced_by,
                )
            )
        return tuple(found)

    def conditions(self) -> tuple[Condition, ...]:
        return tuple(
            Condition(
                self.text("text", item, f"direct_payment_conditions[{index}].text"),
                self.text("source", item, f"direct_payment_conditions[{index}].source"),
            )
            for index, item in enumerate(self.data.get("direct_payment_conditions") or ())
        )


def read_rule_set(data: Mapping[str, Any], path: str = "") -> RuleSet:
    """One version from data. Raises RulesRefused naming every fault, its path and the remedy."""
    return _Reader(data, path).read()


def read_rule_set_file(data: object) -> list[RuleSet]:
    """Every version in a reference file: `{"rule_sets": [{code, title, layer, cohort, "versions": [{…}]}]}`.

    Raises RulesRefused, also where two versions in force of one rule set overlap.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("rule_sets"), list):
        raise RulesRefused([Problem("rule_sets", "Give an object with a list of rule_sets.")])
    problems: list[Problem] = []
    found: list[RuleSet] = []
    for place, rule_set in enumerate(data["rule_sets"]):
        shared = {key: value for key, value in rule_set.items() if key not in ("versions", "commissioner")}
        for index, version in enumerate(rule_set.get("versions") or ()):
            path = f"rule_sets[{place}].versions[{index}]"
            try:
                found.append(read_rule_set({**shared, "number": index + 1, **version}, path))
            except RulesRefused as refused:
                problems.extend(refused.problems)
        if not rule_set.get("versions"):
            problems.append(Problem(f"rule_sets[{place}].versions", "Give at least one version."))
    problems.extend(overlaps(found))
    if problems:
        raise RulesRefused(problems)
    return found


def overlaps(rule_sets: Iterable[RuleSet]) -> list[Problem]:
    """A problem for every two versions in force of one rule set that share a day."""
    problems: list[Problem] = []
    by_code: dict[str, list[RuleSet]] = {}
    for rule_set in rule_sets:
        if rule_set.status is RuleSetStatus.IN_FORCE:
            by_code.setdefault(rule_set.code, []).append(rule_set)
    for code, versions in by_code.items():
        versions.sort(key=lambda version: version.effective_from)
        for earlier, later in pairwise(versions):
            if earlier.effective_to is None or earlier.effective_to >= later.effective_from:
                message = (
                    f"Versions {earlier.number} and {later.number} both hold on {later.effective_from}. "
                    "End the earlier one the day before the later one starts."
                )
                problems.append(Problem(code, message))
    return problems
