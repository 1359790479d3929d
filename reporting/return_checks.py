"""What is checked before a national return is submitted. Pure.

Some findings stop it; a warning needs a reason; a note explains.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum, unique

from phb_register.presenters import counted, spoken_date
from reporting import measures as m
from reporting.rules.counting import Breakdown
from reporting.rules.quarters import Quarter
from reporting.rules.returns import ADULTS, BASIS_LABELS, CHILDREN, METHODS, TOTAL, Basis, Cell, Change, Explained, sums

#: A budget that was agreed so many days before the end of the quarter and has no start date was probably not entered.
LONG_WITHOUT_START_DAYS = 90


@unique
class Severity(StrEnum):
    """What a finding asks for."""

    STOPS = "stops"
    WARNS = "warns"
    NOTES = "notes"


@unique
class Listed(StrEnum):
    """A finding with people behind it that are in no cell of their own."""

    NO_START_DATE = "no-start-date"
    NO_NHS_NUMBER = "no-nhs-number"
    REVIEW_TOO_OLD = "review-too-old"


@dataclass(frozen=True)
class Finding:
    """One thing that a check found; `people_in` is the code of a cell or of a list (`Listed`) behind it."""

    code: str
    severity: Severity
    text: str
    people_in: str = ""


@dataclass(frozen=True)
class Window:
    """The days on which the collection takes the return."""

    opens_on: dt.date
    closes_on: dt.date


def findings(
    quarter: Quarter,
    cells: Mapping[str, int],
    breakdown: Breakdown,
    *,
    listed: Mapping[Listed, int],
    changed: Mapping[Basis, Explained],
    window: Window | None,
    today: dt.date,
) -> list[Finding]:
    """Return what the checks find, what stops first. `changed` are the total rows against the quarter before."""
    found = [
        *_time(quarter, window, today),
        *_parts(cells, breakdown),
        *_methods(cells),
        *_ages(cells),
        *_lists(listed),
        *_late(changed),
        *_percentages(cells),
    ]
    return sorted(found, key=lambda each: list(Severity).index(each.severity))


def _time(quarter: Quarter, window: Window | None, today: dt.date) -> list[Finding]:
    if today <= quarter.end:
        text = f"The quarter ends on {spoken_date(quarter.end)}. It can be submitted from the day after"
        return [Finding("not-over", Severity.STOPS, text)]
    if window is None:
        text = f"No window is recorded for {quarter}. Add the days on which the collection takes it, with their source"
        return [Finding("no-window", Severity.WARNS, text)]
    if today < window.opens_on:
        text = f"The window opens on {spoken_date(window.opens_on)}"
        return [Finding("before-window", Severity.WARNS, text)]
    if today > window.closes_on:
        text = f"The window closed on {spoken_date(window.closes_on)}"
        return [Finding("after-window", Severity.WARNS, text)]
    return []


def _parts(cells: Mapping[str, int], breakdown: Breakdown) -> list[Finding]:
    wrong = [total for total, parts in sums(breakdown) if cells[total] != sum(cells[part] for part in parts)]
    found = [
        Finding("parts", Severity.STOPS, f"The parts of “{code}” do not add up to it. Tell whoever runs the register")
        for code in wrong
    ]
    if breakdown == Breakdown.EACH:
        text = "People count under each of their methods, so the methods add up to more than the people"
        found.append(Finding("methods-overlap", Severity.NOTES, text))
    return found


def _methods(cells: Mapping[str, int]) -> list[Finding]:
    found = []
    for basis in Basis:
        cell = Cell(basis, m.NOT_RECORDED)
        if number := cells[cell.code]:
            text = f"{BASIS_LABELS[basis]}: {counted(number, 'person has', 'people have')} no method recorded"
            found.append(Finding(f"no-method-{basis}", Severity.WARNS, text, cell.code))
    return found


def _ages(cells: Mapping[str, int]) -> list[Finding]:
    """Each of the two kinds of continuing care has an age: the Standing Rules put the line at 18."""
    found = []
    for row, column, words in (
        ("chc", CHILDREN, "under 18 under NHS continuing healthcare, which is for adults"),
        ("fast_track", CHILDREN, "under 18 on the fast track of NHS continuing healthcare, which is for adults"),
        ("continuing_care", ADULTS, "of 18 or over under children’s continuing care"),
    ):
        cell = Cell(Basis.QUARTER_END, row, column)
        if number := cells[cell.code]:
            text = f"{counted(number, 'person', 'people')} {words}"
            found.append(Finding(f"age-{row}", Severity.WARNS, text, cell.code))
    return found


def _lists(listed: Mapping[Listed, int]) -> list[Finding]:
    words = {
        Listed.NO_START_DATE: (
            Severity.WARNS,
            f"with a budget agreed more than {LONG_WITHOUT_START_DAYS} days before the end of the quarter and no start "
            "date. Enter when it started, or that it did not go ahead",
        ),
        Listed.NO_NHS_NUMBER: (Severity.WARNS, "without an NHS number"),
        Listed.REVIEW_TOO_OLD: (
            Severity.NOTES,
            "with a wheelchair budget in place that is not active: the last review, or the start, is more than 12 "
            "months ago",
        ),
    }
    return [
        Finding(each, severity, f"{counted(listed[each], 'person', 'people')} {text}", each)
        for each, (severity, text) in words.items()
        if listed.get(each)
    ]


def _late(changed: Mapping[Basis, Explained]) -> list[Finding]:
    found = []
    for basis, row in changed.items():
        late = row.changes[Change.RECORDED_LATE] + row.changes[Change.TAKEN_OUT]
        if late:
            text = (
                f"{BASIS_LABELS[basis]}: {counted(late, 'person was', 'people were')} recorded late or taken out after "
                "the return of the quarter before. Restate that quarter if it matters"
            )
            found.append(Finding(f"late-{basis}", Severity.NOTES, text))
    return found


def _percentages(cells: Mapping[str, int]) -> list[Finding]:
    """Whole per cents of the methods, rounded each for itself, may not add up to 100; they are not put right."""
    found = []
    for basis in Basis:
        shares = percentages(basis, cells)
        if shares and (together := sum(shares.values())) != 100:
            text = (
                f"{BASIS_LABELS[basis]}: the percentages of the methods add up to {together}, because each is rounded"
            )
            found.append(Finding(f"percentages-{basis}", Severity.NOTES, text))
    return found


def percentages(basis: Basis, cells: Mapping[str, int]) -> dict[str, int]:
    """Return each method's share of the total in whole per cent, halves up; nothing where nobody is counted."""
    total = cells[Cell(basis, TOTAL).code]
    if not total:
        return {}
    return {
        method: int((Decimal(cells[Cell(basis, method).code]) * 100 / total).quantize(Decimal(1), ROUND_HALF_UP))
        for method in METHODS
    }
