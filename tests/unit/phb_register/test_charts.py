"""A chart is one named image that a strict content security policy lets through."""

from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from phb_register import charts
from phb_register.charts import FONT, SVG, ChartError, render_chart

SPEC = {
    "width": 300,
    "height": 120,
    "data": {"values": [{"month": "2017-01-01", "n": 100}, {"month": "2017-02-01", "n": 122}]},
    "mark": {"type": "line", "clip": True},
    "encoding": {
        "x": {"field": "month", "type": "temporal", "title": "Month"},
        "y": {"field": "n", "type": "quantitative", "title": "In place"},
    },
}
TITLE = "Personal health budgets in place <2017>"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def drawn(spec=SPEC):
    svg = render_chart(spec, title=TITLE, description="It rises from 100 to 122.")
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def test_render_chart_is_one_image_with_a_name_and_a_description():
    svg = drawn()
    title, description = svg[0], svg[1]
    assert (svg.get("role"), title.tag, description.tag) == ("img", f"{{{SVG}}}title", f"{{{SVG}}}desc")
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert (title.text, description.text) == (TITLE, "It rises from 100 to 122.")


def test_render_chart_names_only_the_whole():
    assert not [e for e in drawn().iter() if e.get("aria-label") or e.get("aria-roledescription")]


def test_render_chart_has_nothing_inline_and_fetches_nothing():
    for element in drawn().iter():
        assert element.tag.removeprefix(f"{{{SVG}}}") not in {"script", "style", "image", "a"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name]


def test_render_chart_names_its_font_on_the_text():
    texts = list(drawn().iter(f"{{{SVG}}}text"))
    assert texts
    assert {element.get("font-family") for element in texts} == {FONT}


def test_render_chart_fits_the_page_it_is_on():
    svg = drawn()
    assert svg.get("viewBox")
    assert svg.get("width") is None


def test_render_chart_ids_are_its_own():
    other = {**SPEC, "height": 200}
    ids = [e.get("id") for svg in (drawn(), drawn(other)) for e in svg.iter() if e.get("id")]
    assert len(ids) == len(set(ids)) >= 6
    clips = [e.get("clip-path") for e in drawn().iter() if e.get("clip-path")]
    assert clips
    assert all(clip.removeprefix("url(#").removesuffix(")") in ids for clip in clips)


def test_render_chart_draws_the_same_thing_once(monkeypatch):
    first = render_chart(SPEC, title="a", description="b")
    monkeypatch.setattr(charts, "_draw", lambda spec: pytest.fail("drawn again"))
    assert render_chart(SPEC, title="a", description="b") == first


def test_render_chart_refuses_a_link_in_a_drawing():
    spec = {**SPEC, "encoding": {**SPEC["encoding"], "href": {"value": "https://example.org"}}}
    spec["mark"] = "point"
    with pytest.raises(ChartError, match="may not hold"):
        drawn(spec)


def test_render_chart_says_when_a_specification_is_wrong():
    with pytest.raises(ChartError, match="could not be drawn"):
        drawn({"mark": "no-such-mark", "encoding": {}})


@pytest.mark.parametrize(
    "part",
    [
        '<g style="fill: red"/>',
        '<g onclick="alert(1)"/>',
        "<script>alert(1)</script>",
        "<style>g { fill: red }</style>",
        '<image href="https://example.org/x.png"/>',
        "<foreignObject/>",
    ],
)
def test_render_chart_refuses_what_the_policy_forbids(monkeypatch, part):
    monkeypatch.setattr(charts, "_draw", lambda spec: f'<svg xmlns="{SVG}" viewBox="0 0 1 1">{part}</svg>')
    with pytest.raises(ChartError, match="A chart may not hold"):
        drawn()


def test_render_chart_is_html_whatever_prefix_another_library_registered():
    # As the library of the QR codes does, for the whole process.
    ElementTree.register_namespace("svg", SVG)
    svg = render_chart(SPEC, title=TITLE, description="It rises.")
    assert svg.startswith("<svg ")
    assert "<svg:" not in svg
