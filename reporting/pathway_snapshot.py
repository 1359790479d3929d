"""The figures of pathway and quality that a snapshot freezes: over the financial year so far, as they were counted."""

from collections.abc import Iterator, Mapping
from typing import Any

from phb_register import clock
from reporting.frozen import FrozenFigure
from reporting.measures import Measure, Unit, pathway, quality
from reporting.rules.pathway import PathwayFigures, PeriodKind, Spread, period_up_to
from reporting.selectors.pathway import Walked, pathway_figures
from reporting.selectors.scope import Counted

#: The parts of a measure of days, in the order of the page.
DAYS = ("lower", "median", "upper", "mean")


def pathway_rows(scope: Counted) -> Iterator[FrozenFigure]:
    """Every figure of the page of pathway and quality, a row each."""
    found = pathway_figures(Walked(scope, period_up_to(scope.as_at, PeriodKind.YEAR), clock.today()))
    yield from _counts(found)
    yield from _days(pathway.DAYS_TO_DECISION, found.to_decision)
    yield from _days(pathway.DAYS_TO_FIRST_PAYMENT, found.to_first_payment)
    yield _row(quality.ANNUAL_SAVING, "", found.saving.amount)
    yield _row(quality.ANNUAL_SAVING, "budgets", found.saving.known, unit=Unit.BUDGETS)
    for each in found.outcomes:
        yield from _parts(quality.OUTCOMES_CHANGED, each.by_change, f"{each.scale_id}/", f" ({each.question})")


def _counts(found: PathwayFigures) -> Iterator[FrozenFigure]:
    yield _row(pathway.PEOPLE_FOUND_ELIGIBLE, "", found.people_eligible)
    yield _row(pathway.PEOPLE_OFFERED, "people", found.people_offered, unit=Unit.PEOPLE)
    yield from _parts(pathway.PEOPLE_BY_ANSWER, found.by_answer)
    yield from _parts(pathway.PEOPLE_BY_WHY_NOT, found.by_why_not)
    yield from _parts(pathway.REFERRALS_DECIDED, found.by_decision)
    yield from _parts(pathway.REFERRALS_BY_REFUSAL, found.by_refusal)
    yield _row(pathway.DECIDED_ON_TIME, "referrals", found.decided_on_time, unit=Unit.REFERRALS)
    yield from _parts(quality.REVIEWS_ON_TIME, found.by_kept, unit=Unit.REVIEWS)


def _parts(
    measure: Measure, found: Mapping[str, int], prefix: str = "", of: str = "", unit: Unit | None = None
) -> Iterator[FrozenFigure]:
    for part, number in found.items():
        yield _row(
            measure, f"{prefix}{part}", number, label=f"{measure.label}{of}: {part.replace('_', ' ')}", unit=unit
        )


def _days(measure: Measure, found: Spread) -> Iterator[FrozenFigure]:
    for part in DAYS:
        yield _row(measure, part, getattr(found, part), label=f"{measure.label}: {part}")


def _row(measure: Measure, part: str, value: Any, *, label: str = "", unit: Unit | None = None) -> FrozenFigure:
    return FrozenFigure(
        measure=measure.code,
        part=part,
        label=label or measure.label,
        value=value,
        unit=str(unit or measure.unit),
        definition=measure.definition,
    )
