"""Workbooks (XLSX) written row by row, by the same columns as tables and CSV: a file of any length takes little memory.

Nothing in a cell can run: text is written as text, whatever it starts with, and no address becomes a link.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from phb_register.exceptions import Refused
from phb_register.tables import Column, file_value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a sheet and a cell can hold, by the format's own limits.
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
LONGEST_TITLE = 31
FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
ROWS_BETWEEN_SIGNS = 2000

_OPTIONS: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
    "remove_timezone": True,
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its columns, its rows."""

    title: str
    columns: Sequence[Column[Any]]
    rows: Iterable[Any]


def write_workbook(
    file: str | IO[bytes],
    sheets: Sequence[Sheet],
    head: Sequence[Sequence[Any]] = (),
    *,
    title: str = "",
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write a workbook into `file` and return how many rows it has.

    `head` (what the file is, its filters, when it was made) stands above the headings of every sheet. `progress` is
    told now and then how many rows are written. Raises `Refused` where a sheet has no room for all rows.
    """
    written = 0
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": title or sheets[0].title})
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for sheet in sheets:
            page = book.add_worksheet(_sheet_title(sheet.title))
            written = _write_sheet(page, sheet, head, bold, moment, written, progress)
    return written


def _write_sheet(
    page: Worksheet,
    sheet: Sheet,
    head: Sequence[Sequence[Any]],
    bold: Format,
    moment: Format,
    written: int,
    progress: Callable[[int], None],
) -> int:
    row = 0
    for line in head:
        for place, value in enumerate(line):
            _write(page, row, place, value, moment)
        row += 1
    row += 1 if head else 0
    for place, column in enumerate(sheet.columns):
        page.write_string(row, place, column.label, bold)
        page.set_column(place, place, max(12, min(40, len(column.label) + 2)))
    page.freeze_panes(row + 1, 1)
    readers = [column.file_value or column.value for column in sheet.columns]
    for each in sheet.rows:
        row += 1
        if row >= MOST_ROWS:
            raise Refused("A sheet has no room for so many rows: narrow the filters, or take the CSV file")
        for place, read in enumerate(readers):
            _write(page, row, place, read(each), moment)
        written += 1
        if written % ROWS_BETWEEN_SIGNS == 0:
            progress(written)
    return written


def _write(page: Worksheet, row: int, place: int, value: Any, moment: Format) -> None:
    """A number as a number, a day as a day, anything else as text."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(row, place, file_value(value))
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, place, value)
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, place, timezone.localtime(value) if timezone.is_aware(value) else value, moment)
    elif isinstance(value, dt.date):
        page.write_datetime(row, place, value)
    else:
        page.write_string(row, place, file_value(value)[:LONGEST_TEXT])


def _sheet_title(title: str) -> str:
    """A sheet's title as the format allows it."""
    return title.translate(FORBIDDEN_IN_TITLES).strip()[:LONGEST_TITLE].strip() or "Sheet"
