"""How an import of another register is said, on its pages and at the console."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.urls import reverse

from budgets.models import RegisterImport
from budgets.rules.register_import import COLUMNS, COLUMNS_BY_NAME
from budgets.rules.register_import import Column as FileColumn
from phb_register.file_import_states import AT_WORK, ImportStatus, steps_from
from phb_register.models import JobState
from phb_register.presenters import counted, spoken_moment, summary
from phb_register.tables import Column, csv_stream, table_params

TAGS: dict[str, str] = {
    ImportStatus.CHECKING: "nhsuk-tag--grey",
    ImportStatus.READY: "nhsuk-tag--blue",
    ImportStatus.FAULTY: "nhsuk-tag--red",
    ImportStatus.IMPORTING: "nhsuk-tag--grey",
    ImportStatus.IMPORTED: "nhsuk-tag--green",
    ImportStatus.UNDOING: "nhsuk-tag--grey",
    ImportStatus.UNDONE: "nhsuk-tag--orange",
    ImportStatus.DISCARDED: "nhsuk-tag--white",
}
_VARIANTS = {"import": None, "import_partly": "secondary", "check_again": "secondary", "undo": "warning"}
_BUTTONS = {"check_again": "Choose other columns", "import_partly": "Import the rows without faults"}
#: What is counted, in the order of the page: its code, one of it, many of it.
_COUNTED = (
    ("rows", "row in the file", "rows in the file"),
    ("faulty_rows", "row to put right", "rows to put right"),
    ("already_there", "row that is in the register already", "rows that are in the register already"),
    ("people_new", "new person", "new people"),
    ("referrals", "new referral", "new referrals"),
    ("budgets", "new budget", "new budgets"),
    ("ended", "budget that has ended", "budgets that have ended"),
)
SPLIT_UNKNOWN = (
    "name several methods and not how the money is split. The whole amount stands under the first method until a "
    "proposal says how it is split"
)


def import_url(register_import: RegisterImport) -> str:
    """The page of one import."""
    return reverse("budgets:register-import", args=[register_import.reference])


def problem_line(number: int, column: str, message: str) -> str:
    """A problem in one line."""
    where = ", ".join(part for part in (f"row {number}" if number else "", _label(column)) if part)
    return f"{where}: {message}" if where else message


def counted_lines(register_import: RegisterImport) -> list[str]:
    """What was found, a line each: "1,200 new people"."""
    counts = register_import.counts
    lines = [counted(counts[code], one, many) for code, one, many in _COUNTED if counts.get(code)]
    if counts.get("split_unknown"):
        lines.append(f"{counted(counts['split_unknown'], 'row', 'rows')} {SPLIT_UNKNOWN}")
    return lines


def facts(register_import: RegisterImport) -> list[dict[str, Any]]:
    """The facts of an import, for a summary list."""
    rows: list[tuple[str, Any]] = [
        ("File", register_import.filename),
        ("Whose register", register_import.commissioner.name),
        ("Uploaded", f"{spoken_moment(register_import.uploaded_at)} by {register_import.uploaded_by.full_name}"),
        ("Fingerprint (SHA-256)", register_import.sha256),
    ]
    for label, at, by in (
        ("Imported", register_import.imported_at, register_import.imported_by),
        ("Undone", register_import.undone_at, register_import.undone_by),
    ):
        if at is not None and by is not None:
            rows.append((label, f"{spoken_moment(at)} by {by.full_name}"))
    if register_import.undo_reason:
        rows.append(("Why it was undone", register_import.undo_reason))
    return summary(rows)


def problems_table(register_import: RegisterImport, problems: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """What is to be put right, row by row."""
    shown, total = len(register_import.problems), register_import.problem_count
    more = f" (the first {shown:,} of {total:,})" if total > shown else ""
    return table_params(PROBLEM_COLUMNS, problems, caption=f"What is to be put right{more}")


def columns_table(register_import: RegisterImport) -> dict[str, Any]:
    """Which heading of the file is which column."""
    rows = [(column.label, register_import.columns.get(column.name, "")) for column in COLUMNS]
    columns: list[Column[tuple[str, str]]] = [
        Column("Column", lambda row: row[0]),
        Column("Heading in the file", lambda row: row[1] or "Not in the file"),
    ]
    return table_params(columns, rows, caption="Which heading is which column")


def buttons(register_import: RegisterImport) -> list[dict[str, Any]]:
    """What can be done now."""
    return [
        {
            "text": _BUTTONS.get(step.action, step.label),
            "href": reverse(f"budgets:register-import-{_PAGES[step.action]}", args=[register_import.reference]),
            "variant": _VARIANTS.get(step.action, "secondary"),
        }
        for step in steps_from(register_import.status)
    ]


_PAGES = {
    "import": "confirm",
    "import_partly": "confirm",
    "check_again": "columns",
    "undo": "undo",
    "discard": "discard",
}


def is_at_work(register_import: RegisterImport) -> bool:
    """Whether a job is at work on it, or is to be."""
    job = register_import.job
    return register_import.status in AT_WORK and job is not None and job.state != JobState.FAILED


def column_guide() -> dict[str, Any]:
    """The columns of a file, with an example of each."""
    columns: list[Column[FileColumn]] = [
        Column("Heading", lambda each: each.name),
        Column("What it holds", lambda each: each.label),
        Column("Example", lambda each: each.example),
        Column("Needed", lambda each: "Yes" if each.is_required else ""),
    ]
    return table_params(columns, COLUMNS, caption="Columns of the file")


def template_file() -> Iterator[bytes]:
    """A file to start from: the columns, and one row as it may look."""
    columns = [Column(each.name, partial(_example, each.name)) for each in COLUMNS]
    return csv_stream(columns, [{each.name: each.example for each in COLUMNS}])


def _example(name: str, row: dict[str, str]) -> str:
    return row[name]


def _label(column: str) -> str:
    return COLUMNS_BY_NAME[column].label if column in COLUMNS_BY_NAME else column


PROBLEM_COLUMNS: list[Column[Sequence[Any]]] = [
    Column("Row", lambda each: str(each[0]) if each[0] else "", is_number=True),
    Column("Column", lambda each: _label(each[1])),
    Column("What to do", lambda each: each[2]),
]
IMPORT_COLUMNS: list[Column[RegisterImport]] = [
    Column("File", lambda each: each.filename, link=import_url),
    Column("Uploaded", lambda each: spoken_moment(each.uploaded_at)),
    Column("By", lambda each: each.uploaded_by.full_name),
    Column("Where it stands", lambda each: each.get_status_display()),
    Column("Rows", lambda each: f"{each.counts.get('rows', 0):,}", is_number=True),
]
