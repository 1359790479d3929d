"""The figures that a local offer's text may show. They are for the public, so they are disclosure controlled."""

import datetime as dt
from collections.abc import Collection

from offers.figures import Figure, FigureValue, fix_with, register
from phb_register.disclosure import STAR
from phb_register.models import Commissioner
from reporting import measures as m
from reporting.release import Release
from reporting.selectors.releases import figures_shown
from reporting.selectors.scope import counted
from reporting.services.releases import fix_figures

OFFERED: tuple[m.Measure, ...] = tuple(measure for measure in m.OF_SPELLS if measure not in m.PARTED)

#: Said of a figure that may not be shown.
HIDDEN = "A star stands for a small number, or for one from which a small number could be worked out."


def figure_values(codes: Collection[str], commissioner: Commissioner, as_at: dt.date) -> dict[str, FigureValue]:
    """Figures of a commissioner or partnership as the public may see them; `number` is None where one is hidden."""
    shown = figures_shown(counted(commissioner, as_at))
    return {code: _value(code, shown, as_at) for code in codes}


def fix(commissioner: Commissioner, as_at: dt.date) -> None:
    """Fix them: an edition or a consultation is about to show them to the public."""
    fix_figures(counted(commissioner, as_at), purpose="local offer", to=None)


def _value(code: str, shown: Release, as_at: dt.date) -> FigureValue:
    cell, definition = shown.cell(code), m.MEASURES_BY_CODE[code].definition
    # The public meets the star in the middle of a text.
    return FigureValue(cell.text, cell.value, f"{definition} {HIDDEN}" if cell.text == STAR else definition, as_at)


def register_all() -> None:
    """Offer every single figure to the writers of local offers."""
    for measure in OFFERED:
        register(Figure(measure.code, measure.label, measure.definition), figure_values)
    fix_with(fix)
