"""Targets in words and in a table."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from phb_register.presenters import between, spoken_date
from phb_register.tables import Column, table_params
from reporting.figures import TargetBand
from reporting.models import Target
from reporting.release import Release
from reporting.selectors.denominators import band_of


def target_words(release: Release) -> str:
    """What the target is made from, or what to do where it cannot be worked out."""
    population, target = release.figures.population, release.figures.target
    if not target.is_rate:
        unknown = "" if population.people else f" The rate is not known. {population.remedy}"
        return f"The target is {_band(target)}.{unknown}"
    if population.people is None:
        return f"The rate and the target are not known. {population.remedy}"
    return (
        f"The target is {_rates(target)} for every 1,000 of {population.people:,} people "
        f"(counted on {spoken_date(population.counted_on)}): "
        f"{between(release.figures.target_low, release.figures.target_high)}{_by(target)}."
    )


def target_provenance(target: TargetBand) -> str:
    """What is to be reached, by when, and where that is set out."""
    return f"{_band(target)}. {target.source}"


def named_targets(low: int | None, high: int | None) -> list[tuple[str, int | None]]:
    """Both ends of the target with their names in a drawing, or the one number that they are."""
    return [("Target", low)] if low == high else [("Lower target", low), ("Upper target", high)]


def target_table(targets: Iterable[Target]) -> dict[str, Any]:
    """Targets, newest first."""
    columns: list[Column[Target]] = [
        Column("Applies from", lambda each: spoken_date(each.applies_from)),
        Column("Target", lambda each: _band(band_of(each))),
        Column("Source", lambda each: each.source),
    ]
    return table_params(columns, targets, caption="Targets")


def _band(target: TargetBand) -> str:
    """`1 to 2 per 1,000 people`; `2,000 to 3,000 personal health budgets, to be reached by 31 March 2020`."""
    if target.is_rate:
        return f"{_rates(target)} per 1,000 people{_by(target)}"
    return f"{between(target.low, target.high)} personal health budgets{_by(target)}"


def _by(target: TargetBand) -> str:
    return f", to be reached by {spoken_date(target.reach_by)}" if target.reach_by else ""


def _rates(target: TargetBand) -> str:
    """Both rates, or the one that they are."""
    low, high = _plain(target.low), _plain(target.high)
    return low if low == high else f"{low} to {high}"


def _plain(rate: Decimal) -> str:
    """A rate without zeros that say nothing."""
    return f"{rate.normalize():f}"
