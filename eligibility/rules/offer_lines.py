"""Lines of a local offer, as the rules see them, and what they let a local rule set give."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from eligibility.rules.outcomes import LineStatus, Outcome


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One cohort in one phase of a local offer. It runs from `starts_on` until the day before `ends_on`.

    None as a start means that no date has been said, as an end that none is planned. `source` names paper and
    paragraph.
    """

    cohort: str
    status: LineStatus
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    phase: str
    source: str
    note: str = ""

    def has_started(self, on: datetime.date) -> bool:
        """Whether the line's day has come. A live line without a date has; any other without one has not."""
        if self.starts_on is None:
            return self.status is LineStatus.LIVE
        return self.starts_on <= on

    def is_over(self, on: datetime.date) -> bool:
        """Whether the line has ended by the date."""
        return self.ends_on is not None and self.ends_on <= on


@dataclass(frozen=True, slots=True)
class Offered:
    """What the timeline lets a local rule set give on a date, and the line that says so."""

    outcome: Outcome
    line: OfferLine | None = None
    offered_from: datetime.date | None = None


def offered(cohort: str, gives: Outcome, lines: Iterable[OfferLine], on: datetime.date) -> Offered:
    """What people of a cohort are offered on a date by a rule set that `gives` an outcome.

    A live line gives what the rule set says. A line that has started but is only planned, being scoped or
    proposed gives at most `may_be_considered`. A line whose day has not come gives `not_yet_offered`. The
    strongest line counts; among lines yet to start, the first one.
    """
    best = Offered(Outcome.NOT_OFFERED)
    for line in lines:
        if line.cohort != cohort or line.is_over(on):
            continue
        found = _by_line(line, gives, on)
        if (found.outcome.strength, _earliness(found)) > (best.outcome.strength, _earliness(best)):
            best = found
    return best


def _by_line(line: OfferLine, gives: Outcome, on: datetime.date) -> Offered:
    if not line.has_started(on):
        return Offered(Outcome.NOT_YET_OFFERED, line, line.starts_on)
    if line.status is LineStatus.LIVE:
        return Offered(gives, line)
    return Offered(weaker(gives, Outcome.MAY_BE_CONSIDERED), line)


def _earliness(found: Offered) -> int:
    return -(found.offered_from or datetime.date.max).toordinal()


def weaker(one: Outcome, other: Outcome) -> Outcome:
    """The outcome that gives less."""
    return min(one, other, key=lambda outcome: outcome.strength)
