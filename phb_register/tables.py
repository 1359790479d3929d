"""One list of columns makes the table on a page and the file of the same rows.

What is exported is then what is seen. CSV is written as it is read, row by row, so a file of any length
takes little memory, and no cell can run as a formula in a spreadsheet.
"""

import csv
import datetime
import html
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.utils.html import format_html, strip_tags

# A cell that starts with one of these is run as a formula by spreadsheet programs.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CHUNK_BYTES = 64 * 1024

#: The class of a table whose cells have sentences in them: see `table_params`.
STACKED = "app-table--stacked"

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, what it shows of a row, and how.

    `value` gives the cell from a row. `link` gives an address to put behind the cell on a page, or None.
    `file_value` gives the cell of a file where it should differ (a plain number for "£1,200.00").
    """

    label: str
    value: Callable[[Row], Any]
    is_number: bool = False
    link: Callable[[Row], str | None] | None = None
    file_value: Callable[[Row], Any] | None = None


def as_text(value: Any) -> str:
    """Return `value` as it stands in a file: ISO dates, plain numbers, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def file_value(value: Any) -> str:
    """Return the text of a file's cell: what a page shows with markup (a tag, a link) without it, spaces as spaces."""
    text = html.unescape(strip_tags(value)) if hasattr(value, "__html__") else as_text(value)
    return " ".join(text.split("\u00a0")) if "\u00a0" in text else text


#: Cells of these types stand in a file as they are written: nothing in them can run, nothing is to be replaced.
_WRITTEN_AS_THEY_ARE = frozenset({int, Decimal, datetime.date, type(None)})


def formula_safe(value: Any) -> str:
    """Return the text of a file's cell, with a leading apostrophe where a spreadsheet would run it.

    Numbers are left alone: a negative number is a number, not a formula.
    """
    if type(value) is str and "\u00a0" not in value:
        text = value
    else:
        text = file_value(value)
        if isinstance(value, int | float | Decimal):
            return text
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_stream(
    columns: Sequence[Column[Row]], rows: Iterable[Row], header_lines: Sequence[Sequence[Any]] = ()
) -> Iterator[bytes]:
    """Yield a CSV file in UTF-8 with a byte order mark, which spreadsheet programs need to read it rightly.

    `header_lines` (what the file is, its filters, when it was made) come first, then an empty line, then
    the headings and one line a row. The heading part comes at once, before the first row is read.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for line in header_lines:
        writer.writerow([formula_safe(cell) for cell in line])
    if header_lines:
        writer.writerow([])
    writer.writerow([formula_safe(column.label) for column in columns])
    yield _take(buffer)
    readers = [column.file_value or column.value for column in columns]
    as_they_are = _WRITTEN_AS_THEY_ARE
    for row in rows:
        # Of the millions of cells of a large file nearly all need no look at what they are.
        values = [read(row) for read in readers]
        writer.writerow([value if type(value) in as_they_are else formula_safe(value) for value in values])
        if buffer.tell() >= CHUNK_BYTES:
            yield _take(buffer)
    if buffer.tell():
        yield _take(buffer)


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield `rows` in lists of at most `size` (Python 3.12 has it in `itertools`)."""
    each = iter(rows)
    while batch := list(itertools.islice(each, size)):
        yield batch


def _take(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk


def table_params(
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    caption: str,
    caption_classes: str = "",
    is_first_column_heading: bool = True,
    is_responsive: bool = False,
    is_stacked: bool = False,
) -> dict[str, Any]:
    """Return the parameters of the NHS table component for these columns and rows.

    On a phone the cells of a row stand below each other where a table is responsive: each beside the name of its
    column, or below it where it is stacked, for cells with sentences in them.
    """
    is_responsive = is_responsive or is_stacked
    headings = [_cell({"text": column.label}, column) for column in columns]
    body = [[_body_cell(column, row, is_responsive) for column in columns] for row in rows]
    return {
        "caption": caption,
        "captionClasses": caption_classes,
        "firstCellIsHeader": is_first_column_heading,
        "responsive": is_responsive,
        "classes": STACKED if is_stacked else "",
        "head": headings,
        "rows": body,
    }


def _body_cell(column: Column[Row], row: Row, is_responsive: bool) -> dict[str, Any]:
    value = column.value(row)
    address = column.link(row) if column.link else None
    cell: dict[str, Any]
    if address:
        cell = {"html": format_html('<a class="nhsuk-link" href="{}">{}</a>', address, value)}
    elif hasattr(value, "__html__"):
        cell = {"html": value}
    else:
        cell = {"text": as_text(value)}
    if is_responsive:
        cell["header"] = column.label
    return _cell(cell, column)


def _cell(cell: dict[str, Any], column: Column[Any]) -> dict[str, Any]:
    if column.is_number:
        cell["format"] = "numeric"
    return cell
