"""Scales on which holders and carers say how things are: how one is made, and what changed on it. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices

from budgets.exceptions import Problem

FEWEST_LEVELS, MOST_LEVELS = 3, 7
LONGEST_LEVEL = 80


class AskedOf(TextChoices):
    """Who answers."""

    HOLDER = "holder", "The holder"
    CARER = "carer", "A carer"


class Direction(TextChoices):
    """Which end of the scale is the better one. Levels are listed from the first to the last."""

    LAST_IS_BEST = "last_is_best", "The last level is the best"
    FIRST_IS_BEST = "first_is_best", "The first level is the best"


class Change(StrEnum):
    """What became of somebody's answer, from before the budget to the latest review."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


def change_between(before: int | None, now: int | None, direction: str) -> Change | None:
    """What changed between two levels of one version of a scale; None where either is missing."""
    if before is None or now is None:
        return None
    step = now - before if direction == Direction.LAST_IS_BEST else before - now
    return Change.SAME if step == 0 else Change.BETTER if step > 0 else Change.WORSE


def check_levels(levels: Sequence[str]) -> list[Problem]:
    """From three to seven levels, each with its own words."""
    if not FEWEST_LEVELS <= len(levels) <= MOST_LEVELS:
        return [
            Problem(
                "levels", f"Enter from {FEWEST_LEVELS} to {MOST_LEVELS} levels, each on a line. There are {len(levels)}"
            )
        ]
    if any(len(level) > LONGEST_LEVEL for level in levels):
        return [Problem("levels", f"Enter levels of {LONGEST_LEVEL} characters or fewer")]
    if len({level.casefold() for level in levels}) < len(levels):
        return [Problem("levels", "Enter each level once")]
    return []


def check_active(active_from: date, active_until: date | None) -> list[Problem]:
    """A scale is asked from its first day until the day before its last."""
    if active_until is not None and active_until <= active_from:
        return [Problem("active_until", "The day it is no longer asked must be after the first day it is asked")]
    return []


def check_licence(instrument: str, licence_number: str) -> list[Problem]:
    """The words of a published survey are somebody's own: naming one needs the licence to use it."""
    if instrument.strip() and not licence_number.strip():
        return [Problem("licence_number", f"Enter the number of your licence to use {instrument.strip()}")]
    if licence_number.strip() and not instrument.strip():
        return [Problem("instrument", "Enter which survey the licence is for")]
    return []
