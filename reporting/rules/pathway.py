"""The way from a referral to a budget, and how good it is: what is counted, over which days. Pure.

The period is a quarter or the financial year, from its first day to the as-at date. Quarters do not overlap, so that
what is shown of one tells nothing more beside what is shown of another: readers under disclosure control see whole
quarters only.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import TextChoices

from phb_register.dates import ONE_DAY, financial_year

MONTHS_IN_A_QUARTER = 3
NOUGHT = Decimal("0.00")


class PeriodKind(TextChoices):
    """How far back a period goes from the as-at date."""

    YEAR = "year", "The financial year so far"
    QUARTER = "quarter", "The quarter so far"


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both counted. Everything is as it was at the end of `last`."""

    kind: PeriodKind
    first: dt.date
    last: dt.date


def period_up_to(as_at: dt.date, kind: PeriodKind) -> Period:
    """The quarter or financial year in which `as_at` falls, up to that day."""
    if kind == PeriodKind.YEAR:
        return Period(kind, financial_year(as_at).start, as_at)
    # Quarters of the financial year are those of the calendar.
    month = as_at.month - (as_at.month - 1) % MONTHS_IN_A_QUARTER
    return Period(kind, as_at.replace(month=month, day=1), as_at)


def last_whole_quarter(day: dt.date) -> dt.date:
    """The last day of the latest quarter that is over by the end of `day`."""
    first = period_up_to(day, PeriodKind.QUARTER).first
    last_month = first.month + MONTHS_IN_A_QUARTER - 1
    ends = first.replace(month=last_month, day=calendar.monthrange(first.year, last_month)[1])
    return ends if ends <= day else first - ONE_DAY


def quarters_before(day: dt.date, number: int) -> list[dt.date]:
    """The last days of so many quarters before the one in which `day` falls, the latest first."""
    found: list[dt.date] = []
    for _ in range(number):
        day = period_up_to(day, PeriodKind.QUARTER).first - ONE_DAY
        found.append(day)
    return found


class Answer(TextChoices):
    """What became of the offer that everyone eligible must have: one of these is true of each of them."""

    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    NOT_NOW = "not_now", "Not now"
    NOT_ANSWERED = "not_answered", "Offered, not answered yet"
    NOT_OFFERED = "not_offered", "Not offered yet"


#: Those who said why they do not want a budget, or not yet.
NOT_WANTED = (Answer.DECLINED, Answer.NOT_NOW)
OFFERED = (Answer.ACCEPTED, Answer.DECLINED, Answer.NOT_NOW, Answer.NOT_ANSWERED)


class Kept(TextChoices):
    """How a review that was due was kept."""

    ON_TIME = "on_time", "On time"
    LATE = "late", "Late"
    NOT_HELD = "not_held", "Not held by the as-at date"


@dataclass(frozen=True)
class Spread:
    """How some numbers of days lie: quartiles between the two nearest where they fall between, and the mean.

    In days, to one decimal place. None where there are no days.
    """

    count: int = 0
    lower: Decimal | None = None
    median: Decimal | None = None
    upper: Decimal | None = None
    mean: Decimal | None = None


@dataclass(frozen=True)
class AnnualSaving:
    """What the packages replaced cost a year, and what the budgets in their place do, in pounds.

    `known` budgets have such a package, `unknown` have none recorded and count in neither amount. `least_changed` is
    by how few budgets the figure differs from that at the end of one of the last quarters: who holds both against each
    other sees the money of so many. None where that was not asked, or none differs.
    """

    known: int = 0
    unknown: int = 0
    replaced: Decimal = NOUGHT
    budgets: Decimal = NOUGHT
    least_changed: int | None = None

    @property
    def amount(self) -> Decimal:
        """The saving a year; below nought where the budgets cost more."""
        return self.replaced - self.budgets


@dataclass(frozen=True)
class ScaleChanges:
    """What changed on one version of one outcome scale: answers by change."""

    scale_id: int
    question: str
    by_change: Mapping[str, int]


@dataclass(frozen=True)
class PathwayFigures:
    """Everything counted of the way to a budget and its quality, for one commissioner and period.

    `by_answer` counts people, once each. `by_decision` and `by_refusal` count referrals decided in the period.
    """

    period: Period
    by_answer: Mapping[str, int]
    by_why_not: Mapping[str, int]
    by_decision: Mapping[str, int]
    by_refusal: Mapping[str, int]
    decided_on_time: int = 0
    to_decision: Spread = field(default_factory=Spread)
    to_first_payment: Spread = field(default_factory=Spread)
    by_kept: Mapping[str, int] = field(default_factory=dict)
    saving: AnnualSaving = field(default_factory=AnnualSaving)
    outcomes: tuple[ScaleChanges, ...] = ()

    @property
    def people_eligible(self) -> int:
        """People found eligible in the period."""
        return sum(self.by_answer.values())

    @property
    def people_offered(self) -> int:
        """Of them, those who were offered a budget by the as-at date."""
        return sum(self.by_answer[answer] for answer in OFFERED)

    @property
    def people_not_wanting(self) -> int:
        """Of them, those who declined, or said not now."""
        return sum(self.by_answer[answer] for answer in NOT_WANTED)

    @property
    def decided(self) -> int:
        """Referrals whose first decision was made in the period."""
        return sum(self.by_decision.values())

    @property
    def reviews_due(self) -> int:
        """Reviews that were due in the period."""
        return sum(self.by_kept.values())
