"""Background work on imports of another register."""

from django.urls import reverse

from budgets.models import RegisterImport
from budgets.services import register_imports
from phb_register.jobs import JobRun, job_kind


def _import_of(job: JobRun) -> RegisterImport:
    register_import = RegisterImport.objects.get(pk=job.parameters["import"])
    job.result(reverse("budgets:register-import", args=[register_import.reference]))
    return register_import


@job_kind(register_imports.CHECK_KIND, title="Checking a register before it is imported")
def check_register(job: JobRun) -> None:
    """Check the file that the job names."""
    register_imports.run_check(register_import=_import_of(job), progress=job.progress_apart)


@job_kind(register_imports.IMPORT_KIND, title="Importing a register")
def import_register(job: JobRun) -> None:
    """Import the file that the job names, once."""
    register_imports.run_import(register_import=_import_of(job), progress=job.progress_apart)


@job_kind(register_imports.UNDO_KIND, title="Undoing the import of a register")
def undo_import(job: JobRun) -> None:
    """Undo the import that the job names, once."""
    register_imports.run_undo(register_import=_import_of(job))
