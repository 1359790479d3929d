"""What the console commands that import a file have in common: checks, every bad row, and all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from phb_register.exceptions import Refused
from phb_register.file_import_presenters import ImportWords
from phb_register.file_import_states import ImportStatus
from phb_register.models import Commissioner, FileImport, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners
from phb_register.selectors.file_imports import import_of, importers
from phb_register.services.file_imports import FileImports

BAD_FILE = 2
"""Exit code for a file that was not imported because of what is in it; 1 is for a command that cannot be run so."""


class FileImportCommand(BaseCommand):
    """Checks a file as a whole, says every row that is to be put right, and imports it where there is none."""

    imports: ClassVar[FileImports[Any]]
    words: ClassVar[ImportWords]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="The file to import.")
        parser.add_argument("--by", metavar="EMAIL", help="Who imports. Needed where more than one user may.")
        parser.add_argument("--commissioner", metavar="CODE", help="Whose file it is, where you work for several.")
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
        by = _user(options["by"], self.imports.permission)
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
        taken = self.imports.upload(
            commissioner=_commissioner(options["commissioner"], by, self.imports.permission),
            filename=path.name,
            content=content,
            by=by,
            columns=self._columns(options["column"], content, path.name),
            details={field: options[field] for field in self.imports.details},
        )
        if options["dry_run"] or options["partly"]:
            self.imports.run_check(file_import=taken, progress=self._progress)
        else:
            self.imports.run_at_once(file_import=taken, by=by, progress=self._progress)
        taken.refresh_from_db()
        self._tell(taken)
        if taken.status == ImportStatus.IMPORTED:
            self._say_imported(taken)
            return
        faulty = taken.status == ImportStatus.FAULTY
        is_partly = faulty and options["partly"] and taken.has_rows_to_import
        if options["dry_run"] or (faulty and not is_partly):
            self.imports.discard(file_import=taken, by=by)
            if faulty:
                raise CommandError("Nothing was imported. Put these rows right and try again.", returncode=BAD_FILE)
            self.stdout.write("Nothing was imported: this was a dry run.")
            return
        if taken.status != ImportStatus.IMPORTING:  # it was asked for, by somebody or by a process that was killed
            self.imports.ask_to_import(file_import=taken, by=by, is_partly=is_partly)
        self.imports.run_import(file_import=taken, progress=self._progress)
        taken.refresh_from_db()
        if taken.status != ImportStatus.IMPORTED:
            self._tell(taken)
            raise CommandError("Nothing was imported: the register changed meanwhile.", returncode=BAD_FILE)
        self._say_imported(taken)

    def _say_imported(self, taken: FileImport) -> None:
        self.stdout.write(f"Imported. To undo it: --undo {taken.reference} --reason …")

    def _undo(self, reference: str, reason: str, by: User) -> None:
        found = import_of(self.imports.model, by, reference)
        if found is None:
            raise CommandError(f"There is no import {reference}. The page “{self.words.title}” lists them.")
        if found.status != ImportStatus.UNDOING:
            self.imports.ask_to_undo(file_import=found, reason=reason, by=by)
        self.imports.run_undo(file_import=found)
        found.refresh_from_db()
        if found.status != ImportStatus.UNDONE:
            raise CommandError(str(found.problems[0][2]), returncode=BAD_FILE)
        self.stdout.write("Undone.")

    def _tell(self, taken: FileImport) -> None:
        for line in self.words.counted_lines(taken):
            self.stdout.write(line)
        for number, column, message in self.imports.all_problems(taken):
            self.stderr.write(self.words.problem_line(number, column, message))

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{done:,} of {total:,} rows", ending="\r")

    def _columns(self, given: list[str], content: bytes, filename: str) -> dict[str, str] | None:
        """What the headings say, with what is said on top; None where nothing is said."""
        if not given:
            return None
        said = dict(each.partition("=")[::2] for each in given)
        return self.imports.columns_of(content, filename) | said


def _user(email: str | None, permission: Permission) -> User:
    """Who imports: the user named, or the only one who may."""
    found = importers(permission)
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


def _commissioner(code: str | None, by: User, permission: Permission) -> Commissioner:
    choices = named_commissioners(by, permission)
    found = list((choices.filter(code__iexact=code) if code else choices)[:2])
    if len(found) != 1:
        codes = ", ".join(choices.values_list("code", flat=True))
        raise CommandError(f"Say whose file it is, with --commissioner and one of: {codes}.")
    return found[0]
