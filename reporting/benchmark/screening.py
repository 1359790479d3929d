"""What it costs to screen one person by every rule set there is: no database in it, and people of many kinds."""

import datetime as dt
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eligibility.models import RuleSetVersion, Screening
from eligibility.rules import RuleSet, next_questions, screen
from eligibility.rules.diagram import forget
from eligibility.selectors.rule_sets import rule_book
from phb_register.models import Commissioner

PEOPLE = 200


@dataclass(frozen=True)
class ScreeningCost:
    """Medians in milliseconds: with what earlier screenings left in memory, and with nothing remembered."""

    name: str
    median: float
    forgotten: float


def screening_costs(commissioner: Commissioner, on: dt.date, repeats: int) -> tuple[int, list[ScreeningCost]]:
    """How many rule sets hold on a date, and what screening and choosing the next question cost.

    The facts are those of screenings in the register, and of somebody of whom nothing but the age is known.
    """
    rule_sets = tuple(version.as_rules() for version in RuleSetVersion.objects.approved().for_date(on))
    lines = rule_book(commissioner, on).offer_lines
    everybody = list(Screening.objects.values_list("facts", flat=True)[:PEOPLE])
    everybody.append({"born_on": "1980-06-15"})
    given: dict[str, Any] = {"assessed_on": on, "rule_sets": rule_sets, "offer_lines": lines}
    screening = _cost("Screening one person", everybody, lambda facts: screen(facts=facts, **given), repeats)
    asking = _cost("Choosing the questions", everybody, lambda facts: next_questions(facts=facts, **given), repeats)
    return _number_of(rule_sets), [screening, asking]


def _number_of(rule_sets: tuple[RuleSet, ...]) -> int:
    return len({rule_set.code for rule_set in rule_sets})


def _cost(name: str, everybody: list[Any], act: Callable[[Any], object], repeats: int) -> ScreeningCost:
    forgotten, warm = [], []
    for turn in range(repeats):
        facts = everybody[turn * len(everybody) // repeats]
        forget()
        forgotten.append(_timed(act, facts))
    for facts in everybody:
        act(facts)
    for turn in range(repeats):
        warm.append(_timed(act, everybody[turn * len(everybody) // repeats]))
    return ScreeningCost(name, statistics.median(warm), statistics.median(forgotten))


def _timed(act: Callable[[Any], object], facts: Any) -> float:
    begun = time.perf_counter()
    act(facts)
    return (time.perf_counter() - begun) * 1000
