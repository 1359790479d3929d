"""The background jobs of each kind of import."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from phb_register.jobs import JobRun, job_kind
from phb_register.models import FileImport, Job
from phb_register.services.file_imports import FileImports


def declare_jobs(imports: FileImports[Any], *, what: str, page: str) -> None:
    """Let jobs check, import and undo files of a kind. `what` is “a register”, `page` the name of an import's page."""

    def named(job: Job) -> FileImport:
        found: FileImport = imports.model._default_manager.get(pk=job.parameters["import"])
        return found

    def address(job: Job) -> str:
        return reverse(page, args=[named(job).reference])

    def declare(kind: str, title: str, act: Callable[[FileImport, JobRun], None]) -> None:
        @job_kind(kind, title=title, about=address)
        def run(job: JobRun) -> None:
            """Do to the import that the job names what jobs of this kind do, once."""
            job.result(address(job.job))
            act(named(job.job), job)

    declare(
        imports.check_kind,
        f"Checking {what} before it is imported",
        lambda found, job: imports.run_check(file_import=found, progress=job.progress_apart),
    )
    declare(
        imports.import_kind,
        f"Importing {what}",
        lambda found, job: imports.run_import(file_import=found, progress=job.progress_apart),
    )
    declare(
        imports.undo_kind,
        f"Undoing the import of {what}",
        lambda found, job: imports.run_undo(file_import=found),
    )
