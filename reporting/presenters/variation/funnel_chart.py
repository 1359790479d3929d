"""A funnel plot as a Vega-Lite specification."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from phb_register.charts import BLUE, GREY, render_chart
from reporting.presenters.variation.xmr_chart import PURPLE
from reporting.rules.funnel import Comparison, Place

WIDTH, HEIGHT = 640, 320
#: Sizes at which the limits are worked out, so many from the smallest commissioner to the largest.
STEPS = 25
_LIMITS = (("far_lower", [2, 3]), ("lower", [6, 4]), ("upper", [6, 4]), ("far_upper", [2, 3]))


@dataclass(frozen=True)
class Dot:
    """A commissioner in the plot."""

    code: str
    count: int
    size: int
    is_this_one: bool


def funnel_chart(
    dots: Sequence[Dot], comparison: Comparison, *, per: int, x: str, y: str, title: str, description: str
) -> SafeString:
    """The drawing: each commissioner by its size, and the limits. `per` is 1,000 of a rate, 100 of a share."""
    return render_chart(funnel_spec(dots, comparison, per=per, x=x, y=y), title=title, description=description)


def funnel_spec(dots: Sequence[Dot], comparison: Comparison, *, per: int, x: str, y: str) -> dict[str, Any]:
    """The specification of that drawing."""
    across = {"field": "size", "type": "quantitative", "title": x, "scale": {"zero": False, "nice": False}}
    up = {"type": "quantitative", "title": y, "scale": {"zero": False}}
    curves = [_at(comparison, size, per) for size in _sizes(dots)]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": curves},
            "mark": {"type": "line", "color": GREY, "strokeWidth": 1.5, "strokeDash": dashes},
            "encoding": {"x": across, "y": {**up, "field": field}},
        }
        for field, dashes in _LIMITS
    ]
    layers.append(
        {
            "data": {"values": [{"share": comparison.share * per}]},
            "mark": {"type": "rule", "color": GREY, "strokeWidth": 2},
            "encoding": {"y": {**up, "field": "share"}},
        }
    )
    rows = [_row(dot, comparison, per) for dot in dots]
    layers.append(
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {
                "x": across,
                "y": {**up, "field": "share"},
                "shape": {"field": "shape", "type": "nominal", "scale": None},
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        }
    )
    layers.append(
        {
            "data": {"values": [row for row in rows if row["text"]]},
            "mark": {"type": "text", "align": "left", "dx": 8, "fontWeight": "bold"},
            "encoding": {"x": across, "y": {**up, "field": "share"}, "text": {"field": "text"}},
        }
    )
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _sizes(dots: Sequence[Dot]) -> list[int]:
    smallest, largest = min(dot.size for dot in dots), max(dot.size for dot in dots)
    return sorted({smallest + (largest - smallest) * step // STEPS for step in range(STEPS + 1)})


def _at(comparison: Comparison, size: int, per: int) -> dict[str, float]:
    limits = zip(_LIMITS, comparison.limits(size), strict=True)
    return {"size": size} | {field: limit * per for (field, _), limit in limits}


def _row(dot: Dot, comparison: Comparison, per: int) -> dict[str, Any]:
    place = comparison.place(dot.count, dot.size)
    shape = "circle"
    if place is not Place.WITHIN:
        shape = "triangle-up" if place in (Place.ABOVE, Place.FAR_ABOVE) else "triangle-down"
    return {
        "size": dot.size,
        "share": dot.count / dot.size * per,
        "shape": "diamond" if dot.is_this_one and place is Place.WITHIN else shape,
        "colour": BLUE if dot.is_this_one else GREY if place is Place.WITHIN else PURPLE,
        "text": dot.code if dot.is_this_one or place is not Place.WITHIN else "",
    }
