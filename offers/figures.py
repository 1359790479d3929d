"""Figure slots: what an offer's text may ask for as `{{ figure.phbs_in_place }}`.

This room only declares the slot. A room further on (reporting) knows how to count, and registers each figure
with its provider in `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from phb_register.models import Commissioner


@dataclass(frozen=True)
class Figure:
    """A figure a writer may pick. `definition` is the sentence shown beside it wherever it appears."""

    code: str
    label: str
    definition: str


@dataclass(frozen=True)
class FigureValue:
    """A figure as at a date: `text` as it is printed ("1,011", "13.8%"), `number` for machines, None where
    unknown."""

    text: str
    number: Decimal | int | None
    definition: str
    as_at: date


#: (codes, commissioner or partnership, as-at date) to the value of each. All at once: they are counted together.
FigureProvider = Callable[[Collection[str], Commissioner, date], Mapping[str, FigureValue]]

_figures: dict[str, Figure] = {}
_providers: dict[str, FigureProvider] = {}


#: (commissioner or partnership, as-at date): have its figures fixed, so that the public sees the same ever after.
FigureFixer = Callable[[Commissioner, date], None]
_fixers: list[FigureFixer] = []


def fix_with(fixer: FigureFixer) -> None:
    """Fix figures with this from now on."""
    _fixers[:] = [fixer]


def fix(*, commissioner: Commissioner, as_at: date) -> None:
    """Fix the figures of a commissioner as at a date: they are about to be shown to the public."""
    for fixer in _fixers:
        fixer(commissioner, as_at)


def register(figure: Figure, provider: FigureProvider) -> None:
    """Offer a figure to the writers. Raises ValueError for a code that is taken."""
    if figure.code in _figures:
        raise ValueError(f"The figure {figure.code} is registered twice")
    _figures[figure.code] = figure
    _providers[figure.code] = provider


def unregister(code: str) -> None:
    """Take a figure back; for tests that register their own."""
    _figures.pop(code, None)
    _providers.pop(code, None)


def known() -> list[Figure]:
    """Every figure on offer, in the order of registration."""
    return list(_figures.values())


def find(code: str) -> Figure | None:
    """The figure of that code, or None where nobody provides it."""
    return _figures.get(code)


def values(codes: Iterable[str], *, commissioner: Commissioner, as_at: date) -> dict[str, FigureValue]:
    """The figures asked for, in that order, as at the end of a day. A code nobody provides is left out."""
    wanted = [code for code in dict.fromkeys(codes) if code in _providers]
    by_provider: dict[FigureProvider, list[str]] = {}
    for code in wanted:
        by_provider.setdefault(_providers[code], []).append(code)
    found: dict[str, FigureValue] = {}
    for provider, own in by_provider.items():
        found |= provider(own, commissioner, as_at)
    return {code: found[code] for code in wanted}
