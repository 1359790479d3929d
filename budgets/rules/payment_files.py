"""What can stand in the files of a payment run, and how a file is laid out. Pure: rows come in, bytes go out.

No file names an account beyond its last four digits, nor the person, the cohort or anything clinical: a payment is
known by its own reference and by that of the personal health budget.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from budgets.enums import Method
from budgets.exceptions import Problem
from budgets.payment_enums import FileDateFormat, FileKind
from phb_register.dates import financial_year
from phb_register.tables import formula_safe


@dataclass(frozen=True, slots=True)
class FileRow:
    """One payment as the files tell it. Amounts in pounds."""

    reference: str
    run: str
    budget: str
    method: Method
    payee_name: str
    payee_reference: str
    payee_last_four: str
    pays_on: date
    period_first: date
    period_last: date
    instalment_amount: Decimal
    adjustment_amount: Decimal
    offset_amount: Decimal
    amount: Decimal
    commissioner_code: str
    nhs_amount: Decimal
    partner_amount: Decimal


@dataclass(frozen=True)
class FileColumn:
    """A column that may be chosen: what it holds, the heading it has at first, and in which files it may stand."""

    code: str
    title: str
    value: Callable[[FileRow], Any]
    kinds: tuple[FileKind, ...] = (FileKind.BANK, FileKind.LEDGER)


@dataclass(frozen=True)
class Chosen:
    """A column that was chosen, with the heading it is given."""

    code: str
    header: str


@dataclass(frozen=True)
class Layout:
    """How one kind of file is laid out."""

    kind: FileKind
    columns: tuple[Chosen, ...]
    date_format: FileDateFormat = FileDateFormat.ISO
    has_headings: bool = True
    has_control_totals: bool = True


COLUMNS: tuple[FileColumn, ...] = (
    FileColumn("payment_reference", "Payment reference", lambda row: row.reference),
    FileColumn("payee_reference", "Payee reference", lambda row: row.payee_reference),
    FileColumn("payee_name", "Payee", lambda row: row.payee_name),
    FileColumn("last_four", "Account ends", lambda row: row.payee_last_four),
    FileColumn("amount", "Amount", lambda row: row.amount),
    FileColumn("pays_on", "Pays on", lambda row: row.pays_on),
    FileColumn("period_first", "First day", lambda row: row.period_first),
    FileColumn("period_last", "Last day", lambda row: row.period_last),
    FileColumn("run", "Payment run", lambda row: row.run),
    FileColumn("budget", "Budget reference", lambda row: row.budget),
    FileColumn("method", "Method", lambda row: str(row.method.label), (FileKind.LEDGER,)),
    FileColumn("instalment", "Instalment", lambda row: row.instalment_amount, (FileKind.LEDGER,)),
    FileColumn("adjustment", "Balance of earlier payments", lambda row: row.adjustment_amount, (FileKind.LEDGER,)),
    FileColumn("offset", "Set off", lambda row: row.offset_amount, (FileKind.LEDGER,)),
    FileColumn("nhs_amount", "NHS share", lambda row: row.nhs_amount, (FileKind.LEDGER,)),
    FileColumn("partner_amount", "Partners’ shares", lambda row: row.partner_amount, (FileKind.LEDGER,)),
    FileColumn("commissioner", "Commissioner", lambda row: row.commissioner_code, (FileKind.LEDGER,)),
    FileColumn("financial_year", "Financial year", lambda row: financial_year(row.pays_on).label, (FileKind.LEDGER,)),
)
BY_CODE = {column.code: column for column in COLUMNS}
#: Without these a file pays nobody, or nobody knows what was paid.
NEEDED = {
    FileKind.BANK: ("payment_reference", "payee_reference", "amount"),
    FileKind.LEDGER: ("payment_reference", "amount"),
}
_FIRST = {
    FileKind.BANK: ("payment_reference", "payee_reference", "payee_name", "last_four", "amount", "pays_on"),
    FileKind.LEDGER: (
        "payment_reference", "budget", "method", "period_first", "period_last", "instalment", "adjustment", "offset",
        "amount", "nhs_amount", "partner_amount", "pays_on", "financial_year",
    ),
}  # fmt: skip
LONGEST_HEADER = 60


def columns_for(kind: FileKind) -> list[FileColumn]:
    """What may be chosen for a kind of file, in the order it is offered."""
    return [column for column in COLUMNS if kind in column.kinds]


def default_layout(kind: FileKind) -> Layout:
    """How a file is laid out where nobody has said otherwise."""
    return Layout(kind, tuple(Chosen(code, BY_CODE[code].title) for code in _FIRST[kind]))


def check_layout(layout: Layout) -> list[Problem]:
    """What is wrong with a layout, each with the field of its column and the remedy."""
    problems = []
    codes = [chosen.code for chosen in layout.columns]
    offered = {column.code for column in columns_for(layout.kind)}
    if set(codes) - offered or len(codes) != len(set(codes)):
        problems.append(Problem("", "Choose each column once, from the list"))
    for code in NEEDED[layout.kind]:
        if code not in codes:
            title = BY_CODE[code].title
            problems.append(Problem(f"{code}_place", f"Enter a place for {title}: the file is of no use without it"))
    headers = [chosen.header.strip() for chosen in layout.columns]
    for chosen in layout.columns:
        header = chosen.header.strip()
        if layout.has_headings and not header:
            problems.append(Problem(f"{chosen.code}_header", f"Enter a heading for {BY_CODE[chosen.code].title}"))
        elif len(header) > LONGEST_HEADER:
            problems.append(
                Problem(f"{chosen.code}_header", f"Enter a heading of {LONGEST_HEADER} characters or fewer")
            )
        elif layout.has_headings and headers.count(header) > 1:
            problems.append(Problem(f"{chosen.code}_header", "Enter a heading that no other column has"))
    return problems


def written(layout: Layout, rows: Iterable[FileRow]) -> bytes:
    """The file: headings, a line a payment that goes to the bank, and the control totals, as the layout has it.

    A cell that a spreadsheet would run as a formula is defused. Payments of £0.00 are in the ledger file only.
    """
    chosen = [BY_CODE[each.code] for each in layout.columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if layout.has_headings:
        writer.writerow([formula_safe(each.header.strip()) for each in layout.columns])
    count, total = 0, Decimal("0.00")
    for row in rows:
        if layout.kind == FileKind.BANK and row.amount == 0:
            continue
        count, total = count + 1, total + row.amount
        writer.writerow([cell(column.value(row), layout.date_format) for column in chosen])
    if layout.has_control_totals:
        writer.writerow(_totals(layout.columns, count, total))
    return buffer.getvalue().encode()


def cell(value: Any, date_format: FileDateFormat) -> str:
    """A cell as it stands in the file."""
    if isinstance(value, date):
        return value.strftime(date_format.value)
    return formula_safe(value)


def _totals(columns: Sequence[Chosen], count: int, total: Decimal) -> list[str]:
    """The last line: how many payments, and their sum beneath the amounts."""
    line = [""] * len(columns)
    line[0] = f"Control totals: {count} payments"
    place = next(place for place, chosen in enumerate(columns) if chosen.code == "amount")
    if place == 0:
        line[0] = str(total)
        line[-1] = f"Control totals: {count} payments"
    else:
        line[place] = str(total)
    return line
