"""The columns of the record-level extract, and its page."""

from collections.abc import Mapping
from typing import Any

from budgets.enums import EndReason, LivesIn, Method
from phb_register.models import Commissioner
from phb_register.presenters import counted, spoken_date
from phb_register.tables import Column
from reporting.presenters.pages import breadcrumbs
from reporting.selectors.extract import ExtractRow

METHODS: dict[str, str] = dict(Method.choices)
END_REASONS: dict[str, str] = dict(EndReason.choices)
HOMES: dict[str, str] = dict(LivesIn.choices)

COLUMNS: tuple[Column[ExtractRow], ...] = (
    Column("NHS number", lambda row: row.nhs_number or ""),
    Column("Budget", lambda row: row.reference),
    Column("Commissioner code", lambda row: row.commissioner_code),
    Column("Commissioner", lambda row: row.commissioner_name),
    Column("Basis", lambda row: row.basis),
    Column("Cohort", lambda row: row.cohort_code),
    Column("Fast track", lambda row: row.is_fast_track),
    Column("One-off", lambda row: row.is_one_off),
    Column("Lives in", lambda row: HOMES[row.lives_in]),
    Column("Agreed on", lambda row: row.agreed_on),
    Column("Budget started on", lambda row: row.started_on),
    Column("Budget ended on", lambda row: row.ended_on),
    Column("End reason", lambda row: END_REASONS.get(row.end_reason, "")),
    Column("Method", lambda row: METHODS[row.method]),
    Column("Method started on", lambda row: row.method_starts_on),
    Column("Method ended on", lambda row: row.method_ends_on),
    Column("Method amount a year", lambda row: row.method_amount, is_number=True),
    Column("Budget amount a year", lambda row: row.budget_amount, is_number=True),
    Column("NHS share, per cent", lambda row: row.nhs_percent, is_number=True),
    Column("Amount a year of the package before", lambda row: row.previous_amount, is_number=True),
)


def extract_page(commissioner: Commissioner, rows: int | None) -> dict[str, Any]:
    """What the extract would hold; `rows` is None where the form is not right."""
    return {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "columns": [column.label for column in COLUMNS],
        "count": counted(rows, "row", "rows") if rows is not None else "",
        "is_empty": rows == 0,
    }


def in_words(chosen: Mapping[str, Any], commissioner: Commissioner) -> list[tuple[str, str]]:
    """The filters, for the head of the file."""
    return [
        ("Commissioner", f"{commissioner} ({commissioner.code})"),
        ("From", spoken_date(chosen["first_on"])),
        ("To", spoken_date(chosen["last_on"])),
        ("Cohort", chosen["cohort"] or "All"),
        ("Method", METHODS.get(chosen["method"], "All")),
        ("Disclosure control", "None: records of people. For the case team only."),
    ]
