"""Statement files before they are stored, and the rules that suggest what their lines are: rows and tables."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from budgets.models import MatchingRule, MonitoringReturn
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.statements import StatementFileRefused
from budgets.selectors.statements import StatementPreview
from phb_register.presenters import counted, spoken_date, summary
from phb_register.tables import Column, table_params


def preview_rows(preview: StatementPreview, account: str) -> list[dict[str, Any]]:
    """What would be stored of a file."""
    part = preview.part
    return summary(
        [
            ("Lines to store", counted(preview.new_lines, "line", "lines")),
            ("Stored already", counted(len(preview.known_keys), "line", "lines")),
            ("Outside the period, left out", counted(part.outside, "line", "lines")),
            ("Balance before", pounds(part.opening_balance)),
            ("Balance after", pounds(part.closing_balance)),
            ("Account ends in", account or "Not named in the file"),
        ]
    )


def other_account(named: str, approved: str) -> list[str]:
    """Said where a file is of another account than the one approved (regulations 10 and 11)."""
    if not named or not approved or named == approved:
        return []
    return [
        f"The file is of an account that ends in {named}; the account approved for this budget ends in {approved}. "
        "Check that it is this person’s"
    ]


def matching_page(found: MonitoringReturn, left: int) -> dict[str, Any]:
    """What stands above the lines: how many are left, and what helps."""
    args = [found.reference]
    suggest = {"text": "Match all as the rules suggest", "url": reverse("budgets:return-suggestions", args=args)}
    return {
        "lead": f"{counted(left, 'line is', 'lines are')} not matched yet." if left else "Every line is matched.",
        "links": [{"text": "Keep a rule", "href": reverse("budgets:return-rule", args=args)}],
        "posts": [suggest] if left else [],
    }


def preview_table(preview: StatementPreview, most: int) -> dict[str, Any]:
    """The first lines of a file as they would be stored."""
    columns: list[Column[Any]] = [
        Column("Row", lambda line: line.row, is_number=True),
        Column("Date", lambda line: spoken_date(line.booked_on)),
        Column("Description", lambda line: line.description),
        Column("Amount", lambda line: pounds(line.amount), is_number=True),
        Column("Balance", lambda line: pounds(line.balance), is_number=True),
    ]
    shown = preview.part.lines[:most]
    return table_params(columns, shown, caption=f"The first {counted(len(shown), 'line', 'lines')}")


def file_errors(refusal: StatementFileRefused) -> list[str]:
    """Everything wrong with a file, as far as it is shown."""
    said = [str(error) for error in refusal.errors]
    if refusal.further:
        said.append(f"and {counted(refusal.further, 'further error', 'further errors')}")
    return said


def rules_table(rows: Iterable[MatchingRule]) -> dict[str, Any]:
    """The rules in use."""
    columns: list[Column[MatchingRule]] = [
        Column("Description contains", lambda row: row.contains),
        Column("Money", lambda row: "In" if row.is_money_in else "Out"),
        Column("Is", lambda row: row.get_category_display() or row.get_match_display()),
        Column("For", lambda row: str(row.phb.person) if row.phb else "Every budget"),
        Column("Kept by", lambda row: str(row.kept_by)),
        Column("Wrong?", lambda row: "Take away", link=lambda row: reverse("budgets:retire-rule", args=[row.pk])),
    ]
    return table_params(columns, rows, caption="Rules that suggest what lines are", is_responsive=True)
