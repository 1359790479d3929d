"""The chart of the pace: what was in place, what is expected, what is planned and what is to be reached."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from phb_register.charts import BLUE, DARK_BLUE, GREEN, GREY, render_chart
from phb_register.presenters import between, spoken_date
from phb_register.tables import Column, table_params
from reporting.presenters.targets import named_targets
from reporting.rules.pace import Level, Spread, months_later
from reporting.selectors.pace import Pace

WIDTH, HEIGHT = 640, 300
#: Where a name stands: at the right of its point; before it and above; below it.
BESIDE: Mapping[str, Any] = {"align": "left", "baseline": "middle", "dx": 6}
ABOVE: Mapping[str, Any] = {"align": "right", "baseline": "bottom", "dy": -14}
BELOW: Mapping[str, Any] = {"align": "center", "baseline": "top", "dy": 16}
#: What is drawn of the time to come, unless what is to be reached lies later.
MONTHS_AHEAD = 12
#: A target so many times as high as everything else is left out where it would press the rest flat.
FAR = 3
NUMBER = {"type": "quantitative", "title": "Personal health budgets"}
MONTH = {"type": "temporal", "title": None, "axis": {"format": "%b %Y", "labelAngle": 0, "labelOverlap": "greedy"}}


#: Where the people are who were in place at the end of a day; None for those who may not see them.
People = Callable[[dt.date], str | None]


@dataclass(frozen=True)
class PaceChart:
    """What a page needs of the chart: the drawing, its title, its words and the table of the same numbers."""

    svg: SafeString
    title: str
    summary: str
    table: dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One day of the table beside the drawing."""

    on: dt.date
    in_place: str
    expected: str
    planned: str


def pace_chart(
    pace: Pace,
    levels: Sequence[Level],
    *,
    name: str,
    low: int | None,
    high: int | None,
    far_targets: bool,
    people: People,
) -> PaceChart | None:
    """Return the chart for the commissioner called `name`; None where there is nothing to draw.

    `levels` are the points of the line as they may be shown. Where `far_targets` is false, a target far above all the
    rest is said and not drawn. `people` gives the address of those in place at the end of a day, where there is one.
    """
    drawn = [level for level in levels if level.in_place is not None]
    if not drawn:
        return None
    ahead = _ahead(pace)
    first, last = drawn[0], drawn[-1]
    top = max([level.in_place or 0 for level in drawn] + [step.upper for step in ahead])
    targets = [
        (words, value)
        for words, value in named_targets(low, high)
        if value is not None and (far_targets or value <= FAR * top)
    ]
    title = f"Personal health budgets in place, {name}, {first.on:%B %Y} to {last.on:%B %Y}"
    if ahead:
        title += f", with a forecast to {ahead[-1].on:%B %Y}"
    summary = (
        f"From {first.in_place:,} at the end of {spoken_date(first.on)} to {last.in_place:,} at the end of "
        f"{spoken_date(last.on)}."
    )
    if ahead:
        summary += f" By {spoken_date(ahead[-1].on)} {ahead[-1].lower:,} to {ahead[-1].upper:,} are likely."
    if low is not None and high is not None:
        is_far = len(targets) < len({low, high})
        summary += f" The target is {between(low, high)}{', above what is drawn' if is_far and not targets else ''}."
    svg = render_chart(pace_spec(pace, drawn, ahead, targets), title=title, description=summary)
    return PaceChart(svg, title, summary, _table(pace, levels, ahead, people))


def pace_spec(
    pace: Pace, drawn: Sequence[Level], ahead: Sequence[Spread], targets: Sequence[tuple[str, int]]
) -> dict[str, Any]:
    """Return the specification: a solid line, a dashed one in its band, diamonds for the plan, dashes for targets."""
    last = drawn[-1]
    end = ahead[-1].on if ahead else last.on
    layers = [*_forecast(last, ahead), _line(drawn), *_plan(pace, drawn[0].on, end)]
    layers += [
        layer for number, each in enumerate(targets) for layer in _target(*each, end, [6, 4] if number == 0 else [2, 3])
    ]
    layers.append(_label(f"In place: {last.in_place:,}", last.on, last.in_place or 0, BLUE, ABOVE if ahead else BESIDE))
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _ahead(pace: Pace) -> list[Spread]:
    """The steps of the forecast that are drawn: a year, or up to the day of what is to be reached."""
    if pace.forecast is None:
        return []
    main = pace.main
    until = months_later(pace.as_at, MONTHS_AHEAD)
    if main is not None and main.goal.by is not None:
        until = max(until, main.goal.by)
    return [step for step in pace.forecast.steps if pace.as_at < step.on <= until]


def _line(drawn: Sequence[Level]) -> dict[str, Any]:
    return {
        "data": {"values": [{"on": level.on.isoformat(), "number": level.in_place} for level in drawn]},
        "mark": {"type": "line", "color": BLUE, "point": len(drawn) == 1},
        "encoding": {"x": {"field": "on", **MONTH}, "y": {"field": "number", **NUMBER}},
    }


def _forecast(last: Level, ahead: Sequence[Spread]) -> list[dict[str, Any]]:
    if not ahead:
        return []
    start = {"on": last.on.isoformat(), "expected": last.in_place, "lower": last.in_place, "upper": last.in_place}
    steps = [
        {"on": step.on.isoformat(), "expected": step.expected, "lower": step.lower, "upper": step.upper}
        for step in ahead
    ]
    data = {"values": [start, *steps]}
    x = {"field": "on", **MONTH}
    return [
        {
            "data": data,
            "mark": {"type": "area", "color": BLUE, "opacity": 0.18},
            "encoding": {"x": x, "y": {"field": "lower", **NUMBER}, "y2": {"field": "upper"}},
        },
        {
            "data": data,
            "mark": {"type": "line", "color": BLUE, "strokeDash": [4, 3], "strokeWidth": 2},
            "encoding": {"x": x, "y": {"field": "expected", **NUMBER}},
        },
        _label(f"Likely: {ahead[-1].lower:,} to {ahead[-1].upper:,}", ahead[-1].on, ahead[-1].expected, DARK_BLUE),
    ]


def _plan(pace: Pace, first: dt.date, end: dt.date) -> list[dict[str, Any]]:
    """The quarters that were planned, as far as the drawing goes."""
    shown = [point for point in pace.planned if first <= point.on <= end]
    if not shown:
        return []
    return [
        {
            "data": {"values": [{"on": point.on.isoformat(), "number": point.in_place} for point in shown]},
            "mark": {"type": "point", "shape": "diamond", "color": GREY, "filled": True, "size": 70, "opacity": 1},
            "encoding": {"x": {"field": "on", **MONTH}, "y": {"field": "number", **NUMBER}},
        },
        _label(f"Planned: {shown[-1].in_place:,}", shown[-1].on, shown[-1].in_place, GREY, BELOW),
    ]


def _target(words: str, value: int, end: dt.date, dashes: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "data": {"values": [{"number": value}]},
            "mark": {"type": "rule", "color": GREEN, "strokeWidth": 2, "strokeDash": dashes},
            "encoding": {"y": {"field": "number", **NUMBER}},
        },
        _label(f"{words}: {value:,}", end, value, GREEN),
    ]


def _label(text: str, on: dt.date, value: int, colour: str, place: Mapping[str, Any] = BESIDE) -> dict[str, Any]:
    """A name at a point."""
    return {
        "data": {"values": [{"on": on.isoformat(), "number": value, "text": text}]},
        "mark": {"type": "text", **place, "color": colour, "clip": False},
        "encoding": {
            "x": {"field": "on", "type": "temporal"},
            "y": {"field": "number", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _table(pace: Pace, levels: Sequence[Level], ahead: Sequence[Spread], people: People) -> dict[str, Any]:
    """The numbers of the drawing, the latest day first."""
    planned = {point.on: f"{point.in_place:,}" for point in pace.planned}
    rows = [
        Row(level.on, "*" if level.in_place is None else f"{level.in_place:,}", "", planned.get(level.on, ""))
        for level in levels
    ]
    rows += [Row(step.on, "", f"{step.lower:,} to {step.upper:,}", planned.get(step.on, "")) for step in ahead]
    columns: list[Column[Row]] = [
        Column("At the end of", lambda row: spoken_date(row.on)),
        Column(
            "In place",
            lambda row: row.in_place,
            is_number=True,
            link=lambda row: people(row.on) if row.in_place else None,
        ),
        Column("Likely", lambda row: row.expected, is_number=True),
        Column("Planned", lambda row: row.planned, is_number=True),
    ]
    return table_params(columns, list(reversed(rows)), caption="Personal health budgets in place over time")
