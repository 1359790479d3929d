"""Files of numbers of eligible people."""

import csv
import io
from typing import Any

from phb_register.models import Commissioner, User
from reporting.models import EligibleImport
from reporting.rules.eligible_rows import COLUMNS
from reporting.services.eligible_imports import IMPORTS

NAMES = [column.name for column in COLUMNS.all]
ROW: dict[str, str] = {
    "cohort": "chc",
    "counted_on": "2017-01-31",
    "people": "848",
    "fast_track_people": "380",
    "source": "Our list",
}


def csv_of(*rows: dict[str, Any]) -> bytes:
    """A CSV file with these rows; what one leaves out is as in `ROW`, and None is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, NAMES)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: cell for name, cell in (ROW | row).items() if cell is not None})
    return text.getvalue().encode()


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


def checked(content: bytes, *, commissioner: Commissioner, by: User, name: str = "eligible.csv") -> EligibleImport:
    """A file that was uploaded and checked."""
    taken = IMPORTS.upload(commissioner=commissioner, filename=name, content=content, by=by)
    IMPORTS.run_check(file_import=taken, progress=no_progress)
    taken.refresh_from_db()
    return taken


def imported(content: bytes, *, commissioner: Commissioner, by: User, is_partly: bool = False) -> EligibleImport:
    """A file that was imported, as far as it can be."""
    taken = checked(content, commissioner=commissioner, by=by)
    IMPORTS.ask_to_import(file_import=taken, by=by, is_partly=is_partly)
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    taken.refresh_from_db()
    return taken


def make_eligible_import(commissioner: Commissioner, *, by: User) -> EligibleImport:
    """One that waits to be imported."""
    return checked(csv_of({"commissioner": commissioner.code}), commissioner=commissioner, by=by)
