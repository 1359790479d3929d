"""`manage.py import_register FILE`: take another register in, whole or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from budgets.models import RegisterImport
from budgets.presenters.register_imports import counted_lines, problem_line
from budgets.rules.register_import import COLUMNS
from phb_register.file_import_states import ImportStatus
from budgets.selectors.register_imports import importers
from budgets.services import register_imports as service
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners

BAD_FILE = 2
"""Exit code for a file that was not imported because of what is in it; 1 is for a command that cannot be run so."""


class Command(BaseCommand):
    """Checks a file as a whole, says every row that is to be put right, and imports it where there is none."""

    help = (
        "Import people, referrals and budgets from another register (CSV, XLSX or ODS). All or nothing: a file with a "
        "faulty row changes nothing. The same file again changes nothing. Columns: "
        + ", ".join(column.name for column in COLUMNS)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="The file to import.")
        parser.add_argument("--by", metavar="EMAIL", help="Who imports. Needed where more than one user may.")
        parser.add_argument("--commissioner", metavar="CODE", help="Whose register it is, where you work for several.")
        parser.add_argument("--dry-run", action="store_true", help="Check the file and change nothing.")
        parser.add_argument("--partly", action="store_true", help="Import the other rows where some are faulty.")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="COLUMN=HEADING",
            help="Which heading of the file is a column, where its name does not say it. Can be given again.",
        )
        parser.add_argument("--undo", metavar="REFERENCE", help="Undo the import with this reference instead.")
        parser.add_argument("--reason", default="", help="Why it is undone.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _user(options["by"])
        try:
            if options["undo"]:
                self._undo(options["undo"], options["reason"], by)
            elif options["file"] is None:
                raise CommandError("Give the path of the file to import.")
            else:
                self._import(options, by)
        except Refused as refusal:
            raise CommandError(f"{refusal}.", returncode=BAD_FILE) from refusal
        except PermissionDenied as denied:
            raise CommandError(f"{by.email} may not do this: {denied}.") from denied

    def _import(self, options: dict[str, Any], by: User) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = (error.strerror or "it cannot be read").lower()
            raise CommandError(f"{path}: {reason}. Give the path of the file to import.") from error
        taken = service.upload(
            commissioner=_commissioner(options["commissioner"], by),
            filename=path.name,
            content=content,
            by=by,
            columns=_columns(options["column"], content, path.name),
        )
        service.run_check(register_import=taken, progress=self._progress)
        taken.refresh_from_db()
        self._tell(taken)
        faulty = taken.status == ImportStatus.FAULTY
        if options["dry_run"] or (faulty and not options["partly"]):
            service.discard(register_import=taken, by=by)
            if faulty:
                raise CommandError("Nothing was imported. Put these rows right and try again.", returncode=BAD_FILE)
            self.stdout.write("Nothing was imported: this was a dry run.")
            return
        service.ask_to_import(register_import=taken, by=by, is_partly=faulty)
        service.run_import(register_import=taken, progress=self._progress)
        taken.refresh_from_db()
        if taken.status != ImportStatus.IMPORTED:
            self._tell(taken)
            raise CommandError("Nothing was imported: the register changed meanwhile.", returncode=BAD_FILE)
        self.stdout.write(f"Imported. To undo it: --undo {taken.reference} --reason …")

    def _undo(self, reference: str, reason: str, by: User) -> None:
        found = RegisterImport.objects.visible_to(by).filter(reference=reference).first()
        if found is None:
            raise CommandError(f"There is no import {reference}. The page “Import a register” lists them.")
        service.ask_to_undo(register_import=found, reason=reason, by=by)
        service.run_undo(register_import=found)
        found.refresh_from_db()
        if found.status != ImportStatus.UNDONE:
            raise CommandError(str(found.problems[0][2]), returncode=BAD_FILE)
        self.stdout.write("Undone.")

    def _tell(self, taken: RegisterImport) -> None:
        for line in counted_lines(taken):
            self.stdout.write(line)
        for number, column, message in taken.problems:
            self.stderr.write(problem_line(number, column, message))
        if taken.problem_count > len(taken.problems):
            self.stderr.write(f"… and {taken.problem_count - len(taken.problems):,} more")

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{done:,} of {total:,} rows", ending="\r")


def _user(email: str | None) -> User:
    """Who imports: the user named, or the only one who may."""
    found = importers()
    if email is not None:
        found = found.filter(email__iexact=email)
    users = list(found[:2])
    if len(users) != 1:
        raise CommandError(
            f"No user who may import has the address {email}."
            if email
            else "Say who imports, with --by and their e-mail address: it is kept with every record."
        )
    return users[0]


def _commissioner(code: str | None, by: User) -> Commissioner:
    choices = named_commissioners(by, Permission.IMPORT_REGISTER)
    found = list((choices.filter(code__iexact=code) if code else choices)[:2])
    if len(found) != 1:
        codes = ", ".join(choices.values_list("code", flat=True))
        raise CommandError(f"Say whose register it is, with --commissioner and one of: {codes}.")
    return found[0]


def _columns(given: list[str], content: bytes, filename: str) -> dict[str, str] | None:
    """What the headings say, with what is said on top; None where nothing is said."""
    if not given:
        return None
    said = dict(each.partition("=")[::2] for each in given)
    return service.columns_of(content, filename) | said
