"""An XmR chart as a Vega-Lite specification, and its months as the rows of its table."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString

from phb_register.charts import BLUE, GREEN, GREY, render_chart
from reporting.rules.spc import ReadPoint, Signal, Variation, meaning
from reporting.rules.variation import BETTER, Series

WIDTH, HEIGHT = 640, 260
#: The axis ends at a round number of about so many steps: a signal at the very top is not drawn on the edge.
ROUND_STEPS = 6
#: Worse; both with at least 4.5 to 1 on white. The triangles tell them from chance without their colour.
ORANGE, PURPLE = "#b84600", "#5a2d82"
COLOURS: Mapping[Variation, str] = {
    Variation.IMPROVING: BLUE,
    Variation.CONCERNING: ORANGE,
    Variation.NEITHER: PURPLE,
}
UNITS: Mapping[Series, str] = {
    Series.STARTED: "Budgets started in the month",
    Series.CHANGE: "Started less ended in the month",
    Series.RECEIVED: "Referrals received in the month",
    Series.DAYS: "Average days to decision",
}
#: What cannot be below nought; its lower limit is then not drawn below it.
NEVER_NEGATIVE = (Series.STARTED, Series.RECEIVED, Series.DAYS)


@dataclass(frozen=True)
class Plotted:
    """A month's point on a chart."""

    begins_on: dt.date
    point: ReadPoint


def number(value: Fraction | None) -> str:
    """A number as it stands in words and tables: whole, or with one decimal place."""
    if value is None:
        return ""
    rounded = round(float(value), 1)
    return f"{rounded:,.0f}" if value.denominator == 1 else f"{rounded:,.1f}"


def lower_limit(series: Series, point: ReadPoint) -> Fraction | None:
    """The lower limit as it is shown: not below nought where the numbers cannot be."""
    if point.limits is None:
        return None
    return max(point.limits.lower, Fraction(0)) if series in NEVER_NEGATIVE else point.limits.lower


def xmr_chart(
    series: Series, plotted: Sequence[Plotted], *, title: str, description: str, target: int | None = None
) -> SafeString:
    """The drawing of a series: its months, the mean and limits of each stretch, and the target where there is one."""
    return render_chart(xmr_spec(series, plotted, target=target), title=title, description=description)


def xmr_spec(series: Series, plotted: Sequence[Plotted], *, target: int | None = None) -> dict[str, Any]:
    """The specification of that drawing."""
    month = {"field": "on", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "labelAngle": 0}}
    scale = {"zero": series in NEVER_NEGATIVE, "nice": ROUND_STEPS}
    quantity = {"type": "quantitative", "title": UNITS[series], "scale": scale}
    layers: list[dict[str, Any]] = []
    stretches = _stretches(series, plotted)
    for field, dashes in (("mean", [1, 0]), ("lower", [6, 4]), ("upper", [6, 4])):
        layers.append(
            {
                "data": {"values": stretches},
                "mark": {"type": "line", "color": GREY, "strokeWidth": 2, "strokeDash": dashes},
                "encoding": {"x": month, "y": {**quantity, "field": field}, "detail": {"field": "stretch"}},
            }
        )
    layers.append(
        {
            "data": {"values": [_point(series, each) for each in plotted]},
            "encoding": {"x": month, "y": {**quantity, "field": "number"}},
            "layer": [
                {"mark": {"type": "line", "color": GREY, "strokeWidth": 1.5}},
                {
                    "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                    "encoding": {
                        "shape": {"field": "shape", "type": "nominal", "scale": None},
                        "color": {"field": "colour", "type": "nominal", "scale": None},
                    },
                },
            ],
        }
    )
    if target is not None:
        layers.append(
            {
                "data": {"values": [{"number": target}]},
                "mark": {"type": "rule", "color": GREEN, "strokeWidth": 2, "strokeDash": [2, 3]},
                "encoding": {"y": {**quantity, "field": "number"}},
            }
        )
    layers += _names(series, plotted, quantity, target)
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _point(series: Series, each: Plotted) -> dict[str, Any]:
    said = meaning(each.point, BETTER[series])
    shape = "circle"
    if each.point.signals:
        shape = "triangle-up" if each.point.goes_up else "triangle-down"
    return {
        "on": each.begins_on.isoformat(),
        "number": float(each.point.value),
        "shape": shape,
        "colour": COLOURS.get(said, GREY),
    }


def _stretches(series: Series, plotted: Sequence[Plotted]) -> list[dict[str, Any]]:
    """Mean and limits at every month, numbered by the stretch they were worked out for."""
    rows: list[dict[str, Any]] = []
    stretch, before = 0, None
    for each in plotted:
        limits = each.point.limits
        if limits is None:
            continue
        stretch += limits is not before
        before = limits
        rows.append(
            {
                "on": each.begins_on.isoformat(),
                "stretch": stretch,
                "mean": float(limits.mean),
                "lower": float(lower_limit(series, each.point) or 0),
                "upper": float(limits.upper),
            }
        )
    return rows


def _names(
    series: Series, plotted: Sequence[Plotted], quantity: Mapping[str, Any], target: int | None
) -> list[dict[str, Any]]:
    """What each line is, at its right end."""
    last = plotted[-1]
    named: list[tuple[str, Fraction | None, str]] = []
    if last.point.limits is not None:
        named = [
            ("Mean", last.point.limits.mean, GREY),
            ("Lower limit", lower_limit(series, last.point), GREY),
            ("Upper limit", last.point.limits.upper, GREY),
        ]
    if target is not None:
        named.append(("Target", Fraction(target), GREEN))
    return [
        {
            "data": {
                "values": [
                    {
                        "on": last.begins_on.isoformat(),
                        "number": float(value or 0),
                        "text": f"{name}: {number(value)}",
                    }
                ]
            },
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 10, "color": colour, "clip": False},
            "encoding": {
                "x": {"field": "on", "type": "temporal"},
                "y": {**quantity, "field": "number"},
                "text": {"field": "text"},
            },
        }
        for name, value, colour in named
    ]


RULES: Mapping[Signal, tuple[str, str]] = {
    Signal.TREND: ("one of seven or more in a row that rise", "one of seven or more in a row that fall"),
    Signal.SHIFT: ("one of seven or more in a row above the mean", "one of seven or more in a row below the mean"),
    Signal.NEAR: (
        "one of two out of three close to the upper limit",
        "one of two out of three close to the lower limit",
    ),
    Signal.OUTSIDE: ("above the upper limit", "below the lower limit"),
}


def rules_met(point: ReadPoint) -> list[str]:
    """The rules by which a point is a signal, in words."""
    is_above = point.limits is not None and point.value > point.limits.mean
    return [
        RULES[signal][0 if (point.is_rising if signal is Signal.TREND else is_above) else 1]
        for signal in Signal
        if signal in point.signals
    ]
