"""A component put together from its skeleton is the macro's own, letter for letter."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from phb_register.nhsuk import components
from phb_register.nhsuk.skeletons import FEW_SHAPES, PLACES, render

FIXTURES = Path(django_settings.BASE_DIR, "node_modules/nhsuk-frontend/dist/nhsuk/components")
ODD = (
    "a & <b>",
    "two\nlines",
    " padded ",
    "\n  <p>three</p>\n\n  <p>lines</p>\n   \n",
    "\ue0000\ue001",
    "\ue002",
    "%s {{ x }}",
    "a\x0bb",
    "a\r\nb",
    'say "x"',
    "\u2028",
)
TEXTS = st.one_of(st.sampled_from(["", " ", "12", "Notional", *ODD]), st.text(max_size=6))
HTML = st.sampled_from(['<a href="/x">y</a>', "<p>two</p>\n<p>lines</p>", "<b>b</b> ", "", "<i>\n\n  x</i>"])


def markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704  it is of this file


def macro_of(name: str) -> Callable[..., Markup]:
    folder, macro, _ = components._BY_NAME[name]
    return components._macro(folder, macro)


def both(name: str, params: dict[str, Any], content: str | None = None) -> tuple[str, str, int]:
    """The component put together, as the macro has it whole, and how many rows of a table the macro was asked for."""
    macro, asked = macro_of(name), []
    nested = None if content is None else markup(content)

    def counting(given: Any, **others: Any) -> str:
        asked.append(len(given.get("rows", ())))
        return macro(given, **others)

    values = components._plain(params)
    whole = macro(values) if nested is None else macro(values, caller=lambda: nested)
    return render(counting, name, values, nested), str(whole), sum(asked)


def fixtures(name: str) -> Iterator[dict[str, Any]]:
    """What the library tries a component with; of many, every third."""
    folder = components._BY_NAME[name][0]
    found = json.loads((FIXTURES / folder / "fixtures.json").read_text())["fixtures"]
    for each in found[:: 3 if len(found) > 30 else 1]:
        # Some are of what the macro's original bears and its port does not.
        if "null" not in json.dumps(each["context"]):
            yield each["context"]


def test_fixtures_of_the_library_are_found() -> None:
    assert sum(1 for name in PLACES for _ in fixtures(name)) > 200


def changed(value: Any, name: str, places: frozenset[str], texts: Iterator[str]) -> Any:
    """The same parameters with other contents in the places where contents go."""
    if isinstance(value, dict):
        return {key: changed(item, key, places, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [changed(item, name if name == "rows" else "", places, texts) for item in value]
    return next(texts) if isinstance(value, str) and value and name in places else value


def safe(value: Any, name: str = "") -> Any:
    """The parameters with their html marked as safe, as templates do."""
    if isinstance(value, dict):
        return {key: safe(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [safe(item) for item in value]
    return markup(value) if name == "html" and isinstance(value, str) else value


@pytest.mark.parametrize("name", PLACES)
def test_component_is_the_one_of_the_macro_whatever_its_contents(name: str) -> None:
    macro = macro_of(name)
    for params in fixtures(name):
        texts = itertools.cycle(ODD)
        others = {
            key: changed(
                value, key, PLACES[name].get(key if isinstance(value, dict | list) else "", frozenset()), texts
            )
            for key, value in params.items()
        }
        values = components._plain(safe(others))
        assert render(macro, name, values) == str(macro(values)), params


def test_component_made_once_is_not_asked_of_the_macro_again() -> None:
    asked = []

    def counting(given: Any, **others: Any) -> str:
        asked.append(given)
        return macro_of("details")(given, **others)

    one, two = (
        render(counting, "details", {"summaryText": words}, markup(f"<p>{words}</p>")) for words in ("One", "Two")
    )
    assert len(asked) == 1
    assert "<p>Two</p>" in two
    assert two.replace("Two", "One") == one


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["button", "details", "insetText", "tag", "warningCallout"]),
    st.lists(st.one_of(TEXTS, HTML), max_size=4),
)
def test_content_nested_in_a_component_stands_as_the_macro_has_it(name: str, lines: list[str]) -> None:
    together, whole, _ = both(name, {"heading": "x", "summaryText": "y"}, "\n    ".join(lines))
    assert together == whole


OPTIONS = st.fixed_dictionaries(
    {"value": TEXTS, "text": TEXTS}, optional={"selected": st.booleans(), "disabled": st.booleans()}
)
CONTROLS = st.fixed_dictionaries(
    {"id": st.just("id_body"), "name": st.just("body"), "label": st.just({"text": "Commissioner"})},
    optional={
        "value": TEXTS,
        "errorMessage": st.just({"text": "Select one"}),
        "attributes": st.just({"multiple": ""}),
    },
)


@settings(max_examples=30, deadline=None)
@given(CONTROLS, st.lists(st.one_of(OPTIONS, st.just({"divider": True}), st.just({"text": "x"})), max_size=5))
def test_list_to_choose_from_is_the_one_of_the_macro(control: dict[str, Any], options: list[dict[str, Any]]) -> None:
    together, whole, _ = both("select", {**control, "items": options})
    assert together == whole


def cells() -> st.SearchStrategy[Any]:
    options = st.fixed_dictionaries(
        {},
        optional={
            "format": st.sampled_from(["numeric", "string"]),
            "classes": st.sampled_from(["", "nhsuk-u-nowrap"]),
            "header": st.sampled_from(["", "Column"]),
            "visuallyHiddenText": st.sampled_from(["", "hidden"]),
            "colspan": st.sampled_from([1, 2, True]),
            "href": st.sampled_from(["", "/somewhere/?a=1&b=2"]),
            "attributes": st.just({"data-x": 'a "b"'}),
        },
    )
    contents = st.one_of(st.builds(lambda x: {"text": x}, TEXTS), st.builds(lambda x: {"html": markup(x)}, HTML))
    return st.one_of(TEXTS, st.builds(lambda a, b: a | b, options, contents))


def tables() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "caption": st.sampled_from(["People", "\ue0000\ue001", {"text": "People", "size": "m"}]),
            "firstCellIsHeader": st.booleans(),
            "responsive": st.booleans(),
            "head": st.lists(
                st.fixed_dictionaries({"text": TEXTS}, optional={"format": st.just("numeric")}), max_size=3
            ),
            "rows": st.lists(st.lists(cells(), max_size=3), max_size=6).map(lambda rows: rows * 2),
        },
        optional={"card": st.just({"heading": "A card"}), "scroll": st.just(True), "id": st.just("list")},
    )


@settings(max_examples=60, deadline=None)
@given(tables())
def test_table_put_together_is_the_one_of_the_macro(params: dict[str, Any]) -> None:
    together, whole, _ = both("table", params)
    assert together == whole


def test_rows_of_one_shape_are_asked_of_the_macro_once() -> None:
    rows = [[{"text": f"Name {n}"}, {"text": str(n), "format": "numeric"}] for n in range(50)]
    together, whole, asked = both("table", {"caption": "x", "head": [{"text": "Name"}, {"text": "n"}], "rows": rows})
    assert together == whole
    assert asked == 2


def test_table_of_many_shapes_is_left_to_the_macro() -> None:
    rows = [[{"text": "a", "classes": f"c{n}"}] for n in range(FEW_SHAPES + 1)]
    together, whole, asked = both("table", {"caption": "x", "head": [], "rows": rows})
    assert together == whole
    assert asked == len(rows)


def test_what_looks_like_a_mark_in_an_option_is_no_place_for_contents() -> None:
    together, whole, _ = both("button", {"text": "<b>", "classes": "\ue0000\ue001", "name": "x"})
    assert together == whole
