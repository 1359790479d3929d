"""What was worked out for a version: counts by commissioner and cohort, their cost, and what of it may be shown.

Pure. `Result` is kept as JSON with the resource implications; `release` turns it into what a reader may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from eligibility.rules.resource_implications import Change
from phb_register import disclosure
from phb_register.disclosure import Controlled, Profile, Reason, Sum

COSTED = (Change.COMES_IN, Change.FALLS_OUT)
"""The changes that change what is spent: a budget more, or one less."""
TOTAL = "total"
PENCE = Decimal("0.01")


class RestsOn(StrEnum):
    """Whose budgets an average is taken of, the nearest first that has enough of them."""

    COMMISSIONER = "commissioner"
    ALL_COMMISSIONERS = "all_commissioners"
    ALL_COHORTS = "all_cohorts"


@dataclass(frozen=True, slots=True)
class Average:
    """What a PHB costs on average, in pounds a year, and on how many budgets that rests.

    `low` and `high` bound the mean: 1.96 standard errors to either side. None where there are too few budgets.
    """

    mean: Decimal
    low: Decimal | None
    high: Decimal | None
    budgets: int
    rests_on: RestsOn

    def as_dict(self) -> dict[str, Any]:
        """As JSON values; amounts as text, so that no penny is lost."""
        return {
            "mean": str(self.mean),
            "low": None if self.low is None else str(self.low),
            "high": None if self.high is None else str(self.high),
            "budgets": self.budgets,
            "rests_on": self.rests_on.value,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Average:
        """What `as_dict` wrote."""
        return cls(
            mean=Decimal(data["mean"]),
            low=None if data["low"] is None else Decimal(data["low"]),
            high=None if data["high"] is None else Decimal(data["high"]),
            budgets=data["budgets"],
            rests_on=RestsOn(data["rests_on"]),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """The people of one commissioner and cohort for whom something changes.

    `referred` counts those of them referred in the period. `costed` counts, of those who would come in, who has no
    budget of the cohort yet, and of those who would fall out, who has one: nobody else changes what is spent.
    """

    commissioner_code: str
    commissioner_name: str
    cohort_code: str
    cohort_name: str
    people: Mapping[Change, int]
    referred: Mapping[Change, int]
    costed: Mapping[Change, int]
    average: Average | None

    @property
    def key(self) -> str:
        """Names the row among the others."""
        return f"{self.commissioner_code}/{self.cohort_code}"

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "commissioner": [self.commissioner_code, self.commissioner_name],
            "cohort": [self.cohort_code, self.cohort_name],
            "people": _plain(self.people),
            "referred": _plain(self.referred),
            "costed": _plain(self.costed),
            "average": self.average.as_dict() if self.average else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Row:
        """What `as_dict` wrote."""
        return cls(
            commissioner_code=data["commissioner"][0],
            commissioner_name=data["commissioner"][1],
            cohort_code=data["cohort"][0],
            cohort_name=data["cohort"][1],
            people=_counts(data["people"]),
            referred=_counts(data["referred"]),
            costed=_counts(data["costed"]),
            average=Average.from_dict(data["average"]) if data["average"] else None,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that was counted. People are counted once each.

    `nothing_known` are people who were never screened, `unchanged` those for whom all stays as it is; `missing` says
    for how many of those not settled each fact is missing. `gives` is the outcome that the version gives on that
    day by the local offer's timeline, by the commissioner's name.
    """

    people: int
    referred: int
    nothing_known: int
    unchanged: int
    rows: tuple[Row, ...]
    missing: Mapping[str, int]
    gives: Mapping[str, str] = field(default_factory=dict)

    def total(self, change: Change) -> int:
        """How many people have a change, over all rows."""
        return sum(row.people[change] for row in self.rows)

    def as_dict(self) -> dict[str, Any]:
        """As JSON values; `from_dict` reads them back."""
        return {
            "people": self.people,
            "referred": self.referred,
            "nothing_known": self.nothing_known,
            "unchanged": self.unchanged,
            "rows": [row.as_dict() for row in self.rows],
            "missing": dict(self.missing),
            "gives": dict(self.gives),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Result:
        """What `as_dict` wrote. Raises KeyError or ValueError if the data is not one."""
        return cls(
            people=data["people"],
            referred=data["referred"],
            nothing_known=data["nothing_known"],
            unchanged=data["unchanged"],
            rows=tuple(Row.from_dict(row) for row in data["rows"]),
            missing=data["missing"],
            gives=data["gives"],
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimated change of what is spent, in pounds a year; below nought where less is spent."""

    mean: Decimal
    low: Decimal | None
    high: Decimal | None

    @property
    def has_range(self) -> bool:
        """Whether the average behind it rests on enough budgets to bound it."""
        return self.low is not None and self.high is not None


NOTHING = Cost(Decimal(0), Decimal(0), Decimal(0))


def cost_of(average: Average, people: int, change: Change) -> Cost:
    """People times the average budget; what those who fall out cost is taken away."""
    if not people:
        return NOTHING
    if change is Change.FALLS_OUT:
        people = -people
    mean = (people * average.mean).quantize(PENCE)
    if average.low is None or average.high is None:
        return Cost(mean, None, None)
    ends = sorted((people * end).quantize(PENCE) for end in (average.low, average.high))
    return Cost(mean, ends[0], ends[1])


def total_cost(costs: Iterable[Cost]) -> Cost:
    """The sum. Its bounds are sums too, as if all averages were off to the same side: the widest it can be."""
    found = list(costs)
    mean = sum((cost.mean for cost in found), Decimal(0))
    if not all(cost.has_range for cost in found):
        return Cost(mean, None, None)
    low, high = (sum((getattr(cost, end) for cost in found), Decimal(0)) for end in ("low", "high"))
    return Cost(mean, low, high)


@dataclass(frozen=True, slots=True)
class Released:
    """What a reader may see of a result; `profile` is None for those who may see the people themselves.

    `costs` has the cost of a row by its key and the change, `total_costs` that of all rows, and holds no cost that
    would tell a hidden number. `uncosted` says that somebody is left out of the costs, for want of an average.
    """

    result: Result
    profile: Profile | None
    cells: Mapping[str, Controlled]
    costs: Mapping[tuple[str, Change], Cost]
    hidden_costs: frozenset[tuple[str, Change]]
    total_costs: Mapping[Change, Cost | None]
    uncosted: bool

    def cell(self, row: str, change: Change) -> Controlled:
        """People of a row, or of `TOTAL`."""
        return self.cells[f"people/{row}/{change}"]

    def referred(self, row: str, change: Change) -> Controlled:
        """Of them, those referred in the period."""
        return self.cells[f"referred/{row}/{change}"]

    def missing(self, code: str) -> Controlled:
        """For how many of those not settled a fact is missing."""
        return self.cells[f"missing/{code}"]

    @property
    def net_cost(self) -> Cost | None:
        """What more is spent, less what is no longer spent; None where a part of it is hidden."""
        parts = [self.total_costs[change] for change in COSTED]
        return None if None in parts else total_cost(part for part in parts if part is not None)

    @property
    def is_anything_hidden(self) -> bool:
        """Whether a star stands somewhere."""
        return any(cell.is_hidden for cell in self.cells.values())


def release(result: Result, profile: Profile | None) -> Released:
    """What may be shown of a result under a profile of disclosure control; None shows everything."""
    counts, sums, unseen = _released_together(result)
    if profile is None:
        cells = {key: Controlled(count, f"{count:,}", Reason.SHOWN) for key, count in counts.items()}
    else:
        totals = [key for key in counts if f"/{TOTAL}/" in key or "/" not in key]
        cells = disclosure.protect(counts, sums, profile=profile, never_shown=unseen, hidden_last=totals)
    costs: dict[tuple[str, Change], Cost] = {}
    hidden: set[tuple[str, Change]] = set()
    for row in result.rows:
        for change in COSTED:
            cell = cells[f"costed/{row.key}/{change}"]
            if cell.is_hidden:
                hidden.add((row.key, change))
            elif row.average is not None and isinstance(cell.value, int):
                costs[row.key, change] = cost_of(row.average, cell.value, change)
    return Released(
        result=result,
        profile=profile,
        cells=cells,
        costs=costs,
        hidden_costs=frozenset(hidden),
        total_costs={
            change: None
            # One hidden part could be worked out from the sum and the others.
            if any(hidden_change is change for _, hidden_change in hidden)
            else total_cost(cost for (_, each), cost in costs.items() if each is change)
            for change in COSTED
        },
        uncosted=any(row.average is None and any(row.costed[change] for change in COSTED) for row in result.rows),
    )


def _released_together(result: Result) -> tuple[dict[str, int], list[Sum], set[str]]:
    """Every number a reader gets, how they add up, and those to be had only by subtracting."""
    counts: dict[str, int] = {}
    sums: list[Sum] = []
    unseen: set[str] = set()
    rows = [row.key for row in result.rows]

    def part_of(whole: str, part: str, number: int, rest: str) -> None:
        """Release a part of a number; what is left of it can be worked out, so it is guarded."""
        counts[part], counts[rest] = number, counts[whole] - number
        unseen.add(rest)
        sums.append(Sum(whole, (part, rest)))

    for change in Change:
        for row in result.rows:
            counts[f"people/{row.key}/{change}"] = row.people[change]
        counts[f"people/{TOTAL}/{change}"] = result.total(change)
        sums.append(Sum(f"people/{TOTAL}/{change}", tuple(f"people/{row}/{change}" for row in rows)))
        for row in result.rows:
            whole = f"people/{row.key}/{change}"
            part_of(whole, f"referred/{row.key}/{change}", row.referred[change], f"unreferred/{row.key}/{change}")
            if change in COSTED:
                part_of(whole, f"costed/{row.key}/{change}", row.costed[change], f"uncosted/{row.key}/{change}")
        referred = sum(row.referred[change] for row in result.rows)
        part_of(f"people/{TOTAL}/{change}", f"referred/{TOTAL}/{change}", referred, f"unreferred/{TOTAL}/{change}")
        sums.append(Sum(f"referred/{TOTAL}/{change}", tuple(f"referred/{row}/{change}" for row in rows)))
    for code, number in result.missing.items():
        part_of(f"people/{TOTAL}/{Change.NOT_SETTLED}", f"missing/{code}", number, f"known/{code}")
    counts |= {
        "people": result.people,
        "nothing_known": result.nothing_known,
        "unchanged": result.unchanged,
    }
    changes = tuple(f"people/{TOTAL}/{change}" for change in Change)
    sums.append(Sum("people", ("nothing_known", "unchanged", *changes)))
    part_of("people", "referred", result.referred, "unreferred")
    referred_changes = tuple(f"referred/{TOTAL}/{change}" for change in Change)
    counts["referred_unchanged"] = result.referred - sum(counts[key] for key in referred_changes)
    unseen.add("referred_unchanged")
    sums.append(Sum("referred", ("referred_unchanged", *referred_changes)))
    return counts, sums, unseen


def _plain(counts: Mapping[Change, int]) -> dict[str, int]:
    return {change.value: counts[change] for change in counts}


def _counts(data: Mapping[str, int]) -> dict[Change, int]:
    return {Change(change): number for change, number in data.items()}
