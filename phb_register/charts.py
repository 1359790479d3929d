"""Charts: a Vega-Lite specification becomes one SVG, the same on the page, on paper and in the PDF.

The drawing is made on the server, so a page needs no script for it, and the SVG is made to pass a strict
content security policy: no scripts, no inline styles, no links, nothing fetched. A chart never stands
alone: the page puts the table of the same figures under it.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

SVG = "http://www.w3.org/2000/svg"
VEGA_LITE_VERSION = "5.21"
# Page styles do not reach text inside an SVG drawn for the PDF, so the font is named on the text itself.
FONT = "Arimo, Arial, sans-serif"
DAY_IN_SECONDS = 24 * 60 * 60

# NHS colours with at least 4.5 to 1 contrast on white; dashes and labels tell lines apart without them.
BLUE, DARK_BLUE, GREY, GREEN = "#005eb8", "#003087", "#4c6272", "#007f3b"

THEME: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 14,
        "labelColor": "#212b32",
        "titleColor": "#212b32",
        "gridColor": "#d8dde0",
        "domainColor": GREY,
        "tickColor": GREY,
    },
    "text": {"fontSize": 13, "color": "#212b32"},
    "line": {"strokeWidth": 3},
}


class ChartError(ValueError):
    """The drawing holds something the content security policy forbids, or the specification is wrong."""


def render_chart(spec: Mapping[str, Any], *, title: str, description: str) -> SafeString:
    """Return `spec`, a Vega-Lite specification with its data in it, drawn as an SVG element.

    `title` says what the chart shows and `description` what to read from it; both are spoken by screen
    readers and become the alternative text in a PDF. Kept in the cache for a day by what it is made from.
    Raises `ChartError` if the specification cannot be drawn.
    """
    source = json.dumps([VEGA_LITE_VERSION, THEME, spec, title, description], sort_keys=True, default=str)
    digest = hashlib.sha256(source.encode()).hexdigest()
    key = f"chart:{digest}"
    svg = cache.get(key)
    if svg is None:
        svg = _finish(_draw(spec), title=title, description=description, prefix=f"chart-{digest[:8]}")
        cache.set(key, svg, DAY_IN_SECONDS)
    # Built by ElementTree, which escapes every text and attribute.
    return mark_safe(str(svg))  # noqa: S308


def _draw(spec: Mapping[str, Any]) -> str:
    full = {**spec, "config": {**THEME, **spec.get("config", {})}}
    try:
        # 9 MB that a process which draws nothing need not hold.
        import vl_convert

        return vl_convert.vegalite_to_svg(json.dumps(full, default=str), vl_version=VEGA_LITE_VERSION)
    except ValueError as error:
        raise ChartError(f"The chart could not be drawn: {error}") from error


def _finish(svg: str, *, title: str, description: str, prefix: str) -> str:
    """Name the drawing for screen readers and take out what a page may not hold or does not need."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - made by our own renderer a moment ago
    _clean(root, prefix)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.attrib.update({"role": "img", "aria-labelledby": f"{prefix}-title {prefix}-description"})
    for position, (tag, text) in enumerate([("title", title), ("desc", description)]):
        element = ElementTree.Element(tag)
        element.set("id", f"{prefix}-{'title' if tag == 'title' else 'description'}")
        element.text = text
        root.insert(position, element)
    # The name space goes on the root alone. Registering a prefix for it would be of the whole process, where the
    # library that draws the QR codes of the second step registers another.
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    root.set("xmlns", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _clean(root: ElementTree.Element, prefix: str) -> None:
    for element in root.iter():
        tag = element.tag.removeprefix(f"{{{SVG}}}")
        if tag in {"script", "style", "a", "foreignObject", "image"}:
            raise ChartError(f"A chart may not hold a <{tag}> element.")
        for name, value in list(element.attrib.items()):
            if name == "style" or name.startswith("on") or name.endswith("href"):
                raise ChartError(f"A chart may not hold the attribute {name}.")
            # The drawing is one image with one name; names on its parts would be read out as noise.
            if name in {"role", "pointer-events"} or name.startswith("aria-"):
                del element.attrib[name]
            elif name == "id":
                element.set("id", f"{prefix}-{value}")
            elif value.startswith("url(#"):
                element.set(name, value.replace("url(#", f"url(#{prefix}-"))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("opacity") == "0" or child.get("display") == "none":
                parent.remove(child)
