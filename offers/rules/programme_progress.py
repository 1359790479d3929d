"""How a programme stands: deliverables done and overdue, risks by their score, indicators against their targets."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, unique

from offers.programme_enums import Direction, WorkStatus

#: Work that still has to be done.
OPEN_WORK: tuple[WorkStatus, ...] = (WorkStatus.PLANNED, WorkStatus.UNDER_WAY)


@dataclass(frozen=True)
class Progress:
    """How much of some work is done. What was dropped counts in none of the other numbers."""

    planned: int
    under_way: int
    done: int
    dropped: int
    overdue: int

    @property
    def total(self) -> int:
        """Everything that was to be done and was not dropped."""
        return self.planned + self.under_way + self.done

    @property
    def percent_done(self) -> int | None:
        """Whole percent, rounded down, so that 100 means all of it; None where there is nothing to do."""
        return 100 * self.done // self.total if self.total else None


def is_overdue(status: str, due_on: dt.date | None, on: dt.date) -> bool:
    """Whether the work should have been done before `on`. On the due date itself it is still in time."""
    return status in OPEN_WORK and due_on is not None and due_on < on


def progress(work: Iterable[tuple[str, dt.date | None]], on: dt.date) -> Progress:
    """The progress of work, each given as its status and the day it is due."""
    rows = list(work)
    count = Counter(status for status, _ in rows)
    return Progress(
        planned=count[WorkStatus.PLANNED],
        under_way=count[WorkStatus.UNDER_WAY],
        done=count[WorkStatus.DONE],
        dropped=count[WorkStatus.DROPPED],
        overdue=sum(is_overdue(status, due_on, on) for status, due_on in rows),
    )


@unique
class RiskLevel(StrEnum):
    """What a score means, in the bands of the NHS risk matrix (National Patient Safety Agency, 2008)."""

    LOW = "Low"
    MODERATE = "Moderate"
    HIGH = "High"
    EXTREME = "Extreme"


def score(likelihood: int, impact: int) -> int:
    """Likelihood times impact, each 1 to 5: 1 to 25."""
    return likelihood * impact


def risk_level(points: int) -> RiskLevel:
    """The band of a score: 1 to 3 low, 4 to 6 moderate, 8 to 12 high, 15 to 25 extreme."""
    if points >= 15:
        return RiskLevel.EXTREME
    if points >= 8:
        return RiskLevel.HIGH
    return RiskLevel.MODERATE if points >= 4 else RiskLevel.LOW


def is_reached(direction: str, value: Decimal | int | None, target: Decimal | None) -> bool | None:
    """Whether an indicator's value has reached its target; None where either is not known."""
    if value is None or target is None:
        return None
    return value >= target if direction == Direction.UP else value <= target


@dataclass(frozen=True)
class Room:
    """How many budgets a phase cap still leaves room for, and by how many it is exceeded."""

    left: int
    over: int


def room(cap: int, now: int) -> Room:
    """What is left of a cap with `now` budgets in place."""
    return Room(left=max(cap - now, 0), over=max(now - cap, 0))


def points(text: str) -> list[str]:
    """The points of a text written one on each line, without empty lines and list signs."""
    return [line.strip().lstrip("-*•").strip() for line in text.splitlines() if line.strip(" -*•\t")]
