"""A table put together from its shapes is the macro's own, letter for letter."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_register.nhsuk import components
from phb_register.nhsuk.tables import FEWEST_ROWS, render_table

TEXTS = st.one_of(
    st.sampled_from(["", " ", "12", "Notional", "a & <b>", "two\nlines", " padded ", "\ue0000\ue001", "{{ x }}", "%s"]),
    st.text(max_size=6),
)
HTML = st.sampled_from(['<a href="/x">y</a>', "<p>two</p>\n<p>lines</p>", "<b>b</b> ", ""])


def cells() -> st.SearchStrategy[Any]:
    options = st.fixed_dictionaries(
        {},
        optional={
            "format": st.sampled_from(["numeric", "string"]),
            "classes": st.sampled_from(["", "nhsuk-u-nowrap"]),
            "header": st.sampled_from(["", "Column"]),
            "visuallyHiddenText": st.sampled_from(["", "hidden"]),
            "colspan": st.sampled_from([1, 2]),
            "href": st.sampled_from(["", "/somewhere/?a=1&b=2"]),
            "attributes": st.just({"data-x": 'a "b"'}),
        },
    )
    contents = st.one_of(st.builds(lambda x: {"text": x}, TEXTS), st.builds(lambda x: {"html": x}, HTML))
    return st.one_of(TEXTS, st.builds(lambda a, b: a | b, options, contents))


def tables() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "caption": st.sampled_from(["People", {"text": "People", "size": "m"}]),
            "firstCellIsHeader": st.booleans(),
            "responsive": st.booleans(),
            "head": st.lists(
                st.fixed_dictionaries({"text": TEXTS}, optional={"format": st.just("numeric")}), max_size=3
            ),
            "rows": st.lists(st.lists(cells(), max_size=3), max_size=9).map(lambda rows: rows * 3),
        },
        optional={"card": st.just({"heading": "A card"}), "scroll": st.just(False), "id": st.just("list")},
    )


def both(params: dict[str, Any]) -> tuple[str, str, int]:
    """The table put together, as the macro has it whole, and how many rows the macro was asked for."""
    macro, asked = components._macro("tables", "table"), []

    def counting(given: Any) -> str:
        asked.append(len(given["rows"]))
        return macro(given)

    values = components._plain(params)
    return render_table(counting, values), str(macro(values)), sum(asked)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_table_put_together_is_the_one_of_the_macro(params: dict[str, Any]) -> None:
    together, whole, _ = both(params)
    assert together == whole


def test_rows_of_one_shape_are_asked_of_the_macro_once() -> None:
    rows = [[{"text": f"Name {n}"}, {"text": str(n), "format": "numeric"}] for n in range(50)]
    together, whole, asked = both({"caption": "People", "head": [{"text": "Name"}, {"text": "n"}], "rows": rows})
    assert together == whole
    assert asked == 2


@pytest.mark.parametrize("rows", [FEWEST_ROWS - 1, 40])
def test_table_of_few_rows_or_of_many_shapes_is_left_to_the_macro(rows: int) -> None:
    params = {"caption": "x", "head": [], "rows": [[{"text": f"a\n{n}", "classes": f"c{n}"}] for n in range(rows)]}
    together, whole, asked = both(params)
    assert together == whole
    assert asked == rows
