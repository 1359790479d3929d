"""Spreadsheets made to end whoever opens them, and those broken on their way: refused with a remedy, never opened."""

import io
import zipfile

import pytest
import xlsxwriter

from phb_register.spreadsheets import Table, TableRefused


def book(cells):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        sheet = made.add_worksheet()
        for (row, column), value in cells.items():
            sheet.write(row, column, value)
    return file.getvalue()


def calc(rows):
    """An OpenDocument spreadsheet with these rows."""
    file = io.BytesIO()
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", kind)
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        packed.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="One">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


CELL = '<table:table-cell{} office:value-type="string"><text:p>people</text:p></table:table-cell>'
LAST = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'


@pytest.mark.parametrize(
    "content",
    [
        book({(0, 0): "people", (1_048_575, 16_383): 7}),
        book({(0, 0): "people", (400_000, 60): 7}),
        calc(
            f"<table:table-row>{CELL.format('')}</table:table-row>"
            '<table:table-row table:number-rows-repeated="1048000">'
            f"{CELL.format(' table:number-columns-repeated=' + chr(34) + '16000' + chr(34))}</table:table-row>"
        ),
    ],
    ids=["corner", "far-down", "repeated"],
)
def test_a_small_file_that_unfolds_to_billions_of_cells_is_refused(content):
    assert len(content) < 10_000
    with pytest.raises(TableRefused, match="far below or beside its table"):
        Table(content, "counts.xlsx")


def test_a_tall_or_wide_table_is_read():
    assert len(list(Table(book({(0, 0): "people", (9, 700): 7}), "counts.xlsx").rows())) == 1
    kept = calc(f"<table:table-row>{CELL.format('')}</table:table-row>" * 2 + LAST)
    assert Table(kept, "counts.ods").header == ("people",)
    assert len(list(Table(kept, "counts.ods").rows())) == 1


def test_a_row_of_millions_of_commas_ends_at_once_and_one_of_as_many_cells_is_refused():
    commas = b"people,on\n7,now" + b"," * 3_000_000 + b"\n"
    assert [row.cells for row in Table(commas, "a.csv").rows()] == [("7", "now")]
    with pytest.raises(TableRefused, match="no more than 16,384 columns"):
        Table(b"x" + b",x" * 20_000 + b"\n", "a.csv")


def test_a_spreadsheet_packed_in_an_unknown_way_is_refused():
    whole = bytearray(book({(0, 0): "people"}))
    place = whole.index(b"PK\x01\x02")
    whole[place + 6] = 137
    with pytest.raises(TableRefused, match="cannot be opened"):
        Table(bytes(whole), "counts.xlsx")
