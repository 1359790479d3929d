"""Workbooks are read back by another library: what was written is there, as what it was, and nothing runs."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils.html import format_html
from python_calamine import CalamineWorkbook

from phb_register import workbooks
from phb_register.exceptions import Refused
from phb_register.tables import Column
from phb_register.workbooks import Sheet, write_workbook

NOW = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)
KINDS = [
    Column("Any", lambda row: row),
]


def read_back(sheets, head=()):
    file = io.BytesIO()
    rows = write_workbook(file, sheets, head)
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    return rows, {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "=1+1"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("https://example.org", "https://example.org"),
        ("0123456789", "0123456789"),
        (3, 3.0),
        (Decimal("1200.50"), 1200.5),
        (dt.date(2017, 2, 7), dt.date(2017, 2, 7)),
        (NOW, NOW.replace(tzinfo=None)),
        (True, "yes"),
        (None, ""),
        (format_html("<strong>{}</strong>", "Tom & Ann"), "Tom & Ann"),
        ("x" * 40_000, "x" * 32_767),
        ("a\x01b", "a\x01b"),
    ],
)
def test_value_comes_back_as_what_it_was(value, cell):
    rows, sheets = read_back([Sheet("Kinds", KINDS, [value])])
    assert rows == 1
    assert (sheets["Kinds"][1:] or [[""]])[0][0] == cell


def test_head_stands_above_the_headings_of_every_sheet():
    _, sheets = read_back([Sheet("One", KINDS, [1]), Sheet("Two: [a/b]", KINDS, [2])], [["What", "Register"]])
    assert list(sheets) == ["One", "Two   a b"]
    assert [row[0] for row in sheets["One"]] == ["What", "", "Any", 1]


def test_sheet_without_room_for_all_rows_says_what_to_do(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    with pytest.raises(Refused, match="narrow the filters, or take the CSV"):
        write_workbook(io.BytesIO(), [Sheet("Long", KINDS, range(3))])


def test_progress_is_told_as_rows_are_written(monkeypatch):
    monkeypatch.setattr(workbooks, "ROWS_BETWEEN_SIGNS", 2)
    told = []
    write_workbook(io.BytesIO(), [Sheet("One", KINDS, range(5))], progress=told.append)
    assert told == [2, 4]
