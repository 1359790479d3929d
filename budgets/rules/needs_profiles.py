"""What the Decision Support Tool found somebody needs: a level for each domain, and what the levels suggest. Pure.

Which domains a tool has, how high each goes, and what the levels suggest is dated reference data with its source. A
suggestion is a recommendation to the people who decide, and never a decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from budgets.exceptions import Problem


class NeedsLevel(TextChoices):
    """How much somebody needs in a domain, the least first."""

    NONE = "none", "No needs"
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"
    SEVERE = "severe", "Severe"
    PRIORITY = "priority", "Priority"


#: Stands where a level would, for a domain that nobody looked at.
NOT_ASSESSED = "not_assessed"
LEVEL_CHOICES = [*NeedsLevel.choices, (NOT_ASSESSED, "Not assessed")]
_ORDER = {level: place for place, level in enumerate(NeedsLevel.values)}


@dataclass(frozen=True)
class Domain:
    """One domain of a tool, with the levels it has, the least first. `source` says where that stands."""

    code: str
    name: str
    levels: tuple[str, ...]
    source: str = ""

    @property
    def ceiling(self) -> str:
        """The highest level the domain has."""
        return self.levels[-1]


@dataclass(frozen=True)
class Count:
    """So many domains, at least, at a level or above it (exactly at it where `is_exact`)."""

    level: str
    at_least: int
    is_exact: bool = False

    def holds(self, levels: Sequence[str]) -> bool:
        """Whether these levels have as many."""
        place = _ORDER[self.level]
        found = [_ORDER[level] for level in levels if level != NOT_ASSESSED]
        return sum(each == place if self.is_exact else each >= place for each in found) >= self.at_least


@dataclass(frozen=True)
class Suggestion:
    """What it suggests where any one of the alternatives holds with all of its counts."""

    text: str
    any_of: tuple[tuple[Count, ...], ...]
    source: str

    def holds(self, levels: Sequence[str]) -> bool:
        """Whether the levels of a profile suggest this."""
        return any(all(count.holds(levels) for count in counts) for counts in self.any_of)


def read_suggestions(stored: Sequence[Mapping[str, Any]]) -> tuple[Suggestion, ...]:
    """The suggestions of a tool as reference data holds them, the strongest first."""
    return tuple(
        Suggestion(
            text=each["text"],
            any_of=tuple(
                tuple(Count(count["level"], count["at_least"], count.get("is_exact", False)) for count in counts)
                for counts in each["any_of"]
            ),
            source=each["source"],
        )
        for each in stored
    )


def suggested_by(levels: Mapping[str, str], suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """The strongest suggestion that the levels give, by the code of the domain; None where they give none."""
    found = list(levels.values())
    return next((each for each in suggestions if each.holds(found)), None)


def check_levels(levels: Mapping[str, str], domains: Sequence[Domain]) -> list[Problem]:
    """Every domain has a level that it goes up to, or is marked as not assessed; at least one was assessed."""
    problems = []
    known = {domain.code for domain in domains}
    for domain in domains:
        level = levels.get(domain.code, "")
        if level == "":
            problems.append(Problem(domain.code, f"Select a level for {domain.name.lower()}, or “Not assessed”"))
        elif level != NOT_ASSESSED and level not in domain.levels:
            label = NeedsLevel(level).label if level in NeedsLevel.values else level
            ceiling = NeedsLevel(domain.ceiling).label
            problems.append(
                Problem(
                    domain.code,
                    f"{domain.name} has no level “{label}”. It goes up to “{ceiling}” ({domain.source}). Select one of "
                    "its own levels",
                )
            )
    problems += [Problem("", f"This tool has no domain “{code}”. Leave it out") for code in levels if code not in known]
    if not problems and all(level == NOT_ASSESSED for level in levels.values()):
        problems.append(Problem("", "Select a level for at least one domain. A profile says what somebody needs"))
    return problems


def check_tool_age(*, is_for_children: bool, age: int) -> list[Problem]:
    """Continuing care is for people aged 17 or under, continuing healthcare for adults (SI 2012/2996, Part 6)."""
    if is_for_children and age >= 18:
        return [Problem("tool", f"The person was {age} when assessed. Record it with the tool for adults")]
    if not is_for_children and age < 18:
        return [Problem("tool", f"The person was {age} when assessed. Record it with the tool for children")]
    return []
