"""How the returns of several commissioners, added up, are said; and their files."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from phb_register.disclosure import Controlled, Reason
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, file_head, spoken_date, spoken_moment
from phb_register.tables import Column, table_params
from reporting.presenters.returns import cell_tables, people_url, published_label, return_url
from reporting.return_checks import percentages
from reporting.rules.returns import (
    BASIS_LABELS,
    BASIS_WORDS,
    CELLS_BY_CODE,
    COLUMN_LABELS,
    EVERYBODY,
    ROW_LABELS,
    SOURCE,
    TOTAL,
    Basis,
    Cell,
)
from reporting.selectors.summed_returns import Member, Summed, SummedReturn

_HEADLINES = {basis: Cell(basis, TOTAL).code for basis in Basis}


@dataclass(frozen=True)
class SummedRow:
    """A cell and its sum, a row of a table or file."""

    cell: Cell
    summed: Summed


def rows_of(found: SummedReturn) -> list[SummedRow]:
    """Every cell, in the order of the return."""
    return [SummedRow(CELLS_BY_CODE[code], summed) for code, summed in found.cells.items()]


def summed_page(found: SummedReturn) -> dict[str, Any]:
    """Everything the page shows."""
    return {
        "words": submitted_words(found),
        "tables": _tables(found) if found.submitted else [],
        "members": members_table(found),
        "missing": [str(each.commissioner) for each in found.missing],
        "no_parts": "" if found.leads_to_its_parts else _NO_PARTS,
    }


_NO_PARTS = (
    "The numbers lead nowhere: you may not see the figures of every commissioner in them. "
    "Those whose figures you may see are linked below."
)


def submitted_words(found: SummedReturn) -> str:
    """How many have submitted."""
    of = counted(len(found.members), "commissioner", "commissioners")
    return f"{len(found.submitted)} of {of} submitted a return of this quarter."


def _tables(found: SummedReturn) -> list[dict[str, Any]]:
    if found.is_controlled:
        return [_published_table(found, basis) for basis in Basis]
    cells = {code: Controlled(each.people, f"{each.people:,}", Reason.SHOWN) for code, each in found.cells.items()}
    url = (lambda code: parts_url(found, CELLS_BY_CODE[code])) if found.leads_to_its_parts else None
    return cell_tables(cells, url)


def _published_table(found: SummedReturn, basis: Basis) -> dict[str, Any]:
    def link(row: SummedRow) -> str | None:
        is_some = row.summed.people or row.summed.hidden
        return parts_url(found, row.cell) if is_some and found.leads_to_its_parts else None

    columns: list[Column[SummedRow]] = [
        Column("Group", lambda row: published_label(row.cell)),
        Column("People", lambda row: f"{row.summed.people:,}", is_number=True, link=link),
        Column("Numbers hidden", lambda row: row.summed.hidden, is_number=True),
    ]
    label, rows = BASIS_LABELS[basis], [row for row in rows_of(found) if row.cell.basis == basis]
    table = table_params(columns, rows, caption=label, caption_classes="nhsuk-u-visually-hidden")
    return {"heading": label, "words": BASIS_WORDS[basis], "table": table}


def parts_url(found: SummedReturn, cell: Cell) -> str:
    """The number of each commissioner in a sum."""
    arguments = [found.commissioner.code, found.quarter.code, cell.code]
    return reverse("reporting:summed-return-parts", args=arguments)


def members_table(found: SummedReturn) -> dict[str, Any]:
    """Who submitted and who did not, those first who have not."""

    def number(basis: Basis) -> Any:
        return lambda each: (
            each.cells[_HEADLINES[basis]].text
            if each.submitted and (each.may_be_read or not found.is_controlled)
            else "–"
        )

    def people(basis: Basis) -> Any:
        return lambda each: _people_url(found, each, _HEADLINES[basis])

    columns: list[Column[Member]] = [
        Column(
            "Commissioner",
            lambda each: each.commissioner,
            link=lambda each: return_url(each.commissioner, found.quarter) if each.may_be_read else None,
        ),
        Column("Return", lambda each: _status(each)),
        Column("Submitted", lambda each: spoken_moment(each.submitted.submitted_at) if each.submitted else "–"),
        *(Column[Member](BASIS_LABELS[basis], number(basis), is_number=True, link=people(basis)) for basis in Basis),
    ]
    rows = [*found.missing, *found.submitted]
    return table_params(columns, rows, caption="Commissioners, those first who have not submitted", is_responsive=True)


def _status(each: Member) -> str:
    text, colour = ("Submitted", "green") if each.submitted else ("Not submitted", "orange")
    return render_component("tag", {"text": text, "classes": f"nhsuk-tag--{colour}"})


def _people_url(found: SummedReturn, each: Member, code: str) -> str | None:
    """The people whom one commissioner counts in a cell; None for those who may not see them, and where nobody is."""
    if found.is_controlled or not each.submitted or not each.cells[code].value:
        return None
    return people_url(each.commissioner, found.quarter, code)


def parts_table(found: SummedReturn, cell: Cell) -> dict[str, Any]:
    """The number of each commissioner in a sum, each with its people for those who may see them."""
    columns: list[Column[Member]] = [
        Column(
            "Commissioner",
            lambda each: each.commissioner,
            link=lambda each: return_url(each.commissioner, found.quarter),
        ),
        Column(
            "People",
            lambda each: each.cells[cell.code].text,
            is_number=True,
            link=lambda each: _people_url(found, each, cell.code),
        ),
    ]
    return table_params(columns, found.submitted, caption=cell.label)


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────


def file_columns(found: SummedReturn) -> Sequence[Column[SummedRow]]:
    """The columns of the file."""
    shares = _shares(found)
    return (
        Column("Count", lambda row: BASIS_LABELS[row.cell.basis]),
        Column("Group", lambda row: ROW_LABELS[row.cell.row]),
        Column("People of", lambda row: COLUMN_LABELS[row.cell.column]),
        Column("People", lambda row: row.summed.people, is_number=True),
        Column("Numbers hidden", lambda row: row.summed.hidden, is_number=True),
        Column("Per cent of the total", lambda row: shares.get(row.cell.code), is_number=True),
        Column("Code", lambda row: row.cell.code),
    )


def _shares(found: SummedReturn) -> dict[str, int]:
    """The methods' shares of each total, where no number in them is hidden."""
    shares: dict[str, int] = {}
    for basis in Basis:
        of_basis = {code: each for code, each in found.cells.items() if code.startswith(basis)}
        if not any(each.hidden for each in of_basis.values()):
            percents = percentages(basis, {code: each.people for code, each in of_basis.items()})
            shares |= {Cell(basis, row, EVERYBODY).code: percent for row, percent in percents.items()}
    return shares


def file_lines(found: SummedReturn, control: str, *, made_at: dt.datetime, made_by: Any) -> list[list[str]]:
    """What stands above the file."""
    return file_head(
        "National returns of personal health budgets, added up",
        [
            ("Commissioner", f"{found.commissioner} ({found.commissioner.code})"),
            ("Quarter", f"{found.quarter}, to {spoken_date(found.quarter.end)}"),
            ("Status", submitted_words(found)),
            ("Not submitted", "; ".join(str(each.commissioner) for each in found.missing) or "Nobody"),
            ("Form", SOURCE),
            ("Disclosure control", control),
        ],
        searched="",
        made_at=made_at,
        made_by=made_by,
    )


def control_words(found: SummedReturn) -> str:
    """What is in the sums and what is not."""
    if not found.is_controlled:
        return "None: for the case team only. Do not publish."
    return (
        "Each sum is of the numbers that are shown of each return. Numbers that are hidden there are not in it: beside "
        "it stands how many these are."
    )
