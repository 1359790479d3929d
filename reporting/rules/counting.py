"""How budgets and people are counted: the switches that the national collection leaves to whoever counts. Pure.

The headings of NHS Digital's guidance of June 2017 are known, its rulings are not: each switch is therefore labelled,
dated and given with a source wherever a figure depends on it.
"""

from dataclasses import dataclass
from enum import StrEnum, unique

#: How old the last review of a wheelchair budget may be for the budget to count as active.
WHEELCHAIR_REVIEW_MONTHS = 12


@unique
class Breakdown(StrEnum):
    """Under which methods somebody counts whose money is managed in several ways."""

    STRONGEST = "strongest"
    EACH = "each"


@unique
class CountsFrom(StrEnum):
    """From when somebody counts in the year."""

    AGREED = "agreed"
    STARTED = "started"


@dataclass(frozen=True)
class CountingPolicy:
    """The position of every switch; the defaults are those recommended for the national collection."""

    counts_notional: bool = True
    breakdown: Breakdown = Breakdown.STRONGEST
    counts_joint: bool = True
    counts_one_off: bool = True
    counts_from: CountsFrom = CountsFrom.AGREED
    wheelchair_needs_review: bool = True


DEFAULT_POLICY = CountingPolicy()
DEFAULT_SOURCE = "NHS Digital PHB collection, guidance of June 2017: its headings, as this register reads them"


@dataclass(frozen=True)
class Switch:
    """One switch: its letter, what it decides, and what each of its positions means."""

    field: str
    letter: str
    label: str
    positions: tuple[tuple[bool | str, str], ...]

    def said(self, policy: CountingPolicy) -> str:
        """Its position in words."""
        return dict(self.positions)[getattr(policy, self.field)]


SWITCHES: tuple[Switch, ...] = (
    Switch(
        "counts_notional",
        "a",
        "Notional budgets",
        (
            (True, "Count like every other budget"),
            (False, "Only budgets with a direct payment or a third-party part count"),
        ),
    ),
    Switch(
        "breakdown",
        "b",
        "People with several methods",
        (
            (Breakdown.STRONGEST, "Count once: under direct payment, else third party, else notional"),
            (Breakdown.EACH, "Count under each of their methods, so the methods add to more than the people"),
        ),
    ),
    Switch(
        "counts_joint",
        "c",
        "Budgets paid for with others",
        ((True, "Count: the NHS pays a share"), (False, "Only budgets that the NHS pays for alone count")),
    ),
    Switch(
        "counts_one_off",
        "d",
        "One-off budgets",
        ((True, "Count in the year"), (False, "Do not count in the year")),
    ),
    Switch(
        "counts_from",
        "e",
        "From when somebody counts",
        (
            (CountsFrom.AGREED, "From the day that the plan and the budget are agreed"),
            (CountsFrom.STARTED, "From the day that the budget starts"),
        ),
    ),
    Switch(
        "wheelchair_needs_review",
        "f",
        "Wheelchair budgets",
        (
            (True, f"Active while the last review, or the start, is at most {WHEELCHAIR_REVIEW_MONTHS} months ago"),
            (False, "Active until they end"),
        ),
    ),
)


def switch_words(field: str) -> str:
    """A switch as a measure names it: its letter and label."""
    found = next(each for each in SWITCHES if each.field == field)
    return f"({found.letter}) {found.label}"


def differences(policy: CountingPolicy) -> list[str]:
    """What of a policy is not the default, in words."""
    return [
        f"{switch_words(each.field)}: {each.said(policy)}"
        for each in SWITCHES
        if getattr(policy, each.field) != getattr(DEFAULT_POLICY, each.field)
    ]
