"""What the page of variation says of one year beside another."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.safestring import SafeString

from phb_register.charts import BLUE, render_chart
from phb_register.tables import Column, table_params
from reporting.rules.variation import Behind
from reporting.selectors.variation import VariationPage, YearShown

from .links import VariationLinks


def years_section(found: VariationPage) -> dict[str, Any] | None:
    if not found.years:
        return None
    rows = list(zip(found.years, [*found.years[1:], None], strict=True))
    month = f"{found.years[0].last_month:%B}"
    title = f"Budgets in place at the end of {month} of each year, {found.scope.commissioner}"
    return {
        "month": month,
        "table": _years_table(rows, month, VariationLinks.of(found)),
        "title": title,
        "chart": _years_chart(rows, title),
        "words": _years_words(rows),
    }


_YearRow = tuple[YearShown, YearShown | None]


def _years_table(rows: Sequence[_YearRow], month: str, links: VariationLinks) -> dict[str, Any]:
    def number(label: str, name: str, people: Callable[[Behind, dt.date], str | None], behind: Behind) -> Any:
        return Column[_YearRow](
            label,
            lambda row: row[0].cells[name].text,
            is_number=True,
            link=lambda row: people(behind, row[0].last_month),
        )

    columns: list[Column[_YearRow]] = [
        Column("Twelve months to the end of", lambda row: f"{row[0].last_month:%B %Y}"),
        number("Started", "started", links.year, Behind.STARTED),
        number("Ended", "ended", links.year, Behind.ENDED),
        number("In place at the end", "in_place", links.month, Behind.IN_PLACE),
        Column("More than a year before", _growth, is_number=True),
        number("Referrals", "received", links.year, Behind.RECEIVED),
    ]
    return table_params(columns, rows, caption=f"Year on year, to the end of {month}", is_responsive=True)


def _growth(row: _YearRow) -> str:
    if row[1] is None:
        return ""
    now, before = row[0].cells["in_place"], row[1].cells["in_place"]
    if now.is_hidden or before.is_hidden:
        return "*"
    more = int(now.value or 0) - int(before.value or 0)
    share = f" ({100 * more / int(before.value):+,.0f}%)" if before.value else ""
    return f"{more:+,}{share}"


def _years_words(rows: Sequence[_YearRow]) -> str:
    latest, before = rows[0]
    if before is None or latest.cells["in_place"].is_hidden or before.cells["in_place"].is_hidden:
        return ""
    return (
        f"At the end of {latest.last_month:%B %Y} {latest.cells['in_place'].text} budgets were in place, "
        f"against {before.cells['in_place'].text} a year before."
    )


def _years_chart(rows: Sequence[_YearRow], title: str) -> SafeString | None:
    values = [
        {"year": f"{year.last_month:%b %Y}", "number": int(year.cells["in_place"].value), "place": -place}
        for place, (year, _) in enumerate(rows)
        if year.cells["in_place"].value is not None
    ]
    if not values:
        return None
    across = {"field": "year", "type": "ordinal", "sort": {"field": "place"}, "title": None, "axis": {"labelAngle": 0}}
    up = {"field": "number", "type": "quantitative", "title": "Budgets in place"}
    spec = {
        "width": 640,
        "height": 240,
        "data": {"values": values},
        "encoding": {"x": across, "y": up},
        "layer": [
            {"mark": {"type": "bar", "color": BLUE}},
            {
                "mark": {"type": "text", "dy": -8},
                "encoding": {"text": {"field": "number", "type": "quantitative", "format": ","}},
            },
        ],
    }
    described = "; ".join(f"{value['year']}: {value['number']:,}" for value in values)
    return render_chart(spec, title=title, description=described)
