"""The orders and licence conditions that exclude a direct payment: the Schedule to the 2013 Regulations, as data.

A direct payment is excluded on each day on which one of them is in force, the first and the last included. They
never exclude the budget itself. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from budgets.exceptions import Problem

from .agreement import REGULATIONS, day

#: Read at the source: the Schedule as made. The others stand in the same list of the twin regulations for social care.
READ = "SI 2013/1617, Schedule, as made"
TWIN = "SI 2014/1652, whose list is the same; not read in the Schedule itself"
#: What anybody is told who may not know of court orders: that it cannot be, never why.
NOT_POSSIBLE = "A direct payment is not possible at present"


@dataclass(frozen=True)
class OrderKind:
    """One kind of order: as it is stored, its words, the paragraph that names it, where that was read."""

    code: str
    title: str
    paragraph: str
    source: str

    @property
    def is_verified(self) -> bool:
        """Whether its paragraph was read at the source."""
        return self.source == READ


KINDS: tuple[OrderKind, ...] = (
    OrderKind(
        "drug_rehabilitation",
        "Drug rehabilitation requirement of a community order or suspended sentence",
        "(a)",
        READ,
    ),
    OrderKind(
        "alcohol_treatment",
        "Alcohol treatment requirement of a community order or suspended sentence",
        "(b)",
        READ,
    ),
    OrderKind(
        "licence_condition",
        "Release on licence with a non-standard condition to address drug or alcohol misuse",
        "(c)",
        READ,
    ),
    OrderKind(
        "community_rehabilitation",
        "Community rehabilitation, or punishment and rehabilitation, order with treatment for drugs or alcohol",
        "(d)",
        READ,
    ),
    OrderKind("drug_treatment_testing", "Drug treatment and testing order", "", TWIN),
    OrderKind(
        "youth_rehabilitation",
        "Youth rehabilitation order with drug treatment, drug testing or intoxicating substance treatment",
        "",
        TWIN,
    ),
    OrderKind("scottish", "A Scottish order or licence condition that matches one of these", "", TWIN),
)
CODES: tuple[str, ...] = tuple(kind.code for kind in KINDS)
_BY_CODE = {kind.code: kind for kind in KINDS}


def kind_of(code: str) -> OrderKind:
    """The kind with this code."""
    return _BY_CODE[code]


@dataclass(frozen=True)
class Order:
    """An order of a person: its kind's code, its first day and its last, None while that is not known."""

    kind: str
    first_day: date
    last_day: date | None

    def is_in_force_on(self, on: date) -> bool:
        """Whether it is in force on a day; its last day is one of them."""
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)


def orders_on(orders: Sequence[Order], on: date) -> list[Order]:
    """Those in force on a day."""
    return [order for order in orders if order.is_in_force_on(on)]


def prohibition(order: Order) -> Problem:
    """Why an order in force excludes a direct payment, for those who may know of it."""
    kind = kind_of(order.kind)
    where = f"Schedule {kind.paragraph} to" if kind.paragraph else "Schedule to"
    until = (
        f"It can be made from the day after {day(order.last_day)}, when the order ends"
        if order.last_day
        else "It can be made from the day after the order ends"
    )
    return Problem(
        "methods",
        f"Select notional or third party. A direct payment is prohibited while this is in force: {kind.title} "
        f"({where} the {REGULATIONS}). {until}",
    )


def not_possible() -> Problem:
    """The same for those who may not know of it."""
    return Problem("methods", f"Select notional or third party. {NOT_POSSIBLE}")


def check_order(
    *, kind: str, first_day: date, last_day: date | None, evidence_seen_on: date, today: date
) -> list[Problem]:
    """An order of the Schedule, of which evidence was seen, with its last day not before its first."""
    problems = []
    if kind not in CODES:
        problems.append(Problem("kind", "Select the kind of order"))
    if last_day is not None and last_day < first_day:
        problems.append(Problem("last_day", f"Enter a last day on or after {day(first_day)}, its first day"))
    if evidence_seen_on > today:
        problems.append(Problem("evidence_seen_on", "Enter the date you saw the evidence, today or in the past"))
    return problems
