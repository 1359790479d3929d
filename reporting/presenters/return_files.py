"""The files of the national return, and the windows of the collection."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from phb_register.disclosure import Controlled
from phb_register.presenters import spoken_date, spoken_moment
from phb_register.tables import Column, table_params
from reporting.models import ReturnWindow
from reporting.return_checks import percentages
from reporting.rules.counting import SWITCHES
from reporting.rules.quarters import Quarter
from reporting.rules.returns import (
    BASIS_LABELS,
    COLUMN_LABELS,
    EVERYBODY,
    METHODS,
    ROW_LABELS,
    SOURCE,
    TOTAL,
    Basis,
    Cell,
)
from reporting.selectors.returns import ReturnOn


@dataclass(frozen=True)
class CellRow:
    """A cell as a row of a file."""

    cell: Cell
    shown: Controlled
    percent: int | None


def file_rows(cells: Mapping[str, Controlled]) -> list[CellRow]:
    """Every cell that there is, in the order of the return; the methods' shares only where none of them is hidden."""
    rows = []
    for basis in Basis:
        codes = [Cell(basis, row).code for row in (TOTAL, *METHODS)]
        numbers = {code: int(cells[code].value or 0) for code in codes}
        known = not any(cells[code].is_hidden for code in codes)
        shares = percentages(basis, numbers) if known else {}
        rows += [
            CellRow(cell, cells[cell.code], shares.get(row) if column == EVERYBODY else None)
            for row in ROW_LABELS
            for column in COLUMN_LABELS
            for cell in [Cell(basis, row, column)]
            if cell.code in cells
        ]
    return rows


FILE_COLUMNS: tuple[Column[CellRow], ...] = (
    Column("Count", lambda row: BASIS_LABELS[row.cell.basis]),
    Column("Group", lambda row: ROW_LABELS[row.cell.row]),
    Column("People of", lambda row: COLUMN_LABELS[row.cell.column]),
    Column(
        "People",
        lambda row: row.shown.text,
        is_number=True,
        file_value=lambda row: row.shown.text if row.shown.is_hidden else row.shown.value,
    ),
    Column("Per cent of the total", lambda row: row.percent, is_number=True),
    Column("Code", lambda row: row.cell.code),
)


def file_head(found: ReturnOn, control: str, *, made_at: dt.datetime, made_by: str) -> list[list[str]]:
    """What stands above a file of a return."""
    submitted = found.submitted
    status = (
        f"Submitted {spoken_moment(submitted.submitted_at)} by {submitted.submitted_by}, "
        f"snapshot {submitted.snapshot.number}, fingerprint {submitted.content_hash[:12]}"
        if submitted
        else "Draft: as the register has it now. It was not submitted"
    )
    policy = "; ".join(f"{each.label}: {each.said(found.policy)}" for each in SWITCHES)
    return [
        ["National return of personal health budgets"],
        ["Commissioner", f"{found.scope.commissioner} ({found.scope.commissioner.code})"],
        ["Quarter", f"{found.quarter}, to {spoken_date(found.scope.as_at)}"],
        ["Status", status],
        ["How it was counted", policy],
        ["Form", SOURCE],
        ["Disclosure control", control],
        ["Made", f"{spoken_moment(made_at)} by {made_by}"],
    ]


def windows_table(rows: Iterable[ReturnWindow]) -> dict[str, Any]:
    """The windows that are recorded."""
    columns: list[Column[ReturnWindow]] = [
        Column("Quarter", lambda each: Quarter(each.year, each.quarter)),
        Column("Opens", lambda each: spoken_date(each.opens_on)),
        Column("Closes", lambda each: spoken_date(each.closes_on)),
        Column("Source", lambda each: each.source),
    ]
    return table_params(columns, rows, caption="Windows of the collection", is_responsive=True)
