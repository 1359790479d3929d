"""The tag and its block form: every component of the design system, and nothing unescaped."""

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import nhsuk_frontend_jinja
import pytest
from django.template import Context, Template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from phb_register.gallery import gallery_examples
from phb_register.nhsuk.components import component_names, nest_params, render_component

SCRIPT = "<script>alert(1)</script>"
ATTACK = '"><script>alert(1)</script>'
LIBRARY = Path(nhsuk_frontend_jinja.__file__).parent / "templates" / "nhsuk" / "components"


def rendered(source: str, **context: object) -> str:
    return Template("{% load nhsuk %}" + source).render(Context(context))


def test_component_names_cover_every_macro_of_the_library() -> None:
    shipped = {str(path.parent.relative_to(LIBRARY)) for path in LIBRARY.rglob("macro.jinja")}

    assert set(component_names()) == shipped


@pytest.mark.parametrize("name", component_names())
def test_component_renders_with_no_parameters_at_all(name: str) -> None:
    assert isinstance(render_component(name, {}), str)


def test_component_takes_folder_and_macro_name() -> None:
    assert render_component("inset-text", {"text": "a"}) == render_component("insetText", {"text": "a"})


def test_unknown_component_is_refused_by_its_name() -> None:
    with pytest.raises(LookupError, match="no component “teg”"):
        render_component("teg", {})


def test_content_in_a_component_that_takes_none_is_refused() -> None:
    with pytest.raises(ValueError, match="takes no content"):
        render_component("tables", {}, "words")


def test_tag_renders_the_library_markup() -> None:
    html = rendered('{% nhsuk "tag" text="Overdue" classes="nhsuk-tag--red" %}')

    assert re.sub(r"\s+", " ", html) == '<strong class="nhsuk-tag nhsuk-tag--red"> Overdue </strong>'


def test_tag_mixes_a_dict_with_parameters_of_the_template() -> None:
    html = rendered('{% nhsuk "button" params=button text="Accept" %}', button={"text": "No", "name": "action"})

    assert "Accept" in html
    assert 'name="action"' in html


def test_tag_takes_nested_parameters() -> None:
    html = rendered('{% nhsuk "button" text="x" attributes__data_reference=reference %}', reference='a"b')

    assert 'data-reference="a&#34;b"' in html


def test_nest_params_keeps_a_plain_text_beside_its_details() -> None:
    assert nest_params({"heading": "Next", "heading__level": 3}) == {"heading": {"text": "Next", "level": 3}}


def test_literal_of_a_template_is_printed_once() -> None:
    html = rendered('{% nhsukblock "card" heading="Fish &amp; chips" %}<p>Words</p>{% endnhsukblock %}')

    assert html.count("Fish &amp; chips") == 1
    assert re.search(r"<h2[^>]*>\s*Fish &amp; chips\s*</h2>", html)


def test_block_escapes_context_and_keeps_template_markup() -> None:
    html = rendered(
        '{% nhsukblock "card" heading=title %}<p>{{ words }}</p>{% endnhsukblock %}', title=SCRIPT, words=SCRIPT
    )

    assert "<script" not in html
    assert "<p>&lt;script&gt;" in html


@pytest.mark.parametrize("name", component_names())
@pytest.mark.parametrize("key", ["text", "html", "heading", "title", "summary", "caption", "label", "hint", "legend"])
def test_text_of_any_component_is_escaped(name: str, key: str) -> None:
    assert "<script" not in render_component(name, {key: ATTACK, "id": "a", "name": "b"})


def attributes_in(html: str) -> set[str]:
    found: set[str] = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.update(name for name, _ in attrs)  # type: ignore[method-assign]
    parser.feed(html)
    return found


ATTRIBUTE_KEYS = ("href", "id", "name", "value", "classes", "idPrefix", "ariaLabel", "placeholder", "type")


@pytest.mark.parametrize("name", component_names())
@pytest.mark.parametrize(
    "value", [ATTACK, mark_safe("a\" onclick='alert(1)' b=\""), mark_safe("<a\" onclick='alert(1)' b=\"")]
)
def test_attribute_of_any_component_cannot_be_left(name: str, value: str) -> None:
    for key in ATTRIBUTE_KEYS:
        html = render_component(name, {"text": "words", key: value})

        assert "<script" not in html, key
        assert "onclick" not in attributes_in(html), key


@pytest.mark.parametrize(
    "name", ["radios", "checkboxes", "select", "summary-list", "breadcrumb", "pagination", "task-list"]
)
def test_lists_are_escaped(name: str) -> None:
    item = {
        "text": ATTACK,
        "html": ATTACK,
        "value": ATTACK,
        "href": ATTACK,
        "hint": ATTACK,
        "key": {"text": ATTACK},
        "title": {"text": ATTACK},
        "number": ATTACK,
        "conditional": {"html": ATTACK},
    }

    html = render_component(
        name, {"items": [item], "rows": [{"key": item, "value": item}], "name": "a", "idPrefix": "a"}
    )

    assert "<script" not in html
    assert "&lt;script" in html


def test_error_summary_is_escaped() -> None:
    html = render_component("error-summary", {"heading": SCRIPT, "errorList": [{"text": SCRIPT, "href": ATTACK}]})

    assert "<script" not in html


def test_table_shows_numbers_and_escapes_cells() -> None:
    rows = [
        [0, Decimal("1.50"), date(2017, 2, 7), SCRIPT, {"text": 0}, {"html": SCRIPT}, {"html": mark_safe("<b>in</b>")}]
    ]

    html = render_component("table", {"caption": SCRIPT, "head": [SCRIPT, 1], "rows": rows})

    assert "<script" not in html
    assert re.findall(r"<td[^>]*>\s*(.*?)\s*</td>", html) == [
        "0",
        "1.50",
        "2017-02-07",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "0",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<b>in</b>",
    ]


def test_table_keeps_safe_markup_given_as_a_cell() -> None:
    link = format_html('<a href="{}">{}</a>', "/x/?a=1&b=2", "<x>")

    assert '<a href="/x/?a=1&amp;b=2">&lt;x&gt;</a>' in render_component("table", {"caption": "c", "rows": [[link]]})


def test_table_scrolls_in_a_region_named_by_its_caption() -> None:
    html = render_component("table", {"caption": "Uptake by cohort", "rows": [["a"]]})

    region = re.search(r'role="region" aria-labelledby="([^"]+)"', html)
    assert region
    assert f'id="{region[1]}"' in html


def test_safe_and_lazy_strings_are_understood() -> None:
    assert "<b>Safe</b>" in render_component("inset-text", {"html": format_html("<b>{}</b>", "Safe")})
    assert "Yes" in render_component("button", {"text": gettext_lazy("Yes")})


def test_attributes_as_a_string_are_refused() -> None:
    with pytest.raises(ValueError, match="mapping"):
        render_component("tag", {"text": "a", "attributes": 'onclick="x"'})


def test_icon_renders() -> None:
    assert "<svg" in render_component("icon", {"name": "arrow-right"})


@pytest.mark.parametrize("example", gallery_examples(), ids=lambda example: example.component)
def test_gallery_example_says_its_words_without_inline_style_or_script(example: object) -> None:
    html = example.html  # type: ignore[attr-defined]

    assert not re.search(r"<script|\sstyle=|\son\w+=", html)
    assert len(re.sub(r"<[^>]+>", "", html).strip()) > 3
