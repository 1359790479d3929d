"""The figures of pathway and quality, counted live: six statements, whatever the size of the register."""

# ruff: noqa: S608  (made of constants and the names of columns; every value is a parameter)

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from budgets.models import OutcomeScale
from budgets.rules.outcome_scales import Change
from eligibility.enums import DecisionOutcome, ReasonCode, WhyNot
from eligibility.selectors.budget_offers import TO_BE_OFFERED
from phb_register.dates import financial_year
from phb_register.models import Commissioner
from phb_register.selectors.commissioners import members_on
from reporting.measures import round_half_up
from reporting.rules.pathway import (
    AnnualSaving,
    Answer,
    Kept,
    PathwayFigures,
    Period,
    ScaleChanges,
    Spread,
    quarters_before,
)
from reporting.selectors import pathway_statements, quality_statements
from reporting.selectors.known import as_known
from reporting.selectors.scope import Counted, counted


@dataclass(frozen=True)
class Walked:
    """Whose way to a budget is counted, and over which days. A period that ends `today` or later is not over."""

    scope: Counted
    period: Period
    today: dt.date

    def statement(self, code: str) -> str:
        """The rows of one figure, in SQL. Raises `KeyError` for a figure that has none."""
        if code == REVIEWS:
            is_now = self.period.last >= self.today and self.scope.known_on is None
            return quality_statements.reviews_due(self.scope, is_now=is_now)
        return _STATEMENTS[code](self.scope)

    def as_query(self) -> dict[str, str]:
        """What stands in an address for the same figures: the dates, the filters and the period."""
        return {**self.scope.as_query(), "period": self.period.kind.value}

    @property
    def params(self) -> dict[str, Any]:
        """What every statement takes."""
        return self.scope.sql_params | {
            "first": self.period.first,
            "as_at": self.period.last,
            "first_year": financial_year(self.period.first).begins,
            "last_year": financial_year(self.period.last).begins,
            "to_be_offered": [outcome.value for outcome in TO_BE_OFFERED],
        }


ELIGIBLE, DECIDED, PAID, REVIEWS, SAVINGS, OUTCOMES = "eligible", "decided", "paid", "reviews", "savings", "outcomes"
_STATEMENTS = {
    ELIGIBLE: pathway_statements.eligible_people,
    DECIDED: pathway_statements.decided_referrals,
    PAID: pathway_statements.first_payments,
    SAVINGS: quality_statements.savings,
    OUTCOMES: quality_statements.outcomes,
}
_SPREAD = "percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY days), avg(days), count(*)"


def pathway_figures(asked: Walked) -> PathwayFigures:
    """Everything the page of pathway and quality shows, by what is known now, or was known on a day."""
    with as_known(asked.scope.known_on):
        return _figures(asked)


def _figures(asked: Walked) -> PathwayFigures:
    by_answer, by_why_not = _by_part_and_reason(asked, ELIGIBLE)
    by_decision, by_refusal = _by_part_and_reason(asked, DECIDED)
    by_kept, _ = _by_part_and_reason(asked, REVIEWS)
    ((*decision_days, on_time),) = _rows(
        asked, DECIDED, f"SELECT {_SPREAD}, count(*) FILTER (WHERE is_on_time) FROM counted"
    )
    ((*payment_days,),) = _rows(asked, PAID, f"SELECT {_SPREAD} FROM counted")
    ((known, unknown, replaced, budgets),) = _rows(asked, SAVINGS, _SAVED)
    return PathwayFigures(
        period=asked.period,
        by_answer=_all_of(Answer.values, by_answer),
        by_why_not=_all_of(WhyNot.values, by_why_not),
        by_decision=_all_of(DecisionOutcome.values, by_decision),
        by_refusal=_all_of(ReasonCode.values, by_refusal),
        decided_on_time=on_time,
        to_decision=_spread(*decision_days),
        to_first_payment=_spread(*payment_days),
        by_kept=_all_of(Kept.values, by_kept),
        saving=AnnualSaving(known, unknown, replaced, budgets),
        outcomes=_outcomes(asked),
    )


_SAVED = """
    SELECT count(*) FILTER (WHERE part = 'known'), count(*) FILTER (WHERE part = 'unknown'),
        coalesce(sum(replaced), 0), coalesce(sum(amount) FILTER (WHERE part = 'known'), 0)
    FROM counted
"""


_CHANGED = """
    SELECT count(*) FROM counted FULL JOIN before ON before.id = counted.id
    WHERE (counted.replaced, counted.amount) IS DISTINCT FROM (before.replaced, before.amount)
        AND coalesce(counted.replaced, before.replaced) IS NOT NULL
"""
#: A figure of money is held against those of so many quarters before it.
QUARTERS_COMPARED = 4


def with_changes(figures: PathwayFigures, asked: Walked) -> PathwayFigures:
    """The figures, with by how few budgets the saving differs from another that may be shown.

    That of one of the last quarters; of a partnership or England, that of all its members but one.
    """
    before = (_changed(asked, day) for day in quarters_before(asked.period.last, QUARTERS_COMPARED))
    members = (_known_in(member, asked) for member in members_on(asked.scope.commissioner, asked.period.last))
    least = min((number for number in (*before, *members) if number), default=None)
    return replace(figures, saving=replace(figures.saving, least_changed=least))


def _known_in(member: Commissioner, asked: Walked) -> int:
    """Of how many budgets the saving of one commissioner is made."""
    alone = replace(asked, scope=counted(member, asked.period.last))
    return int(_rows(alone, SAVINGS, "SELECT count(*) FILTER (WHERE part = 'known') FROM counted")[0][0])


def _changed(asked: Walked, day: dt.date) -> int:
    """How many budgets with a package replaced came, went or changed between a day and the as-at date."""
    now, before = asked.statement(SAVINGS), asked.statement(SAVINGS).replace("%(as_at)s", "%(before)s")
    with connection.cursor() as cursor:
        cursor.execute(f"WITH counted AS ({now}), before AS ({before}) {_CHANGED}", asked.params | {"before": day})
        return int(cursor.fetchone()[0])


def _rows(asked: Walked, code: str, select: str, **params: Any) -> list[tuple[Any, ...]]:
    """What a statement over the rows of a figure, called `counted`, gives."""
    with connection.cursor() as cursor:
        cursor.execute(f"WITH counted AS ({asked.statement(code)}) {select}", asked.params | params)
        return list(cursor.fetchall())


def _by_part_and_reason(asked: Walked, code: str) -> tuple[Counter[str], Counter[str]]:
    """How many rows there are of each part, and with each reason."""
    parts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for part, reason, number in _rows(asked, code, "SELECT part, reason, count(*) FROM counted GROUP BY part, reason"):
        parts[part] += number
        if reason:
            reasons[reason] += number
    return parts, reasons


def _all_of(names: Iterable[str], found: Mapping[str, int]) -> dict[str, int]:
    """Every name with its count, in the order of the names."""
    return {name: found.get(name, 0) for name in names}


def _spread(quartiles: list[float] | None, mean: Decimal | None, count: int) -> Spread:
    if quartiles is None or mean is None:
        return Spread()
    lower, median, upper = (round_half_up(Decimal(str(each)), "0.1") for each in quartiles)
    return Spread(count, lower, median, upper, round_half_up(mean, "0.1"))


def _outcomes(asked: Walked) -> tuple[ScaleChanges, ...]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for part, scale, number in _rows(
        asked, OUTCOMES, "SELECT part, reason, count(*) FROM counted GROUP BY part, reason"
    ):
        counts[int(scale)][part] += number
    scales = OutcomeScale.objects.in_bulk(list(counts))
    found = sorted(scales.values(), key=lambda scale: (scale.name, scale.number, scale.pk))
    changes = [change.value for change in Change]
    return tuple(ScaleChanges(each.pk, question_of(each), _all_of(changes, counts[each.pk])) for each in found)


def question_of(scale: OutcomeScale) -> str:
    """The question with the version of its words, which alone are compared."""
    return f"{scale.get_asked_of_display()}: {scale.question} (version {scale.number})"


def scales_answered() -> dict[str, str]:
    """Every version of a scale by its id as text, with its question: what a list of outcomes may be narrowed to."""
    return {str(each.pk): question_of(each) for each in OutcomeScale.objects.order_by("name", "number", "pk")}
