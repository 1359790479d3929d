"""Figures that answer the same every time, in the place of those the rooms further on provide."""

import datetime as dt
from collections.abc import Collection, Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from offers import figures
from offers.figures import Figure, FigureValue
from offers.models import Edition
from phb_register.models import Commissioner
from tests.support.module_rows import rows_of_a_module

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


@pytest.fixture(scope="module")
def edition(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Edition]:
    """The edition that the module's own `published()` makes, once for all its tests."""
    with rows_of_a_module(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        fix_figures(patch)
        yield request.module.published()
