"""How an import of a file is said, on its pages and at the console: what differs by kind is an `ImportWords`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse

from phb_register.file_columns import Column as FileColumn
from phb_register.file_columns import FileColumns
from phb_register.file_import_states import AT_WORK, IMPORT_PARTLY, ImportStatus, steps_from
from phb_register.models import FileImport
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
_PAGES = {
    "import": "confirm",
    "import_partly": "confirm",
    "check_again": "columns",
    "undo": "undo",
    "discard": "discard",
}


@dataclass(frozen=True)
class ImportWords:
    """The words of one kind of import, and the names of its pages.

    `page` is the name of the page of one import; those of its steps begin with it. `counted` is what is counted, in the
    order of the page: its code, one of it, many of it. `lines` adds what a count cannot say by itself, and
    `further_facts` what was said of the file when it was uploaded.
    """

    columns: FileColumns
    page: str
    list_page: str
    upload_page: str
    template_page: str
    template_filename: str
    title: str
    introduction: str
    upload_title: str
    upload_introduction: str
    columns_note: str
    whose: str
    import_heading: str
    importing: str
    undo_words: str
    counted: tuple[tuple[str, str, str], ...]
    back: tuple[str, str]
    lines: Callable[[Mapping[str, int]], Sequence[str]] = lambda counts: ()
    further_facts: Callable[[Any], Sequence[tuple[str, str]]] = lambda file_import: ()

    def url(self, file_import: FileImport, step: str = "") -> str:
        """The page of one import, or of one of its steps."""
        return reverse(f"{self.page}-{step}" if step else self.page, args=[file_import.reference])

    def problem_line(self, number: int, column: str, message: str) -> str:
        """A problem in one line."""
        where = ", ".join(part for part in (f"row {number}" if number else "", self.columns.label(column)) if part)
        return f"{where}: {message}" if where else message

    def counted_lines(self, file_import: FileImport) -> list[str]:
        """What was found, a line each: "1,200 new people"."""
        counts = file_import.counts
        lines = [counted(counts[code], one, many) for code, one, many in self.counted if counts.get(code)]
        return [*lines, *self.lines(counts)]

    def facts(self, file_import: FileImport) -> list[dict[str, Any]]:
        """The facts of an import, for a summary list."""
        rows: list[tuple[str, Any]] = [
            ("File", file_import.filename),
            (self.whose, file_import.commissioner.name),
            *self.further_facts(file_import),
            ("Uploaded", f"{spoken_moment(file_import.uploaded_at)} by {file_import.uploaded_by.full_name}"),
            ("Fingerprint (SHA-256)", file_import.sha256),
        ]
        for label, at, by in (
            ("Imported", file_import.imported_at, file_import.imported_by),
            ("Undone", file_import.undone_at, file_import.undone_by),
        ):
            if at is not None and by is not None:
                rows.append((label, f"{spoken_moment(at)} by {by.full_name}"))
        if file_import.undo_reason:
            rows.append(("Why it was undone", file_import.undo_reason))
        return summary(rows)

    def problems_table(self, file_import: FileImport, problems: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """What is to be put right, row by row."""
        shown, total = len(file_import.problems), file_import.problem_count
        more = f" (the first {shown:,} of {total:,}: all are in the file)" if total > shown else ""
        return table_params(self.problem_columns(), problems, caption=f"What is to be put right{more}")

    def problem_columns(self) -> list[Column[Sequence[Any]]]:
        """Of problems: where, and what to do."""
        return [
            Column("Row", lambda each: str(each[0]) if each[0] else "", is_number=True),
            Column("Column", lambda each: self.columns.label(each[1])),
            Column("What to do", lambda each: each[2]),
        ]

    def columns_table(self, file_import: FileImport) -> dict[str, Any]:
        """Which heading of the file is which column."""
        rows = [(column.label, file_import.columns.get(column.name, "")) for column in self.columns.all]
        columns: list[Column[tuple[str, str]]] = [
            Column("Column", lambda row: row[0]),
            Column("Heading in the file", lambda row: row[1] or "Not in the file"),
        ]
        return table_params(columns, rows, caption="Which heading is which column")

    def buttons(self, file_import: FileImport) -> list[dict[str, Any]]:
        """What can be done now. Rows without faults are offered only where there are some to import."""
        return [
            {
                "text": _BUTTONS.get(step.action, step.label),
                "href": self.url(file_import, _PAGES[step.action]),
                "variant": _VARIANTS.get(step.action, "secondary"),
            }
            for step in steps_from(file_import.status)
            if step is not IMPORT_PARTLY or file_import.has_rows_to_import
        ]

    def column_guide(self) -> dict[str, Any]:
        """The columns of a file, with an example of each."""
        columns: list[Column[FileColumn]] = [
            Column("Heading", lambda each: each.name),
            Column("What it holds", lambda each: each.label),
            Column("Example", lambda each: each.example),
            Column("Needed", lambda each: "Yes" if each.is_required else ""),
        ]
        return table_params(columns, self.columns.all, caption="Columns of the file")

    def template_file(self) -> Iterator[bytes]:
        """A file to start from: the columns, and one row as it may look."""
        columns = [Column(each.name, partial(_example, each.name)) for each in self.columns.all]
        return csv_stream(columns, [{each.name: each.example for each in self.columns.all}])

    def imports_table(self, imports: Sequence[FileImport]) -> dict[str, Any]:
        """Imports, the latest first."""
        columns: list[Column[FileImport]] = [
            Column("File", lambda each: each.filename, link=self.url),
            Column("Uploaded", lambda each: spoken_moment(each.uploaded_at)),
            Column("By", lambda each: each.uploaded_by.full_name),
            Column("Where it stands", lambda each: each.get_status_display()),
            Column("Rows", lambda each: f"{each.counts.get('rows', 0):,}", is_number=True),
        ]
        return table_params(columns, imports, caption="Imports, the latest first")


def is_at_work(file_import: FileImport) -> bool:
    """Whether a job is at work on it, or is to be."""
    return file_import.status in AT_WORK and file_import.job is not None and not file_import.has_stopped


def left_as_it_was(file_import: FileImport) -> str:
    """What is in the register where the work on an import has stopped: it is done whole or not at all."""
    if file_import.status == ImportStatus.UNDOING:
        return "Nothing of the import was taken back: all that came of the file is still in the register."
    return "Nothing of the file is in the register."


def stopped(file_import: FileImport) -> str:
    """Why nothing more happens by itself, and what is in the register; empty where that is not so."""
    if not file_import.has_stopped or file_import.job is None:
        return ""
    return f"{file_import.job.error.removesuffix('.')}. {left_as_it_was(file_import)}"


def tag(file_import: FileImport) -> dict[str, str]:
    """Where it stands, as a coloured word."""
    status = ImportStatus(file_import.status)
    return {"text": status.label, "classes": TAGS[status]}


def _example(name: str, row: dict[str, str]) -> str:
    return row[name]
