"""The charts of money as Vega-Lite specifications, each with its title, its words and the table of the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from budgets.presenters.money import MoneyRow
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules import money as m
from budgets.selectors.money import Month
from phb_register.charts import BLUE, GREEN, GREY, render_chart
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params

WIDTH, LINE_HEIGHT, BAR_STEP = 620, 300, 26
MILLION = Decimal(1_000_000)
THOUSAND = Decimal(1_000)
#: How an axis says its pounds, as `short_pounds` does: £0, £500, £10k, £2.5m. A Vega expression.
POUNDS = (
    "'£' + (datum.value < 1e3 ? format(datum.value, '~r') : datum.value < 1e6"
    " ? format(datum.value / 1e3, '.2~f') + 'k' : format(datum.value / 1e6, '.2~f') + 'm')"
)


@dataclass(frozen=True)
class Chart:
    """What a page needs of a chart: the drawing, its title, its words and the table of the same numbers."""

    svg: SafeString
    title: str
    summary: str
    table: dict[str, Any]


def short_pounds(amount: Decimal) -> str:
    """An amount as it is said beside a bar: £1.2m, £340k, £95."""
    if abs(amount) >= MILLION:
        return f"£{amount / MILLION:,.1f}m"
    return f"£{amount / THOUSAND:,.0f}k" if abs(amount) >= THOUSAND else f"£{amount:,.0f}"


def cohort_chart(rows: Sequence[MoneyRow], *, name: str, year: str, table: dict[str, Any]) -> Chart | None:
    """Budget beside forecast for each cohort of which both may be shown; None where there is none."""
    drawn = [
        (row.label, row.money)
        for row in rows
        if row.cohort and row.money.budget and not row.hidden & {m.BUDGET.code, m.FORECAST.code}
    ]
    if not drawn:
        return None
    values = [
        {"cohort": label, "figure": figure, "pounds": float(amount), "text": f"{figure}: {short_pounds(amount)}"}
        for label, money in drawn
        for figure, amount in (("Budget", money.budget), ("Forecast", money.forecast))
    ]
    title = f"Budget and forecast to year end by cohort, {name}, {year}"
    highest = max(drawn, key=lambda each: each[1].budget)
    summary = (
        f"The highest budget is that of {highest[0]}: {pounds(highest[1].budget)}, with a forecast of "
        f"{pounds(highest[1].forecast)}."
    )
    axes = {
        "y": {"field": "cohort", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 220}},
        "yOffset": {"field": "figure", "sort": ["Budget", "Forecast"]},
        "x": {"field": "pounds", "type": "quantitative", "title": None, "axis": {"labelExpr": POUNDS, "tickCount": 5}},
    }
    spec = {
        "width": WIDTH,
        "height": {"step": BAR_STEP},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar"},
                "encoding": {
                    **axes,
                    "color": {
                        "field": "figure", "legend": None,
                        "scale": {"domain": ["Budget", "Forecast"], "range": [BLUE, GREY]},
                    },
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {**axes, "text": {"field": "text"}},
            },
        ],
    }  # fmt: skip
    return Chart(render_chart(spec, title=title, description=summary), title, summary, table)


def months_chart(months: Sequence[Month], *, year: str) -> Chart | None:
    """The budget of one PHB as it accrues by month, and what was paid; None where nothing was agreed for the year."""
    known = [month for month in months if month.paid is not None]
    if not known or (not months[-1].budget and not any(month.paid for month in known)):
        return None
    lines = [("Budget", BLUE, [8, 0], [(month.on, month.budget) for month in months])]
    lines.append(("Paid", GREEN, [6, 4], [(month.on, month.paid or Decimal(0)) for month in known]))
    last = known[-1]
    title = f"Budget and what was paid, from 1 April on, by month, {year}"
    summary = (
        f"By the end of {last.on:%B %Y} {pounds(last.paid)} was paid of {pounds(last.budget)} of the budget. "
        f"The budget of the year is {pounds(months[-1].budget)}."
    )
    layers: list[dict[str, Any]] = []
    for name, colour, dash, points in lines:
        # A month's end is drawn where the axis names the month.
        values = [{"on": day.replace(day=1).isoformat(), "pounds": float(amount)} for day, amount in points]
        encoding = {
            "x": {
                "field": "on",
                "type": "temporal",
                "title": "Up to the end of",
                "axis": {"format": "%b %Y", "labelAngle": 0},
            },
            "y": {"field": "pounds", "type": "quantitative", "title": None, "axis": {"labelExpr": POUNDS}},
        }
        mark = {"type": "line", "color": colour, "strokeDash": dash, "point": len(points) == 1}
        layers.append({"data": {"values": values}, "mark": mark, "encoding": encoding})
        # Paid often lies on the budget's line: its words go below.
        lower = 14 if name == "Paid" else 0
        label = {
            "type": "text",
            "align": "left",
            "dx": 6,
            "dy": lower,
            "color": colour,
            "baseline": "middle",
            "clip": False,
        }
        layers.append(
            {
                "data": {"values": [{**values[-1], "text": f"{name}: {short_pounds(points[-1][1])}"}]},
                "mark": label,
                "encoding": {**encoding, "text": {"field": "text"}},
            }
        )
    spec = {"width": WIDTH, "height": LINE_HEIGHT, "layer": layers}
    return Chart(render_chart(spec, title=title, description=summary), title, summary, _months_table(months))


def _months_table(months: Sequence[Month]) -> dict[str, Any]:
    columns: list[Column[Month]] = [
        Column("Up to the end of", lambda month: spoken_date(month.on)),
        Column("Budget", lambda month: pounds(month.budget), is_number=True),
        Column("Paid", lambda month: pounds(month.paid), is_number=True),
    ]
    return table_params(columns, months, caption="Budget and paid, from 1 April on")
