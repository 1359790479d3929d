"""Rule sets read from data and checked before anybody relies on them: every fault with its place and remedy."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar

from eligibility.rules.content_paths import line_of
from eligibility.rules.criteria import Criterion, Problem, RulesRefused
from eligibility.rules.criteria_reading import CriteriaReader
from eligibility.rules.fact_types import closest
from eligibility.rules.located_json import NotJson, parse
from eligibility.rules.outcomes import Funding, Layer, Outcome, RuleSetStatus, WarningKind
from eligibility.rules.rule_sets import Condition, FundingRule, Moment, Policy, Reading, RuleSet, RuleWarning

E = TypeVar("E", bound=StrEnum)
# Of a file's rule set: what is not a matter of its versions.
_NOT_OF_VERSIONS = ("versions", "commissioner")
# Of a file's version: what goes with it and is no rule.
_BESIDE_THE_RULES = ("cases", "change_note")
# In letters: more of it the register does not hold.
_LONGEST = {"title": 160, "source": 300}


def read_rule_set(data: Mapping[str, Any], path: str = "") -> RuleSet:
    """One version from data. Raises RulesRefused naming every fault, its path and the remedy."""
    return _Reader(data, path).read()


def read_rule_set_file(data: object) -> list[RuleSet]:
    """Every version in a file: `{"rule_sets": [{code, title, layer, commissioner, cohort, "versions": [{…}]}]}`.

    A version may carry its worked `cases` and its `change_note` too: they are for others to read.
    Raises RulesRefused, also where two rule sets have one code, or two versions in force of one rule set overlap.
    """
    return list(_read_file(data).values())


def read_rule_set_text(text: str) -> list[RuleSet]:
    """Every version in the text of such a file. Raises RulesRefused whose problems have the line of each fault."""
    return list(read_located(text).values())


def read_located(text: str) -> dict[str, RuleSet]:
    """As `read_rule_set_text`, each version by its path in the file (`rule_sets[0].versions[1]`)."""
    try:
        data = parse(text)
    except NotJson as error:
        raise RulesRefused([Problem("", str(error), line=error.line)]) from error
    try:
        return _read_file(data)
    except RulesRefused as refused:
        raise located(refused, data) from refused


def located(refused: RulesRefused, data: object) -> RulesRefused:
    """The same refusal with the line of each problem, for data that `located_json.parse` read; sorted by line."""
    problems = [replace(problem, line=line_of(data, problem.path)) for problem in refused.problems]
    return RulesRefused(sorted(problems, key=lambda problem: problem.line or 0))


def overlaps(rule_sets: Mapping[str, RuleSet]) -> list[Problem]:
    """A problem for every two versions in force of one rule set that share a day. The keys are the versions' paths."""
    problems: list[Problem] = []
    by_code: dict[str, list[tuple[str, RuleSet]]] = {}
    for path, rule_set in rule_sets.items():
        if rule_set.status is RuleSetStatus.IN_FORCE:
            by_code.setdefault(rule_set.code, []).append((path, rule_set))
    for versions in by_code.values():
        versions.sort(key=lambda each: each[1].effective_from)
        for (_path, earlier), (path, later) in pairwise(versions):
            if earlier.effective_to is None or earlier.effective_to >= later.effective_from:
                message = (
                    f"Versions {earlier.number} and {later.number} both hold on {later.effective_from}. "
                    "End the earlier one the day before the later one starts."
                )
                problems.append(Problem(f"{path}.effective_from", message))
    return problems


def _read_file(data: object) -> dict[str, RuleSet]:
    if not isinstance(data, Mapping) or not isinstance(data.get("rule_sets"), list) or not data["rule_sets"]:
        raise RulesRefused([Problem("rule_sets", 'Give an object with a list of "rule_sets".')])
    problems: list[Problem] = []
    found: dict[str, RuleSet] = {}
    codes: list[object] = []
    for place, rule_set in enumerate(data["rule_sets"]):
        path = f"rule_sets[{place}]"
        if not isinstance(rule_set, Mapping):
            problems.append(Problem(path, "Give each rule set as an object."))
            continue
        if rule_set.get("code") in codes:
            problems.append(Problem(f"{path}.code", "Another rule set of this file has this code. Put them together."))
        codes.append(rule_set.get("code"))
        problems.extend(_read_versions(rule_set, path, found))
    problems.extend(overlaps(found))
    if problems:
        raise RulesRefused(dict.fromkeys(problems))
    return found


def _read_versions(rule_set: Mapping[str, Any], path: str, found: dict[str, RuleSet]) -> Iterable[Problem]:
    """Add the versions of one rule set to those found, and give the faults."""
    versions = rule_set.get("versions")
    if not isinstance(versions, list) or not versions:
        yield Problem(f"{path}.versions", "Give at least one version.")
        return
    shared = {key: value for key, value in rule_set.items() if key not in _NOT_OF_VERSIONS}
    for index, version in enumerate(versions):
        where = f"{path}.versions[{index}]"
        if not isinstance(version, Mapping):
            yield Problem(where, "Give each version as an object.")
            continue
        try:
            rules = {key: value for key, value in version.items() if key not in _BESIDE_THE_RULES}
            found[where] = read_rule_set({**shared, "number": index + 1, **rules}, where)
        except RulesRefused as refused:
            for problem in refused.problems:
                key = problem.path.removeprefix(f"{where}.").partition(".")[0].partition("[")[0]
                # What all versions share is said once, where it stands.
                is_shared = key in shared and key not in version
                yield replace(problem, path=problem.path.replace(where, path, 1)) if is_shared else problem


class _Reader:
    """Reads one version and collects every fault, so that an editor sees them all at once."""

    NEEDED = frozenset(("code", "number", "title", "layer", "cohort", "effective_from", "outcome", "says", "source"))
    OPTIONAL = frozenset(
        (
            "effective_to",
            "status",
            "parts",
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
        self.trees = CriteriaReader(data.get("parts"), self.at("parts"))

    def at(self, where: str) -> str:
        return f"{self.path}.{where}" if self.path else where

    def fault(self, where: str, message: str, *, is_gap: bool = False) -> None:
        self.problems.append(Problem(self.at(where), message, is_gap=is_gap))

    def read(self) -> RuleSet:
        known = self.NEEDED | self.OPTIONAL
        for key in sorted(set(self.data) - known):
            self.fault(key, f"A rule set has no {key!r}.{closest(key, known)} Remove it.")
        for key in sorted(key for key in self.NEEDED if self.data.get(key) is None):
            self.fault(key, f"Give the rule set's {key.replace('_', ' ')}.", is_gap=True)
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
            reading_note=self.words("reading_note", self.data, "reading_note"),
            funding=self.funding(),
            warnings=self.warnings(),
            direct_payment_conditions=self.conditions(),
            parts=self.trees.parts,
        )
        if self.problems or self.trees.problems:
            raise RulesRefused([*self.problems, *self.trees.problems])
        return rule_set

    def text(self, key: str, data: Mapping[str, Any] | None = None, where: str = "") -> str:
        value = (self.data if data is None else data).get(key)
        if isinstance(value, str) and value.strip():
            if data is None and len(value) > _LONGEST.get(key, len(value)):
                self.fault(key, f"Give the {key} in at most {_LONGEST[key]} characters.")
            return value
        if data is not None or value is not None:
            is_gap = data is None and value == ""
            self.fault(where or key, f"Give the {key.replace('_', ' ')} in words.", is_gap=is_gap)
        return ""

    def words(self, key: str, data: Mapping[str, Any], where: str) -> str:
        """Words that may be left out."""
        value = data.get(key)
        if value is not None and not isinstance(value, str):
            self.fault(where, f"Give the {key.replace('_', ' ')} in words, or leave it out.")
        return value if isinstance(value, str) else ""

    def number(self) -> int:
        value = self.data.get("number")
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        if value is not None:
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
        return None if data is None else self.trees.read(data, self.at(where))

    def readings(self) -> tuple[tuple[Reading, ...], str]:
        listed = self.data.get("readings")
        if "criteria" in self.data and listed is not None:
            self.fault("criteria", "Give either criteria or readings, not both.")
        if listed is None:
            if self.data.get("criteria") is None:
                self.fault("criteria", "Give the criteria, or the readings of their wording.", is_gap=True)
                return (), ""
            criteria = self.criterion(self.data["criteria"], "criteria")
            return ((Reading("only", "As written", criteria),) if criteria else ()), "only"
        if not isinstance(listed, list) or not listed:
            self.fault("readings", "This list is empty. Give at least one reading.", is_gap=listed == [])
            return (), ""
        found = [reading for place, item in enumerate(listed) if (reading := self.reading(item, f"readings[{place}]"))]
        ids = [item["id"] for item in listed if isinstance(item, Mapping) and isinstance(item.get("id"), str)]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            self.fault("readings", f"Two readings are called {name!r}. Give each its own id.")
        chosen = self.data.get("chosen") or (ids[0] if len(ids) == 1 else "")
        if chosen not in ids:
            message = f"Choose the reading the answer rests on: one of {', '.join(ids)}."
            self.fault("chosen", message, is_gap=chosen == "")
        return tuple(found), str(chosen)

    def reading(self, item: object, where: str) -> Reading | None:
        if not isinstance(item, Mapping) or set(item) - {"id", "title", "criteria"}:
            self.fault(where, "Give a reading as an id, a title and criteria, and nothing else.")
            return None
        criteria = self.criterion(item.get("criteria") or {}, f"{where}.criteria")
        name, title = self.text("id", item, f"{where}.id"), self.text("title", item, f"{where}.title")
        return Reading(name, title, criteria) if criteria else None

    def funding(self) -> FundingRule:
        data = self.data.get("funding") or {}
        if not isinstance(data, Mapping):
            self.fault("funding", "Give an object with the kind, the text and the source.")
            return FundingRule()
        return FundingRule(
            self.choice(Funding, data.get("kind", "nhs"), "funding.kind", Funding.NHS),
            self.words("text", data, "funding.text"),
            self.words("source", data, "funding.source"),
        )

    def listed(self, key: str) -> list[tuple[str, Mapping[str, Any]]]:
        """The objects of a list that may be left out, each with where it stands."""
        items = self.data.get(key) or []
        if not isinstance(items, list):
            self.fault(key, "Give a list, or leave it out.")
            return []
        found = []
        for index, item in enumerate(items):
            if isinstance(item, Mapping):
                found.append((f"{key}[{index}]", item))
            else:
                self.fault(f"{key}[{index}]", "Give an object with a text and a source.")
        return found

    def warnings(self) -> tuple[RuleWarning, ...]:
        found: list[RuleWarning] = []
        for where, item in self.listed("warnings"):
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
            Condition(self.text("text", item, f"{where}.text"), self.text("source", item, f"{where}.source"))
            for where, item in self.listed("direct_payment_conditions")
        )
