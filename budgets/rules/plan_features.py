"""The features that a personal health budget should have for its holder, as versioned checklists. Pure.

Somebody who plans a budget answers for each whether it is so, and what will be done where it is not. A version of a
plan keeps to the checklist it was started with.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Feature:
    """One feature: a short name for tables, and what is asked."""

    code: str
    label: str
    question: str


@dataclass(frozen=True)
class Checklist:
    """One version of the list, in use for plans started from `applies_from` on. `source` says where it comes from."""

    code: str
    title: str
    applies_from: date
    source: str
    features: tuple[Feature, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its features."""
        return tuple(feature.code for feature in self.features)


_KNOWS = Feature("knows-amount", "Knows the amount", "Did the person know, before planning, how much money there is?")
_CHOOSES = Feature(
    "chooses-outcomes", "Chose the outcomes", "Did the person choose the outcomes, together with a health professional?"
)
_INVOLVED = Feature("shapes-plan", "Shaped the plan", "Did the person take part in making this plan?")
_MODEL = Feature("chooses-method", "Chose the method", "Could the person ask for the way the money is managed?")
_SPENDS = Feature(
    "spends-as-agreed",
    "Spends it their way",
    "Can the person spend the money in ways and at times that make sense to them, as agreed in this plan?",
)
_ENOUGH = Feature("enough-money", "Enough money", "Is the money enough to meet the needs and outcomes in this plan?")
_CENTRAL = Feature(
    "shapes-plan",
    "Central to the plan",
    "Was the person at the centre of making this plan, with whoever knows them best?",
)

CHECKLISTS: tuple[Checklist, ...] = (
    Checklist(
        "five",
        "The five features",
        date(2014, 4, 1),
        "Somerset’s local offer, paragraph 1.5",
        (_KNOWS, _CHOOSES, _INVOLVED, _MODEL, _SPENDS),
    ),
    Checklist(
        "six",
        "The six features",
        date(2019, 12, 2),
        "National list of 2019, which adds enough money and makes the person central to the plan",
        (_KNOWS, _ENOUGH, _CHOOSES, _CENTRAL, _MODEL, _SPENDS),
    ),
)


def checklist_on(day: date) -> Checklist:
    """The checklist for a plan that is started on a day; the first one for days before there was any."""
    begun = [each for each in CHECKLISTS if each.applies_from <= day]
    return begun[-1] if begun else CHECKLISTS[0]


def checklist(code: str) -> Checklist:
    """The checklist with this code. Raises `KeyError`."""
    return {each.code: each for each in CHECKLISTS}[code]
