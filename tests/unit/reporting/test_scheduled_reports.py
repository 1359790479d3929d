"""When a report is due, and what its workbook makes of words."""

import datetime as dt
from decimal import Decimal

import pytest

from reporting import board_packs as words
from reporting.points import Point
from reporting.report_making import _cells, number_or_text
from reporting.rules.scheduled_reports import ReportSection, Rhythm, latest_due, next_made_on, sections_in_order


@pytest.mark.parametrize(
    ("today", "month", "quarter"),
    [
        (dt.date(2026, 11, 5), dt.date(2026, 9, 30), dt.date(2026, 9, 30)),
        (dt.date(2026, 11, 6), dt.date(2026, 10, 31), dt.date(2026, 9, 30)),
        (dt.date(2027, 1, 5), dt.date(2026, 11, 30), dt.date(2026, 9, 30)),
        (dt.date(2027, 1, 6), dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
        (dt.date(2028, 3, 6), dt.date(2028, 2, 29), dt.date(2027, 12, 31)),
    ],
)
def test_report_is_due_five_days_after_the_month_or_quarter(today, month, quarter):
    assert latest_due(Rhythm.MONTHLY, today) == month
    assert latest_due(Rhythm.QUARTERLY, today) == quarter


def test_next_report_is_made_on_the_sixth():
    assert next_made_on(Rhythm.MONTHLY, dt.date(2026, 11, 5)) == dt.date(2026, 11, 6)
    assert next_made_on(Rhythm.MONTHLY, dt.date(2026, 11, 6)) == dt.date(2026, 12, 6)
    assert next_made_on(Rhythm.QUARTERLY, dt.date(2026, 11, 6)) == dt.date(2027, 1, 6)


def test_sections_stand_in_the_order_of_the_report():
    assert sections_in_order(["equality", "uptake"]) == [ReportSection.UPTAKE, ReportSection.EQUALITY]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", Decimal(1234)),
        ("−£31", Decimal(-31)),
        ("£1,500.50", Decimal("1500.50")),
        ("*", "*"),
        ("71.4%", "71.4%"),
        ("Not known", "Not known"),
        ("=1+1", "=1+1"),
    ],
)
def test_numbers_are_numbers_in_the_workbook(text, value):
    assert number_or_text(text) == value


def test_every_figure_of_a_section_is_in_the_workbook():
    blocks = [
        words.text("Said"),
        words.figures([("In place", "122", "What it means")]),
        words.table("By cohort", ("Cohort", "In place", "Share"), [("CHC", "*", "*"), ("All", "122", "100%")]),
        words.chart("LLR", [Point(dt.date(2026, 9, 30), 7), Point(dt.date(2026, 10, 31), None)], None, None),
    ]
    found = [(cell.table, cell.line, cell.column, cell.value) for cell in _cells(blocks)]
    assert found == [
        ("The figures", "In place", "Value", Decimal(122)),
        ("By cohort", "CHC", "In place", "*"),
        ("By cohort", "CHC", "Share", "*"),
        ("By cohort", "All", "In place", Decimal(122)),
        ("By cohort", "All", "Share", "100%"),
        ("In place over time", "2026-09-30", "In place", 7),
        ("In place over time", "2026-10-31", "In place", "*"),
    ]
