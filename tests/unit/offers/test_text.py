"""The safe subset of Markdown: what comes through, what does not, and figures in it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.rules.text import figure_codes, plain, problems, render

ALLOWED_TAGS = {"p", "br", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "span", "div"}
ALLOWED_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}


class Collector(HTMLParser):
    """Every tag with its attributes, as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def tags(html: str) -> Collector:
    collector = Collector()
    collector.feed(html)
    return collector


def test_render_paragraph_with_bold_and_italic() -> None:
    assert render("Some **bold** and *italic* words", {}) == (
        "<p>Some <strong>bold</strong> and <em>italic</em> words</p>\n"
    )


def test_render_lists_wear_the_nhs_classes() -> None:
    html = render("- one\n- two\n\n1. first", {})
    assert '<ul class="nhsuk-list nhsuk-list--bullet">' in html
    assert '<ol class="nhsuk-list nhsuk-list--number">' in html


def test_render_table_headings_have_a_scope_and_the_table_scrolls() -> None:
    html = render("|Aim|Budgets|\n|---|---|\n|Low|1,011|", {})
    assert html.count('scope="col"') == 2
    assert '<div class="nhsuk-scroll" data-module="nhsuk-scroll">' in html
    assert 'aria-label="Table: Aim, Budgets"' in html


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("# A\n\n## B\n\n# C", ["h3", "h4", "h3"]),
        ("### A\n\n##### B\n\n#### C", ["h3", "h4", "h4"]),
        ("###### A\n\n# B", ["h3", "h3"]),
        ("# A\n\n## B\n\n### C\n\n#### D\n\n##### E", ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_render_headings_never_skip_a_level(body: str, levels: list[str]) -> None:
    html = render(body, {})
    assert re.findall(r"<(h\d)", html) == levels
    assert re.findall(r"</(h\d)", html) == levels


def test_render_links_only_to_https_and_mailto() -> None:
    html = render(
        "[a](https://example.org/x) [b](mailto:team@example.nhs.uk) [c](javascript:alert(1)) [d](http://x.y)", {}
    )
    assert [attrs["href"] for tag, attrs in tags(html).found if tag == "a"] == [
        "https://example.org/x",
        "mailto:team@example.nhs.uk",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![picture](https://example.org/x.png)",
        "<style>p { color: red }</style>",
        '<a href="https://example.org" style="x">y</a>',
        "<iframe src=https://example.org></iframe>",
        "<!-- hidden -->",
        "`code`",
        "[x]: https://example.org/reference",
    ],
)
def test_render_shows_what_is_not_allowed_as_typed(body: str) -> None:
    assert {tag for tag, _ in tags(render(body, {})).found} <= {"p", "a"}
    assert "src=" not in "".join(str(attrs) for _, attrs in tags(render(body, {})).found)


def test_render_puts_figures_in_as_text_only() -> None:
    html = render("There are {{ figure.phbs_in_place }}", {"phbs_in_place": "<b>1</b> **2**"})
    assert html == '<p>There are <span class="app-slot">&lt;b&gt;1&lt;/b&gt; **2**</span></p>\n'


def test_render_says_so_where_a_figure_is_missing() -> None:
    assert "figure not available" in render("{{ figure.gone }}", {})


def test_figure_codes_once_each_in_order_also_in_tables_and_headings() -> None:
    body = "# {{ figure.b }}\n\n|{{figure.a}}|\n|---|\n|{{ figure.b }}|\n\n**{{ figure.c }}**"
    assert figure_codes(body) == ["b", "a", "c"]


def test_problems_none_for_known_figures() -> None:
    assert problems("{{ figure.a }} and {{figure.b}}", ["a", "b"]) == []


def test_problems_name_the_unknown_figure_and_those_there_are() -> None:
    found = problems("{{ figure.phb }}", ["phbs_in_place", "population"])
    assert [each.message for each in found] == [
        "Change {{ figure.phb }}: there is no figure of that name. The figures are: phbs_in_place, population."
    ]


@pytest.mark.parametrize("body", ["{{ phbs_in_place }}", "{{figure.a", "}} {{", "{{ Figure.a }}"])
def test_problems_of_braces_that_are_no_slot(body: str) -> None:
    assert "Write each figure as {{ figure.name }}" in problems(body, ["a"])[0].message


PIECES = st.sampled_from(
    [
        *("<", ">", "script", "onload=", "src=", "javascript:", "data:", "](", "![", "[x]", "`", "\n", "\n\n", "|"),
        *("---", "#", "- ", "{{ figure.a }}", "&lt;", "&#60;", "style", '"', "'", "https://example.org", "<svg"),
        *("<!--", "\\", "\x00", "*"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=30).map("".join))
def test_render_lets_nothing_else_through(body: str) -> None:
    for tag, attrs in tags(render(body, {"a": body})).found:
        assert tag in ALLOWED_TAGS
        assert set(attrs) <= {"class", "href", "rel", "scope", "start", "data-module", "role", "aria-label"}
        assert (attrs.get("href") or "https:").lower().startswith(("https:", "mailto:"))


def test_plain_puts_figures_in_as_they_are_printed() -> None:
    assert plain("**{{ figure.a }}** of {{ figure.b }}\n\n- {{ figure.c }}", {"a": "*", "b": "1_000_0"}) == (
        "* of 1_000_0\n\n- figure not available"
    )
