"""Background work on imports of numbers of eligible people."""

from phb_register.file_import_jobs import declare_jobs
from reporting.services.eligible_imports import IMPORTS

declare_jobs(IMPORTS, what="numbers of eligible people", page="reporting:eligible-import")
