"""`manage.py import_register FILE`: take another register in, whole or not at all."""

from budgets.presenters.register_imports import WORDS
from budgets.rules.register_import import COLUMNS
from budgets.services.register_imports import IMPORTS
from phb_register.management.file_imports import FileImportCommand


class Command(FileImportCommand):
    """Imports people, referrals and budgets."""

    imports = IMPORTS
    words = WORDS
    help = (
        "Import people, referrals and budgets from another register (CSV, XLSX or ODS). All or nothing: a file with a "
        "faulty row changes nothing. The same file again changes nothing. Columns: "
        + ", ".join(column.name for column in COLUMNS.all)
    )
