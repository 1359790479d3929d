"""A list of options put together from one of each kind is the macro's own, letter for letter."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from phb_register.nhsuk import components
from phb_register.nhsuk.selects import FEWEST_OPTIONS, render_select

TEXTS = st.one_of(
    st.sampled_from(["", " ", 'NHS <Leeds> & "York"', "two\nlines", " padded ", "\ue000value\ue001", "{{ x }}", "%s"]),
    st.just(Markup("<b>bold</b>")),
    st.text(max_size=6),
)
OPTIONS = st.fixed_dictionaries({"value": TEXTS, "text": TEXTS, "selected": st.booleans()})
OTHERS = st.one_of(
    st.just({"divider": True}),
    st.fixed_dictionaries({"value": TEXTS, "text": TEXTS, "selected": st.booleans(), "disabled": st.booleans()}),
    st.fixed_dictionaries({"text": TEXTS}),
)
CONTROLS = st.fixed_dictionaries(
    {"id": st.just("id_body"), "name": st.just("body"), "label": st.just({"text": "Commissioner"})},
    optional={
        "value": TEXTS,
        "hint": st.just({"text": "One of them"}),
        "errorMessage": st.just({"text": "Select one"}),
        "attributes": st.just({"multiple": ""}),
        "disabled": st.just(True),
        "formGroup": st.just({"afterInput": {"text": "after"}}),
    },
)


def both(params: dict[str, Any]) -> tuple[str, str, int]:
    """The list put together, as the macro has it whole, and how many options the macro was asked for."""
    macro, asked = components._macro("select", "select"), []

    def counting(given: Any) -> str:
        asked.append(len(given["items"]))
        return macro(given)

    values = components._plain(params)
    return render_select(counting, values), str(macro(values)), sum(asked)


@settings(max_examples=60, deadline=None)
@given(CONTROLS, st.lists(OPTIONS, min_size=FEWEST_OPTIONS, max_size=12), st.lists(OTHERS, max_size=1))
def test_list_put_together_is_the_one_of_the_macro(
    control: dict[str, Any], options: list[dict[str, Any]], others: list[dict[str, Any]]
) -> None:
    together, whole, _ = both({**control, "items": [*others, *options]})
    assert together == whole


@pytest.mark.parametrize(
    ("options", "asked"), [(FEWEST_OPTIONS - 1, FEWEST_OPTIONS - 1), (FEWEST_OPTIONS, 2), (266, 2)]
)
def test_macro_is_asked_for_an_option_of_each_kind(options: int, asked: int) -> None:
    items = [{"value": str(n), "text": f"Body {n}", "selected": n == 3} for n in range(options)]
    together, whole, found = both({"id": "b", "name": "b", "label": {"text": "Body"}, "items": items})
    assert together == whole
    assert found == asked
