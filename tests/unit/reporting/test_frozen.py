"""Figures kept and read again: nothing is lost, rounded, or given other words."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.frozen import FrozenFigure, fingerprint, frozen_figure, keep, read, side_by_side


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    on: dt.date | None
    amount: Decimal


@dataclass(frozen=True)
class Whole:
    count: int
    by_part: Mapping[str, int]
    inner: Inner
    many: tuple[Inner, ...]
    colour: Colour
    maybe: Decimal | None = None


AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
INNERS = st.builds(Inner, st.none() | st.dates(), AMOUNTS)
WHOLES = st.builds(
    Whole,
    st.integers(),
    st.dictionaries(st.text(), st.integers()),
    INNERS,
    st.lists(INNERS, max_size=3).map(tuple),
    st.just(Colour.RED),
    st.none() | AMOUNTS,
)


@given(WHOLES)
@settings(max_examples=60)
def test_what_is_kept_is_read_back_the_same(whole):
    assert read(Whole, json.loads(json.dumps(keep(whole)))) == whole


def test_field_that_came_later_has_its_default_or_is_missed():
    kept = keep(Whole(1, {}, Inner(None, Decimal(1)), (), Colour.RED, Decimal(2)))
    del kept["maybe"]
    assert read(Whole, kept).maybe is None
    del kept["count"]
    with pytest.raises(ValueError, match="frozen before count was counted"):
        read(Whole, kept)


@pytest.mark.parametrize("value", [None, 0, 12, Decimal("0.121"), Decimal("100.0")])
def test_row_keeps_its_value_to_the_last_place(value):
    row = FrozenFigure("rate", "", "Rate", value, "per 1,000", "Budgets for every 1,000 people")
    again = frozen_figure(json.loads(json.dumps(row.as_json())))
    assert (again, str(again.value)) == (row, str(value))


def test_fingerprint_does_not_hang_on_the_order_of_keys_and_does_on_values():
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1, "b": [2]}) != fingerprint({"a": 1, "b": [3]})


def test_figures_are_put_side_by_side_also_where_one_has_them_not():
    def row(measure, value):
        return FrozenFigure(measure, "", measure, value, "", "")

    moved = side_by_side(
        [row("a", 1), row("gone", 2), row("unknown", None)], [row("a", 3), row("new", 4), row("unknown", 5)]
    )
    said = [(each.figure.measure, each.before, each.after, each.difference) for each in moved]
    assert said == [("a", 1, 3, 2), ("new", None, 4, None), ("unknown", None, 5, None), ("gone", 2, None, None)]
