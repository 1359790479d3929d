"""`manage.py import_eligible_population FILE`: take numbers of eligible people in, whole or not at all."""

from phb_register.management.file_imports import FileImportCommand
from reporting.presenters.eligible_imports import WORDS
from reporting.rules.eligible_rows import COLUMNS
from reporting.services.eligible_imports import IMPORTS


class Command(FileImportCommand):
    """Imports what uptake is measured against."""

    imports = IMPORTS
    words = WORDS
    help = (
        "Import how many people are eligible, by commissioner, cohort, date and setting, and how many of them are on "
        "fast track (CSV, XLSX or ODS). All or nothing: a file with a faulty row changes nothing. The same file again "
        "changes nothing. Columns: " + ", ".join(column.name for column in COLUMNS.all)
    )
