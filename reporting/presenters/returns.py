"""How the national return is said: its cells, its checks, what changed, and its files."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from phb_register.disclosure import Controlled, Reason
from phb_register.models import Commissioner, Person
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.tables import Column, table_params
from reporting.models import NationalReturn, ReturnWindow
from reporting.presenters.pages import breadcrumbs
from reporting.return_checks import Finding, Listed, Severity, percentages
from reporting.return_control import PUBLISHED
from reporting.rules.counting import SWITCHES
from reporting.rules.quarters import Quarter
from reporting.rules.returns import (
    BASIS_LABELS,
    BASIS_WORDS,
    CELLS_BY_CODE,
    CHANGE_LABELS,
    COLUMN_LABELS,
    EVERYBODY,
    GROUPS,
    METHODS,
    ROW_LABELS,
    TOTAL,
    Basis,
    Cell,
    Change,
    Explained,
    Standing,
)
from reporting.selectors.returns import Mover, ReturnOn, differences_since
from reporting.services.return_release import ReleasedReturn

TAGS = {Severity.STOPS: ("Stops", "red"), Severity.WARNS: ("Warning", "orange"), Severity.NOTES: ("Note", "blue")}
#: The parts of each table, with their headings.
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", (TOTAL,)),
    ("By how the money is managed", METHODS),
    ("By sub-group", tuple(group.code for group in GROUPS)),
)
LISTED_WORDS = {
    Listed.NO_START_DATE: "People with a budget agreed long ago and no start date",
    Listed.NO_NHS_NUMBER: "People without an NHS number",
    Listed.REVIEW_TOO_OLD: "People whose wheelchair budget is not active, for its review is too old",
}


def returns_url(commissioner: Commissioner) -> str:
    """The address of the quarters of a commissioner."""
    return reverse("reporting:returns", args=[commissioner.code])


def return_url(commissioner: Commissioner, quarter: Quarter, name: str = "return") -> str:
    """The address of the return of a quarter, or of one of its pages."""
    return reverse(f"reporting:{name}", args=[commissioner.code, quarter.code])


def people_url(commissioner: Commissioner, quarter: Quarter, code: str) -> str:
    """The address of the people of a cell or check."""
    return reverse("reporting:return-people", args=[commissioner.code, quarter.code, code])


def crumbs(commissioner: Commissioner, quarter: Quarter | None = None) -> list[dict[str, str]]:
    """The way back to the list, or to the return of a quarter."""
    found = [*breadcrumbs(commissioner), {"text": "National returns", "href": returns_url(commissioner)}]
    return [*found, {"text": str(quarter), "href": return_url(commissioner, quarter)}] if quarter else found


@dataclass(frozen=True)
class QuarterRow:
    """A quarter in the list, with what became of its return."""

    commissioner: Commissioner
    quarter: Quarter
    submitted: NationalReturn | None
    window: ReturnWindow | None
    is_over: bool


def quarters_table(rows: Iterable[QuarterRow]) -> dict[str, Any]:
    """The quarters, the latest first."""
    columns: list[Column[QuarterRow]] = [
        Column("Quarter", lambda row: row.quarter, link=lambda row: return_url(row.commissioner, row.quarter)),
        Column("Ends", lambda row: spoken_date(row.quarter.end)),
        Column("Return", _status),
        Column("Submitted", _submitted),
        Column("Window", lambda row: window_words(row.window)),
    ]
    return table_params(columns, rows, caption="Quarters", is_responsive=True)


def _status(row: QuarterRow) -> str:
    if row.submitted:
        text, colour = "Submitted", "green"
    else:
        text, colour = ("Not submitted", "orange") if row.is_over else ("Goes on", "blue")
        if row.is_over and not row.commissioner.is_body:
            text, colour = "By its commissioners", "grey"
    return render_component("tag", {"text": text, "classes": f"nhsuk-tag--{colour}"})


def _submitted(row: QuarterRow) -> str:
    if row.submitted is None:
        return "–"
    return f"{spoken_moment(row.submitted.submitted_at)} by {row.submitted.submitted_by}"


def window_words(window: ReturnWindow | None) -> str:
    """The days on which the collection takes it."""
    return f"{spoken_date(window.opens_on)} to {spoken_date(window.closes_on)}" if window else "Not recorded"


def plain(cells: Mapping[str, int]) -> dict[str, Controlled]:
    """Cells as those see them who may see the people."""
    return {code: Controlled(number, f"{number:,}", Reason.SHOWN) for code, number in cells.items()}


def cell_tables(cells: Mapping[str, Controlled], url: Callable[[str], str] | None) -> list[dict[str, Any]]:
    """The return as one table for each of its two counts; each number leads to its people where `url` gives them."""
    return [
        {
            "heading": BASIS_LABELS[basis],
            "words": BASIS_WORDS[basis],
            "table": {
                "caption": BASIS_LABELS[basis],
                "captionClasses": "nhsuk-u-visually-hidden",
                "firstCellIsHeader": True,
                "responsive": True,
                "head": [{"text": "Group"}, *({"text": each, "format": "numeric"} for each in COLUMN_LABELS.values())],
                "rows": list(_table_rows(basis, cells, url)),
            },
        }
        for basis in Basis
    ]


def _table_rows(
    basis: Basis, cells: Mapping[str, Controlled], url: Callable[[str], str] | None
) -> Iterator[list[dict[str, Any]]]:
    for _, rows in PARTS:
        for row in rows:
            found = [(column, cells[Cell(basis, row, column).code]) for column in COLUMN_LABELS]
            if row == METHODS[-1] and all(cell.value == 0 for _, cell in found):
                continue
            head = {"header": "Group", "text": ROW_LABELS[row]}
            yield [head, *(_number(Cell(basis, row, column), cell, url) for column, cell in found)]


def published_tables(cells: Mapping[str, Controlled]) -> list[dict[str, Any]]:
    """The return as others see it: each row for everybody, and the total by age."""
    columns: list[Column[tuple[str, Controlled]]] = [
        Column("Group", lambda row: row[0]),
        Column("People", lambda row: row[1].text, is_number=True),
    ]
    return [
        {
            "heading": BASIS_LABELS[basis],
            "words": BASIS_WORDS[basis],
            "table": table_params(
                columns,
                [(published_label(cell), cells[cell.code]) for cell in PUBLISHED if cell.basis == basis],
                caption=BASIS_LABELS[basis],
                caption_classes="nhsuk-u-visually-hidden",
            ),
        }
        for basis in Basis
    ]


def published_label(cell: Cell) -> str:
    """A row of the return as others see it."""
    return ROW_LABELS[cell.row] if cell.column == EVERYBODY else COLUMN_LABELS[cell.column]


def _number(cell: Cell, shown: Controlled, url: Callable[[str], str] | None) -> dict[str, Any]:
    heading = COLUMN_LABELS[cell.column]
    if url is None or not shown.value:
        return {"header": heading, "text": shown.text, "format": "numeric"}
    hidden = f"{ROW_LABELS[cell.row]}, {heading.lower()}: "
    link = format_html(
        '<a class="nhsuk-link" href="{}"><span class="nhsuk-u-visually-hidden">{}</span>{}</a>',
        url(cell.code),
        hidden,
        shown.text,
    )
    return {"header": heading, "html": link, "format": "numeric"}


def findings_table(found: Iterable[Finding], url: Callable[[str], str]) -> dict[str, Any]:
    """What the checks found, what stops first."""
    columns: list[Column[Finding]] = [
        Column("Check", lambda each: each.text),
        Column("What it asks for", lambda each: _tag(each.severity)),
        Column(
            "People",
            lambda each: "See who" if each.people_in else "",
            link=lambda each: url(each.people_in) if each.people_in else None,
        ),
    ]
    return table_params(columns, found, caption="Checks", is_stacked=True)


def _tag(severity: Severity) -> str:
    text, colour = TAGS[severity]
    return render_component("tag", {"text": text, "classes": f"nhsuk-tag--{colour}"})


def differences_table(differences: Mapping[str, tuple[int, int]], cells: Mapping[str, Cell]) -> dict[str, Any]:
    """The cells that the register has otherwise now."""
    columns: list[Column[tuple[str, tuple[int, int]]]] = [
        Column("Cell", lambda row: cells[row[0]].label),
        Column("Submitted", lambda row: f"{row[1][0]:,}", is_number=True),
        Column("Now", lambda row: f"{row[1][1]:,}", is_number=True),
    ]
    caption = "Cells that are different now"
    return table_params(columns, differences.items(), caption=caption, is_responsive=True)


def changes_table(found: ReturnOn, basis: Basis, rows: Sequence[Explained]) -> dict[str, Any]:
    """Each row with what it was, every kind of change, and what it is; changes and what is lead to their people."""
    url = movers_url(found, basis)

    def now(row: Explained) -> dict[str, Any]:
        shown = Controlled(row.after, f"{row.after:,}", Reason.SHOWN)
        number = _number(
            Cell(basis, row.row), shown, lambda code: people_url(found.scope.commissioner, found.quarter, code)
        )
        return number | {"header": "Now"}

    def cell(row: Explained, change: Change) -> dict[str, Any]:
        number = row.changes[change]
        heading = CHANGE_LABELS[change]
        if not number:
            return {"header": heading, "text": "0", "format": "numeric"}
        hidden = f"{ROW_LABELS[row.row]}, {heading.lower()}: "
        link = format_html(
            '<a class="nhsuk-link" href="{}"><span class="nhsuk-u-visually-hidden">{}</span>{}</a>',
            url(row.row, change),
            hidden,
            f"{number:,}",
        )
        return {"header": heading, "html": link, "format": "numeric"}

    head = ["Before", *CHANGE_LABELS.values(), "Now"]
    return {
        "caption": "What changed in each row",
        "firstCellIsHeader": True,
        "responsive": True,
        "head": [{"text": "Group"}, *({"text": each, "format": "numeric"} for each in head)],
        "rows": [
            [
                {"header": "Group", "text": ROW_LABELS[row.row]},
                {"header": "Before", "text": f"{row.before:,}", "format": "numeric"},
                *(cell(row, change) for change in Change),
                now(row),
            ]
            for row in rows
            if row.before or row.after or any(row.changes.values()) or row.row == TOTAL
        ],
    }


def person_columns(as_at: dt.date) -> list[Column[Person]]:
    """The people of a cell, one a row."""
    return [
        Column("Person", lambda each: each.display_name, link=lambda each: _person_url(each)),
        Column("NHS number", lambda each: each.display_nhs_number),
        Column("Age on that day", lambda each: each.age_on(as_at), is_number=True),
        Column("Responsible commissioner", lambda each: each.commissioner.name),
    ]


def mover_columns(breakdown: Any) -> list[Column[Mover]]:
    """Those who came in or went out, with how they stood and stand."""
    return [
        Column("Person", lambda each: each.person.display_name, link=lambda each: _person_url(each.person)),
        Column("NHS number", lambda each: each.person.display_nhs_number),
        Column("As last returned", lambda each: _standing(each.course.returned, breakdown)),
        Column("That quarter as known now", lambda each: _standing(each.course.known, breakdown)),
        Column("In this return", lambda each: _standing(each.course.now, breakdown)),
    ]


def _standing(standing: Standing | None, breakdown: Any) -> str:
    if standing is None:
        return "Not counted"
    rows = standing.rows(breakdown) - {TOTAL}
    said = [ROW_LABELS[row] for row in ROW_LABELS if row in rows]
    return ", ".join([*said, "child" if standing.is_child else "adult"])


def _person_url(person: Person) -> str:
    return reverse("phb_register:person", args=[person.reference])


def for_the_case_team(found: ReturnOn, checks: Sequence[Finding]) -> dict[str, Any]:
    """The return of a quarter with the people behind each cell, and what the checks find."""
    commissioner, quarter = found.scope.commissioner, found.quarter

    def url(code: str) -> str:
        return people_url(commissioner, quarter, code)

    differences = differences_since(found) if found.submitted else {}
    return {
        "tables": cell_tables(plain(found.cells), url),
        "shares": _shares(found.cells),
        "checks": findings_table(checks, url) if checks else None,
        "differences": differences_table(differences, CELLS_BY_CODE) if differences else None,
        "policy": summary([(each.label, each.said(found.policy)) for each in SWITCHES]),
        "change_links": [{"text": BASIS_LABELS[basis], "href": _changes_url(found, basis)} for basis in Basis],
        "submit_url": return_url(commissioner, quarter, "submit-return"),
        "csv_url": return_url(commissioner, quarter, "return-csv"),
        "workbook_url": return_url(commissioner, quarter, "return-workbook"),
        "facts": submission_facts(found.submitted) if found.submitted else None,
    }


def for_others(shown: ReleasedReturn) -> dict[str, Any]:
    """The submitted return as others see it."""
    return {
        "tables": published_tables(shown.cells),
        "control": shown.profile.explanation,
        "corrected": shown.reason,
    }


def submission_facts(submitted: NationalReturn) -> list[dict[str, Any]]:
    """Who submitted it, on which figures, and why it was right."""
    snapshot = submitted.snapshot
    warned = "; ".join(each["text"] for each in submitted.warnings)
    return summary(
        [
            ("Submitted", f"{spoken_moment(submitted.submitted_at)} by {submitted.submitted_by}"),
            ("Stands on", f"Snapshot {snapshot.number} of {spoken_date(snapshot.as_at)}"),
            ("Warnings", warned or "None"),
            ("Reason", submitted.reason or "None was needed"),
            ("Fingerprint", submitted.content_hash),
        ]
    )


def submit_page(found: ReturnOn, checks: Sequence[Finding]) -> dict[str, Any]:
    """What is submitted, and what the checks find."""
    commissioner, quarter = found.scope.commissioner, found.quarter
    return {
        "tables": cell_tables(plain(found.cells), None),
        "checks": findings_table(checks, lambda code: people_url(commissioner, quarter, code)) if checks else None,
        "back_url": return_url(commissioner, quarter),
    }


def other_basis(found: ReturnOn, basis: Basis) -> dict[str, str]:
    """The way to the changes of the other count."""
    other = next(each for each in Basis if each != basis)
    return {"text": BASIS_LABELS[other], "href": _changes_url(found, other)}


def movers_url(found: ReturnOn, basis: Basis) -> Callable[[str, Change], str]:
    """The addresses of those who changed, by row and kind of change."""

    def url(row: str, change: Change) -> str:
        arguments = [found.scope.commissioner.code, found.quarter.code, basis.value, row, change.value]
        return reverse("reporting:return-movers", args=arguments)

    return url


def _changes_url(found: ReturnOn, basis: Basis) -> str:
    return reverse("reporting:return-changes", args=[found.scope.commissioner.code, found.quarter.code, basis.value])


def _shares(cells: Mapping[str, int]) -> list[str]:
    """Each method's share of each count, as a sentence."""
    said = []
    for basis in Basis:
        shares = percentages(basis, cells)
        if shares:
            parts = [f"{ROW_LABELS[method].lower()} {share}%" for method, share in shares.items() if share]
            said.append(f"{BASIS_LABELS[basis]}: {', '.join(parts)}.")
    return said
