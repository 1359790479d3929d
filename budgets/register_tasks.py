"""Background work on imports of another register."""

from budgets.services.register_imports import IMPORTS
from phb_register.file_import_jobs import declare_jobs

declare_jobs(IMPORTS, what="a register", page="budgets:register-import")
