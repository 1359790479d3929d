"""Indicative budgets: the working line by line, the week as a grid, and indicative, agreed and paid side by side."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse

from budgets.models import IndicativeBudget, IndicativeBudgetLine, RateCard
from budgets.rules.departures import check_departure
from budgets.rules.indicative_budgets import DAYS, Line, LineGroup, Period, Working, Worksheet, hours_by_kind_and_day
from budgets.rules.periods import a_week_of
from budgets.rules.rate_cards import CareKind
from budgets.selectors.indicative_budgets import ThreeAmounts
from eligibility.models import Referral
from phb_register.presenters import spoken_date, summary
from phb_register.tables import Column, table_params

from .personal_health_budgets import percent, pounds

#: What a sheet can be sent for, by the name of the button.
SHEET_BUTTONS: dict[str, dict[str, Any]] = {
    "add_care": {"text": "Add another row of care", "name": "add-care", "value": "1", "variant": "secondary"},
    "add_line": {"text": "Add another line", "name": "add-others", "value": "1", "variant": "secondary"},
    "show": {"text": "Show the working", "name": "preview", "value": "1", "variant": "secondary"},
    "keep": {"text": "Keep this indicative budget", "name": "keep", "value": "1", "preventDoubleClick": True},
}


def indicative_url(budget: IndicativeBudget) -> str:
    """The page of one calculation."""
    return reverse("budgets:indicative-budget", args=[budget.referral.reference, budget.number])


def indicative_list_url(referral: Referral) -> str:
    """The calculations for a referral."""
    return reverse("budgets:indicative-budgets", args=[referral.reference])


def work_out_url(referral: Referral) -> str:
    """Where the next one is worked out."""
    return reverse("budgets:work-out-indicative-budget", args=[referral.reference])


def indicative_table(budgets: Iterable[IndicativeBudget]) -> dict[str, Any]:
    """Every calculation for a referral, the latest first."""
    columns: list[Column[IndicativeBudget]] = [
        Column("Number", lambda row: f"Indicative budget {row.number}", link=indicative_url),
        Column("A year", lambda row: pounds(row.annual_amount), is_number=True),
        Column("A week", lambda row: pounds(row.weekly_amount), is_number=True),
        Column("Once", lambda row: pounds(row.one_off_amount), is_number=True),
        Column("Worked out", lambda row: f"{spoken_date(row.worked_out_on)} by {row.worked_out_by}"),
        Column("Rates of", lambda row: f"{spoken_date(row.rates_on)}, version {row.rate_card.number}"),
    ]
    return table_params(columns, budgets, caption="Indicative budgets, the latest first", is_responsive=True)


def budget_summary(budget: IndicativeBudget) -> list[dict[str, Any]]:
    """When and with what it was worked out."""
    profile = budget.needs_profile
    return summary(
        [
            ("Worked out", f"{spoken_date(budget.worked_out_on)} by {budget.worked_out_by}"),
            ("With the rates of", spoken_date(budget.rates_on)),
            ("Rate card", budget.rate_card),
            ("Needs recorded then", f"Needs profile {profile.number}" if profile else "None"),
            ("Note", budget.note or "None"),
        ]
    )


def figures(annual: Decimal, one_off: Decimal) -> list[dict[str, str]]:
    """The totals as tiles."""
    return [
        {"label": "A year", "value": pounds(annual), "note": "The sum of the lines below"},
        {"label": "A week", "value": pounds(a_week_of(annual)), "note": "A year × 7 ÷ 365"},
        {"label": "Once", "value": pounds(one_off), "note": "On top of the year’s amount"},
    ]


def working_tables(lines: Iterable[IndicativeBudgetLine | Line]) -> list[dict[str, Any]]:
    """The working, a table for each group that has lines, each ending with what its lines add to."""
    held = list(lines)
    tables = []
    for group in LineGroup:
        rows = [line for line in held if line.group == group]
        if rows:
            table = table_params(LINE_COLUMNS, rows, caption=str(group.label), is_responsive=True)
            total = sum((line.annual_amount for line in rows), Decimal(0))
            table["rows"].append(_total_row(f"Total: {str(group.label).lower()}", total))
            tables.append(table)
    return tables


def _total_row(label: str, total: Decimal) -> list[dict[str, Any]]:
    blank = [{"text": "", "header": column.label} for column in LINE_COLUMNS[1:4]]
    amount = {"text": pounds(total), "header": "In a year", "format": "numeric", "classes": "nhsuk-u-font-weight-bold"}
    name = {"text": label, "header": "Line", "classes": "nhsuk-u-font-weight-bold"}
    return [name, *blank, amount, {"text": "", "header": "Source"}]


def _quantity(line: IndicativeBudgetLine | Line) -> str:
    if line.is_percent:
        return pounds(line.quantity)
    number = f"{line.quantity.normalize():,f}".replace("-", "−")
    return f"{number} {line.unit}".strip()


def _rate(line: IndicativeBudgetLine | Line) -> str:
    return percent(line.rate) if line.is_percent else pounds(line.rate)


def _amount(line: IndicativeBudgetLine | Line) -> str:
    return f"{pounds(line.amount)} {Period(line.period).label.lower()}"


LINE_COLUMNS: list[Column[Any]] = [
    Column("Line", lambda line: line.label),
    Column("Quantity", _quantity, is_number=True),
    Column("Rate", _rate, is_number=True),
    Column("Amount", _amount, is_number=True),
    Column("In a year", lambda line: pounds(line.annual_amount), is_number=True),
    Column("Source", lambda line: line.source),
]


def week_table(worksheet: Worksheet) -> dict[str, Any] | None:
    """The week as a grid: for each kind of care and day, the hours needed, and of these the unpaid ones."""
    grid = hours_by_kind_and_day(worksheet.care)
    if not grid:
        return None
    columns: list[Column[tuple[str, list[tuple[Decimal, Decimal]]]]] = [
        Column("Care", lambda row: _kind_words(row[0])),
        *(
            Column(name, lambda row, day=place: _hours_words(*row[1][day]), is_number=True)  # type: ignore[misc]
            for place, name in enumerate(DAYS)
        ),
        Column("A week", lambda row: _hours_words(*_week_of(row[1])), is_number=True),
    ]
    caption = "A week of care: hours, or nights of a sleep-in, of all carers together"
    return table_params(columns, list(grid.items()), caption=caption, is_responsive=True)


def _week_of(days: list[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """The needed and the unpaid hours of all days."""
    return sum((needed for needed, _ in days), Decimal(0)), sum((unpaid for _, unpaid in days), Decimal(0))


def _kind_words(kind: str) -> str:
    return str(CareKind(kind).label)


def _hours_words(needed: Decimal, unpaid: Decimal) -> str:
    if not needed:
        return "–"
    words = f"{needed.normalize():f}"
    return f"{words}, {unpaid.normalize():f} unpaid" if unpaid else words


def replaced_rows(annual: Decimal, previous: Decimal | None) -> list[dict[str, Any]]:
    """What the package it replaces costs, and how the two compare."""
    if previous is None:
        return summary([("Package it replaces", "None was entered")])
    less = previous - annual
    said = "the same"
    if less:
        share = f", {abs(less) * 100 / previous:.1f}%" if previous else ""
        said = f"{pounds(abs(less))} a year {'less' if less > 0 else 'more'}{share}"
    return summary(
        [
            ("Package it replaces", f"{pounds(previous)} a year, {pounds(a_week_of(previous))} a week"),
            ("Indicative budget", f"{pounds(annual)} a year, {pounds(a_week_of(annual))} a week"),
            ("The indicative budget is", said),
        ]
    )


def three_figures(amounts: ThreeAmounts) -> list[dict[str, str]]:
    """Indicative, agreed and paid, as tiles that are never added together."""
    indicative, agreed = amounts.indicative, amounts.agreed
    return [
        {
            "label": "Indicative",
            "value": pounds(indicative.annual_amount) if indicative else "–",
            "note": f"A year, worked out on {spoken_date(indicative.worked_out_on)}"
            if indicative
            else "Not worked out yet",
        },
        {
            "label": "Agreed",
            "value": pounds(agreed.annual_amount) if agreed else "–",
            "note": f"A year, from {spoken_date(agreed.applies_from)}" if agreed else "Nothing is agreed yet",
        },
        {
            "label": "Paid",
            "value": pounds(amounts.paid),
            "note": _paid_words(amounts),
        },
    ]


def departure_words(amounts: ThreeAmounts) -> str:
    """How far the agreed amount lies from the indicative one; nothing while one of them is missing."""
    if amounts.indicative is None or amounts.agreed is None:
        return ""
    found = check_departure(amounts.agreed.annual_amount, amounts.indicative.annual_amount, amounts.margin_percent)
    if not found.difference:
        return "The agreed amount is the indicative one."
    share = f", {abs(found.percent)}% of it" if found.percent is not None else ""
    side = "above" if found.difference > 0 else "below"
    margin = percent(amounts.margin_percent)
    verdict = f"That is beyond the margin of {margin}." if found.needs_reason else f"That is within {margin}."
    return f"The agreed amount is {pounds(abs(found.difference))} {side} the indicative one{share}. {verdict}"


def preview_context(working: Working, worksheet: Worksheet, card: RateCard, previous: Decimal | None) -> dict[str, Any]:
    """The working of a sheet that is not kept yet."""
    return {
        "card": f"{card}, applying from {spoken_date(card.applies_from)}",
        "figures": figures(working.annual_amount, working.one_off_amount),
        "tables": working_tables(working.lines),
        "week": week_table(worksheet),
        "replaced": replaced_rows(working.annual_amount, previous),
    }


def _paid_words(amounts: ThreeAmounts) -> str:
    """What the amount paid covers, or why it is not shown."""
    if amounts.paid_from is None:
        return "Nothing is paid before a budget is agreed"
    if not amounts.may_see_paid:
        return "Shown to those who may see payments"
    return f"From {spoken_date(amounts.paid_from)} to {spoken_date(amounts.paid_until)}, less what came back"
