"""Figures that answer the same every time, in the place of those the rooms further on provide."""

import datetime as dt
from collections.abc import Collection

import pytest

from offers import figures
from offers.figures import Figure, FigureValue
from phb_register.models import Commissioner

FIXED = {"phbs_in_place": ("122", 122), "children_in_place": ("5", 5), "population": ("1,011,000", 1_011_000)}


@pytest.fixture(autouse=True)
def _fixed_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    fix_figures(monkeypatch)


def fix_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the figures that answer the same every time in the place of the others."""
    monkeypatch.setattr(figures, "_figures", {})
    monkeypatch.setattr(figures, "_providers", {})

    def provide(codes: Collection[str], commissioner: Commissioner, as_at: dt.date) -> dict[str, FigureValue]:
        return {code: FigureValue(*FIXED[code], f"What {code} means for {commissioner.code}", as_at) for code in codes}

    for code in FIXED:
        figures.register(Figure(code, code.replace("_", " ").capitalize(), f"What {code} means"), provide)
