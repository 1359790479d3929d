"""Background work on imports of files: numbers of eligible people, and tables of areas."""

from phb_register.file_import_jobs import declare_jobs
from reporting.services.areas import IMPORTS as AREA_IMPORTS
from reporting.services.eligible_imports import IMPORTS as ELIGIBLE_IMPORTS

declare_jobs(ELIGIBLE_IMPORTS, what="numbers of eligible people", page="reporting:eligible-import")
declare_jobs(AREA_IMPORTS, what="a table of areas", page="reporting:area-import")
