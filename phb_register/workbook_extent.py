"""How large a table a spreadsheet unfolds to, read from its parts before it is opened.

Whoever reads a spreadsheet makes room for every cell between the first and the last. A file of a few kilobytes with
one cell in the farthest corner would fill any memory so, and end the process that reads it.
"""

import re
import zipfile
from collections.abc import Iterator

#: More than any register has, and a few hundred megabytes when read.
MOST_CELLS = 20_000_000
_CHUNK = 1024 * 1024

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_ODS_TABLES = "content.xml"
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'][^<>]*(?<!/)>""")
# Cells from column BA or row 300,000 on, or written as no spreadsheet program does; without one, a sheet is small
# enough however its cells lie. Each begins with plain letters, which is what makes the search fast.
_FAR_OFF = re.compile(rb'r="(?:[B-Zb-z][A-Za-z][0-9]|[A-Za-z]{3}[0-9]|[A-Za-z]{1,2}(?:[3-9][0-9]{5}|[0-9]{7}))')
_OTHERWISE = re.compile(rb"r=['\s]|r\s+=")
_ODS_TAG = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>")
_ROWS_REPEATED = re.compile(rb"number-rows-repeated\s*=\s*[\"']([0-9]{1,9})")
_COLUMNS_REPEATED = re.compile(rb"number-columns-repeated\s*=\s*[\"']([0-9]{1,9})")


def unfolds_too_far(packed: zipfile.ZipFile) -> bool:
    """Whether a sheet of the spreadsheet has more than `MOST_CELLS` cells from its first to its last."""
    for each in packed.infolist():
        if _SHEET.search(each.filename) and _xlsx_cells(packed, each) > MOST_CELLS:
            return True
        if each.filename == _ODS_TABLES and _ods_cells(packed, each) > MOST_CELLS:
            return True
    return False


def _xlsx_cells(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    if not any(_FAR_OFF.search(chunk) or _OTHERWISE.search(chunk) for chunk in _chunks(packed, part)):
        return 0
    rows = columns = 0
    for chunk in _chunks(packed, part):
        for letters, digits in _CELL.findall(chunk):
            rows, columns = max(rows, int(digits)), max(columns, _column(letters))
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _ods_cells(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """The largest of its tables: rows and columns that say nothing count where others follow that do."""
    most = row = columns = place = repeated = 0
    for chunk in _chunks(packed, part):
        for closing, tag, attributes in _ODS_TAG.findall(chunk):
            if tag == b"table":
                row = columns = place = repeated = 0
            elif tag == b"table-row" and not closing:
                row += repeated
                repeated, place = _times(_ROWS_REPEATED, attributes), 0
            elif not closing:
                place += _times(_COLUMNS_REPEATED, attributes)
                if b"value" in attributes:
                    columns = max(columns, place)
                    most = max(most, (row + repeated) * columns)
    return most


def _times(repeated: "re.Pattern[bytes]", attributes: bytes) -> int:
    found = repeated.search(attributes)
    return int(found[1]) if found else 1


def _chunks(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part piece by piece, none of which ends within a tag."""
    rest = b""
    with packed.open(part) as stream:
        while piece := stream.read(_CHUNK):
            whole, found, tag = (rest + piece).rpartition(b"<")
            yield whole
            rest = found + tag
            if len(rest) > _CHUNK:  # no tag is so long
                yield rest
                rest = b""
    yield rest
