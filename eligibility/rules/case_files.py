"""Files of worked cases: read with the line of every fault, and checked against answers.

The form is that of the product's own worked cases: `defaults` (facts a case does not list), and `cases`, each with an
`id`, a `commissioner` code, the day `assessed_on`, `facts`, what to `expect`, and perhaps `why`.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eligibility.rules.answers import Answer
from eligibility.rules.fact_types import closest
from eligibility.rules.facts import FACTS, FactsRefused, read_facts
from eligibility.rules.located_json import LocatedObject, NotJson, parse
from eligibility.rules.outcomes import DirectPayment, Outcome, WarningKind

FILE_KEYS = ("about", "defaults", "cases")
CASE_KEYS = ("id", "commissioner", "assessed_on", "facts", "expect", "why")
EXPECT_KEYS = ("outcome", "direct_payment", "offered_from", "missing", "warns")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case expects. None means that the case does not say, except `offered_from` with `says_offered_from`."""

    outcome: Outcome | None
    direct_payment: DirectPayment | None
    says_offered_from: bool
    offered_from: datetime.date | None
    missing: frozenset[str] | None
    warns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case, with the defaults filled in."""

    id: str
    line: int
    commissioner: str
    assessed_on: datetime.date
    facts: dict[str, Any]
    expected: Expected
    why: str

    def differences(self, answer: Answer) -> list[str]:
        """Where the answer is not what the case expects, in words; empty when it passes."""
        expected = self.expected
        found: list[str] = []
        if expected.outcome is not None and answer.outcome is not expected.outcome:
            found.append(f"outcome {answer.outcome.value}, expected {expected.outcome.value}")
        permission = answer.direct_payment.permission
        if expected.direct_payment is not None and permission is not expected.direct_payment:
            found.append(f"direct_payment {permission.value}, expected {expected.direct_payment.value}")
        if expected.says_offered_from and answer.offered_from != expected.offered_from:
            found.append(f"offered_from {_shown(answer.offered_from)}, expected {_shown(expected.offered_from)}")
        if expected.missing is not None and frozenset(answer.missing) != expected.missing:
            found.append(f"missing {_listed(answer.missing)}, expected {_listed(expected.missing)}")
        given = {warning.kind.value for warning in answer.warnings}
        if not expected.warns <= given:
            found.append(f"warns {_listed(given)}, expected {_listed(expected.warns)} among them")
        return found


@dataclass(frozen=True, slots=True)
class CaseProblem:
    """A fault in a case file: the line, the case it is in (if any), and the remedy."""

    line: int
    case: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}, case {self.case}" if self.case else f"line {self.line}"
        return f"{where}: {self.message}"


class CaseFileRefused(ValueError):
    """The file cannot be used; `problems` names every fault with its line and remedy."""

    def __init__(self, problems: Iterable[CaseProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_case_file(text: str, is_commissioner: Callable[[str], bool]) -> list[Case]:
    """The cases of a file. `is_commissioner` says whether a code is known. Raises CaseFileRefused."""
    return read_case_value(parse_case_file(text), is_commissioner)


def parse_case_file(text: str) -> Any:
    """The value of a file's text, with its lines. Raises CaseFileRefused where it is not JSON."""
    try:
        return parse(text)
    except NotJson as error:
        raise CaseFileRefused([CaseProblem(error.line, "", str(error))]) from error


def read_case_value(data: Any, is_commissioner: Callable[[str], bool]) -> list[Case]:
    """The cases of a file that is parsed already. Raises CaseFileRefused."""
    return _CaseFileReader(is_commissioner).read(data)


class _CaseFileReader:
    """Reads one file, collecting faults rather than stopping at the first."""

    def __init__(self, is_commissioner: Callable[[str], bool]) -> None:
        self.is_commissioner = is_commissioner
        self.problems: list[CaseProblem] = []
        self.case = ""

    def fault(self, line: int, message: str) -> None:
        self.problems.append(CaseProblem(line, self.case, message))

    def read(self, data: object) -> list[Case]:
        if not isinstance(data, LocatedObject):
            raise CaseFileRefused([CaseProblem(1, "", 'Give an object with a list of "cases".')])
        self.no_mistyped(data, FILE_KEYS)
        defaults = self.defaults(data)
        listed = data.get("cases")
        cases: list[Case] = []
        if not isinstance(listed, list) or not listed:
            self.fault(data.line_of("cases"), 'Give at least one case in the list "cases".')
        else:
            ids: dict[str, int] = {}
            for place, item in enumerate(listed, start=1):
                self.case = f"number {place}"
                case = self.read_case(item, defaults, data)
                if case is None:
                    continue
                if case.id in ids:
                    self.fault(case.line, f"The case on line {ids[case.id]} has this id already. Give another.")
                ids.setdefault(case.id, case.line)
                cases.append(case)
        if self.problems:
            raise CaseFileRefused(self.problems)
        return cases

    def no_mistyped(self, item: LocatedObject, known: tuple[str, ...]) -> None:
        """Refuse a name that is nearly one we know; let pass what an author may have added for readers."""
        for key in item:
            if key not in known and closest(key, known):
                self.fault(item.line_of(key), f'Nothing reads "{key}".{closest(key, known)} Rename or remove it.')

    def defaults(self, data: LocatedObject) -> dict[str, Any]:
        defaults = data.get("defaults")
        if defaults is None:
            return {}
        if not isinstance(defaults, LocatedObject):
            self.fault(data.line_of("defaults"), 'Give "defaults" as an object of facts, or leave it out.')
            return {}
        self.facts_problems(defaults, defaults, None)
        return dict(defaults)

    def read_case(self, item: object, defaults: Mapping[str, Any], data: LocatedObject) -> Case | None:
        if not isinstance(item, LocatedObject):
            self.fault(data.line_of("cases"), "Give each case as an object.")
            return None
        before = len(self.problems)
        name = item.get("id")
        if isinstance(name, str) and name.strip():
            self.case = name
        else:
            self.fault(item.line, 'Give the case an "id" in words.')
        self.no_mistyped(item, CASE_KEYS)
        commissioner = item.get("commissioner")
        if not isinstance(commissioner, str) or not self.is_commissioner(commissioner):
            shown = json.dumps(commissioner)
            message = f"There is no commissioner {shown}. Give an ODS code, for example 04C, or a partnership’s code."
            self.fault(item.line_of("commissioner"), message)
        assessed_on = self.date(item, "assessed_on", "Give the day of the screening")
        facts = self.facts(item, defaults, assessed_on)
        expected = self.expected(item)
        if len(self.problems) > before or assessed_on is None or expected is None:
            return None
        return Case(str(name), item.line, str(commissioner), assessed_on, facts, expected, str(item.get("why") or ""))

    def date(self, item: LocatedObject, key: str, remedy: str) -> datetime.date | None:
        value = item.get(key)
        try:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        self.fault(item.line_of(key), f'{remedy} in "{key}" as year-month-day, for example 2016-04-01.')
        return None

    def facts(
        self, item: LocatedObject, defaults: Mapping[str, Any], assessed_on: datetime.date | None
    ) -> dict[str, Any]:
        given = item.get("facts")
        if not isinstance(given, LocatedObject):
            self.fault(item.line_of("facts"), 'Give "facts" as an object of facts by code; {} for the defaults alone.')
            return dict(defaults)
        whole = {**defaults, **given}
        # The defaults were checked on their own, but only here is it known on which day their birthday must lie.
        own = {code: value for code, value in whole.items() if code in given or code == "born_on"}
        self.facts_problems(own, given, assessed_on)
        return whole

    def facts_problems(self, given: Mapping[str, Any], where: LocatedObject, on: datetime.date | None) -> None:
        try:
            # Without a day, the one of birth serves: then only the form of the facts is checked.
            read_facts(given, assessed_on=on or _day_of(given.get("born_on")) or datetime.date.max)
        except FactsRefused as refused:
            for problem in refused.problems:
                self.fault(where.line_of(problem.code), f"{problem.code}: {problem.message}")

    def expected(self, item: LocatedObject) -> Expected | None:
        expect = item.get("expect")
        if not isinstance(expect, LocatedObject) or not expect:
            self.fault(item.line_of("expect"), 'Say in "expect" what the answer should be, at least the outcome.')
            return None
        for key in expect:
            if key not in EXPECT_KEYS:
                message = f'Nothing checks "{key}".{closest(key, EXPECT_KEYS)} Use {", ".join(EXPECT_KEYS)}.'
                self.fault(expect.line_of(key), message)
        offered_from = None
        if expect.get("offered_from") is not None:
            offered_from = self.date(expect, "offered_from", "Give the first day of the offer")
        missing = self.names(expect, "missing", FACTS)
        return Expected(
            outcome=self.one_of(expect, "outcome", Outcome),
            direct_payment=self.one_of(expect, "direct_payment", DirectPayment),
            says_offered_from="offered_from" in expect,
            offered_from=offered_from,
            missing=missing,
            warns=self.names(expect, "warns", [kind.value for kind in WarningKind]) or frozenset(),
        )

    def one_of(self, expect: LocatedObject, key: str, kind: Any) -> Any:
        value = expect.get(key)
        if value is None:
            return None
        values = [each.value for each in kind]
        if value in values:
            return kind(value)
        self.fault(expect.line_of(key), f"{key}: give one of {', '.join(values)}.{closest(str(value), values)}")
        return None

    def names(self, expect: LocatedObject, key: str, known: Iterable[str]) -> frozenset[str] | None:
        value = expect.get(key)
        if value is None:
            return None
        listed = [value] if isinstance(value, str) else value
        names = list(known)
        if not isinstance(listed, list):
            self.fault(expect.line_of(key), f"{key}: give a list of names.")
            return None
        for name in listed:
            if name not in names:
                message = f"{key}: there is no {json.dumps(name)}.{closest(str(name), names)} Use {', '.join(names)}."
                self.fault(expect.line_of(key), message)
        return frozenset(str(name) for name in listed)


def _day_of(value: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        return None


def _shown(day: datetime.date | None) -> str:
    return day.isoformat() if day else "none"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
