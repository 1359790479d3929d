"""Tables that people send: CSV, Excel (XLSX) and OpenDocument (ODS), read row by row as text. Nothing is evaluated."""

import csv
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from phb_register.exceptions import Refused
from phb_register.workbook_extent import unfolds_too_far

LARGEST_FILE = 100 * 1024 * 1024
# A spreadsheet is packed; one that unpacks to more than this was made to fill a memory.
LARGEST_UNPACKED = 400 * 1024 * 1024
# As many as a spreadsheet has: what is wider is no table.
MOST_COLUMNS = 16_384
SEPARATORS = (",", ";", "\t", "|")
KINDS = "a CSV, an Excel (.xlsx) or an OpenDocument (.ods) file"
_MIDNIGHT = dt.time()


class TableRefused(Refused):
    """A file that cannot be read as a table. The message names the remedy."""


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its number in the file, as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]


class Table:
    """A file with headings in its first row that is not empty. `rows` can be read more than once."""

    def __init__(self, content: bytes, filename: str) -> None:
        """Read the headings. Raises `TableRefused` for a file that is no table."""
        if len(content) > LARGEST_FILE:
            raise TableRefused("The file is larger than 100 MB. Send it in parts")
        self._content = content
        self._is_workbook = content[:4] == b"PK\x03\x04"
        if not self._is_workbook and filename.lower().endswith((".xlsx", ".ods", ".xls", ".xlsb")):
            raise TableRefused(f"The file cannot be opened as a spreadsheet. Save it as {KINDS}")
        first = next(self._all_rows(), None)
        if first is None:
            raise TableRefused("The file is empty. Choose a file with a row of headings and rows under it")
        self._header_number = first.number
        self.header: tuple[str, ...] = first.cells

    def rows(self) -> Iterator[TableRow]:
        """The rows under the headings, without those that are wholly empty, as many cells as there are headings.

        A row with more cells keeps them, so that whoever reads it can say so. Raises `TableRefused` for a part of a
        CSV file that cannot be read.
        """
        width = len(self.header)
        for row in self._all_rows():
            if row.number != self._header_number:
                yield TableRow(row.number, row.cells + ("",) * (width - len(row.cells)))

    def _all_rows(self) -> Iterator[TableRow]:
        found = _workbook_rows(self._content) if self._is_workbook else _csv_rows(self._content)
        for number, cells in found:
            width = len(cells)
            while width and not cells[width - 1]:
                width -= 1
            if width > MOST_COLUMNS:
                raise TableRefused(
                    f"Row {number} has {width:,} cells. Check its separators, and leave no more than {MOST_COLUMNS:,} "
                    "columns"
                )
            if width:
                yield TableRow(number, tuple(cells[:width]))


def _csv_rows(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise TableRefused(
            f"Row {reader.line_num} cannot be read ({error}). Open the file, check the quotation marks there, "
            "and save it as CSV again"
        ) from error


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableRefused(f"The file is not text that can be read. Save it as {KINDS}")


def _separator(text: str) -> str:
    """What stands between the cells of the headings most often; a comma where nothing does."""
    headings = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    return max(SEPARATORS, key=headings.count)


def _workbook_rows(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
                raise TableRefused("The spreadsheet unpacks to more than 400 MB. Send it in parts, or as CSV")
            if unfolds_too_far(packed):
                raise TableRefused(
                    "The spreadsheet has cells far below or beside its table. Delete those rows and columns, or save "
                    "it as CSV"
                )
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            visible = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
            for name in visible:
                sheet = book.get_sheet_by_name(name)
                if sheet.total_height:
                    for number, cells in enumerate(sheet.iter_rows(), start=1):
                        yield number, [_as_text(cell) for cell in cells]
                    return
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        # RuntimeError: packed with a password, or in a way that is not known here.
        raise TableRefused(
            f"The spreadsheet cannot be opened. Take off its password if it has one, and save it as {KINDS}"
        ) from error


def _as_text(cell: Any) -> str:
    """A cell as it would be typed: dates as 2017-02-07, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
