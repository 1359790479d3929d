"""One column list, the same rows on the page and in the file; no cell of a file runs as a formula."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils.html import format_html

from phb_register.tables import Column, as_text, csv_stream, formula_safe, table_params

COLUMNS = [
    Column("Person", lambda row: row["name"], link=lambda row: row.get("url")),
    Column("Amount", lambda row: f"£{row['amount']:,.2f}", is_number=True, file_value=lambda row: row["amount"]),
]
ROWS = [{"name": "KESTREL, Testa", "amount": Decimal("1200.00"), "url": "/people/1/"}]


def read(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formula_safe_marks_text_that_a_spreadsheet_would_run(start):
    assert formula_safe(f"{start}SUM(A1)") == f"'{start}SUM(A1)"


@pytest.mark.parametrize(("value", "text"), [(-3, "-3"), (Decimal("-0.5"), "-0.5"), ("O'Hara", "O'Hara"), (None, "")])
def test_formula_safe_leaves_numbers_and_plain_text(value, text):
    assert formula_safe(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.date(2017, 2, 7), "2017-02-07"),
        (dt.datetime(2017, 2, 7, 9, 30, 15, 99, tzinfo=dt.UTC), "2017-02-07T09:30:15+00:00"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
    ],
)
def test_as_text_writes_what_a_machine_can_read(value, text):
    assert as_text(value) == text


def test_csv_stream_has_header_then_headings_then_rows():
    content = b"".join(csv_stream(COLUMNS, ROWS, [["As at", dt.date(2017, 2, 7)]]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content) == [
        ["As at", "2017-02-07"],
        [],
        ["Person", "Amount"],
        ["KESTREL, Testa", "1200.00"],
    ]


def test_csv_stream_gives_its_heading_before_it_reads_a_row():
    def rows():
        raise AssertionError("read too early")
        yield

    assert b"Person" in next(csv_stream(COLUMNS, rows()))


def test_csv_stream_comes_in_chunks_however_many_rows():
    chunks = list(csv_stream(COLUMNS, (ROWS[0] for _ in range(20_000))))
    assert len(chunks) > 3
    assert max(map(len, chunks)) < 70_000
    assert len(read(b"".join(chunks))) == 20_001


def test_csv_stream_marks_formulas_in_headings_rows_and_header():
    content = b"".join(csv_stream([Column("=x", lambda row: row)], ["=1+1"], [["Filter", "@a"]]))
    assert read(content) == [["Filter", "'@a"], [], ["'=x"], ["'=1+1"]]


def test_table_params_links_and_escapes_cells():
    rows = [{"name": "<b>", "amount": Decimal(1), "url": "/people/1/?a=1&b=2"}]
    cell, amount = table_params(COLUMNS, rows, caption="People")["rows"][0]
    assert cell["html"] == '<a class="nhsuk-link" href="/people/1/?a=1&amp;b=2">&lt;b&gt;</a>'
    assert amount == {"text": "£1.00", "format": "numeric"}


def test_table_params_leaves_a_cell_without_address_as_text():
    rows = [{"name": "KESTREL, Testa", "amount": Decimal(1)}]
    assert table_params(COLUMNS, rows, caption="People")["rows"][0][0] == {"text": "KESTREL, Testa"}


def test_table_params_passes_safe_html_on():
    columns = [Column("Status", lambda row: format_html("<strong>{}</strong>", row))]
    assert table_params(columns, ["<i>"], caption="x")["rows"][0][0]["html"] == "<strong>&lt;i&gt;</strong>"


def test_table_params_names_each_cell_when_responsive():
    params = table_params(COLUMNS, ROWS, caption="People", is_responsive=True)
    assert [cell["header"] for cell in params["rows"][0]] == ["Person", "Amount"]
    assert params["head"][1] == {"text": "Amount", "format": "numeric"}
