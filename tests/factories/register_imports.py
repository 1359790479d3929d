"""Files of another register."""

import csv
import io
from typing import Any

from budgets.models import RegisterImport
from budgets.rules.register_import import COLUMNS
from budgets.services.register_imports import IMPORTS
from phb_register.models import Commissioner, User

NAMES = [column.name for column in COLUMNS.all]
ROW: dict[str, str] = {
    "family_name": "Kestrel",
    "given_name": "Testa",
    "born_on": "1950-04-01",
    "cohort": "chc",
    "funding": "nhs",
    "nhs_share": "100",
    "methods": "notional",
    "referred_on": "2016-10-03",
    "agreed_on": "2016-11-01",
    "started_on": "2016-11-30",
    "annual_amount": "21320.00",
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


def make_import(commissioner: Commissioner, *, by: User) -> RegisterImport:
    """A file that was found in order."""
    return checked(csv_of({"commissioner": commissioner.code}), commissioner=commissioner, by=by)


def checked(content: bytes, *, commissioner: Commissioner, by: User, filename: str = "register.csv") -> RegisterImport:
    """A file that was uploaded and checked."""
    taken = IMPORTS.upload(commissioner=commissioner, filename=filename, content=content, by=by)
    IMPORTS.run_check(file_import=taken, progress=no_progress)
    taken.refresh_from_db()
    return taken


def imported(
    content: bytes, *, commissioner: Commissioner, by: User, is_partly: bool = False, filename: str = "register.csv"
) -> RegisterImport:
    """A file that was uploaded, checked and imported."""
    taken = checked(content, commissioner=commissioner, by=by, filename=filename)
    IMPORTS.ask_to_import(file_import=taken, by=by, is_partly=is_partly)
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    taken.refresh_from_db()
    return taken
