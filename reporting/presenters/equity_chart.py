"""The chart of one characteristic: each group's rate with its interval, against the average."""

from typing import Any

from django.utils.safestring import SafeString

from phb_register.charts import BLUE, GREEN, GREY, render_chart
from reporting.equity import Table, unit_of

WIDTH, ROW_HEIGHT = 560, 30


def equity_chart(table: Table, *, title: str, axis: str) -> SafeString | None:
    """The drawing; None where fewer than two groups have a rate that may be shown."""
    drawn = [(line.label, *line.drawn) for line in table.lines if line.drawn is not None]
    if len(drawn) < 2:
        return None
    rows = [
        {"group": label, "rate": rate, "low": interval.low, "high": interval.high} for label, rate, interval in drawn
    ]
    highest, rate, _ = max(drawn, key=lambda each: each[1])
    average = "" if table.drawn_average is None else f"The average is {table.average.text}. "
    description = f"{average}{highest} is highest with {unit_of(table.base.base).text(rate)}. The table has each group."
    return render_chart(_spec(rows, table, axis), title=title, description=description)


def _spec(rows: list[dict[str, Any]], table: Table, axis: str) -> dict[str, Any]:
    group = {
        "field": "group",
        "type": "nominal",
        "sort": [row["group"] for row in rows],
        "title": None,
        "axis": {"labelLimit": 260},
    }
    rate = {"field": "rate", "type": "quantitative", "title": axis, "scale": {"zero": True}}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "color": GREY, "strokeWidth": 3},
            "encoding": {"y": group, "x": {**rate, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "color": BLUE, "opacity": 1},
            "encoding": {"y": group, "x": rate},
        },
    ]
    if table.drawn_average is not None:
        average = {"data": {"values": [{"rate": table.drawn_average, "text": f"Average {table.average.text}"}]}}
        layers.append(
            average
            | {
                "mark": {"type": "rule", "color": GREEN, "strokeWidth": 2, "strokeDash": [6, 4]},
                "encoding": {"x": rate},
            }
        )
        layers.append(
            average
            | {
                "mark": {"type": "text", "color": GREEN, "align": "left", "dx": 4, "y": -6},
                "encoding": {"x": rate, "text": {"field": "text"}},
            }
        )
    return {"width": WIDTH, "height": ROW_HEIGHT * len(rows), "data": {"values": rows}, "layer": layers}
