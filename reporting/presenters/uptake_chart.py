"""The chart of uptake against the target band, as a Vega-Lite specification, with its words and its table."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from phb_register.charts import BLUE, GREEN, render_chart
from phb_register.presenters import between, spoken_date
from phb_register.tables import Column, table_params
from reporting.points import Point
from reporting.presenters.targets import named_targets

WIDTH, HEIGHT = 640, 300


@dataclass(frozen=True)
class UptakeChart:
    """What the page needs of the chart: the drawing, its title, its words and the table of the same numbers."""

    svg: SafeString
    title: str
    summary: str
    table: dict[str, Any]


def uptake_chart(points: Sequence[Point], *, name: str, low: int | None, high: int | None) -> UptakeChart | None:
    """Return the chart of `points` for the commissioner called `name`; None where there is nothing to draw."""
    drawn = [point for point in points if point.in_place is not None]
    if not drawn:
        return None
    first, last = drawn[0], drawn[-1]
    title = f"Personal health budgets in place, {name}, {first.on:%B %Y} to {last.on:%B %Y}"
    summary = (
        f"From {first.in_place:,} at the end of {spoken_date(first.on)} "
        f"to {last.in_place:,} at the end of {spoken_date(last.on)}."
    )
    if low is not None and high is not None:
        title += f", against a target of {between(low, high)}"
        summary += f" The target is {between(low, high)}."
    svg = render_chart(uptake_spec(drawn, low=low, high=high), title=title, description=summary)
    return UptakeChart(svg, title, summary, _table(points))


def uptake_spec(points: Sequence[Point], *, low: int | None, high: int | None) -> dict[str, Any]:
    """Return the specification: a solid line of what is in place, dashed lines of the target, each named beside it."""
    last = points[-1]
    month = {"field": "on", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "labelAngle": 0}}
    number = {"type": "quantitative", "title": "Personal health budgets"}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [{"on": point.on.isoformat(), "number": point.in_place} for point in points]},
            "mark": {"type": "line", "color": BLUE, "point": len(points) == 1},
            "encoding": {"x": month, "y": {**number, "field": "number"}},
        },
        _label(f"In place: {last.in_place:,}", last.on, last.in_place, BLUE),
    ]
    if low is not None and high is not None:
        for (text, value), dashes in zip(named_targets(low, high), ([6, 4], [2, 3]), strict=False):
            layers.append(
                {
                    "data": {"values": [{"number": value}]},
                    "mark": {"type": "rule", "color": GREEN, "strokeWidth": 2, "strokeDash": dashes},
                    "encoding": {"y": {**number, "field": "number"}},
                }
            )
            layers.append(_label(f"{text}: {value:,}", last.on, value, GREEN))
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _label(text: str, on: dt.date, value: int | None, colour: str) -> dict[str, Any]:
    """A name at the right end of a line."""
    return {
        "data": {"values": [{"on": on.isoformat(), "number": value, "text": text}]},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "color": colour, "clip": False},
        "encoding": {
            "x": {"field": "on", "type": "temporal"},
            "y": {"field": "number", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _table(points: Sequence[Point]) -> dict[str, Any]:
    columns: list[Column[Point]] = [
        Column("At the end of", lambda point: spoken_date(point.on)),
        Column("In place", lambda point: "*" if point.in_place is None else f"{point.in_place:,}", is_number=True),
    ]
    return table_params(columns, list(reversed(points)), caption="Personal health budgets in place over time")
