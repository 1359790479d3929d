"""Imports of another register: what they share with other files, and what is done with their rows."""

from budgets.models import RegisterImport, RegisterImportFile
from budgets.rules.register_import import COLUMNS
from phb_register.roles import Permission
from phb_register.services.file_imports import FileImports

from .register_import_runs import take_in
from .register_undoing import remove_rows

IMPORTS = FileImports(
    model=RegisterImport,
    file_model=RegisterImportFile,
    owner="register_import",
    what="register",
    permission=Permission.IMPORT_REGISTER,
    columns=COLUMNS,
    check_kind="check-register",
    import_kind="import-register",
    undo_kind="undo-import",
    take_in=take_in,
    remove=remove_rows,
)
