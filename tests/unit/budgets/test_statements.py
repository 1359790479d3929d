"""Reading the files of bank statements: every row or none, nothing of an account kept, and no byte that breaks it."""

import csv
import datetime as dt
import io
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.rules.statement_cells import mask, read_money
from budgets.rules.statements import (
    LARGEST_FILE,
    MOST_ERRORS,
    StatementFileRefused,
    guessed_columns,
    parse,
    part_within,
    read_file,
)
from phb_register.cells import CellWrong, read_date

HEAD = "Date,Description,Amount,Balance\n"
GOOD = HEAD + "01/04/2026,NHS DIRECT PAYMENT,500.00,500.00\n02/04/2026,WAGES,-120.50,379.50\n"


def refused(content: bytes | str) -> list[str]:
    """What the file is refused for."""
    with pytest.raises(StatementFileRefused) as caught:
        read(content)
    return [str(error) for error in caught.value.errors]


def read(content: bytes | str):
    file = read_file(content if isinstance(content, bytes) else content.encode())
    return parse(file, guessed_columns(file.header))


def test_statement_read_gives_lines_and_balances() -> None:
    found = read(GOOD)
    assert [(line.row, line.booked_on, line.amount) for line in found.lines] == [
        (2, dt.date(2026, 4, 1), Decimal("500.00")),
        (3, dt.date(2026, 4, 2), Decimal("-120.50")),
    ]
    assert (found.opening_balance, found.closing_balance) == (Decimal(0), Decimal("379.50"))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("utf-16"),
        GOOD.replace("WAGES", "Caf\u00e9").encode("cp1252"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        ("My bank\nAccount,12345678\n\n" + GOOD).encode(),
        # The latest first, as many banks write them.
        (HEAD + "2026-04-02,WAGES,(120.50),379.50\n2026-04-01,PAID,£500,500\n").encode(),
        b"Date,Details,Paid out,Paid in,Balance\n1 Apr 2026,PAID,,500,500\n2/4/26,WAGES,120.50,,379.50\n",
    ],
)
def test_statement_in_another_shape_says_the_same(content: bytes) -> None:
    found = read(content)
    assert [line.amount for line in found.lines] == [Decimal("500.00"), Decimal("-120.50")]
    assert [line.booked_on.day for line in found.lines] == [1, 2]


def test_statement_whose_balance_does_not_follow_names_the_row() -> None:
    errors = refused(GOOD + "03/04/2026,SHOP,-10.00,379.50\n04/04/2026,SHOP,-1.00,378.50\n")
    assert len(errors) == 1
    assert errors[0].startswith("Row 4, column “Balance”: The balance is £379.50, but £379.50 before it")


def test_statement_with_errors_names_each_row_and_column_and_is_refused_whole() -> None:
    errors = refused(
        HEAD + "31/02/2026,A,1.00,1.00\n01/04/2026,B,=1+1,2.00\n02/04/2026,C,1.00,\n05/13/2026,D,1.234,9\n"
    )
    assert [error.split(":")[0] for error in errors] == [
        "Row 2, column “Date”",
        "Row 3, column “Amount”",
        "Row 4, column “Balance”",
        "Row 5, column “Date”",
        "Row 5, column “Amount”",
    ]
    assert "formula" in errors[1]


def test_statement_with_very_many_errors_shows_the_first() -> None:
    with pytest.raises(StatementFileRefused) as caught:
        read(HEAD + "x,y,z,w\n" * 100)
    assert (len(caught.value.errors), caught.value.further) == (MOST_ERRORS, 300 - MOST_ERRORS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x00\x01" + GOOD.encode(), "not text"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"%PDF-1.7", "PDF"),
        (b"a" * (LARGEST_FILE + 1), "2 MB"),
        (b"one,two,three\n1,2,3\n", "headings"),
        (HEAD.encode(), "no lines"),
        ((HEAD + '01/04/2026,"A,1.00,1.00\n').encode(), "quotation mark"),
        ((HEAD + "01/04/2026,A,1.00,1.00,spilled\n").encode(), "cells under"),
        ((HEAD + f"01/04/2026,A,{'9' * 400},1.00\n").encode(), "like 1,234.50"),
        ((HEAD + "02/04/2026,A,1,1\n01/04/2026,B,1,2\n03/04/2026,C,1,3\n").encode(), "up and down"),
        (b"Date,Description,Amount\n01/04/2026,A,1.00\n", "column of the balance"),
    ],
)
def test_statement_that_is_no_statement_is_refused_with_the_remedy(content: bytes, said: str) -> None:
    assert any(said in error for error in refused(content))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("TFR 12-34-56 12345678 RENT", "TFR ••••5678 RENT"),
        ("SORT 12-34-56", "SORT ••-••-••"),
        ("CARD 4929 1234 5678 9012", "CARD ••••9012"),
        ("IBAN GB29NWBK60161331926819", "IBAN ••••6819"),
        ("INVOICE 12345", "INVOICE 12345"),
    ],
)
def test_description_with_numbers_of_an_account_is_masked(text: str, kept: str) -> None:
    assert mask(text) == kept


def test_account_number_of_a_file_is_not_kept() -> None:
    content = "Date,Account number,Sort code,Description,Amount,Balance\n01/04/2026,12345678,123456,PAY,1.00,1.00\n"
    file = read_file(content.encode())
    assert file.account_last_four == "5678"
    assert "1234" not in str(file.rows)


@pytest.mark.parametrize("cell", ["1.234,50", "ten", "1e5", "١٢", "--5", "1,23.00", "=2", "9999999999"])
def test_money_that_cannot_be_read_is_refused(cell: str) -> None:
    with pytest.raises(CellWrong):
        read_money(cell)


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [("£1,234.50", "1234.50"), ("(5)", "-5"), ("5.00 DR", "-5"), ("5-", "-5"), ("\u22125", "-5"), ("7 CR", "7")],
)
def test_money_in_many_ways_of_writing(cell: str, pounds: str) -> None:
    assert read_money(cell) == Decimal(pounds)


def test_date_with_the_month_first_is_refused() -> None:
    with pytest.raises(CellWrong, match="day before the month"):
        read_date("12/31/2026")


def test_part_within_a_period_has_the_balances_around_it() -> None:
    found = read(GOOD + "03/05/2026,LATER,-79.50,300.00\n")
    part = part_within(found, dt.date(2026, 4, 2), dt.date(2026, 4, 30))
    assert (part.opening_balance, part.closing_balance, part.outside) == (Decimal(500), Decimal("379.50"), 2)


def test_equal_lines_of_one_day_are_two_lines() -> None:
    # The same amounts and balances come back within the day.
    lines = read(HEAD + "01/04/2026,A,5,5\n01/04/2026,A,-5,0\n01/04/2026,A,5,5\n").lines
    assert len({line.key for line in lines}) == 3


amounts = st.decimals(min_value=-99999, max_value=99999, places=2).filter(bool)
texts = st.text(st.characters(blacklist_categories=("C", "Z", "N")), min_size=1, max_size=20).filter(
    lambda text: "balance" not in text.casefold()
)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), texts, amounts), min_size=1, max_size=12), amounts, st.booleans())
def test_statement_written_and_read_again_is_the_same(
    moves: list[tuple[int, str, Decimal]], opening: Decimal, is_latest_first: bool
) -> None:
    day, balance, rows = dt.date(2026, 4, 1), opening, []
    for place, (days, text, amount) in enumerate(moves):
        day, balance = day + dt.timedelta(days=max(days, 1) if place else 0), balance + amount
        rows.append([day.isoformat(), text, f"{amount:,.2f}", f"{balance:.2f}"])
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["Date", "Description", "Amount", "Balance"])
    writer.writerows(rows[::-1] if is_latest_first else rows)
    found = read(stream.getvalue())
    assert [(line.booked_on, line.amount) for line in found.lines] == [
        (dt.date.fromisoformat(row[0]), move[2]) for row, move in zip(rows, moves, strict=True)
    ]
    assert found.opening_balance == opening
    assert found.closing_balance == opening + sum(line.amount for line in found.lines)


@settings(max_examples=100)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (HEAD + text).encode("utf-8", "replace")))
def test_odd_bytes_are_refused_and_nothing_worse(content: bytes) -> None:
    with suppress(StatementFileRefused):
        found = read(content)
        assert found.closing_balance == found.opening_balance + sum(line.amount for line in found.lines)
