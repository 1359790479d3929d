"""The files of a payment run: columns, dates, control totals, and nothing that a spreadsheet runs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.payment_enums import FileDateFormat, FileKind
from budgets.presenters.payment_files import EXAMPLES
from budgets.rules.payment_files import Chosen, Layout, check_layout, columns_for, default_layout, written

PLAIN = Layout(FileKind.BANK, (Chosen("amount", "Amount"), Chosen("payment_reference", "Ref"), Chosen("pays_on", "On")))


def lines(layout: Layout, rows=EXAMPLES) -> list[str]:
    return written(layout, rows).decode().splitlines()


def test_file_has_its_columns_in_order_with_headings_and_totals() -> None:
    layout = Layout(
        FileKind.BANK, (Chosen("payee_reference", "To"), Chosen("amount", "Pounds"), Chosen("pays_on", "On"))
    )
    assert lines(layout) == [
        "To,Pounds,On",
        "V00001,987.50,2026-12-01",
        "V00002,700.00,2026-12-01",
        "Control totals: 2 payments,1687.50,",
    ]


def test_totals_stand_beneath_the_amounts_also_in_the_first_column() -> None:
    assert lines(PLAIN)[-1] == "1687.50,,Control totals: 2 payments"


def test_headings_and_totals_are_left_out_and_dates_written_as_asked() -> None:
    layout = replace(PLAIN, has_headings=False, has_control_totals=False, date_format=FileDateFormat.SLASHES)
    assert lines(layout) == ["987.50,T0001-1-00001,01/12/2026", "700.00,T0001-1-00002,01/12/2026"]


def test_cell_that_would_run_as_a_formula_is_defused_and_a_negative_number_is_not() -> None:
    row = replace(EXAMPLES[0], payee_name='=HYPERLINK("x")', adjustment_amount=Decimal("-1.00"))
    layout = Layout(
        FileKind.LEDGER, (Chosen("payee_name", "+Payee"), Chosen("adjustment", "Balance"), Chosen("amount", "Amount"))
    )
    assert lines(layout, [row])[:2] == ["'+Payee,Balance,Amount", '"\'=HYPERLINK(""x"")",-1.00,987.50']


def test_payment_of_nothing_is_in_the_ledger_file_and_not_in_the_bank_file() -> None:
    nothing = [replace(EXAMPLES[0], amount=Decimal("0.00"))]
    assert len(lines(PLAIN, nothing)) == 2
    assert len(lines(default_layout(FileKind.LEDGER), nothing)) == 3


@pytest.mark.parametrize("kind", FileKind)
def test_first_layout_is_whole(kind: FileKind) -> None:
    assert check_layout(default_layout(kind)) == []


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ((Chosen("payment_reference", "A"), Chosen("amount", "B")), "payee_reference_place"),
        ((*default_layout(FileKind.BANK).columns, Chosen("amount", "Again")), ""),
        ((*default_layout(FileKind.BANK).columns, Chosen("nhs_amount", "NHS")), ""),
        ((*default_layout(FileKind.BANK).columns, Chosen("run", " ")), "run_header"),
        ((*default_layout(FileKind.BANK).columns, Chosen("run", "Amount")), "run_header"),
        ((*default_layout(FileKind.BANK).columns, Chosen("run", "x" * 61)), "run_header"),
    ],
)
def test_layout_that_cannot_be_is_refused_beside_its_column(columns, field) -> None:
    assert field in {problem.field for problem in check_layout(Layout(FileKind.BANK, columns))}


def test_no_column_tells_of_the_person_or_an_account() -> None:
    told = {column.code for kind in FileKind for column in columns_for(kind)}
    assert not told & {"person", "name", "nhs_number", "cohort", "account_number", "sort_code"}
