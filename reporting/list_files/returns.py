"""The lists of the national return as files: its quarters, the people behind a cell, and those who came or went."""

from collections.abc import Callable, Mapping

from django.urls import reverse

from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.list_files.figures import READS, exporting, page_of_commissioner
from reporting.presenters import returns as words
from reporting.return_checks import Listed
from reporting.rules.quarters import quarter_with_code
from reporting.rules.returns import CELLS_BY_CODE, CHANGE_LABELS, Basis, Cell, Change
from reporting.selectors import returns as selectors
from reporting.selectors.returns import ReturnOn
from reporting.selectors.scope import may_see_people

BEHIND = (Permission.VIEW_PEOPLE_BEHIND_FIGURES, Permission.EXPORT_FIGURES)
PEOPLE, MOVERS = "return-people", "return-movers"


def returns_list(asked: Asked) -> ListRows | None:
    """The quarters of a commissioner, each with what became of its return."""
    if (commissioner := exporting(asked)) is None:
        return None
    quarters = selectors.quarters_with_returns(commissioner, asked.today)
    return rows_as_shown(
        [words.QuarterRow(commissioner, *each) for each in quarters],
        words.quarters_table,
        in_words=[("Commissioner", f"{commissioner} ({commissioner.code})")],
        in_codes={"commissioner": commissioner.code},
        commissioner=commissioner,
    )


def people_list(asked: Asked) -> ListRows | None:
    """The people whom a cell of a return counts, or whom a check is about."""
    found, code = _return_asked(asked), asked.query.get("cell", "")
    if found is None or (code not in CELLS_BY_CODE and code not in set(Listed)):
        return None
    heading = CELLS_BY_CODE[code].label if code in CELLS_BY_CODE else words.LISTED_WORDS[Listed(code)]
    return ListRows(
        words.person_columns(found.scope.as_at),
        selectors.people_in(found, code),
        [*_in_words(found), ("People", heading)],
        {"quarter": found.quarter.code, "cell": code},
        found.scope.commissioner,
        as_at=found.scope.as_at,
    )


def movers_list(asked: Asked) -> ListRows | None:
    """Those who came into a row of a return, or out of it, in one way."""
    found, change = _return_asked(asked), asked.query.get("change", "")
    cell = _cell(asked.query)
    if found is None or cell is None or change not in set(Change):
        return None
    return ListRows(
        words.mover_columns(found.policy.breakdown),
        selectors.movers(found, cell, Change(change)),
        [*_in_words(found), ("Row", cell.label), ("Change", CHANGE_LABELS[Change(change)])],
        {"quarter": found.quarter.code, "cell": cell.code, "change": change},
        found.scope.commissioner,
        as_at=found.scope.as_at,
    )


def _return_asked(asked: Asked) -> ReturnOn | None:
    """The return that the address names, where the user may see everybody in it."""
    code = asked.query.get("commissioner", "")
    commissioner = commissioner_for(asked.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    quarter = quarter_with_code(asked.query.get("quarter", ""))
    if commissioner is None or quarter not in selectors.quarters_of(commissioner, asked.today):
        return None
    found = selectors.return_on(commissioner, quarter, asked.today)
    return found if may_see_people(asked.user, found.scope) else None


def _cell(query: Mapping[str, str]) -> Cell | None:
    basis, row = query.get("basis", ""), query.get("row", "")
    return CELLS_BY_CODE.get(Cell(Basis(basis), row).code) if basis in set(Basis) else None


def _in_words(found: ReturnOn) -> list[tuple[str, str]]:
    commissioner = found.scope.commissioner
    return [
        ("Commissioner", f"{commissioner} ({commissioner.code})"),
        ("Quarter", str(found.quarter)),
        ("Return", f"Submitted, snapshot {found.submitted.snapshot.number}" if found.submitted else "Draft"),
    ]


def _page(name: str, *parts: str) -> Callable[[Mapping[str, str]], str]:
    """The address of a page by that of its file; the list of returns where the file's names none."""

    def page(query: Mapping[str, str]) -> str:
        if all(query.get(part) for part in parts):
            return reverse(f"reporting:{name}", args=[query[part] for part in parts])
        return page_of_commissioner("returns")({"commissioner": query.get("commissioner", "")})

    return page


def fill() -> None:
    """Declare them."""
    of_returns = page_of_commissioner("returns")
    list_files.add(ListFile("national-returns", "National returns", READS, returns_list, of_returns))
    of_a_cell = _page("return-people", "commissioner", "quarter", "cell")
    list_files.add(ListFile(PEOPLE, "People of a national return", BEHIND, people_list, of_a_cell))
    of_a_change = _page("return-movers", "commissioner", "quarter", "basis", "row", "change")
    list_files.add(ListFile(MOVERS, "Changes of a national return", BEHIND, movers_list, of_a_change))
