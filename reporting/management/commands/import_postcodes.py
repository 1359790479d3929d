"""`manage.py import_postcodes FILE`: say in what areas postcodes and GP practices are."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError

from phb_register.management.file_imports import FileImportCommand
from reporting.presenters.area_imports import WORDS
from reporting.rules.area_rows import COLUMNS
from reporting.services.areas import IMPORTS


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a date: write it as year-month-day, like 2019-09-26") from None


class Command(FileImportCommand):
    """Imports how deprived and in which locality places are."""

    imports = IMPORTS
    words = WORDS
    help = (
        "Import in which areas places are (CSV, XLSX or ODS): how deprived the area of a postcode is, and the locality "
        "of a postcode or of a GP practice. All or nothing. The same file again changes nothing; a newer one holds "
        "from its date on. Columns: " + ", ".join(column.name for column in COLUMNS.all)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--applies-from", type=_day, metavar="DATE", help="The day they hold from.")
        parser.add_argument("--source", default="", help="What the table is, and where it is published.")
