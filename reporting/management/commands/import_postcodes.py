"""`manage.py import_postcodes FILE`: say in what areas postcodes and GP practices are."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from phb_register.exceptions import Refused
from phb_register.models import User
from reporting.rules.area_rows import COLUMNS
from reporting.selectors.areas import importer
from reporting.selectors.commissioners import commissioner_with_code, similar_codes
from reporting.services.equity import AreaImport, import_areas

BAD_FILE = 2
"""Exit code for a file that was not imported because of what is in it; 1 is for a command that cannot be run so."""


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a date: write it as year-month-day, like 2019-09-26") from None


class Command(BaseCommand):
    """Checks a file as a whole, says every row that is to be put right, and imports it where there is none."""

    help = (
        "Import in which areas places are (CSV, XLSX or ODS): how deprived the area of a postcode is, and the locality "
        "of a postcode or of a GP practice. All or nothing. The same file again changes nothing; a newer one holds "
        "from its date on. Columns: " + ", ".join(COLUMNS)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The file to import.")
        parser.add_argument(
            "--commissioner", metavar="CODE", required=True, help="Whose areas they are; ENG for all of England."
        )
        parser.add_argument("--applies-from", type=_day, required=True, metavar="DATE", help="The day they hold from.")
        parser.add_argument("--source", required=True, help="What the table is, and where it is published.")
        parser.add_argument("--by", metavar="EMAIL", required=True, help="Who imports: it is kept with the table.")
        parser.add_argument("--dry-run", action="store_true", help="Check the file and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        by = _user(options["by"])
        try:
            done = import_areas(
                commissioner=_commissioner(options["commissioner"]),
                by=by,
                filename=path.name,
                content=_content(path),
                applies_from=options["applies_from"],
                source=options["source"],
                is_dry_run=options["dry_run"],
                progress=self._progress,
            )
        except Refused as refusal:
            raise CommandError(f"{refusal}.", returncode=BAD_FILE) from refusal
        except PermissionDenied as denied:
            raise CommandError(f"{by.email} may not do this: {denied}.") from denied
        self._tell(done, is_dry_run=options["dry_run"])

    def _tell(self, done: AreaImport, *, is_dry_run: bool) -> None:
        self.stdout.write(f"{done.postcodes:,} postcodes and {done.practices:,} GP practices with an area.")
        if done.empty:
            self.stdout.write(f"{done.empty:,} rows say nothing and are left out.")
        for fault in done.faults:
            self.stderr.write(f"Row {fault.number}, {fault.column}: {fault.message}")
        if done.fault_count:
            if done.fault_count > len(done.faults):
                self.stderr.write(f"… and {done.fault_count - len(done.faults):,} more")
            raise CommandError("Nothing was imported. Put these rows right and try again.", returncode=BAD_FILE)
        if is_dry_run:
            self.stdout.write("Nothing was imported: this was a dry run.")
        elif done.is_known:
            self.stdout.write("This file was imported before, from the same date. Nothing was changed.")
        else:
            self.stdout.write("Imported.")

    def _progress(self, rows: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{rows:,} rows", ending="\r")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise CommandError(f"{path}: {reason}. Give the path of the file to import.") from error


def _user(email: str) -> User:
    found = importer(email)
    if found is None:
        raise CommandError(f"No user who can sign in has the address {email}.")
    return found


def _commissioner(code: str) -> Any:
    found = commissioner_with_code(code)
    if found is None:
        hint = ", ".join(similar_codes(code))
        raise CommandError(f"There is no commissioner {code}." + (f" Did you mean {hint}?" if hint else ""))
    return found
