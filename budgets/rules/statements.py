"""Reading the file of a bank statement. Pure: bytes in; lines, or every error with its row, column and remedy, out.

A file is taken whole or not at all. Its balances must follow from its movements, so that no line is missing.
"""

import csv
import datetime as dt
import hashlib
import io
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.rules.statement_cells import last_four, mask, masked_cell, read_money
from phb_register.cells import CellWrong, read_date, tidy

LARGEST_FILE = 2 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 40
MOST_ERRORS = 20
LONGEST_DESCRIPTION = 200
_HEADER_WITHIN = 20
_LEAST_COLUMNS = 3

#: What a column can hold, and the headings by which banks name it.
COLUMN_NAMES: dict[str, str] = {
    "date": "Date",
    "description": "Description",
    "amount": "Amount, money out below nought",
    "paid_in": "Paid in",
    "paid_out": "Paid out",
    "balance": "Balance",
}
_HEADINGS: dict[str, tuple[str, ...]] = {
    "date": ("date", "transaction date", "posting date", "booked on", "value date", "date posted"),
    "description": (
        "description",
        "transaction description",
        "details",
        "narrative",
        "memo",
        "transaction",
        "reference",
        "particulars",
    ),
    "amount": ("amount", "value", "transaction amount", "amount (gbp)", "amount £"),
    "paid_in": ("paid in", "money in", "credit", "credit amount", "credits", "in", "deposits"),
    "paid_out": ("paid out", "money out", "debit", "debit amount", "debits", "out", "withdrawals"),
    "balance": ("balance", "running balance", "account balance", "balance (gbp)", "balance £", "available balance"),
}
_MARKERS = (
    "balance brought forward",
    "opening balance",
    "balance carried forward",
    "closing balance",
    "brought forward",
)
_ACCOUNT_WORDS = ("account", "sort", "iban", "card")


@dataclass(frozen=True)
class FileError:
    """One thing wrong with a file: in which row (counted as a spreadsheet does) and column, and what to do."""

    message: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row else []
        where += [f"column “{self.column}”"] if self.column else []
        place = ", ".join(where)
        return f"{place[:1].upper()}{place[1:]}: {self.message}" if place else self.message


class StatementFileRefused(Exception):
    """The file is refused whole. ``errors`` holds the first ones, ``further`` counts the others."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        self.errors = tuple(errors[:MOST_ERRORS])
        self.further = len(errors) - len(self.errors)
        super().__init__("; ".join(str(error) for error in self.errors))


@dataclass(frozen=True)
class StatementRow:
    """A row of a file beneath its headings: its number in the file, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class StatementFile:
    """A file as it was read, numbers of accounts masked. ``account_last_four`` is empty where it names no account."""

    header: tuple[str, ...]
    rows: tuple[StatementRow, ...]
    sha256: str
    account_last_four: str = ""

    @property
    def header_key(self) -> str:
        """By which the columns of files with these headings are remembered."""
        return header_key(self.header)


@dataclass(frozen=True)
class StatementEntry:
    """One line of a statement: ``amount`` in pounds, money in above nought, and the balance after it."""

    row: int
    booked_on: dt.date
    description: str
    amount: Decimal
    balance: Decimal
    key: str


@dataclass(frozen=True)
class ParsedStatement:
    """The lines of a file, the earliest first, with the balance before the first and after the last."""

    lines: tuple[StatementEntry, ...]
    opening_balance: Decimal

    @property
    def closing_balance(self) -> Decimal:
        """What stood on the account after the last line, in pounds."""
        return self.lines[-1].balance if self.lines else self.opening_balance


def header_key(header: Sequence[str]) -> str:
    """A hash of headings that leaves capitals and spaces aside."""
    return hashlib.sha256("\x1f".join(each.casefold().strip() for each in header).encode()).hexdigest()


def read_file(content: bytes) -> StatementFile:
    """The cells of a CSV file, masked. Raises ``StatementFileRefused`` for what is no such file."""
    text = _decoded(content)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error:
        raise StatementFileRefused(
            [FileError("The file could not be read as CSV. Check that each quotation mark has its pair")]
        ) from None
    place = _header_place(records)
    header = _named([tidy(cell) for cell in records[place]])
    if len(header) > MOST_COLUMNS:
        raise StatementFileRefused([FileError(f"The file has more than {MOST_COLUMNS} columns. Keep those needed")])
    amounts = [_is_heading(name, ("amount", "paid_in", "paid_out", "balance")) for name in header]
    accounts = [
        any(word in name.casefold() for word in _ACCOUNT_WORDS) and not amount
        for name, amount in zip(header, amounts, strict=True)
    ]
    rows, errors, digits = [], [], ""
    for number, record in enumerate(records[place + 1 :], start=place + 2):
        if not any(cell.strip() for cell in record):
            continue
        if any(cell.strip() for cell in record[len(header) :]):
            errors.append(
                FileError(
                    f"The row has {len(record)} cells under {len(header)} headings. Put text that "
                    "holds a comma in quotation marks",
                    number,
                )
            )
            continue
        cells = [*record, *[""] * (len(header) - len(record))]
        kept = tuple(
            masked_cell(cell, is_amount=amount, is_account=account)
            for cell, amount, account in zip(cells, amounts, accounts, strict=False)
        )
        digits = digits or next(
            (last_four(cell) for cell, name in zip(kept, header, strict=True) if cell and "account" in name.casefold()),
            "",
        )
        rows.append(StatementRow(number, kept))
    if len(rows) > MOST_ROWS:
        errors = [FileError(f"The file has more than {MOST_ROWS:,} lines. Send it in parts")]
    if errors or not rows:
        raise StatementFileRefused(errors or [FileError("The file has headings but no lines. Export it again")])
    return StatementFile(header, tuple(rows), hashlib.sha256(content).hexdigest(), digits)


def _decoded(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or Windows-1252."""
    if len(content) > LARGEST_FILE:
        raise StatementFileRefused([FileError("The file must be smaller than 2 MB. Send it in parts")])
    if content[:4] in (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"):
        raise StatementFileRefused([FileError("This is a spreadsheet or a PDF. Save it as CSV, and choose that file")])
    coding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for each in (coding, "cp1252"):
        try:
            text = content.decode(each)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            if not text.strip():
                raise StatementFileRefused([FileError("The file is empty. Export it again")])
            return text
    raise StatementFileRefused([FileError("The file is not text. Export it as CSV in UTF-8, and choose that file")])


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: the one the first lines have most of."""
    head = text[:4000]
    return max(",;\t", key=head.count)


def _header_place(records: list[list[str]]) -> int:
    """Where the headings stand: the first row that names a date, as banks write their own lines above it."""
    for place, record in enumerate(records[:_HEADER_WITHIN]):
        if len([cell for cell in record if cell.strip()]) >= _LEAST_COLUMNS and any(
            _is_heading(cell, ("date",)) for cell in record
        ):
            return place
    raise StatementFileRefused(
        [FileError("No row of headings was found. The file needs one, with a heading “Date” among at least three")]
    )


def _named(cells: list[str]) -> tuple[str, ...]:
    """Headings, each with a name of its own."""
    names: list[str] = []
    while cells and not cells[-1]:
        cells = cells[:-1]
    for place, cell in enumerate(cells, start=1):
        name = mask(cell[:60]) or f"Column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return tuple(names)


def _is_heading(cell: str, fields: Sequence[str]) -> bool:
    plain = " ".join(cell.casefold().split())
    return any(plain in _HEADINGS[field] for field in fields)


def guessed_columns(header: Sequence[str]) -> dict[str, str]:
    """What the headings say by themselves: the name of a column by what it holds."""
    plain = {" ".join(name.casefold().split()): name for name in header}
    found: dict[str, str] = {}
    for field, headings in _HEADINGS.items():
        name = next((plain[each] for each in headings if each in plain and plain[each] not in found.values()), None)
        if name is not None:
            found[field] = name
    if "paid_in" in found and "paid_out" in found:
        found.pop("amount", None)
    else:
        found.pop("paid_in", None)
        found.pop("paid_out", None)
    return found


def check_columns(columns: Mapping[str, str], header: Sequence[str]) -> list[str]:
    """What is missing from, or wrong with, a choice of columns, each with its remedy."""
    problems = [
        f"Select the column of the {field}" for field in ("date", "description", "balance") if not columns.get(field)
    ]
    has_both = bool(columns.get("paid_in")) and bool(columns.get("paid_out"))
    if bool(columns.get("amount")) == has_both or (
        columns.get("amount") and (columns.get("paid_in") or columns.get("paid_out"))
    ):
        problems.append("Select either the column of the amount, or those of paid in and of paid out")
    chosen = [name for name in columns.values() if name]
    if len(set(chosen)) != len(chosen):
        problems.append("Select each column once")
    if any(name not in header for name in chosen):
        problems.append("Select columns of this file")
    return problems


def parse(file: StatementFile, columns: Mapping[str, str]) -> ParsedStatement:
    """The lines of a file by its columns. Raises ``StatementFileRefused`` with everything that is wrong."""
    problems = check_columns(columns, file.header)
    if problems:
        raise StatementFileRefused([FileError(problem) for problem in problems])
    places = {field: file.header.index(name) for field, name in columns.items() if name}
    errors: list[FileError] = []
    rows = [read for row in file.rows if (read := _read(row, places, file.header, errors)) is not None]
    if errors:
        raise StatementFileRefused(errors)
    rows = _earliest_first(rows)
    errors = _check_order(rows, columns) or _check_balances(rows, columns)
    if errors:
        raise StatementFileRefused(errors)
    first = rows[0]
    return ParsedStatement(_keyed([row for row in rows if row.amount]), first.balance - first.amount)


@dataclass(frozen=True)
class _Read:
    number: int
    booked_on: dt.date
    description: str
    amount: Decimal
    balance: Decimal


def _read(row: StatementRow, places: Mapping[str, int], header: Sequence[str], errors: list[FileError]) -> _Read | None:
    """A row's values. A row without movement stays where it is a line of balance; what is wrong goes to ``errors``."""
    wrong: list[FileError] = []
    values: dict[str, Decimal | None] = {}
    booked_on = dt.date.min
    for field, place in places.items():
        try:
            if field == "date":
                booked_on = read_date(row.cells[place])
            elif field != "description":
                values[field] = read_money(row.cells[place])
        except CellWrong as fault:
            wrong.append(FileError(str(fault), row.number, header[place]))
    description = mask(tidy(row.cells[places["description"]]))[:LONGEST_DESCRIPTION]
    if values.get("balance", Decimal(0)) is None:
        wrong.append(FileError("Enter the balance after this line", row.number, header[places["balance"]]))
    amount = values.get("amount")
    money_in, money_out = values.get("paid_in"), values.get("paid_out")
    if money_in and money_out:
        wrong.append(
            FileError("Money is paid in or paid out. Leave one of them empty", row.number, header[places["paid_out"]])
        )
    elif money_in is not None and money_in < 0:
        wrong.append(FileError("Money paid in is above nought", row.number, header[places["paid_in"]]))
    elif "paid_in" in places:
        amount = (money_in or Decimal(0)) - abs(money_out or Decimal(0))
    if not wrong and not amount and not any(marker in description.casefold() for marker in _MARKERS):
        field = "amount" if "amount" in places else "paid_out"
        wrong.append(FileError("Enter the amount, or take out the line", row.number, header[places[field]]))
    errors += wrong
    if wrong:
        return None
    return _Read(row.number, booked_on, description, amount or Decimal(0), values["balance"] or Decimal(0))


def _earliest_first(rows: list[_Read]) -> list[_Read]:
    """Rows in the order in which they happened; many banks write the latest first."""
    backwards = rows[::-1]
    if rows[0].booked_on > rows[-1].booked_on:
        return backwards
    if rows[0].booked_on == rows[-1].booked_on and _breaks(backwards) < _breaks(rows):
        return backwards
    return rows


def _breaks(rows: Sequence[_Read]) -> int:
    return sum(before.balance + row.amount != row.balance for before, row in itertools.pairwise(rows))


def _check_order(rows: Sequence[_Read], columns: Mapping[str, str]) -> list[FileError]:
    return [
        FileError("The dates go up and down. Sort the file by date", row.number, columns["date"])
        for before, row in itertools.pairwise(rows)
        if row.booked_on < before.booked_on
    ]


def _check_balances(rows: Sequence[_Read], columns: Mapping[str, str]) -> list[FileError]:
    return [
        FileError(
            f"The balance is £{row.balance:,.2f}, but £{before.balance:,.2f} before it and the movement of "
            f"£{row.amount:,.2f} give £{before.balance + row.amount:,.2f}. Check that no line is missing before it",
            row.number,
            columns["balance"],
        )
        for before, row in itertools.pairwise(rows)
        if before.balance + row.amount != row.balance
    ]


def _keyed(rows: Sequence[_Read]) -> tuple[StatementEntry, ...]:
    """Each line with what it is known by: its own values, and which of several equal ones it is."""
    seen: Counter[str] = Counter()
    lines = []
    for row in rows:
        values = f"{row.booked_on}|{row.description.casefold()}|{row.amount}|{row.balance}"
        seen[values] += 1
        key = hashlib.sha256(f"{values}|{seen[values]}".encode()).hexdigest()
        lines.append(StatementEntry(row.number, row.booked_on, row.description, row.amount, row.balance, key))
    return tuple(lines)


@dataclass(frozen=True)
class PeriodPart:
    """What a file says of a period: its lines, the balance before and after them, and how many lie outside."""

    lines: tuple[StatementEntry, ...]
    opening_balance: Decimal
    closing_balance: Decimal
    outside: int


def part_within(parsed: ParsedStatement, first_on: dt.date, last_on: dt.date) -> PeriodPart:
    """The lines from the first day to the last, both counted, with the balances around them."""
    before = [line for line in parsed.lines if line.booked_on < first_on]
    within = tuple(line for line in parsed.lines if first_on <= line.booked_on <= last_on)
    opening = before[-1].balance if before else parsed.opening_balance
    closing = within[-1].balance if within else opening
    return PeriodPart(within, opening, closing, len(parsed.lines) - len(within))
