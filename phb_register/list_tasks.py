"""Background work of lists' files."""

import io
from tempfile import SpooledTemporaryFile
from typing import cast

from celery import shared_task
from django.http import QueryDict
from django.urls import reverse

from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.list_files import Asked, ListFile, ListRows, list_file
from phb_register.models import ListWorkbook
from phb_register.services.list_workbooks import JOB_KIND, forget_old_workbooks, keep_workbook
from phb_register.workbooks import Sheet, write_workbook

IN_MEMORY_BYTES = 4 * 1024 * 1024


@job_kind(JOB_KIND, title="Writing a workbook")
def write_list_workbook(run: JobRun) -> None:
    """Write the workbook that the job names. Run again after it succeeded, it changes nothing."""
    workbook = ListWorkbook.objects.select_related("requested_by").get(pk=run.parameters["workbook"])
    if workbook.made_at is None:
        _write(run, workbook)
    run.result(reverse("phb_register:list-workbook-file", args=[workbook.reference]))


def _write(run: JobRun, workbook: ListWorkbook) -> None:
    file = list_file(workbook.list_code)
    if file is None or not file.may_be_taken_by(workbook.requested_by):
        raise JobFailed("You may no longer take this list as a file.")
    asked = Asked(workbook.requested_by, QueryDict(workbook.query), workbook.words, workbook.requested_at)
    found = file.rows(asked)
    if found is None:
        raise JobFailed("The filters cannot be read any more. Go back to the list and choose them again.")
    content, rows = _made(file, found, asked, run)
    keep_workbook(
        workbook=workbook,
        content=content,
        rows=rows,
        codes=file.codes(found, asked),
        commissioner=found.commissioner,
        at=clock.now(),
    )


def _made(file: ListFile, found: ListRows, asked: Asked, run: JobRun) -> tuple[bytes, int]:
    total = found.total
    run.progress(0, max(total, 1))
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as kept:
        sheet = Sheet(file.title, found.columns, found.each())
        try:
            # All rows are read as of one moment, inside a transaction that would hide the progress.
            rows = write_workbook(
                cast(io.BufferedIOBase, kept),  # type: ignore[arg-type]
                [sheet],
                file.head(found, asked),
                progress=lambda done: run.progress_apart(min(done, total), total),
            )
        except Refused as refusal:
            raise JobFailed(str(refusal)) from refusal
        kept.seek(0)
        content = kept.read()
    run.progress(max(total, 1), max(total, 1))
    return content, rows


@shared_task(name="phb_register.forget_old_workbooks")
def forget_workbooks() -> int:
    """Take away workbooks whose day is over. Beat calls it every hour."""
    return forget_old_workbooks(now=clock.now())
